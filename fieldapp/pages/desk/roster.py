"""Nhập danh sách: members and households that come as a file, looked at line by line before anything is brought in."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import BaseModel, Field

from fieldapp.components.base import icon_button
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import said
from fieldapp.components.words import t, tk
from fieldapp.db import database
from fieldapp.pages.desk import roster_parts as parts
from fieldapp.pages.desk.roster_view import LineView, ListView, is_staged, show_line, show_list, show_past
from fieldapp.permissions import Action, Principal
from fieldapp.problems import Problem
from fieldapp.reports.import_list import Part, get_import, list_imports, list_lines
from fieldapp.services import roster_imports
from fieldapp.states.session import DeskState, needs
from models.roster_import import ImportKind, ImportState, Twins

PageNumber = Annotated[int, Field(ge=0, le=100_000)]


class Brought(BaseModel):
    """What the API answered to the file."""

    id: UUID


class Applied(BaseModel):
    list: UUID
    twins: Twins = Twins.SKIP


class RosterState(DeskState):
    """`said` is the code of what was done just now; `part` which lines of the open list are shown."""

    past: rx.Field[list[ListView]] = rx.field(default_factory=list)
    open: ListView = ListView()
    lines: rx.Field[list[LineView]] = rx.field(default_factory=list)
    part: str = str(Part.ALL)
    total: int = 0
    page: int = 0
    pages: int = 1
    said: str = ""

    @needs(Action.IMPORT_ROSTER)
    async def load(self, who: Principal) -> None:
        """The list that was open; else the one that waits to be looked at, so that it survives a closed window."""
        self.said = ""
        await self._list(who)
        known = {shown.id for shown in self.past}
        waiting = (s.id for s in self.past if s.state == str(ImportState.STAGED) and s.by == who.name)
        chosen = self.open.id if self.open.id in known else next(waiting, "")
        if chosen:
            await self._open(who, UUID(chosen))
        else:
            self._close()

    @needs(Action.IMPORT_ROSTER)
    async def brought(self, who: Principal, answer: Brought) -> None:
        self.said = ""
        await self._list(who)
        await self._open(who, answer.id)

    @needs(Action.IMPORT_ROSTER)
    async def open_list(self, who: Principal, list_id: UUID) -> None:
        self.said = ""
        await self._open(who, list_id)

    @needs(Action.IMPORT_ROSTER)
    async def close_list(self, who: Principal) -> None:
        self._close()

    @needs(Action.IMPORT_ROSTER)
    async def choose_part(self, who: Principal, part: Part) -> None:
        chosen = self._chosen()
        self.part = str(part)
        await self._lines(who, chosen, 0)

    @needs(Action.IMPORT_ROSTER)
    async def turn(self, who: Principal, page: PageNumber) -> None:
        await self._lines(who, self._chosen(), page)

    @needs(Action.IMPORT_ROSTER)
    async def apply(self, who: Principal, form: Applied) -> None:
        async with database().write() as db:
            row = await roster_imports.apply(db, who, form.list, form.twins)
        self.said = "changed" if is_staged(row) else ""
        await self._list(who)
        await self._open(who, form.list)

    @needs(Action.IMPORT_ROSTER)
    async def discard(self, who: Principal, list_id: UUID) -> None:
        async with database().write() as db:
            await roster_imports.discard(db, who, list_id)
        self._close()
        self.said = "dropped"
        await self._list(who)

    @needs(Action.IMPORT_ROSTER)
    async def undo(self, who: Principal, list_id: UUID) -> None:
        async with database().write() as db:
            await roster_imports.undo(db, who, list_id)
        await self._list(who)
        await self._open(who, list_id)

    def _chosen(self) -> UUID:
        if not self.open.id:
            raise Problem("not_found")
        return UUID(self.open.id)

    async def _list(self, who: Principal) -> None:
        async with database().read() as db:
            self.past = [show_past(found) for found in await list_imports(db, who)]

    async def _open(self, who: Principal, list_id: UUID) -> None:
        """With its faults first where it has any, or with what stayed."""
        async with database().read() as db:
            row = await get_import(db, who, list_id)
        self.open = next((shown for shown in self.past if shown.id == str(list_id)), show_list(row))
        faulty, stays = is_staged(row) and self.open.faulty, self.open.stay
        self.part = str(Part.FAULTY if faulty else Part.STAYS if stays else Part.ALL)
        await self._lines(who, list_id, 0)

    async def _lines(self, who: Principal, list_id: UUID, page: int) -> None:
        async with database().read() as db:
            found = await list_lines(db, who, list_id, Part(self.part), page)
        kind = ImportKind(self.open.kind)
        self.lines = [show_line(kind, line) for line in found.rows]
        self.total, self.page, self.pages = found.total, found.page, found.pages

    def _close(self) -> None:
        self.open, self.lines, self.total, self.pages = ListView(), [], 0, 1


def _opened() -> rx.Component:
    shown = RosterState.open
    title = t("roster.of", kind=tk("roster.kind", shown.kind), file=shown.file)
    head = rx.el.header(
        rx.el.div(
            rx.el.h2(title),
            rx.el.p(t("roster.brought", name=shown.by, at=shown.at), class_name="soft small"),
            class_name="grow",
        ),
        icon_button("x", t("roster.close"), on_click=RosterState.close_list),
        class_name="row top",
    )
    return rx.el.section(
        head,
        rx.cond(
            shown.state == str(ImportState.STAGED),
            parts.staged(shown, RosterState.apply, RosterState.discard),
            parts.finished(shown, RosterState.undo),
        ),
        parts.part_chips(shown, RosterState.part, RosterState.choose_part),
        parts.lines_of(
            shown, RosterState.lines, RosterState.page, RosterState.pages, RosterState.total, RosterState.turn
        ),
        class_name="panel stack",
        aria_label=title,
    )


def import_page() -> rx.Component:
    return desk_page(
        t("desk.import"),
        rx.el.p(t("roster.explain"), class_name="soft"),
        said(rx.cond(RosterState.said != "", tk("roster.said", RosterState.said), "")),
        rx.cond(RosterState.open.id != "", _opened()),
        rx.el.div(
            parts.bring_form(RosterState.brought),
            parts.past_lists(RosterState.past, RosterState.open.id, RosterState.open_list),
            class_name="columns",
        ),
        current="import",
        tools=parts.templates(),
    )
