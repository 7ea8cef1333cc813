"""What the page of papers and good practice holds and does; its form goes past the socket, since it brings a file."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from pydantic import BaseModel, Field

from fieldapp.db import database
from fieldapp.domain.course import LinkForm
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.material import RulingForm
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.permissions import Action, Principal
from fieldapp.problems import Problem
from fieldapp.reports.material_list import MaterialRow, list_materials
from fieldapp.services import courses, materials
from fieldapp.states.session import DeskState, needs
from models.material import MaterialKind, MaterialState

MAX_QUERY = 60
AT_COMMUNE = {MaterialState.WAITING: "at_commune", MaterialState.RETURNED: "author"}
"""How a member's good practice stands that is between its author and the commune."""


class MaterialQuery(BaseModel):
    query: PlainText = Field(default="", max_length=MAX_QUERY)


@dataclass
class MaterialView:
    """`issued` is a day as people write it, `issued_on` as a form takes it."""

    id: int = 0
    kind: str = ""
    title: str = ""
    number: str = ""
    issuer: str = ""
    issued: str = ""
    issued_on: str = ""
    text: str = ""
    commune: str = ""
    has_file: bool = False
    state: str = ""
    reason: str = ""
    own: bool = False
    author: str = ""
    url: str = ""
    meant_for: str = ""
    dead: bool = False
    dead_said: str = ""
    finished: int = 0


class MaterialsState(DeskState):
    """`open` is what the panel is about; `writing`: it is a form. `done` is a code of the catalogue."""

    kind: str = str(MaterialKind.PAPER)
    query: str = ""
    lines: rx.Field[list[MaterialView]] = rx.field(default_factory=list)
    page: int = 0
    pages: int = 1
    total: int = 0
    waiting: int = 0
    open: MaterialView = MaterialView()
    opened: bool = False
    writing: bool = False
    drawn: int = 0
    done: str = ""

    @needs(Action.READ_MATERIAL)
    async def load(self, who: Principal) -> None:
        await self._back(who)

    @needs(Action.READ_MATERIAL)
    async def choose_kind(self, who: Principal, kind: MaterialKind) -> None:
        self.kind, self.page = str(kind), 0
        await self._back(who)

    @needs(Action.READ_MATERIAL)
    async def search(self, who: Principal, form: MaterialQuery) -> None:
        self.query, self.page = form.query, 0
        await self._back(who)

    @needs(Action.READ_MATERIAL)
    async def turn(self, who: Principal, page: int) -> None:
        self.page = page
        await self._back(who)

    @needs(Action.READ_MATERIAL)
    async def open_one(self, who: Principal, material: int) -> None:
        self.open, self.opened, self.writing, self.done = self._shown(material), True, False, ""

    @needs(Action.READ_MATERIAL)
    async def close(self, who: Principal) -> None:
        self.opened = self.writing = False

    @needs(Action.KEEP_MATERIAL)
    async def write(self, who: Principal, material: int) -> None:
        """Opens the form, on one of one's own or, with 0, on a new one."""
        found = self._shown(material) if material else MaterialView(kind=self.kind, own=True)
        if not found.own or (self.kind == MaterialKind.LINK and who.commune_id is not None):
            raise Problem("forbidden")
        self.open, self.opened, self.writing, self.done = found, True, True, ""
        self.drawn += 1

    @needs(Action.KEEP_MATERIAL)
    async def kept(self, who: Principal, answer: dict[str, Any]) -> None:
        """What the API said when it had kept one."""
        await self._back(who)
        self.done = "waiting" if answer.get("state") == str(MaterialState.WAITING) else "kept"

    @needs(Action.KEEP_MATERIAL)
    async def keep_link(self, who: Principal, form: LinkForm) -> None:
        async with database().write() as db:
            await courses.keep(db, who, form)
        await self._back(who)
        self.done = "kept"

    @needs(Action.KEEP_MATERIAL)
    async def flag_link(self, who: Principal, material: Key, dead: bool) -> None:
        """Says that it leads nowhere, or that it leads there again."""
        async with database().write() as db:
            await courses.flag(db, who, material, dead)
        await self._back(who)
        self.done = "dead" if dead else "alive"

    @needs(Action.KEEP_MATERIAL)
    async def withdraw(self, who: Principal, material: Key) -> None:
        async with database().write() as db:
            await materials.withdraw(db, who, material)
        await self._back(who)
        self.done = "withdrawn"

    @needs(Action.KEEP_MATERIAL)
    async def pass_on(self, who: Principal, material: Key) -> None:
        async with database().write() as db:
            await materials.pass_on(db, who, material)
        await self._back(who)
        self.done = "passed_on"

    @needs(Action.KEEP_MATERIAL)
    async def give_back(self, who: Principal, form: RulingForm) -> None:
        async with database().write() as db:
            await materials.give_back(db, who, self.open.id, form.reason)
        await self._back(who)
        self.done = "given_back"

    @needs(Action.APPROVE_PRACTICE)
    async def approve(self, who: Principal, material: Key) -> None:
        async with database().write() as db:
            await materials.approve(db, who, material)
        await self._back(who)
        self.done = "approved"

    @needs(Action.APPROVE_PRACTICE)
    async def send_back(self, who: Principal, form: RulingForm) -> None:
        async with database().write() as db:
            await materials.send_back(db, who, self.open.id, form.reason)
        await self._back(who)
        self.done = "returned"

    def _shown(self, material: int) -> MaterialView:
        found = next((line for line in self.lines if line.id == material), None)
        if found is None:
            raise Problem("not_found")
        return found

    async def _back(self, who: Principal) -> None:
        self.done, self.opened, self.writing = "", False, False
        async with database().read() as db:
            found = await list_materials(db, who, MaterialKind(self.kind), self.query, self.page)
        self.lines = [_view(row) for row in found.rows]
        self.page, self.pages, self.total, self.waiting = found.page, found.pages, found.total, found.waiting


def _view(row: MaterialRow) -> MaterialView:
    return MaterialView(
        row.id,
        str(row.kind),
        row.title,
        row.number,
        row.issuer,
        written_day(row.issued_on) if row.issued_on else "",
        row.issued_on.isoformat() if row.issued_on else "",
        row.text,
        row.commune,
        row.bytes is not None,
        AT_COMMUNE.get(row.state, str(row.state)) if row.at_commune else str(row.state),
        row.reason,
        row.own,
        row.author,
        row.url,
        row.meant_for,
        row.dead_at is not None,
        f"{row.dead_by}, {written_instant(row.dead_at)}" if row.dead_at else "",
        row.finished,
    )
