"""Decodes accepted photos before anybody sees them, and sweeps away bytes that lead nowhere.

Every worker runs this and they take turns, by leases. Who comes while it is another's turn goes away again: whoever
ends a turn looks once more, and so finds what was accepted before the other asked.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from anyio import move_on_after

from fieldapp.db import database
from fieldapp.integrations.photo_store import photo_store
from fieldapp.jobs.decoding import DecodingProcess
from fieldapp.problems import Problem
from fieldapp.services import leases, leftovers, photos
from fieldapp.services.kept_files import which_file
from fieldapp.services.photo_keepers import PHOTO_TABLES
from models.base import utc_now

log = structlog.get_logger("photos")
PAGE = 20
LOOK_AGAIN_SECONDS = 30
DECODING, DECODING_SECONDS, RENEW_SECONDS = "decode-photos", 60, 20
SWEEPING, SWEEP_SECONDS, ASK_AGAIN_SECONDS = "sweep-photos", 86_400, 3_600
ORPHAN_AFTER, FILE_ORPHAN_AFTER = timedelta(days=30), timedelta(days=1)
GoOn = Callable[[], Awaitable[bool]]
_process = DecodingProcess()


async def run_decoder() -> None:
    """Works until it is cancelled: at once when a photo was accepted here, and slowly for what others left behind."""
    bell = photos.decoder_bell()
    next_sweep = 0.0
    try:
        while True:
            bell.clear()
            try:
                await drop_leftovers()
                await decode_in_turn()
                if time.monotonic() >= next_sweep:
                    next_sweep = time.monotonic() + ASK_AGAIN_SECONDS
                    await sweep_in_turn(utc_now() - ORPHAN_AFTER)
            except Exception as error:
                log.error("decoder_failed", error=type(error).__name__)
            with move_on_after(LOOK_AGAIN_SECONDS) as waiting:
                await bell.wait()
            if waiting.cancelled_caught:
                _process.close()
    finally:
        _process.close()


async def decode_in_turn() -> int:
    """Settles what waits unless another worker is at it; gives the number of photos."""
    holder, total = leases.new_holder(), 0
    while await _does_one_wait():
        async with database().write() as db:
            if not await leases.acquire(db, DECODING, holder, DECODING_SECONDS):
                break
        try:
            settled = await decode_waiting(go_on=_renewing(holder))
        finally:
            async with database().write() as db:
                await leases.release(db, DECODING, holder)
        total += settled
        if not settled:
            break
    return total


async def _does_one_wait() -> bool:
    async with database().read() as db:
        return any([await photos.list_accepted(db, table, 0, 1) for table in PHOTO_TABLES])


def _renewing(holder: str) -> GoOn:
    """What is asked before each photo: whether it is still this holder's turn, which it lengthens now and then."""
    renewed = time.monotonic()

    async def go_on() -> bool:
        nonlocal renewed
        if time.monotonic() < renewed + RENEW_SECONDS:
            return True
        renewed = time.monotonic()
        async with database().write() as db:
            return await leases.renew(db, DECODING, holder, DECODING_SECONDS)

    return go_on


async def decode_waiting(limit: int = PAGE, go_on: GoOn | None = None) -> int:
    """Settles every photo that waits, `limit` at a time; gives their number. One that fails waits for the next run."""
    settled = 0
    async for sha256 in _waiting(limit):
        if go_on is not None and not await go_on():
            break
        settled += await _settle_safely(sha256)
    return settled


async def _waiting(limit: int) -> AsyncIterator[str]:
    for table in PHOTO_TABLES:
        after, more = 0, True
        while more:
            async with database().read() as db:
                waiting = await photos.list_accepted(db, table, after, limit)
            for _, sha256 in waiting:
                yield sha256
            more = len(waiting) == limit
            after = waiting[-1][0] if more else after


async def _settle_safely(sha256: str) -> int:
    try:
        return await _settle(sha256)
    except Exception as error:
        log.error("photo_not_settled", sha256=sha256[:12], error=type(error).__name__, exc_info=error)
        return 0


async def _settle(sha256: str) -> int:
    """A crash between any two lines leaves the photo accepted, and all of this is done again."""
    original = await photo_store().find_original(sha256)
    if original is None:
        return await database().write_again(lambda db: photos.settle_without_original(db, sha256))
    try:
        picture = await _process.decode(original)
    except Problem as problem:
        code = problem.code
        count = await database().write_again(lambda db: photos.mark_refused(db, sha256, code))
    else:
        await photo_store().replace(sha256, picture.shown)
        count = await database().write_again(lambda db: photos.mark_ready(db, sha256, picture))
        if not count:
            await _drop_if_unnamed(sha256)
    await photo_store().discard_original(sha256)
    return count


async def _drop_if_unnamed(sha256: str) -> None:
    """A picture whose visits were erased while it was being decoded."""
    before = utc_now()
    async with database().read() as db:
        if not await photos.which_show(db, [sha256]):
            await photo_store().discard_picture(sha256, before)


async def drop_leftovers() -> int:
    """Drops bytes of photos whose names were taken away in this process; gives their number."""
    async with database().read() as db:
        return await leftovers.drop(db)


async def sweep_in_turn(before: datetime) -> bool:
    """`sweep_orphans`, once a day whatever the number of workers; says whether this was the one."""
    holder = leases.new_holder()
    async with database().write() as db:
        if not await leases.acquire(db, SWEEPING, holder, SWEEP_SECONDS):
            return False
    await sweep_orphans(before)
    return True


async def sweep_orphans(before: datetime) -> None:
    """Drops bytes from before then that lead nowhere.

    Those are uploads given up, originals that a crash left behind, pictures that no visit names, and files that no
    spoken guide or decision does: no phone brings those again, so that they go sooner.
    """
    store, since = photo_store(), max(before, utc_now() - FILE_ORPHAN_AFTER)
    await store.discard_parts(before)
    async for sha256 in _unless(photos.which_wait, store.list_originals(before)):
        await store.discard_original(sha256)
    async for sha256 in _unless(photos.which_show, store.list_pictures(before)):
        await store.discard_picture(sha256, before)
    async for sha256 in _unless(which_file, store.list_files(since)):
        await store.discard_file(sha256, since)


async def _unless(which: Callable[..., Awaitable[set[str]]], listing: AsyncIterator[list[str]]) -> AsyncIterator[str]:
    async for hashes in listing:
        async with database().read() as db:
            kept = await which(db, hashes)
        for sha256 in hashes:
            if sha256 not in kept:
                yield sha256
