"""Makes an officer's account from the terminal: how the first administrator comes to be, and how one comes back in."""

import getpass

from fieldapp.db import database
from fieldapp.domain.account_rule import STANDS_IN
from fieldapp.i18n import text
from fieldapp.problems import Problem
from fieldapp.services import account_links, second_steps
from fieldapp.services.accounts import create_account, get_by_username
from fieldapp.services.units import get_by_code
from models.account import Role


async def make_user(username: str, name: str, role: str, unit: str, link: bool = False) -> None:
    """Asks for the password, or prints a link by which its owner sets it; neither is ever an argument.

    Raises Problem `not_found` for an unknown unit, `unit_wrong` where this role stands in none of its kind,
    `username_taken`, `password_short`.
    """
    password = None if link else getpass.getpass()
    async with database().write() as db:
        place = await get_by_code(db, unit)
        if place.kind != STANDS_IN.get(Role(role)):
            raise Problem("unit_wrong", "unit")
        account = await create_account(db, username, password, name, Role(role), place.id or 0)
        made = (await account_links.make_link(db, None, account))[1] if link else None
    await database().close()
    if made:
        print(text("cli.user.link", link=account_links.link(made)))


async def make_link(username: str, second_step_lost: bool) -> None:
    """Prints a link by which somebody sets another password; takes a lost phone's second step away where asked.

    Raises Problem `not_found`.
    """
    async with database().write() as db:
        account = await get_by_username(db, username)
        if second_step_lost:
            await second_steps.drop(db, None, account)
        _, token = await account_links.make_link(db, None, account)
    await database().close()
    print(text("cli.user.link", link=account_links.link(token)))
