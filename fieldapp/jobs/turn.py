"""Work that the workers of all machines take turns at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from fieldapp.db import database
from fieldapp.services import leases


@asynccontextmanager
async def turn(lease: str, holder: str, seconds: float) -> AsyncIterator[bool]:
    """Whether it is this holder's turn; the lease is given back at the end, whatever the end is."""
    async with database().write() as db:
        mine = await leases.acquire(db, lease, holder, seconds)
    try:
        yield mine
    finally:
        if mine:
            with anyio.CancelScope(shield=True):
                async with database().write() as db:
                    await leases.release(db, lease, holder)
