"""What the page of teams holds and does: one commune's teams, and the panel in which one thing at a time changes."""

from typing import Literal
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.db import database
from fieldapp.domain.composition import ShortfallKind
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.given import Key
from fieldapp.domain.place_name import inside
from fieldapp.domain.team_form import FirstDay, LastDay, ReasonForm, SeatChange, SeatForm, TeamForm
from fieldapp.domain.training_form import SkillForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.i18n import text
from fieldapp.pages.desk.teams_view import (
    KnownView,
    SeatView,
    ServedView,
    SkillView,
    TeamView,
    show_served,
    show_skills,
    show_team,
)
from fieldapp.permissions import Action, Place, Principal, may
from fieldapp.problems import Problem
from fieldapp.reports.course_list import finished_by
from fieldapp.reports.skill_list import CommuneSkills, read_skills
from fieldapp.reports.team_list import list_served, list_teams
from fieldapp.reports.unit_tree import list_below
from fieldapp.services import member_skills, seats, teams, visit_places
from fieldapp.services.devices import end_phone
from fieldapp.states.commune import CommuneState
from fieldapp.states.option import Option
from fieldapp.states.session import needs
from models.base import utc_now
from models.session import SessionState
from models.unit import Unit

PAGE = 50
Which = Literal["all", "warned", "undecided"]


