"""Makes an officer's account from the terminal: how the first administrator comes to be."""

import getpass

from fieldapp.db import database
from fieldapp.services.accounts import create_account
from fieldapp.services.units import get_by_code
from models.account import Role


async def make_user(username: str, name: str, role: str, unit: str) -> None:
    """Raises Problem `not_found` for an unknown unit, `username_taken`, `password_short`."""
    password = getpass.getpass()
    async with database().write() as db:
        place = await get_by_code(db, unit)
        await create_account(db, username, password, name, Role(role), place.id or 0)
    await database().close()
