"""A commune's villages as they stand, what was done to them, and where each came from and went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from models.account import Account
from models.household import Household
from models.team import Team, TeamVillage
from models.unit import Division, Unit, UnitKind, UnitSuccession
from models.unit_change import ChangeKind, UnitChange

UNITS, BECAME, CHANGES = Unit.__table__, UnitSuccession.__table__, UnitChange.__table__
HOUSEHOLDS, SERVED, TEAMS, ACCOUNTS = Household.__table__, TeamVillage.__table__, Team.__table__, Account.__table__
PAGE = 50


@dataclass(frozen=True)
class VillageRow:
    id: int
    code: str
    name: str
    division: Division
    commune_id: int
    valid_from: date
    valid_to: date | None
    households: int
    """On its roster."""
    declared: int | None
    teams: Sequence[str]


@dataclass(frozen=True)
class VillagePage:
    rows: Sequence[VillageRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class ChangeRow:
    """`before` are the villages that it came from, `name` the one that came of it, or that was stopped."""

    id: int
    kind: ChangeKind
    on: date
    unit_id: int
    name: str
    before: Sequence[str]
    decision: str | None
    by: str
    at: datetime


@dataclass(frozen=True)
class Ancestor:
    """A village before or after another one, `steps` away: negative before it, positive after it."""

    id: int
    name: str
    valid_from: date
    valid_to: date | None
    steps: int


@dataclass(frozen=True)
class VillageDetail:
    village: VillageRow
    line: Sequence[Ancestor] = field(default_factory=list)
    changes: Sequence[ChangeRow] = field(default_factory=list)


async def list_villages(
    session: AsyncSession, who: Principal, commune_id: int, today: date, page: int = 0
) -> VillagePage:
    """The villages that stand today, by code. A page past the end is the last one. Raises `forbidden`."""
    require(who, Action.READ_UNIT, Place(commune_id=commune_id))
    here = and_(UNITS.c.parent_id == commune_id, UNITS.c.kind == UnitKind.VILLAGE, _open_on(UNITS, today))
    total = (await session.execute(select(func.count()).select_from(UNITS).where(here))).scalar_one()
    page = min(max(page, 0), max(0, -(-total // PAGE) - 1))
    query = select(UNITS).where(here).order_by(UNITS.c.code, UNITS.c.id).limit(PAGE).offset(page * PAGE)
    return VillagePage(await _rows(session, (await session.execute(query)).all(), today), total, page)


async def name_villages(session: AsyncSession, who: Principal, commune_id: int, today: date) -> list[tuple[int, str]]:
    """Every village that stands today, for a choice: ids and names. Raises `forbidden`."""
    require(who, Action.READ_UNIT, Place(commune_id=commune_id))
    here = and_(UNITS.c.parent_id == commune_id, UNITS.c.kind == UnitKind.VILLAGE, _open_on(UNITS, today))
    query = select(UNITS.c.id, UNITS.c.name).where(here).order_by(UNITS.c.code, UNITS.c.id)
    return [(row.id, row.name) for row in await session.execute(query)]


async def list_changes(session: AsyncSession, who: Principal, commune_id: int, limit: int = PAGE) -> list[ChangeRow]:
    """What was done to the commune's villages, the newest first. Raises `forbidden`."""
    require(who, Action.READ_UNIT, Place(commune_id=commune_id))
    return await _changes(session, CHANGES.c.commune_id == commune_id, limit)


async def get_village(session: AsyncSession, who: Principal, village_id: int, today: date) -> VillageDetail:
    """Also of one that has ended. Raises `not_found` or `forbidden`."""
    row = (await session.execute(select(UNITS).where(UNITS.c.id == village_id))).first()
    if row is None or row.kind != UnitKind.VILLAGE:
        raise Problem("not_found", "unit")
    require(who, Action.READ_UNIT, Place(row.id, row.parent_id))
    line = await _line(session, village_id)
    ids = [village_id, *(one.id for one in line)]
    [village] = await _rows(session, [row], today)
    return VillageDetail(village, line, await _changes(session, CHANGES.c.unit_id.in_(ids), PAGE))