class TeamsState(CommuneState):
    """`teams` are those of this page that `which` lets through; `panel` is the form that is open, "" for none.

    `team` and `seat` are what the panel is about, `member` is who was chosen there for a new seat.
    """

    teams: rx.Field[list[TeamView]] = rx.field(default_factory=list)
    which: str = "all"
    total: int = 0
    warned: int = 0
    undecided: int = 0
    page: int = 0
    shown: int = 0
    without: rx.Field[list[str]] = rx.field(default_factory=list)
    """Villages that no team serves."""
    own_teams: int = 0
    """How many teams the commune itself has; there should be one."""
    ended: int = -1
    """How many people the phone was ended for just now; -1 where none was."""
    ended_names: str = ""
    asks_place: bool = False
    """Whether phones of the commune may name where a visit was made."""
    panel: str = ""
    team: TeamView = TeamView()
    seat: SeatView = SeatView()
    member: KnownView = KnownView()
    known: rx.Field[list[KnownView]] = rx.field(default_factory=list)
    searched: bool = False
    villages: rx.Field[list[Option]] = rx.field(default_factory=list)
    served: rx.Field[list[ServedView]] = rx.field(default_factory=list)
    skills: rx.Field[list[SkillView]] = rx.field(default_factory=list)
    courses: rx.Field[list[str]] = rx.field(default_factory=list)
    today: str = ""
    done: str = ""
    """What was done just now, and to whom: words of `teams.said`."""
    done_name: str = ""

    @needs(Action.READ_TEAM)
    async def load(self, who: Principal) -> None:
        self.which, self.page = "all", 0
        self._choose_by_address()
        await self._done(who)

    @needs(Action.READ_TEAM)
    async def choose_commune(self, who: Principal, commune: int) -> None:
        self.page = 0
        self._choose(commune)
        await self._done(who)

    @needs(Action.READ_TEAM)
    async def show(self, who: Principal, which: Which) -> None:
        self.which, self.page = which, 0
        await self._show(who)

    @needs(Action.READ_TEAM)
    async def turn(self, who: Principal, page: int) -> None:
        self.page = page
        await self._show(who)

    @needs(Action.READ_TEAM)
    async def close(self, who: Principal) -> None:
        self.panel = ""

    @needs(Action.READ_TEAM)
    async def open_history(self, who: Principal, team: int) -> None:
        self._open("history", team)
        async with database().read() as db:
            self.served = [show_served(row) for row in await list_served(db, who, team)]

    @needs(Action.MANAGE_TEAM)
    async def open_founding(self, who: Principal) -> None:
        self.panel, self.team = "found", TeamView()

    @needs(Action.MANAGE_TEAM)
    async def open_team(self, who: Principal, team: int) -> None:
        self._open("team", team)

    @needs(Action.MANAGE_TEAM)
    async def open_place(self, who: Principal, team: int) -> None:
        self._open("place", team)
        self.member, self.known, self.searched = KnownView(), [], False

    @needs(Action.MANAGE_TEAM)
    async def open_seat(self, who: Principal, team: int, seat: int) -> None:
        self._open("seat", team)
        self.seat = next((s for s in self.team.seats if s.id == seat), SeatView())

    @needs(Action.MANAGE_TEAM)
    async def open_skills(self, who: Principal, team: int, seat: int) -> None:
        self._open("skills", team)
        self.seat = next((s for s in self.team.seats if s.id == seat), SeatView())
        async with database().read() as db:
            self.skills = show_skills(await read_skills(db, who, who.commune_id or 0), self.seat.member)
            courses = (await finished_by(db, [self.seat.member])).get(self.seat.member, [])
        self.courses = [f"{title} · {written_day(vn_day(at))}" for title, at in courses]

    @needs(Action.MANAGE_TEAM)
    async def keep_skills(self, who: Principal, form: SkillForm) -> None:
        async with database().write() as db:
            await member_skills.keep(db, who, form.member, form.platforms)
        await self._done(who, "skills_kept", self.seat.name)

    @needs(Action.MANAGE_TEAM)
    async def found_team(self, who: Principal, form: TeamForm) -> None:
        async with database().write() as db:
            name = (await teams.found(db, who, form)).name
        await self._done(who, "founded", name)

    @needs(Action.MANAGE_TEAM)
    async def found_missing(self, who: Principal, form: FirstDay) -> None:
        def name(village: str) -> str:
            return text("teams.named", village=inside(village))

        async with database().write() as db:
            founded = await teams.found_missing(db, who, form.first, name)
        await self._done(who, "founded_missing", str(len(founded)))

    @needs(Action.MANAGE_TEAM)
    async def change_team(self, who: Principal, form: TeamForm) -> None:
        async with database().write() as db:
            await teams.change(db, who, form.team or 0, form)
        await self._done(who, "changed", form.name)

    @needs(Action.MANAGE_TEAM)
    async def end_team(self, who: Principal, form: LastDay) -> None:
        async with database().write() as db:
            await teams.end(db, who, form.id, form.last)
        await self._done(who, "ended", self.team.name)

    @needs(Action.MANAGE_TEAM)
    async def find_member(self, who: Principal, form: dict[str, str]) -> None:
        async with database().read() as db:
            found = await seats.search(db, who, form.get("words", "")[:80])
        self.known, self.searched = [KnownView(m.id, m.name, ", ".join(m.teams)) for m in found], True
        self.member = KnownView()

    @needs(Action.MANAGE_TEAM)
    async def choose_member(self, who: Principal, member: int) -> None:
        """Of those that were found; 0 goes back to somebody new."""
        self.member = next((known for known in self.known if known.id == member), KnownView())

    @needs(Action.MANAGE_TEAM)
    async def place_member(self, who: Principal, form: SeatForm) -> None:
        async with database().write() as db:
            await seats.place(db, who, form)
        await self._done(who, "placed", form.name or self.member.name)

    @needs(Action.MANAGE_TEAM)
    async def change_seat(self, who: Principal, form: SeatChange) -> None:
        async with database().write() as db:
            await seats.change(db, who, form)
        await self._done(who, "seat_changed", form.name)

    @needs(Action.MANAGE_TEAM)
    async def end_seat(self, who: Principal, form: LastDay) -> None:
        async with database().write() as db:
            await seats.end(db, who, form.id, form.last)
        await self._done(who, "seat_ended", self.seat.name)

    @needs(Action.MANAGE_TEAM)
    async def give_reason(self, who: Principal, form: ReasonForm) -> None:
        async with database().write() as db:
            await teams.give_reason(db, who, form)
        await self._done(who, "reason_given")

    @needs(Action.MANAGE_TEAM)
    async def take_reason_back(self, who: Principal, team: Key, shortfall: ShortfallKind) -> None:
        async with database().write() as db:
            await teams.take_reason_back(db, who, team, shortfall)
        await self._done(who, "reason_taken_back")

    @needs(Action.END_PHONE)
    async def end_phone(self, who: Principal, phone: UUID, way: SessionState) -> None:
        """`closing` lets this person's phone send what it holds, `closed` refuses it everything, whoever uses it."""
        self.ended = -1
        async with database().write() as db:
            ended = await end_phone(db, who, phone, way)
        await self._done(who)
        self.ended, self.ended_names = ended.people, ", ".join(ended.names)

    @needs(Action.ASK_PLACE)
    async def ask_place(self, who: Principal, asks: bool) -> None:
        async with database().write() as db:
            await visit_places.ask(db, who, who.commune_id or 0, asks)
        await self._done(who)

    def _open(self, panel: str, team: int) -> None:
        """Only what this page shows is opened; what the panel then sends, the service judges."""
        found = next((t for t in self.teams if t.id == team), None)
        if found is None:
            raise Problem("not_found")
        self.panel, self.team = panel, found

    async def _done(self, who: Principal, done: str = "", name: str = "") -> None:
        self.panel, self.done, self.done_name, self.ended = "", done, name, -1
        await self._show(who)

    async def _show(self, who: Principal) -> None:
        today = vn_day(utc_now())
        async with database().read() as db:
            commune = await self._commune(db, who, Action.READ_TEAM)
            found = await list_teams(db, who, commune, today) if commune else []
            skills = await read_skills(db, who, commune) if commune else CommuneSkills([], {})
            self.asks_place = await visit_places.is_asked(db, commune) if commune else False
            if commune and may(who, Action.MANAGE_TEAM, Place(commune_id=commune)):
                self.villages = await _villages(db, commune, DayRange(today, today))
        every = [show_team(team, skills) for team in found]
        served = {village for team in every for village in team.village_ids}
        self.without = [village.label for village in self.villages if village.value not in served]
        lists = {
            "all": every,
            "warned": [t for t in every if t.heard],
            "undecided": [t for t in every if not t.decision],
        }
        self.total, self.warned, self.undecided = len(every), len(lists["warned"]), len(lists["undecided"])
        self.own_teams = sum(team.level == "commune" for team in every)
        chosen = lists[self.which]
        self.page = max(0, min(self.page, (len(chosen) - 1) // PAGE))
        self.shown, self.today = len(chosen), today.isoformat()
        self.teams = chosen[self.page * PAGE : (self.page + 1) * PAGE]


async def _villages(db: AsyncSession, commune: int, days: DayRange) -> list[Option]:
    return [Option(str(unit.id), unit.name) for unit in await list_below(db, await db.get_one(Unit, commune), days)]
