"""How fresh a unit's numbers are: which of its villages sent something today, and when last.

Read from the phones' last push (`device.last_contact_at`). Counters do not know when their numbers came in, and the
visits that do are raw rows, which no summary reads; phones are few, and each tells of itself with every push.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.vn_time import VIETNAM
from models.device import Device
from models.team import Seat, TeamVillage
from models.unit import Unit, UnitKind

UNITS, SERVED, SEATS, DEVICES = Unit.__table__, TeamVillage.__table__, Seat.__table__, Device.__table__


@dataclass(frozen=True)
class Freshness:
    """`heard` of `villages` sent today (a day in Việt Nam); `last_at` is the newest push of any of them."""

    heard: int = 0
    villages: int = 0
    last_at: datetime | None = None

    def __add__(self, other: "Freshness") -> "Freshness":
        known = [at for at in (self.last_at, other.last_at) if at]
        return Freshness(self.heard + other.heard, self.villages + other.villages, max(known, default=None))


async def read_freshness(session: AsyncSession, unit: Unit, today: date) -> dict[int, Freshness]:
    """Freshness by the unit one level below; of a village itself under its own id."""
    midnight = datetime.combine(today, time.min, VIETNAM).astimezone(UTC)
    villages = _last_contacts(unit, today).subquery()
    child = villages.c.parent_id if unit.kind == UnitKind.PROVINCE else villages.c.id
    heard = func.sum(case((villages.c.last_at >= midnight, 1), else_=0))
    query = select(child, heard, func.count(), func.max(villages.c.last_at)).group_by(child)
    return {row[0]: Freshness(int(row[1]), row[2], row[3]) for row in await session.execute(query)}


def _last_contacts(unit: Unit, today: date):
    """Every village of the unit with the newest push of the phones of those who serve it today."""
    inside = {
        UnitKind.PROVINCE: UNITS.c.kind == UnitKind.VILLAGE,
        UnitKind.COMMUNE: and_(UNITS.c.kind == UnitKind.VILLAGE, UNITS.c.parent_id == unit.id),
        UnitKind.VILLAGE: UNITS.c.id == unit.id,
    }[UnitKind(unit.kind)]
    return (
        select(UNITS.c.id, UNITS.c.parent_id, func.max(DEVICES.c.last_contact_at).label("last_at"))
        .outerjoin(SERVED, and_(SERVED.c.village_id == UNITS.c.id, _current(SERVED, today)))
        .outerjoin(SEATS, and_(SEATS.c.team_id == SERVED.c.team_id, _current(SEATS, today)))
        .outerjoin(DEVICES, DEVICES.c.member_id == SEATS.c.member_id)
        .where(inside, _current(UNITS, today))
        .group_by(UNITS.c.id, UNITS.c.parent_id)
    )


def _current(table, today: date):
    return and_(table.c.valid_from <= today, or_(table.c.valid_to.is_(None), table.c.valid_to >= today))
