"""When this database was last restored from a backup: what it does not know may have been lost then."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import utc_now
from models.sync import ServerFact

FACTS = ServerFact.__table__
RESTORED_AT = "restored_at"


async def note_restore(session: AsyncSession) -> None:
    """Notes that this database begins another life now."""
    await session.merge(ServerFact(key=RESTORED_AT, value=utc_now().isoformat()))
    await session.flush()


async def restored_at(session: AsyncSession) -> datetime | None:
    """The last restore, or None where there was none. Read each time: another process may have restored."""
    value = (await session.execute(select(FACTS.c.value).where(FACTS.c.key == RESTORED_AT))).scalar_one_or_none()
    return datetime.fromisoformat(value) if value else None
