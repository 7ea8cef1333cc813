"""The province of the year: communes, villages, teams, households and officers, laid at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import month_end
from fieldapp.permissions import Principal
from fieldapp.services.indicators import load_indicators
from models.account import Account, Role
from models.household import Household
from models.member import Member
from models.target import Level, Measure, Target
from models.team import Seat, SeatRole, Team, TeamLevel, TeamVillage
from models.unit import Division, Unit, UnitKind
from tests import build
from tests.build import SINCE

Row = TypeVar("Row")
PLATFORMS = ("VNEID", "DVC", "VI", "TTTT", "GHS")


@dataclass
class Village:
    """`unit` is what it was in the beginning; `into` what it was merged into, from `until` on."""

    unit: Unit
    team: Team
    members: Sequence[Member]
    homes: Sequence[Household]
    into: Unit | None = None
    until: date | None = None

    def on(self, day: date) -> Unit:
        return self.into if self.into is not None and self.until is not None and day >= self.until else self.unit


@dataclass
class Commune:
    unit: Unit
    team: Team
    crew: Sequence[Member]
    officer: Principal
    head: Principal
    villages: list[Village] = field(default_factory=list)


@dataclass(frozen=True)
class Province:
    unit: Unit
    officer: Principal
    communes: Sequence[Commune]


async def lay(db: Database, communes: int, villages: int, homes: int, year: int) -> Province:
    """In each commune one team serves its last two villages; teams have targets for every month of the calendar."""
    for position, code in enumerate(PLATFORMS, 1):
        await build.platform(db, code, position)
    async with db.write() as session:
        await load_indicators(session)
    top = await build.province(db)
    units = await _added(db, [_unit(UnitKind.COMMUNE, Division.XA, top, n) for n in range(communes)])
    found = [await _commune(db, unit, villages, homes, year) for unit in units]
    return Province(top, await _officer(db, top, Role.PROVINCE_OFFICER), found)


async def _commune(db: Database, unit: Unit, count: int, homes: int, year: int) -> Commune:
    units = await _added(db, [_unit(UnitKind.VILLAGE, Division.THON, unit, n) for n in range(count)])
    [own, *teams] = await _added(db, [_team(unit), *(_team(unit, village) for village in units[:-1])])
    teams.append(teams[-1])
    served = zip(teams, units, strict=True)
    await _added(db, [TeamVillage(team_id=a.id or 0, village_id=b.id or 0, valid_from=SINCE) for a, b in served])
    names = [f"{unit.name} {n}" for n in range(3 * (count - 1) + 2)]
    people = await _added(db, [Member(full_name=name, key=fold(name)) for name in names])
    crew, villagers = people[:2], people[2:]
    seats = [(own, one, SeatRole.MEMBER) for one in crew]
    for n, team in enumerate(teams[:-1]):
        leader, *others = villagers[3 * n : 3 * n + 3]
        seats += [(team, leader, SeatRole.LEADER), *((team, other, SeatRole.MEMBER) for other in others)]
    rows = [Seat(team_id=a.id or 0, member_id=b.id or 0, role=role, valid_from=SINCE) for a, b, role in seats]
    await _added(db, rows)
    stands = await _added(db, [_home(village, n) for village in units for n in range(1, homes + 1)])
    await _added(db, [_target(team, month, year) for team in teams[:-1] for month in range(1, 13)])
    made = Commune(
        unit, own, crew, await _officer(db, unit, Role.COMMUNE_OFFICER), await _officer(db, unit, Role.COMMUNE_LEADER)
    )
    for n, village in enumerate(units):
        first = 3 * min(n, count - 2)
        made.villages.append(
            Village(village, teams[n], villagers[first : first + 3], stands[n * homes : (n + 1) * homes])
        )
    return made


async def _added(db: Database, rows: Iterable[Row]) -> list[Row]:
    kept = list(rows)
    async with db.write() as session:
        session.add_all(kept)
    return kept


def _unit(kind: UnitKind, division: Division, parent: Unit, number: int) -> Unit:
    name = f"{'Xã' if kind is UnitKind.COMMUNE else 'Thôn'} {number + 1}"
    code = f"{parent.code}-{number + 1:02d}"
    given: dict[str, Any] = {"kind": kind, "division": division, "parent_id": parent.id, "valid_from": SINCE}
    return Unit(code=code, name=name, key=fold(name), contact="0255 000 000", **given)


def _team(commune: Unit, village: Unit | None = None) -> Team:
    level = TeamLevel.VILLAGE if village else TeamLevel.COMMUNE
    name = f"Tổ {(village or commune).name} {commune.code}"
    return Team(name=name, key=fold(name), level=level, commune_id=commune.id or 0, valid_from=SINCE)


def _home(village: Unit, number: int) -> Household:
    return Household(id=uuid7(), village_id=village.id or 0, number=str(number), key=str(number))


def _target(team: Team, month: int, year: int) -> Target:
    first = date(year, month, 1)
    given = {"holder": f"team:{team.id}", "level": Level.TEAM, "commune_id": team.commune_id, "team_id": team.id}
    counted = {"platform_code": "VNEID", "measure": Measure.PERSON, "amount": month + 3}
    return Target(id=uuid7(), first_day=first, last_day=month_end(first), **given, **counted)


async def _officer(db: Database, unit: Unit, role: Role) -> Principal:
    [row] = await _added(
        db,
        [
            Account(
                username=f"{role}.{unit.code}", full_name="Phạm Văn Thành", password_hash="", role=role,
                unit_id=unit.id or 0,
            )
        ],
    )  # fmt: skip
    commune = None if role is Role.PROVINCE_OFFICER else unit.id
    given = {"account_id": row.id, "commune_id": commune, "unit_id": unit.id, "unit_name": unit.name}
    return Principal(role=role, session_id="year", name=row.full_name, **given)


def leader_of(village: Village, day: date) -> Principal:
    here = frozenset((village.on(day).id or 0, village.unit.id or 0))
    given = {"village_ids": here, "led_village_ids": here, "commune_id": village.team.commune_id}
    return Principal(role=Role.LEADER, session_id="year", member_id=village.members[0].id, **given)
