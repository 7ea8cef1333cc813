"""The server's key for rescue files: made once, kept in the database, and so in every backup.

Who reads the database reads the records themselves; the key protects files on their way from phone to server.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.integrations.rescue_seal import RescueKey
from fieldapp.services.upsert import insert_new
from models.sync import ServerFact

RESCUE_KEY = "rescue_key"


async def find(session: AsyncSession) -> RescueKey | None:
    fact = await session.get(ServerFact, RESCUE_KEY)
    return RescueKey.read(fact.value) if fact else None


async def make_once(session: AsyncSession) -> RescueKey:
    """The key that is here already, or a new one; of two that make one at once the first is kept."""
    await insert_new(session, ServerFact.__table__, {"key": RESCUE_KEY, "value": RescueKey.make().written})
    return RescueKey.read((await session.get_one(ServerFact, RESCUE_KEY, populate_existing=True)).value)
