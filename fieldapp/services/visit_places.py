"""Where visits were made: taken in only where the commune asks for it, and forgotten after some weeks."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.place import KEEP_DAYS, Point, coarse, is_outside
from fieldapp.domain.visit import PlacePayload
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.visit_facts import Taking
from models.base import utc_now
from models.unit import Unit, UnitKind
from models.visit import Visit
from models.visit_place import VisitPlace

PLACES, UNITS, VISITS = VisitPlace.__table__, Unit.__table__, Visit.__table__


async def find_kept(session: AsyncSession, taking: Taking, place: PlacePayload | None) -> Point | None:
    """The coarse place that is to be kept, or nothing where none was given or the commune asks for none."""
    if place is None or not await is_asked(session, taking.posting.commune_id):
        return None
    return coarse((place.latitude, place.longitude))


async def is_asked(session: AsyncSession, commune_id: int) -> bool:
    return bool((await session.execute(select(UNITS.c.asks_place).where(UNITS.c.id == commune_id))).scalar_one())


async def is_elsewhere(session: AsyncSession, commune_id: int, point: Point) -> bool:
    """Whether a place is surely outside a commune. Nothing is said of one whose centre is not known."""
    query = select(UNITS.c.id, UNITS.c.latitude, UNITS.c.longitude).where(
        UNITS.c.kind == UnitKind.COMMUNE,
        UNITS.c.latitude.is_not(None),
        or_(UNITS.c.valid_to.is_(None), UNITS.c.id == commune_id),
    )
    centres = {row.id: (row.latitude, row.longitude) for row in await session.execute(query)}
    own = centres.pop(commune_id, None)
    return own is not None and is_outside(point, own, centres.values())


async def keep(session: AsyncSession, visit_id: UUID, point: Point) -> None:
    """The visit's own row must be there."""
    latitude, longitude = point
    row = {"visit_id": visit_id, "latitude": latitude, "longitude": longitude, "at": utc_now()}
    await session.execute(insert(PLACES), [row])


async def forget_old(session: AsyncSession) -> int:
    """Deletes places that have been here for `KEEP_DAYS` days; gives their number."""
    gone = await session.execute(delete(PLACES).where(PLACES.c.at < utc_now() - timedelta(days=KEEP_DAYS)))
    return gone.rowcount  # type: ignore[attr-defined]


async def ask(session: AsyncSession, who: Principal, commune_id: int, asks: bool) -> None:
    """Turns asking for places on or off in the officer's commune; off, what is there is forgotten at once.

    Raises `forbidden`, or `not_found` for a unit that is no commune.
    """
    commune = await session.get(Unit, commune_id)
    if commune is None or commune.kind != UnitKind.COMMUNE:
        raise Problem("not_found", "commune")
    require(who, Action.ASK_PLACE, Place(commune_id=commune_id))
    commune.asks_place = asks
    if not asks:
        visits = select(VISITS.c.id).where(VISITS.c.commune_id == commune_id)
        await session.execute(delete(PLACES).where(PLACES.c.visit_id.in_(visits)))
    await audit.write(session, [audit.event(who, "place.ask", "unit", commune_id, commune_id, asks=asks)])
