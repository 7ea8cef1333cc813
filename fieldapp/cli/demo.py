"""`make run`: everything that a newcomer needs to see the product work, on sample data that says so."""

import asyncio
import os

import qrcode

from fieldapp.cli import site
from fieldapp.cli.migrate import migrate
from fieldapp.cli.sample.accounts import SAMPLE_PASSWORD
from fieldapp.cli.serve import serve
from fieldapp.config import settings
from fieldapp.db import database, use_database
from fieldapp.i18n import text
from fieldapp.services import accounts, enrolments, members


def demo(port: int) -> None:
    """Prepares a demo and serves it."""
    prepare_demo(FIELDAPP_PORT=str(port))
    serve()


def prepare_demo(**environment: str) -> None:
    """Sample data, the site, and a welcome in the terminal, for a server with these settings.

    Only a demo fills a database with sample data.
    """
    os.environ |= {"FIELDAPP_MODE": "demo", **environment}
    settings.cache_clear()
    asyncio.run(_prepare())
    if not site.is_built():
        print(text("cli.building"), flush=True)
        site.build()
    asyncio.run(_welcome())


async def _prepare() -> None:
    await migrate()
    async with database().read() as db:
        names = await accounts.list_usernames(db)
    if not names:
        # Imported when needed: later starts do without it and are half a second quicker.
        from fieldapp.cli.seed import seed

        await seed("xs")
    await database().close()
    use_database(None)


async def _welcome() -> None:
    async with database().write() as db:
        names = await accounts.list_usernames(db)
        _, token = await enrolments.make_enrolment(db, None, await members.get_first_leader(db))
    await database().close()
    use_database(None)
    link = enrolments.link(token)
    shown = {"address": settings().origin, "accounts": ", ".join(names[:4]), "password": SAMPLE_PASSWORD, "link": link}
    print(text("cli.welcome", **shown))
    print_qr(link)


def print_qr(address: str) -> None:
    """An address as a QR of block characters."""
    picture = qrcode.QRCode(border=2)
    picture.add_data(address)
    picture.print_ascii(invert=True)
