"""Zalo groups of villages: what was said last stands, in whatever order phones come."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.zalo_group import GroupPayload
from fieldapp.problems import Problem
from fieldapp.services.deeds import Deed
from models.zalo_group import ZaloGroup

GROUPS = ZaloGroup.__table__


async def update(session: AsyncSession, deed: Deed, payload: GroupPayload) -> None:
    """Keeps what is said; it stands unless something said later stands already, of two at once the greater id.

    Behind the lock of the village. Raises `made_in_future` where the households are counted on a day to come.
    """
    if payload.counted_on > vn_day(deed.received_at):
        raise Problem("made_in_future", "counted_on")
    mine = (GROUPS.c.village_id == deed.posting.village_id, GROUPS.c.stands)
    before = (await session.execute(select(ZaloGroup).where(*mine))).scalar_one_or_none()
    stands = before is None or (before.made_at, before.id) < (deed.made_at, deed.id)
    if before is not None and stands:
        before.stands = False
    session.add(ZaloGroup(**deed.columns, **payload.model_dump(exclude={"village"}), stands=stands))
    await session.flush()
