"""How teams stand beside what the letter asks for: their warnings with the reasons given, and their decision."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.composition import ShortfallKind, shortfalls
from fieldapp.domain.vn_time import vn_day
from models.account import Account
from models.decision import Decision, DecisionTeam
from models.member import Member
from models.team import CompositionReason, Seat, SeatKind, SeatRole, Team, TeamLevel

TEAMS, SEATS, MEMBERS, ACCOUNTS = Team.__table__, Seat.__table__, Member.__table__, Account.__table__
REASONS, DECISIONS, NAMES = CompositionReason.__table__, Decision.__table__, DecisionTeam.__table__


@dataclass(frozen=True)
class WarningRow:
    """`reason` is empty while nobody has said why; else who said it, and on which day."""

    kind: ShortfallKind
    people: int
    reason: str = ""
    by: str = ""
    on: date | None = None


@dataclass(frozen=True)
class DecisionRef:
    id: int
    number: str
    issued_on: date


@dataclass
class Standing:
    team_id: int
    commune_id: int
    level: TeamLevel
    people: int = 0
    it_teachers: int = 0
    warnings: list[WarningRow] = field(default_factory=list)
    decision: DecisionRef | None = None

    @property
    def heard(self) -> Sequence[WarningRow]:
        """The warnings that no reason silences."""
        return [warning for warning in self.warnings if not warning.reason]


async def list_standings(session: AsyncSession, today: date, commune_id: int | None = None) -> dict[int, Standing]:
    """Every team of today by id, of one commune or of all."""
    here: list[ColumnElement[bool]] = [current(TEAMS, today)]
    if commune_id is not None:
        here.append(TEAMS.c.commune_id == commune_id)
    columns = (TEAMS.c.id, TEAMS.c.commune_id, TEAMS.c.level)
    rows = (await session.execute(select(*columns).where(*here).order_by(TEAMS.c.id))).all()
    own = Counter(row.commune_id for row in rows if row.level == TeamLevel.COMMUNE)
    people, reasons = await _people(session, here, today), await _reasons(session, here)
    decisions = await _decisions(session, here)
    found: dict[int, Standing] = {}
    for row in rows:
        seated = people.get(row.id, {})
        lacking = shortfalls(TeamLevel(row.level), seated, own[row.commune_id])
        teachers = sum(count for (_, kind), count in seated.items() if kind == SeatKind.IT_TEACHER)
        warnings = [reasons.get((row.id, s.kind), {}) | {"kind": s.kind, "people": s.people} for s in lacking]
        found[row.id] = Standing(
            row.id,
            row.commune_id,
            TeamLevel(row.level),
            sum(seated.values()),
            teachers,
            [WarningRow(**warning) for warning in warnings],
            decisions.get(row.id),
        )
    return found


async def _people(session: AsyncSession, here: Sequence[Any], today: date) -> dict[int, dict[Any, int]]:
    query = (
        select(SEATS.c.team_id, SEATS.c.role, SEATS.c.kind, func.count().label("people"))
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(*here, current(SEATS, today), SEATS.c.delegated_by_id.is_(None), MEMBERS.c.discarded_at.is_(None))
        .group_by(SEATS.c.team_id, SEATS.c.role, SEATS.c.kind)
    )
    found: dict[int, dict[Any, int]] = {}
    for row in await session.execute(query):
        place = (SeatRole(row.role), SeatKind(row.kind) if row.kind else None)
        found.setdefault(row.team_id, {})[place] = row.people
    return found


async def _reasons(session: AsyncSession, here: Sequence[Any]) -> dict[tuple[int, str], dict[str, Any]]:
    columns = (REASONS.c.team_id, REASONS.c.shortfall, REASONS.c.reason, REASONS.c.given_at, ACCOUNTS.c.full_name)
    query = (
        select(*columns)
        .join(TEAMS, TEAMS.c.id == REASONS.c.team_id)
        .join(ACCOUNTS, ACCOUNTS.c.id == REASONS.c.given_by_id)
        .where(*here, REASONS.c.taken_back_at.is_(None))
    )
    return {
        (row.team_id, row.shortfall): {"reason": row.reason, "by": row.full_name, "on": vn_day(row.given_at)}
        for row in await session.execute(query)
    }


async def _decisions(session: AsyncSession, here: Sequence[Any]) -> dict[int, DecisionRef]:
    """The newest one in force that names a team; one that was replaced founds nothing any more."""
    query = (
        select(NAMES.c.team_id, DECISIONS.c.id, DECISIONS.c.number, DECISIONS.c.issued_on)
        .join(DECISIONS, DECISIONS.c.id == NAMES.c.decision_id)
        .join(TEAMS, TEAMS.c.id == NAMES.c.team_id)
        .where(*here, DECISIONS.c.replaced_by_id.is_(None))
        .order_by(DECISIONS.c.effective_on, DECISIONS.c.id)
    )
    rows = await session.execute(query)
    return {row.team_id: DecisionRef(row.id, row.number, row.issued_on) for row in rows}


def current(table: Any, today: date) -> ColumnElement[bool]:
    """What is valid on a day."""
    return and_(table.c.valid_from <= today, or_(table.c.valid_to.is_(None), table.c.valid_to >= today))
