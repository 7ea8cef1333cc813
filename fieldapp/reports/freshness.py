"""How fresh a unit's numbers are: which of its villages sent something today, and when last.

Read from the phones' last push (`device.last_contact_at`). Counters do not know when their numbers came in, and the
visits that do are raw rows, which no summary reads; phones are few, and each tells of itself with every push.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import and_, case, func, literal, or_, select
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
    heard = func.sum(case((and_(villages.c.stands, villages.c.last_at >= midnight), 1), else_=0))
    standing = func.sum(case((villages.c.stands, 1), else_=0))
    query = select(child, heard, standing, func.max(villages.c.last_at)).group_by(child)
    return {row[0]: Freshness(int(row[1]), int(row[2]), row[3]) for row in await session.execute(query)}


def _last_contacts(unit: Unit, today: date):
    """Every village of the unit with the newest push of the phones of those who serve it today.

    Of a village that has ended those who served it last: a report of days before shows what it showed.
    """
    inside = {
        UnitKind.PROVINCE: UNITS.c.kind == UnitKind.VILLAGE,
        UnitKind.COMMUNE: and_(UNITS.c.kind == UnitKind.VILLAGE, UNITS.c.parent_id == unit.id),
        UnitKind.VILLAGE: UNITS.c.id == unit.id,
    }[UnitKind(unit.kind)]
    stands = or_(UNITS.c.valid_to.is_(None), UNITS.c.valid_to >= today)
    last_day = case((stands, literal(today, UNITS.c.valid_to.type)), else_=UNITS.c.valid_to)
    last_at = func.max(DEVICES.c.last_contact_at).label("last_at")
    return (
        select(UNITS.c.id, UNITS.c.parent_id, stands.label("stands"), last_at)
        .outerjoin(SERVED, and_(SERVED.c.village_id == UNITS.c.id, _current(SERVED, last_day)))
        .outerjoin(SEATS, and_(SEATS.c.team_id == SERVED.c.team_id, _current(SEATS, today)))
        .outerjoin(DEVICES, DEVICES.c.member_id == SEATS.c.member_id)
        .where(inside, UNITS.c.valid_from <= today)
        .group_by(UNITS.c.id, UNITS.c.parent_id, UNITS.c.valid_to)
    )


def _current(table, day):
    return and_(table.c.valid_from <= day, or_(table.c.valid_to.is_(None), table.c.valid_to >= day))
