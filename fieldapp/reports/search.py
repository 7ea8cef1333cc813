"""Tìm: units under all their names, teams, members and households, as far as somebody may see them; visits are not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.search_key import fold
from fieldapp.domain.search_rank import DIVISIONS, TEAMS, Nearness, OldName, words_of
from fieldapp.domain.search_rank import nearness as near_in_memory
from fieldapp.permissions import Action, Principal, Reach, reach_of, require
from fieldapp.reports import search_sql
from models.household import Household
from models.household_move import HouseholdMove
from models.member import Member
from models.team import Seat, Team
from models.unit import Unit, UnitKind, UnitSuccession

UNITS, BECAME, TEAM, MEMBERS = Unit.__table__, UnitSuccession.__table__, Team.__table__, Member.__table__
SEATS, HOMES, MOVES = Seat.__table__, Household.__table__, HouseholdMove.__table__
COMMUNE = UNITS.alias("commune")
MOST = 50


class Kind(StrEnum):
    COMMUNE = "commune"
    VILLAGE = "village"
    TEAM = "team"
    MEMBER = "member"
    HOUSEHOLD = "household"


ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Hit:
    """`beneath` says where it is; `once` an earlier name by which it was found; `ended` and `into` what became of it.

    Of a household `name` is its number and `head` its head's name. `unit_id` is the commune, or a household's village.
    """

    kind: Kind
    id: str
    name: str
    near: int
    key: str
    unit_id: int
    beneath: str = ""
    head: str = ""
    once: str = ""
    ended: date | None = None
    into: str = ""


@dataclass(frozen=True)
class Found:
    """At most MOST hits by kind, the nearest first; `more` says that there are others."""

    groups: Sequence[tuple[Kind, Sequence[Hit]]]
    total: int
    more: bool


async def search(
    session: AsyncSession, who: Principal, query: str, today: date, old_names: Sequence[OldName] = ()
) -> Found:
    """What this person may see of it; `old_names` are those of communes. An empty query finds nothing.

    Raises `forbidden`.
    """
    require(who, Action.SEARCH)
    typed = " ".join(words_of(fold(query)))
    if not typed:
        return Found([], 0, more=False)
    hits = [
        *await _units(session, who, typed, _nearest_old(old_names, typed)),
        *await _teams(session, who, typed, today),
        *await _members(session, who, typed, today),
        *await _households(session, who, typed),
    ]
    hits.sort(key=lambda hit: (hit.near, ORDER[hit.kind], len(hit.key), hit.key, hit.id))
    shown = await _with_ends(session, hits[:MOST])
    groups = [(kind, [hit for hit in shown if hit.kind == kind]) for kind in Kind]
    return Found([(kind, some) for kind, some in groups if some], len(shown), more=len(hits) > MOST)


def _reaches(who: Principal, action: Action, commune: ColumnElement[int]) -> ColumnElement[bool] | None:
    """Which communes this person may look into; None where in none."""
    reach = reach_of(who, action)
    if reach is Reach.PROVINCE:
        return true()
    return commune == who.commune_id if reach is Reach.COMMUNE and who.commune_id is not None else None


async def _units(session: AsyncSession, who: Principal, typed: str, once: dict[str, tuple[int, str]]) -> list[Hit]:
    """Communes and villages; a commune also by the names that its parts had before July 2025."""
    own = case((UNITS.c.kind == UnitKind.COMMUNE, UNITS.c.id), else_=UNITS.c.parent_id)
    allowed = _reaches(who, Action.READ_UNIT, own)
    if allowed is None:
        return []
    near = search_sql.nearness(UNITS.c.key, typed, DIVISIONS)
    columns = (near, UNITS.c.id, UNITS.c.kind, UNITS.c.code, UNITS.c.name, UNITS.c.key, UNITS.c.valid_to, own)
    query = (
        select(*columns, COMMUNE.c.name)
        .outerjoin(COMMUNE, and_(COMMUNE.c.id == UNITS.c.parent_id, UNITS.c.kind == UnitKind.VILLAGE))
        .where(UNITS.c.kind != UnitKind.PROVINCE, allowed)
    )
    by_name = search_sql.nearest(query.where(search_sql.holds(UNITS.c.key, typed)), UNITS.c.key, near, MOST + 1)
    hits = [_unit_hit(row) for row in await session.execute(by_name)]
    known = {hit.id for hit in hits}
    by_code = query.where(UNITS.c.kind == UnitKind.COMMUNE, UNITS.c.code.in_(sorted(once)))
    for row in await session.execute(by_code) if once else ():
        close, name = once[row.code]
        if str(row.id) not in known:
            hits.append(replace(_unit_hit(row), near=close, key=fold(name), once=name))
    return hits


def _unit_hit(row) -> Hit:
    near, unit_id, kind, _, name, key, ended, commune_id, above = row
    is_village = kind == UnitKind.VILLAGE
    return Hit(
        Kind.VILLAGE if is_village else Kind.COMMUNE,
        str(unit_id),
        name,
        near,
        key,
        commune_id,
        above or "",
        ended=ended,
    )


def _nearest_old(old_names: Sequence[OldName], typed: str) -> dict[str, tuple[int, str]]:
    """By the code of a present commune: the nearest of its old names, with how near that is."""
    found = [
        (close.value, old.name, old.code)
        for old in old_names
        if (close := near_in_memory(old.key, typed, DIVISIONS)) is not None
    ]
    return {code: (close, name) for close, name, code in sorted(found, reverse=True)}


async def _teams(session: AsyncSession, who: Principal, typed: str, today: date) -> list[Hit]:
    allowed = _reaches(who, Action.READ_TEAM, TEAM.c.commune_id)
    if allowed is None:
        return []
    near = search_sql.nearness(TEAM.c.key, typed, TEAMS)
    query = (
        select(near, TEAM.c.id, TEAM.c.name, TEAM.c.key, TEAM.c.commune_id, COMMUNE.c.name.label("commune"))
        .join(COMMUNE, COMMUNE.c.id == TEAM.c.commune_id)
        .where(search_sql.holds(TEAM.c.key, typed), allowed, _current(TEAM, today))
    )
    rows = await session.execute(search_sql.nearest(query, TEAM.c.key, near, MOST + 1))
    return [Hit(Kind.TEAM, str(r.id), r.name, r[0], r.key, r.commune_id, r.commune) for r in rows]


async def _members(session: AsyncSession, who: Principal, typed: str, today: date) -> list[Hit]:
    """Those who have a seat today, each with one of their teams."""
    allowed = _reaches(who, Action.READ_TEAM, TEAM.c.commune_id)
    if allowed is None:
        return []
    seated = (
        select(SEATS.c.member_id)
        .join(TEAM, TEAM.c.id == SEATS.c.team_id)
        .where(SEATS.c.delegated_by_id.is_(None), _current(SEATS, today), _current(TEAM, today), allowed)
    )
    near = search_sql.nearness(MEMBERS.c.key, typed)
    query = select(near, MEMBERS.c.id, MEMBERS.c.full_name, MEMBERS.c.key).where(
        search_sql.holds(MEMBERS.c.key, typed),
        MEMBERS.c.discarded_at.is_(None),
        seated.where(SEATS.c.member_id == MEMBERS.c.id).exists(),
    )
    rows = (await session.execute(search_sql.nearest(query, MEMBERS.c.key, near, MOST + 1))).all()
    teams = (
        seated.add_columns(TEAM.c.name, TEAM.c.commune_id, COMMUNE.c.name.label("commune"))
        .join(COMMUNE, COMMUNE.c.id == TEAM.c.commune_id)
        .where(SEATS.c.member_id.in_([row.id for row in rows]))
        .order_by(TEAM.c.id.desc())
    )
    where = {row.member_id: row for row in await session.execute(teams)}
    return [
        Hit(Kind.MEMBER, str(r.id), r.full_name, r[0], r.key, at.commune_id, f"{at.name} · {at.commune}")
        for r in rows
        if (at := where.get(r.id)) is not None
    ]


async def _households(session: AsyncSession, who: Principal, typed: str) -> list[Hit]:
    """By number and head; also by the number that one had before its village was merged."""
    allowed = _reaches(who, Action.READ_HOUSEHOLD, UNITS.c.parent_id)
    if allowed is None:
        return []
    villages = select(UNITS.c.id).where(UNITS.c.kind == UnitKind.VILLAGE, allowed)
    whole = or_(HOMES.c.key == typed, HOMES.c.key.startswith(typed + " ", autoescape=True))
    near = case((whole, Nearness.EXACT.value), else_=search_sql.nearness(HOMES.c.key, typed))
    columns = (HOMES.c.id, HOMES.c.number, HOMES.c.head_name, HOMES.c.key, HOMES.c.village_id, UNITS.c.name)
    stand = (HOMES.c.discarded_at.is_(None), HOMES.c.village_id.in_(villages))
    by_name = select(near, *columns, literal("").label("once")).join(UNITS, UNITS.c.id == HOMES.c.village_id)
    by_name = by_name.where(*stand, search_sql.holds(HOMES.c.key, typed))
    rows = (await session.execute(search_sql.nearest(by_name, HOMES.c.key, near, MOST + 1))).all()
    known = {row.id for row in rows}
    moved = await session.execute(_once_numbered(columns, typed, *stand))
    return [_home_hit(row) for row in (*rows, *(row for row in moved if row.id not in known))]


def _once_numbered(columns: Iterable[ColumnElement], typed: str, *stand: ColumnElement[bool]) -> Select:
    query = select(literal(Nearness.EXACT.value), *columns, MOVES.c.number.label("once"))
    query = query.join(UNITS, UNITS.c.id == HOMES.c.village_id).join(MOVES, MOVES.c.household_id == HOMES.c.id)
    other = (func.lower(MOVES.c.number) == typed, MOVES.c.number != HOMES.c.number)
    return query.where(*other, *stand).order_by(HOMES.c.id).limit(MOST)


def _home_hit(row) -> Hit:
    near, home_id, number, head, key, village_id, village, once = row
    return Hit(Kind.HOUSEHOLD, str(home_id), number, near, key, village_id, village, head or "", once)


async def _with_ends(session: AsyncSession, hits: Sequence[Hit]) -> list[Hit]:
    """Villages that have ended say what they are now."""
    ended = [int(hit.id) for hit in hits if hit.ended is not None]
    query = select(BECAME.c.from_id, UNITS.c.name).join(UNITS, UNITS.c.id == BECAME.c.to_id)
    rows = await session.execute(query.where(BECAME.c.from_id.in_(ended)).order_by(UNITS.c.name)) if ended else ()
    into = {str(row.from_id): row.name for row in rows}
    return [replace(hit, into=into.get(hit.id, "")) if hit.ended is not None else hit for hit in hits]


def _current(table, today: date):
    return and_(table.c.valid_from <= today, or_(table.c.valid_to.is_(None), table.c.valid_to >= today))
