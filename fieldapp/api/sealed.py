"""The key of a phone behind a PIN, as it comes with what the phone keeps closed (docs/sync.md)."""

from fieldapp.db import database
from fieldapp.integrations.phone_box import PhoneKey
from fieldapp.services import rescue_keys


async def phone_key(sealed: str) -> PhoneKey:
    """Raises `rescue_key_wrong`, `rescue_broken`."""
    async with database().read() as db:
        return PhoneKey.read(await rescue_keys.find(db), sealed)
