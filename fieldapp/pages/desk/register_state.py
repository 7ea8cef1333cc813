"""What the page of the list for the province holds and does: communes with what they lack, people, and the columns."""

from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.db import database
from fieldapp.domain.register import RegisterForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_instant
from fieldapp.permissions import Action, Principal, Reach, reach_of
from fieldapp.problems import Problem
from fieldapp.reports.register import PAGE, CommuneRow, list_communes, list_people, read_columns
from fieldapp.services import registers
from fieldapp.states.session import DeskState, needs
from models.base import utc_now

Which = Literal["all", "undecided", "it_teachers", "warned", "unreported"]


@dataclass
class CommuneView:
    """`it_teachers` is -1 where the commune has no team of its own."""

    id: int = 0
    name: str = ""
    villages: int = 0
    teams: int = 0
    undecided: int = 0
    people: int = 0
    missing: int = 0
    it_teachers: int = -1
    lacks_it_teachers: bool = False
    reported_at: str = ""
    changed_at: str = ""


@dataclass
class ColumnView:
    code: str = ""
    heading: str = ""
    shown: bool = True
    position: int = 0


class RegisterState(DeskState):
    """`wide` is for those of the whole province; `open` is the commune whose people are shown, 0 for none."""

    wide: bool = False
    communes: rx.Field[list[CommuneView]] = rx.field(default_factory=list)
    which: str = "all"
    numbers: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    shown: int = 0
    page: int = 0
    open: int = 0
    open_name: str = ""
    columns: rx.Field[list[ColumnView]] = rx.field(default_factory=list)
    lines: rx.Field[list[list[str]]] = rx.field(default_factory=list)
    people: int = 0
    people_page: int = 0
    reported_at: str = ""
    changed_since: bool = False
    drawn: int = 0
    done: str = ""

    @needs(Action.READ_REGISTER)
    async def load(self, who: Principal) -> None:
        self.which, self.page, self.open, self.people_page = "all", 0, 0, 0
        await self._show(who)

    @needs(Action.READ_REGISTER)
    async def show(self, who: Principal, which: Which) -> None:
        self.which, self.page = which, 0
        await self._show(who)

    @needs(Action.READ_REGISTER)
    async def turn(self, who: Principal, page: int) -> None:
        self.page = page
        await self._show(who)

    @needs(Action.READ_REGISTER)
    async def open_commune(self, who: Principal, commune: int) -> None:
        self.open, self.people_page = commune, 0
        await self._show(who)

    @needs(Action.READ_REGISTER)
    async def turn_people(self, who: Principal, page: int) -> None:
        self.people_page = page
        await self._show(who)

    @needs(Action.REPORT_REGISTER)
    async def report(self, who: Principal) -> None:
        async with database().write() as db:
            [own] = await list_communes(db, who, vn_day(utc_now()))
            await registers.report(db, who, own.teams, own.people)
        await self._show(who)
        self.done = "reported"

    @needs(Action.SHAPE_REGISTER)
    async def shape(self, who: Principal, form: RegisterForm) -> None:
        async with database().write() as db:
            await registers.shape(db, who, form)
        await self._show(who)
        self.done = "shaped"

    async def _show(self, who: Principal) -> None:
        self.done, self.wide = "", reach_of(who, Action.READ_REGISTER) is Reach.PROVINCE
        async with database().read() as db:
            every = await list_communes(db, who, vn_day(utc_now()))
            if not self.wide:
                self.open = every[0].id if every else 0
            await self._people(db, who, every)
        self._communes(every)

    def _communes(self, every: Any) -> None:
        lists = {
            "all": every,
            "undecided": [row for row in every if row.undecided or not row.teams],
            "it_teachers": [row for row in every if row.lacks_it_teachers],
            "warned": [row for row in every if row.warned],
            "unreported": [row for row in every if row.reported_at is None],
        }
        chosen = lists[self.which]
        self.shown, self.page = len(chosen), max(0, min(self.page, (len(chosen) - 1) // PAGE))
        self.communes = [_commune(row) for row in chosen[self.page * PAGE : (self.page + 1) * PAGE]]
        self.numbers = {name: len(rows) for name, rows in lists.items()} | {
            "decided": len(every) - len(lists["undecided"]),
            "teams": sum(row.teams for row in every),
            "people": sum(row.people for row in every),
            "missing": sum(row.missing for row in every),
        }

    async def _people(self, db: AsyncSession, who: Principal, every: Any) -> None:
        columns = await read_columns(db)
        self.columns = [ColumnView(str(c.code), c.heading, c.shown, place) for place, c in enumerate(columns, 1)]
        self.drawn += 1
        row = next((row for row in every if row.id == self.open), None)
        if row is None:
            if self.open:
                self.open = 0
                raise Problem("not_found")
            self.lines, self.people, self.open_name = [], 0, ""
            return
        today, shown = vn_day(utc_now()), [c.code for c in columns if c.shown]
        self.people_page = max(0, min(self.people_page, (row.people - 1) // PAGE))
        found, self.people = await list_people(db, who, today, row.id, self.people_page)
        first = self.people_page * PAGE + 1
        self.lines = [[str(n), *(person[code] for code in shown)] for n, person in enumerate(found, first)]
        self.open_name, self.reported_at = row.name, written_instant(row.reported_at)
        self.changed_since = bool(row.reported_at and row.changed_at and row.changed_at > row.reported_at)


def _commune(row: CommuneRow) -> CommuneView:
    return CommuneView(
        row.id,
        row.name,
        row.villages,
        row.teams,
        row.undecided,
        row.people,
        row.missing,
        -1 if row.it_teachers is None else row.it_teachers,
        row.lacks_it_teachers,
        written_instant(row.reported_at),
        written_instant(row.changed_at),
    )
