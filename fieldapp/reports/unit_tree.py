"""Units as summaries show them: the way down to one, and those below it, as far as somebody may look."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.permissions import Action, Place, Principal, Reach, may, reach_of, require
from fieldapp.problems import Problem
from models.unit import Region, Terrain, Unit, UnitKind

UNITS = Unit.__table__


def place_of(unit: Unit) -> Place:
    """Where a unit stands for the permission table; a province stands nowhere but in itself."""
    match unit.kind:
        case UnitKind.COMMUNE:
            return Place(commune_id=unit.id)
        case UnitKind.VILLAGE:
            return Place(village_id=unit.id, commune_id=unit.parent_id)
    return Place()


async def get_own_unit(session: AsyncSession, who: Principal, action: Action) -> Unit:
    """Where somebody begins: the province, their commune, or the first of their villages. Raises `forbidden`."""
    require(who, action)
    if reach_of(who, action) is Reach.PROVINCE:
        query = select(Unit).where(UNITS.c.kind == UnitKind.PROVINCE).order_by(UNITS.c.valid_from.desc())
        unit = (await session.execute(query)).scalars().first()
    else:
        own = min(who.village_ids, default=None) if reach_of(who, action) is Reach.VILLAGE else who.commune_id
        unit = await session.get(Unit, own) if own is not None else None
    if unit is None:
        raise Problem("forbidden")
    return unit


async def get_path(session: AsyncSession, who: Principal, action: Action, unit_id: int) -> Sequence[Unit]:
    """The units from the highest that this person may look at down to the one asked for, which comes last.

    Raises `not_found`, or `forbidden` for a unit outside their reach.
    """
    unit = await session.get(Unit, unit_id)
    if unit is None:
        raise Problem("not_found", "unit")
    require(who, action, place_of(unit))
    path = [unit]
    while path[0].parent_id is not None:
        parent = await session.get_one(Unit, path[0].parent_id)
        if not may(who, action, place_of(parent)):
            break
        path.insert(0, parent)
    return path


@dataclass(frozen=True)
class NamedUnit:
    """`households` is as declared, None where nobody has."""

    id: int
    name: str
    region: Region | None = None
    terrain: Terrain | None = None
    households: int | None = None
    place: tuple[float, float] | None = None
    """Latitude and longitude."""


async def list_below(
    session: AsyncSession, unit: Unit, span: DayRange, besides: Collection[int] = ()
) -> Sequence[NamedUnit]:
    """The units one level below that were valid on any of these days, by code; none below a village.

    `besides` are named too: a village that was said to have ended some days ago has numbers of these days all the same.
    """
    query = (
        select(UNITS)
        .where(
            UNITS.c.parent_id == unit.id,
            or_(
                and_(UNITS.c.valid_from <= span.last, or_(UNITS.c.valid_to.is_(None), UNITS.c.valid_to >= span.first)),
                UNITS.c.id.in_(list(besides)),
            ),
        )
        .order_by(UNITS.c.code, UNITS.c.id)
    )
    return [_named(row) for row in await session.execute(query)]


def _named(row: Any) -> NamedUnit:
    return NamedUnit(
        row.id,
        row.name,
        Region(row.region) if row.region else None,
        Terrain(row.terrain) if row.terrain else None,
        row.households_declared,
        None if row.latitude is None or row.longitude is None else (row.latitude, row.longitude),
    )


async def list_under(session: AsyncSession, who: Principal, action: Action) -> Sequence[Any]:
    """One's own unit and every one under it, ended ones too, each with `parent_code`. Raises `forbidden`."""
    own = await get_own_unit(session, who, action)
    above = UNITS.alias("above")
    query = select(UNITS, above.c.code.label("parent_code")).outerjoin(above, above.c.id == UNITS.c.parent_id)
    if own.kind != UnitKind.PROVINCE:
        query = query.where(or_(UNITS.c.id == own.id, UNITS.c.parent_id == own.id))
    return (await session.execute(query.order_by(UNITS.c.code, UNITS.c.valid_from, UNITS.c.id))).all()
