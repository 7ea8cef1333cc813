"""What the page of training classes holds and does."""

from dataclasses import dataclass, field
from typing import Literal

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.db import database
from fieldapp.domain.given import MAX_KEY, Key
from fieldapp.domain.team_form import ticked
from fieldapp.domain.training_form import ClassForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.permissions import Action, Principal
from fieldapp.problems import Problem
from fieldapp.reports.class_list import PAGE, ClassRow, get_class, list_classes
from fieldapp.reports.trainee_list import (
    CommuneTraining,
    Roster,
    TraineeRow,
    count_taught,
    ids_on,
    list_roster,
    list_teams_of,
    list_untaught,
)
from fieldapp.services import pull_rows, training_classes
from fieldapp.states.commune import CommuneState
from fieldapp.states.option import Option
from fieldapp.states.session import needs
from models.base import utc_now

Part = Literal["classes", "untaught"]


@dataclass
class ClassView:
    """`day` is as a form takes it; `keeps` says whether the reader keeps it, `over` whether its day has come."""

    id: int = 0
    topic: str = ""
    when: str = ""
    day: str = ""
    place: str = ""
    organiser: str = ""
    trainer: str = ""
    commune: str = ""
    keeps: bool = False
    over: bool = False
    people: int = 0
    codes: list[str] = field(default_factory=list)
    platforms_vi: str = ""
    platforms_en: str = ""


@dataclass
class TraineeView:
    id: str = ""
    name: str = ""
    role: str = ""
    team: str = ""
    came: bool = False
    courses: str = ""


@dataclass
class CommuneView:
    id: int = 0
    name: str = ""
    members: int = 0
    taught: int = 0
    untaught: int = 0


