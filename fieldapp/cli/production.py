"""`python -m fieldapp run`: serves the real thing. It never seeds, and refuses a database of sample accounts."""

import asyncio

from fieldapp.cli import site
from fieldapp.cli.migrate import migrate
from fieldapp.cli.serve import serve
from fieldapp.config import settings
from fieldapp.db import database, use_database
from fieldapp.problems import Problem
from fieldapp.services.accounts import has_sample_accounts
from fieldapp.services.reference import load_reference


def run() -> None:
    """Migrates, loads the catalogue of units and platforms into an empty database, builds if needed, serves.

    Raises Problem `sample_refused` in production on a database that was filled with sample accounts.
    """
    asyncio.run(_prepare())
    if not site.is_built():
        site.build()
    serve()


async def _prepare() -> None:
    await migrate()
    async with database().write() as db:
        await load_reference(db)
        if settings().mode == "production" and await has_sample_accounts(db):
            raise Problem("sample_refused")
    await database().close()
    use_database(None)
