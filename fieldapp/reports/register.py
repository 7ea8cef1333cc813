"""The list of teams and members for the province: a line a person, and a line a commune with what it lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.composition import IT_TEACHERS, missing_people
from fieldapp.domain.register import USUAL, Col, Column
from fieldapp.domain.written_time import written_day
from fieldapp.i18n import text
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.reports.team_list import ROLE_ORDER
from fieldapp.reports.team_standing import Standing, current, list_standings
from models.member import Member
from models.register import RegisterColumn, RegisterReport
from models.team import Seat, Team, TeamLevel, TeamVillage
from models.unit import Region, Unit, UnitKind

TEAMS, SEATS, MEMBERS, UNITS = Team.__table__, Seat.__table__, Member.__table__, Unit.__table__
SERVED, REPORTS, COLUMNS = TeamVillage.__table__, RegisterReport.__table__, RegisterColumn.__table__
PAGE = 50


@dataclass(frozen=True)
class CommuneRow:
    """`it_teachers` is None where the commune has no team of its own; `missing` counts people over all its teams.

    `reported_at` is when the commune last said that its list was handed in, `changed_at` when a team last changed.
    """

    id: int
    code: str
    name: str
    region: Region | None
    villages: int
    teams: int
    undecided: int
    people: int
    warned: int
    missing: int
    it_teachers: int | None
    reported_at: datetime | None
    changed_at: datetime | None

    @property
    def lacks_it_teachers(self) -> bool:
        return (self.it_teachers or 0) < IT_TEACHERS


async def read_columns(session: AsyncSession) -> Sequence[Column]:
    """As the province shaped them; one that it knows nothing of yet comes last, as it usually is."""
    rows = await session.execute(select(COLUMNS).order_by(COLUMNS.c.position, COLUMNS.c.code))
    codes = {str(code) for code in Col}
    shaped = [Column(Col(row.code), row.heading, row.shown) for row in rows if row.code in codes]
    known = {column.code for column in shaped}
    return [*shaped, *(column for column in USUAL if column.code not in known)]


def headings(columns: Sequence[Column], locale: str) -> list[str]:
    return [column.heading or text(f"register.col.{column.code}", locale) for column in columns if column.shown]


async def list_communes(session: AsyncSession, who: Principal, today: date) -> Sequence[CommuneRow]:
    """Every commune of the province, or the officer's own, by code. Raises `forbidden`."""
    own = _own(who)
    here = [current(UNITS, today), UNITS.c.kind == UnitKind.COMMUNE, *([UNITS.c.id == own] if own else [])]
    communes = (await session.execute(select(UNITS).where(*here).order_by(UNITS.c.code))).all()
    standing: dict[int, list[Standing]] = {}
    for team in (await list_standings(session, today, own)).values():
        standing.setdefault(team.commune_id, []).append(team)
    villages = await _numbers(session, _villages_by_commune(today))
    changed = await _numbers(
        session, select(TEAMS.c.commune_id, func.max(TEAMS.c.changed_at)).group_by(TEAMS.c.commune_id)
    )
    reported = await _numbers(
        session, select(REPORTS.c.commune_id, func.max(REPORTS.c.reported_at)).group_by(REPORTS.c.commune_id)
    )
    return [
        _commune(unit, standing.get(unit.id, []), villages.get(unit.id, 0), reported.get(unit.id), changed.get(unit.id))
        for unit in communes
    ]


def _commune(
    unit: Any, teams: Sequence[Standing], villages: int, reported: datetime | None, changed: datetime | None
) -> CommuneRow:
    own = [team.it_teachers for team in teams if team.level == TeamLevel.COMMUNE]
    return CommuneRow(
        unit.id,
        unit.code,
        unit.name,
        Region(unit.region) if unit.region else None,
        villages,
        len(teams),
        sum(team.decision is None for team in teams),
        sum(team.people for team in teams),
        sum(bool(team.heard) for team in teams),
        sum(missing_people(team.heard) for team in teams),
        max(own, default=None),
        reported,
        changed,
    )


