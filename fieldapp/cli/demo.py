"""`make run`: everything that a newcomer needs to see the product work, on sample data that says so."""

import asyncio
import os

import qrcode
from sqlalchemy import select

from fieldapp.cli import site
from fieldapp.cli.migrate import migrate
from fieldapp.cli.seed import SAMPLE_PASSWORD, seed
from fieldapp.cli.serve import serve
from fieldapp.config import settings
from fieldapp.db import database, use_database
from fieldapp.i18n import text
from fieldapp.services import enrolments
from models.account import Account
from models.team import Seat, SeatRole


def demo(port: int) -> None:
    """Prepares a demo and serves it. Only this command fills a database with sample data."""
    os.environ |= {"FIELDAPP_MODE": "demo", "FIELDAPP_PORT": str(port)}
    settings.cache_clear()
    asyncio.run(_prepare())
    if not site.is_built():
        print(text("cli.building"), flush=True)
        site.build()
    asyncio.run(_welcome())
    serve()


async def _prepare() -> None:
    await migrate()
    async with database().read() as db:
        empty = (await db.execute(select(Account.id).limit(1))).first() is None
    if empty:
        await seed("xs")
    await database().close()
    use_database(None)


async def _welcome() -> None:
    async with database().write() as db:
        accounts = (await db.execute(select(Account.username).order_by(Account.id).limit(4))).scalars().all()
        leader = (await db.execute(select(Seat.member_id).where(Seat.role == SeatRole.LEADER).order_by(Seat.id))).scalars()
        _, token = await enrolments.make_enrolment(db, None, leader.first() or 1)
    await database().close()
    use_database(None)
    link = enrolments.link(token)
    print(text("cli.welcome", address=settings().origin, accounts=", ".join(accounts), password=SAMPLE_PASSWORD, link=link))
    picture = qrcode.QRCode(border=2)
    picture.add_data(link)
    picture.print_ascii(invert=True)
