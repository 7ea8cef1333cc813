"""`python -m fieldapp run`: serves the real thing. It never seeds, and refuses a database of sample accounts."""

import asyncio

from fieldapp.cli import site
from fieldapp.cli.migrate import migrate
from fieldapp.cli.serve import require_fitting, serve
from fieldapp.config import settings
from fieldapp.db import database, use_database
from fieldapp.problems import Problem
from fieldapp.services import leases
from fieldapp.services.accounts import has_sample_accounts
from fieldapp.services.reference import load_reference

LOADING = "load-reference"


def run() -> None:
    """Migrates, loads the catalogue of units and platforms into an empty database, builds if needed, serves.

    Raises the Problems of `require_fitting`, and `sample_refused` in production on a database that was filled with
    sample accounts.
    """
    require_fitting()
    asyncio.run(_prepare())
    if not site.is_built():
        site.build()
    serve()


async def _prepare() -> None:
    await migrate()
    async with database().write() as db:
        # Taken and given back in one transaction: machines that start together load one after the other.
        holder = leases.new_holder()
        await leases.acquire(db, LOADING, holder, 60)
        await load_reference(db)
        await leases.release(db, LOADING, holder)
        if settings().mode == "production" and await has_sample_accounts(db):
            raise Problem("sample_refused")
    await database().close()
    use_database(None)
