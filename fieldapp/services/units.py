"""Administrative units, found by the codes that people know them by."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from models.base import utc_now
from models.unit import Unit

UNITS = Unit.__table__


async def find_by_code(session: AsyncSession, code: str, on: date | None = None) -> Unit | None:
    """The unit that has this code on a day in Việt Nam, today unless another is given; `valid_to` is its last day."""
    day = on or vn_day(utc_now())
    valid = (UNITS.c.valid_from <= day, or_(UNITS.c.valid_to.is_(None), UNITS.c.valid_to >= day))
    query = select(Unit).where(UNITS.c.code == code, *valid).order_by(UNITS.c.valid_from.desc())
    return (await session.execute(query)).scalars().first()


async def get_by_code(session: AsyncSession, code: str, on: date | None = None) -> Unit:
    """As `find_by_code`. Raises `not_found`."""
    unit = await find_by_code(session, code, on)
    if unit is None:
        raise Problem("not_found", "unit")
    return unit