class ClassesState(CommuneState):
    """`panel` is "form" or "roster" or empty, `chosen` the class that it is about; `team` "" is the whole commune."""

    part: str = "classes"
    lines: rx.Field[list[ClassView]] = rx.field(default_factory=list)
    total: int = 0
    page: int = 0
    pages: int = 1
    platforms: rx.Field[list[Option]] = rx.field(default_factory=list)
    panel: str = ""
    chosen: ClassView = ClassView()
    drawn: int = 0
    """Changes when forms are to be shown anew."""
    teams: rx.Field[list[Option]] = rx.field(default_factory=list)
    team: str = ""
    roster: rx.Field[list[TraineeView]] = rx.field(default_factory=list)
    roster_total: int = 0
    roster_page: int = 0
    roster_pages: int = 1
    taught: rx.Field[list[CommuneView]] = rx.field(default_factory=list)
    taught_total: int = 0
    taught_pages: int = 1
    taught_page: int = 0
    done: str = ""
    done_name: str = ""
    done_count: int = 0
    today: str = ""

    @needs(Action.READ_CLASS)
    async def load(self, who: Principal) -> None:
        self.part, self.page, self.panel = "classes", 0, ""
        await self._show(who)

    @needs(Action.READ_CLASS)
    async def choose_part(self, who: Principal, part: Part) -> None:
        self.part, self.panel, self.team, self.roster_page, self.taught_page = part, "", "", 0, 0
        await self._show(who)

    @needs(Action.READ_CLASS)
    async def turn(self, who: Principal, page: int) -> None:
        self.page = page
        await self._show(who)

    @needs(Action.READ_CLASS)
    async def turn_taught(self, who: Principal, page: int) -> None:
        self.taught_page = page
        await self._show(who)

    @needs(Action.READ_CLASS)
    async def close(self, who: Principal) -> None:
        self.panel = ""

    @needs(Action.READ_CLASS)
    async def open_roster(self, who: Principal, training: Key) -> None:
        self.panel, self.roster_page, self.team = "roster", 0, ""
        async with database().read() as db:
            self.chosen = _view(await get_class(db, who, training), self.today)
        await self._show(who)

    @needs(Action.READ_CLASS)
    async def choose_commune(self, who: Principal, commune: Key) -> None:
        self._choose(commune)
        self.team, self.roster_page = "", 0
        await self._show(who)

    @needs(Action.READ_CLASS)
    async def choose_team(self, who: Principal, team: str) -> None:
        self.team, self.roster_page = team if team.isdecimal() and len(team) < 10 else "", 0
        await self._show(who)

    @needs(Action.READ_CLASS)
    async def turn_roster(self, who: Principal, page: int) -> None:
        self.roster_page = page
        await self._show(who)

    @needs(Action.KEEP_CLASS)
    async def open_form(self, who: Principal, training: int) -> None:
        """0 is a new class."""
        self.panel, self.chosen, self.done = "form", ClassView(day=self.today), ""
        self.drawn += 1
        if 0 < training <= MAX_KEY:
            async with database().read() as db:
                self.chosen = _view(await get_class(db, who, training), self.today)

    @needs(Action.KEEP_CLASS)
    async def keep(self, who: Principal, form: ClassForm) -> None:
        async with database().write() as db:
            row = await training_classes.keep(db, who, form)
            name = row.topic
        self.panel = ""
        await self._show(who, "kept", name)

    @needs(Action.KEEP_CLASS)
    async def withdraw(self, who: Principal, training: Key) -> None:
        async with database().write() as db:
            name = (await training_classes.withdraw(db, who, training)).topic
        self.panel = ""
        await self._show(who, "withdrawn", name)

    @needs(Action.KEEP_CLASS)
    async def note(self, who: Principal, form: dict[str, str]) -> None:
        """What was ticked or unticked on the page that is shown: of others somebody else may have said more since."""
        came = {int(one) for one in ticked(form)}
        asked = {int(line.id) for line in self.roster if (int(line.id) in came) != line.came}
        present = came & asked
        async with database().write() as db:
            changed = await training_classes.note(db, who, self.chosen.id, asked, present)
        await self._noted(who, changed)

    @needs(Action.KEEP_CLASS)
    async def note_all(self, who: Principal) -> None:
        """Everybody of the roster that is chosen, on all its pages."""
        async with database().write() as db:
            roster = await self._roster(db, who)
            if roster is None:
                raise Problem("not_found")
            every = await ids_on(db, who, roster)
            changed = await training_classes.note(db, who, self.chosen.id, every, every)
        await self._noted(who, changed)

    async def _noted(self, who: Principal, changed: int) -> None:
        async with database().read() as db:
            self.chosen = _view(await get_class(db, who, self.chosen.id), self.today)
        await self._show(who, "noted", "", changed)

    async def _roster(self, db: AsyncSession, who: Principal) -> Roster | None:
        commune = await self._commune(db, who, Action.READ_CLASS)
        return Roster(commune, vn_day(utc_now()), int(self.team) if self.team else None) if commune else None

    async def _show(self, who: Principal, done: str = "", name: str = "", count: int = 0) -> None:
        self.done, self.done_name, self.done_count = done, name, count
        today = vn_day(utc_now())
        self.today = today.isoformat()
        self.drawn += 1
        async with database().read() as db:
            found = await list_classes(db, who, self.page)
            roster = await self._roster(db, who)
            if not self.platforms:
                offered = await pull_rows.platforms(db, who.commune_id)
                self.platforms = [Option(p["code"], p["short_vi"], p["short_en"]) for p in offered if not p["gone"]]
            if roster:
                self.teams = [Option(str(i), n) for i, n in await list_teams_of(db, roster.commune_id, today)]
            if self.part == "untaught":
                await self._show_untaught(db, who, roster)
            elif self.panel == "roster" and roster:
                page = await list_roster(db, who, roster, self.chosen.id, self.roster_page)
                self.roster = [_trainee(row) for row in page.rows]
                self.roster_total, self.roster_page, self.roster_pages = page.total, page.page, page.pages
            else:
                self.roster, self.roster_total, self.roster_pages = [], 0, 1
        self.lines = [_view(row, self.today) for row in found.rows]
        self.total, self.page, self.pages = found.total, found.page, found.pages

    async def _show_untaught(self, db: AsyncSession, who: Principal, roster: Roster | None) -> None:
        every = [_commune(row) for row in await count_taught(db, who, vn_day(utc_now()))]
        self.taught_total = len(every)
        self.taught_pages = max(1, -(-len(every) // PAGE))
        self.taught_page = max(0, min(self.taught_page, self.taught_pages - 1))
        self.taught = every[self.taught_page * PAGE : (self.taught_page + 1) * PAGE]
        self.roster, self.roster_total = [], 0
        if roster:
            page = await list_untaught(db, who, roster, self.roster_page)
            self.roster = [_trainee(row) for row in page.rows]
            self.roster_total, self.roster_page, self.roster_pages = page.total, page.page, page.pages


def _view(row: ClassRow, today: str) -> ClassView:
    return ClassView(
        id=row.id,
        topic=row.topic,
        when=written_day(row.held_on),
        day=row.held_on.isoformat(),
        place=row.place,
        organiser=row.organiser,
        trainer=row.trainer,
        commune=row.commune,
        keeps=row.own,
        over=row.held_on.isoformat() <= today,
        people=row.people,
        codes=[code for code, _, _ in row.platforms],
        platforms_vi=", ".join(vi for _, vi, _ in row.platforms),
        platforms_en=", ".join(en for _, _, en in row.platforms),
    )


def _trainee(row: TraineeRow) -> TraineeView:
    return TraineeView(str(row.id), row.name, str(row.role), row.team, row.came, ", ".join(row.courses))


def _commune(row: CommuneTraining) -> CommuneView:
    return CommuneView(row.id, row.name, row.members, row.taught, row.members - row.taught)
