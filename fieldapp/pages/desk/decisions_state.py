"""What the page of decisions holds and does; the form itself goes past the socket, since it brings a file."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.db import database
from fieldapp.domain.decision_form import MAX_NUMBER
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.pages.desk.teams_view import WarningView, show_warning
from fieldapp.permissions import Action, Principal
from fieldapp.problems import Problem
from fieldapp.reports.decision_list import DecisionRow, TeamChoice, list_choices, list_decisions
from fieldapp.states.commune import CommuneState
from fieldapp.states.option import Option
from fieldapp.states.session import needs
from models.base import utc_now


@dataclass
class DecisionView:
    """`issued` and `effective` are days as people write them, `*_on` as a form takes them."""

    id: int = 0
    number: str = ""
    issued: str = ""
    issued_on: str = ""
    effective: str = ""
    effective_on: str = ""
    signer: str = ""
    summary: str = ""
    has_file: bool = False
    replaced_by: str = ""
    teams: list[str] = field(default_factory=list)
    team_ids: list[int] = field(default_factory=list)


@dataclass
class TeamLine:
    id: int = 0
    name: str = ""
    decision: str = ""
    warnings: list[WarningView] = field(default_factory=list)


class DecisionsState(CommuneState):
    """`open` is what the form is about; `writing` whether it is open. `all_ticked`: every team without a decision."""

    decisions: rx.Field[list[DecisionView]] = rx.field(default_factory=list)
    total: int = 0
    page: int = 0
    teams: rx.Field[list[TeamLine]] = rx.field(default_factory=list)
    undecided: int = 0
    older: rx.Field[list[Option]] = rx.field(default_factory=list)
    open: DecisionView = DecisionView()
    writing: bool = False
    all_ticked: bool = False
    drawn: int = 0
    today: str = ""
    done: str = ""
    done_params: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @needs(Action.READ_DECISION)
    async def load(self, who: Principal) -> None:
        self.page = 0
        await self._back(who)

    @needs(Action.READ_DECISION)
    async def choose_commune(self, who: Principal, commune: int) -> None:
        self.page = 0
        self._choose(commune)
        await self._back(who)

    @needs(Action.READ_DECISION)
    async def turn(self, who: Principal, page: int) -> None:
        self.page = page
        await self._show(who)

    @needs(Action.READ_DECISION)
    async def close(self, who: Principal) -> None:
        self.writing = False

    @needs(Action.MANAGE_DECISION)
    async def write(self, who: Principal, decision: int) -> None:
        """Opens the form, on a decision that this page shows or, with 0, on a new one."""
        found = next((d for d in self.decisions if d.id == decision), None)
        if decision and found is None:
            raise Problem("not_found")
        self.open, self.writing, self.all_ticked = found or DecisionView(), True, False
        self.older = [Option(str(d.id), d.number) for d in self.decisions if d.id != decision and not d.replaced_by]
        self.drawn += 1

    @needs(Action.MANAGE_DECISION)
    async def tick_all(self, who: Principal) -> None:
        self.all_ticked = True

    @needs(Action.MANAGE_DECISION)
    async def kept(self, who: Principal, answer: dict[str, Any]) -> None:
        """What the API said when it had kept one."""
        await self._back(who)
        warnings, silenced = _count(answer, "warnings"), _count(answer, "silenced")
        self.done = "kept_warned" if warnings else "kept_silenced" if silenced else "kept"
        self.done_params = {
            "number": str(answer.get("number", ""))[:MAX_NUMBER],
            "teams": _count(answer, "teams"),
            "n": warnings or silenced,
        }

    async def _back(self, who: Principal) -> None:
        self.done, self.writing = "", False
        await self._show(who)

    async def _show(self, who: Principal) -> None:
        async with database().read() as db:
            commune = await self._commune(db, who, Action.READ_DECISION)
            await self._list(db, who, commune)

    async def _list(self, db: AsyncSession, who: Principal, commune: int | None) -> None:
        today = vn_day(utc_now())
        self.today = today.isoformat()
        if commune is None:
            self.decisions, self.teams, self.total, self.undecided = [], [], 0, 0
            return
        found = await list_decisions(db, who, commune, self.page)
        choices = await list_choices(db, who, commune, today)
        self.decisions, self.total, self.page = [_decision(row) for row in found.rows], found.total, found.page
        self.teams = [_team(choice) for choice in choices]
        self.undecided = sum(choice.standing.decision is None for choice in choices)


def _count(answer: dict[str, Any], name: str) -> int:
    value = answer.get(name)
    return value if isinstance(value, int) else 0


def _decision(row: DecisionRow) -> DecisionView:
    return DecisionView(
        row.id,
        row.number,
        written_day(row.issued_on),
        row.issued_on.isoformat(),
        written_day(row.effective_on),
        row.effective_on.isoformat(),
        row.signer,
        row.summary,
        row.bytes is not None,
        row.replaced_by or "",
        [name for _, name in row.teams],
        [team for team, _ in row.teams],
    )


def _team(choice: TeamChoice) -> TeamLine:
    decision = choice.standing.decision
    heard = [show_warning(warning) for warning in choice.standing.heard]
    return TeamLine(choice.id, choice.name, decision.number if decision else "", heard)
