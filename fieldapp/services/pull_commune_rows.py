"""The lists of a pull that a commune's phones have in common, given whole: what was recorded and
announced there, and whom to call."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Principal
from fieldapp.services import announcements, narrations, support_contacts


async def lists(session: AsyncSession, who: Principal) -> dict[str, Any]:
    """Who leads is told more than others, so they come anew where somebody begins or ceases to."""
    return {
        "narrations": await narrations.phone_rows(session, who.commune_id or 0),
        "announcements": await announcements.phone_rows(session, who),
        **await support_contacts.phone_rows(session, who.commune_id or 0),
    }
