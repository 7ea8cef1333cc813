"""A commune's decisions as their page shows them, the teams that one can name, and what a draft of one says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from fieldapp.domain.search_key import in_order
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.reports.team_list import ROLE_ORDER
from fieldapp.reports.team_standing import Standing, current, list_standings
from models.decision import Decision, DecisionTeam
from models.member import Member
from models.team import Seat, SeatKind, SeatRole, Team, TeamLevel
from models.unit import Division, Unit

DECISIONS, NAMES, TEAMS = Decision.__table__, DecisionTeam.__table__, Team.__table__
SEATS, MEMBERS = Seat.__table__, Member.__table__
PAGE = 50


@dataclass(frozen=True)
class DecisionRow:
    """`bytes` is None where the file is not here yet; `replaced_by` the number of the one that took its place."""

    id: int
    number: str
    issued_on: date
    effective_on: date
    signer: str
    summary: str
    bytes: int | None
    replaced_by: str | None
    teams: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class DecisionPage:
    rows: Sequence[DecisionRow]
    total: int
    page: int


@dataclass(frozen=True)
class TeamChoice:
    id: int
    name: str
    level: TeamLevel
    standing: Standing


@dataclass(frozen=True)
class DraftPerson:
    name: str
    role: SeatRole
    kind: SeatKind | None
    position: str


@dataclass(frozen=True)
class DraftTeam:
    name: str
    people: list[DraftPerson] = field(default_factory=list)


@dataclass(frozen=True)
class Draft:
    """`day` is when it was asked for: its year stands in the paper, the rest is left open."""

    commune: str
    division: Division
    level: TeamLevel
    day: date
    teams: Sequence[DraftTeam]


async def list_decisions(session: AsyncSession, who: Principal, commune_id: int, page: int = 0) -> DecisionPage:
    """The newest first. Raises `forbidden`."""
    require(who, Action.READ_DECISION, Place(commune_id=commune_id))
    here = DECISIONS.c.commune_id == commune_id
    total = (await session.execute(select(func.count()).select_from(DECISIONS).where(here))).scalar_one()
    page = max(0, min(page, -(-total // PAGE) - 1))
    after = aliased(DECISIONS)
    query = (
        select(DECISIONS, after.c.number.label("replaced_by"))
        .outerjoin(after, after.c.id == DECISIONS.c.replaced_by_id)
        .where(here)
        .order_by(DECISIONS.c.issued_on.desc(), DECISIONS.c.id.desc())
        .limit(PAGE)
        .offset(page * PAGE)
    )
    rows = {
        row.id: DecisionRow(
            row.id,
            row.number,
            row.issued_on,
            row.effective_on,
            row.signer,
            row.summary,
            row.bytes,
            row.replaced_by,
        )
        for row in await session.execute(query)
    }
    named = select(NAMES.c.decision_id, TEAMS.c.id, TEAMS.c.name, TEAMS.c.level).join(
        TEAMS, TEAMS.c.id == NAMES.c.team_id
    )
    named = named.where(NAMES.c.decision_id.in_(rows)).order_by(TEAMS.c.id)
    for name in sorted(await session.execute(named), key=lambda team: (team.level, in_order(team.name))):
        rows[name.decision_id].teams.append((name.id, name.name))
    return DecisionPage(list(rows.values()), total, page)


async def list_choices(session: AsyncSession, who: Principal, commune_id: int, today: date) -> Sequence[TeamChoice]:
    """The teams of today that a decision can name, those without one first. Raises `forbidden`."""
    require(who, Action.READ_DECISION, Place(commune_id=commune_id))
    standing = await list_standings(session, today, commune_id)
    query = select(TEAMS.c.id, TEAMS.c.name, TEAMS.c.level).where(TEAMS.c.id.in_(standing))
    rows = sorted(await session.execute(query.order_by(TEAMS.c.id)), key=lambda row: (row.level, in_order(row.name)))
    choices = [TeamChoice(row.id, row.name, TeamLevel(row.level), standing[row.id]) for row in rows]
    return sorted(choices, key=lambda choice: choice.standing.decision is not None)


async def read_draft(session: AsyncSession, who: Principal, level: TeamLevel, today: date) -> Draft:
    """Of the teams of this level that have no decision yet, or of all where each has one. Raises `forbidden`."""
    commune_id = who.commune_id or 0
    require(who, Action.MANAGE_DECISION, Place(commune_id=commune_id))
    commune = await session.get_one(Unit, commune_id)
    choices = [c for c in await list_choices(session, who, commune_id, today) if c.level == level]
    chosen = [c for c in choices if c.standing.decision is None] or choices
    teams = {choice.id: DraftTeam(choice.name) for choice in sorted(chosen, key=lambda choice: in_order(choice.name))}
    query = (
        select(SEATS, MEMBERS.c.full_name)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(
            SEATS.c.team_id.in_(teams),
            SEATS.c.delegated_by_id.is_(None),
            MEMBERS.c.discarded_at.is_(None),
            current(SEATS, today),
        )
        .order_by(SEATS.c.team_id, ROLE_ORDER, MEMBERS.c.full_name, SEATS.c.id)
    )
    for seat in await session.execute(query):
        kind = SeatKind(seat.kind) if seat.kind else None
        person = DraftPerson(seat.full_name, SeatRole(seat.role), kind, seat.position or "")
        teams[seat.team_id].people.append(person)
    return Draft(commune.name, Division(commune.division), level, today, list(teams.values()))