async def _rows(session: AsyncSession, units: Sequence, today: date) -> list[VillageRow]:
    ids = [unit.id for unit in units]
    stands = (HOUSEHOLDS.c.village_id.in_(ids), HOUSEHOLDS.c.discarded_at.is_(None))
    counts = select(HOUSEHOLDS.c.village_id, func.count()).where(*stands).group_by(HOUSEHOLDS.c.village_id)
    homes = {row[0]: row[1] for row in await session.execute(counts)}
    serving = (
        select(SERVED.c.village_id, TEAMS.c.name)
        .join(TEAMS, TEAMS.c.id == SERVED.c.team_id)
        .where(SERVED.c.village_id.in_(ids), _open_on(SERVED, today), _open_on(TEAMS, today))
        .order_by(TEAMS.c.name, TEAMS.c.id)
    )
    teams: dict[int, list[str]] = {}
    for row in await session.execute(serving):
        teams.setdefault(row.village_id, []).append(row.name)
    return [
        VillageRow(
            unit.id,
            unit.code,
            unit.name,
            Division(unit.division),
            unit.parent_id,
            unit.valid_from,
            unit.valid_to,
            homes.get(unit.id, 0),
            unit.households_declared,
            teams.get(unit.id, []),
        )
        for unit in units
    ]


async def _changes(session: AsyncSession, which, limit: int) -> list[ChangeRow]:
    query = (
        select(CHANGES, UNITS.c.name, ACCOUNTS.c.full_name)
        .join(UNITS, UNITS.c.id == CHANGES.c.unit_id)
        .join(ACCOUNTS, ACCOUNTS.c.id == CHANGES.c.by_account_id)
        .where(which)
        .order_by(CHANGES.c.on.desc(), CHANGES.c.id.desc())
        .limit(limit)
    )
    found = (await session.execute(query)).all()
    before = await _names_before(session, [row.unit_id for row in found if row.kind != ChangeKind.STOP])
    return [
        ChangeRow(
            row.id,
            ChangeKind(row.kind),
            row.on,
            row.unit_id,
            row.name,
            [] if row.kind == ChangeKind.STOP else before.get(row.unit_id, []),
            row.decision,
            row.full_name,
            row.at,
        )
        for row in found
    ]


async def _names_before(session: AsyncSession, unit_ids: Iterable[int]) -> dict[int, list[str]]:
    query = select(BECAME.c.to_id, UNITS.c.name).join(UNITS, UNITS.c.id == BECAME.c.from_id)
    names: dict[int, list[str]] = {}
    for row in await session.execute(
        query.where(BECAME.c.to_id.in_(list(unit_ids))).order_by(UNITS.c.code, UNITS.c.id)
    ):
        names.setdefault(row.to_id, []).append(row.name)
    return names


async def _line(session: AsyncSession, village_id: int) -> list[Ancestor]:
    """All villages that this one came from, and all that came of it, the earliest first."""
    steps: dict[int, int] = {}
    for near, far, sign in ((BECAME.c.to_id, BECAME.c.from_id, -1), (BECAME.c.from_id, BECAME.c.to_id, 1)):
        reached, distance = [village_id], 0
        while reached:
            distance += sign
            reached = list((await session.execute(select(far).where(near.in_(reached)))).scalars())
            reached = [unit_id for unit_id in reached if unit_id not in steps]
            steps |= dict.fromkeys(reached, distance)
    query = select(UNITS).where(UNITS.c.id.in_(list(steps))).order_by(UNITS.c.valid_from, UNITS.c.code, UNITS.c.id)
    return [
        Ancestor(row.id, row.name, row.valid_from, row.valid_to, steps[row.id]) for row in await session.execute(query)
    ]


def _open_on(table, day: date):
    return and_(table.c.valid_from <= day, or_(table.c.valid_to.is_(None), table.c.valid_to >= day))