async def list_people(
    session: AsyncSession, who: Principal, today: date, commune_id: int | None = None, page: int | None = None
) -> tuple[Sequence[dict[Col, str]], int]:
    """A line a seat of today, with every column, and how many there are; with a page, fifty of them.

    Of a commune, or with none of all that this person reaches. Raises `forbidden`.
    """
    own = _own(who)
    commune_id = commune_id if own is None else own
    if commune_id is not None:
        require(who, Action.READ_REGISTER, Place(commune_id=commune_id))
    where = [current(SEATS, today), current(TEAMS, today), SEATS.c.delegated_by_id.is_(None)]
    where += [MEMBERS.c.discarded_at.is_(None), *([TEAMS.c.commune_id == commune_id] if commune_id else [])]
    joined = SEATS.join(TEAMS, TEAMS.c.id == SEATS.c.team_id).join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
    joined = joined.join(UNITS, UNITS.c.id == TEAMS.c.commune_id)
    columns = (SEATS, MEMBERS.c.full_name, MEMBERS.c.phone, TEAMS.c.name.label("team"), TEAMS.c.level)
    query = select(*columns, UNITS.c.name.label("commune")).select_from(joined).where(*where)
    query = query.order_by(UNITS.c.code, TEAMS.c.level, TEAMS.c.key, TEAMS.c.id, ROLE_ORDER, MEMBERS.c.key)
    total = (await session.execute(select(func.count()).select_from(joined).where(*where))).scalar_one()
    query = query.order_by(SEATS.c.id)
    if page is not None:
        query = query.limit(PAGE).offset(page * PAGE)
    seats = (await session.execute(query)).all()
    standing = await list_standings(session, today, commune_id)
    served = await _served(session, {seat.team_id for seat in seats} if page is not None else None, today)
    return [_person(seat, standing[seat.team_id], served.get(seat.team_id, "")) for seat in seats], total


def _person(seat: Any, standing: Standing, villages: str) -> dict[Col, str]:
    decision = standing.decision
    return {
        Col.COMMUNE: seat.commune,
        Col.TEAM: seat.team,
        Col.LEVEL: text(f"register.level.{seat.level}"),
        Col.VILLAGES: villages,
        Col.NAME: seat.full_name,
        Col.ROLE: text(f"role.{seat.role}"),
        Col.KIND: text(f"seat_kind.{seat.kind}") if seat.kind else "",
        Col.POSITION: seat.position or "",
        Col.PHONE: seat.phone or "",
        Col.SINCE: written_day(seat.valid_from),
        Col.DECISION: decision.number if decision else "",
        Col.DECIDED_ON: written_day(decision.issued_on) if decision else "",
    }


def _own(who: Principal) -> int | None:
    """The one commune of this person, None for those who reach the whole province. Raises `forbidden`."""
    require(who, Action.READ_REGISTER)
    if reach_of(who, Action.READ_REGISTER) is Reach.PROVINCE:
        return None
    require(who, Action.READ_REGISTER, Place(commune_id=who.commune_id))
    return who.commune_id


def _villages_by_commune(today: date) -> Select:
    here = (UNITS.c.kind == UnitKind.VILLAGE, current(UNITS, today))
    return select(UNITS.c.parent_id, func.count()).where(*here).group_by(UNITS.c.parent_id)


async def _numbers(session: AsyncSession, query: Select) -> dict[int, Any]:
    return {row[0]: row[1] for row in await session.execute(query)}


async def _served(session: AsyncSession, teams: set[int] | None, today: date) -> dict[int, str]:
    query = select(SERVED.c.team_id, UNITS.c.name).join(UNITS, UNITS.c.id == SERVED.c.village_id)
    query = query.where(current(SERVED, today), *([SERVED.c.team_id.in_(teams)] if teams is not None else []))
    names: dict[int, list[str]] = {}
    for row in await session.execute(query.order_by(UNITS.c.code)):
        names.setdefault(row.team_id, []).append(row.name)
    return {team: ", ".join(every) for team, every in names.items()}
