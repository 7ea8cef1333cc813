"""Phones as they last reported themselves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import utc_now
from models.device import Device

DEVICES = Device.__table__


async def mark_contact(
    session: AsyncSession, device_id: UUID | None, app_version: str, unsent: int | None, device_now: datetime
) -> None:
    """Notes that a phone was heard, with its version, what it still holds, and how far its clock is off."""
    if device_id is None:
        return
    now = utc_now()
    offset = max(-(2**31), min(2**31 - 1, int((device_now - now).total_seconds() * 1000)))
    values = {"last_contact_at": now, "app_version": app_version, "unsent_count": unsent, "clock_offset_ms": offset}
    await session.execute(update(DEVICES).where(DEVICES.c.id == device_id).values(**values))
