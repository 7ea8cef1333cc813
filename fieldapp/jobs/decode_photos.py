"""Decodes accepted photos before anybody sees them: each is made anew, without metadata or anything that hid in it."""

import time
from datetime import datetime, timedelta
from io import BytesIO

import structlog
from anyio import move_on_after, to_thread
from PIL import Image

from fieldapp.db import database
from fieldapp.domain import picture as limits
from fieldapp.integrations.photo_store import photo_store
from fieldapp.problems import Problem
from fieldapp.services import photos
from fieldapp.services.photos import Picture
from models.base import utc_now

log = structlog.get_logger("photos")
PAGE = 20
LOOK_AGAIN_SECONDS = 30
SWEEP_SECONDS = 86_400
ORPHAN_AFTER = timedelta(days=30)
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


async def run_decoder() -> None:
    """Works until it is cancelled: at once when a photo was accepted here, and slowly for those of other processes."""
    bell = photos.decoder_bell()
    next_sweep = 0.0
    while True:
        bell.clear()
        try:
            await decode_waiting()
            if time.monotonic() >= next_sweep:
                await sweep_orphans(utc_now() - ORPHAN_AFTER)
                next_sweep = time.monotonic() + SWEEP_SECONDS
        except Exception as error:
            log.error("decoder_failed", error=type(error).__name__)
        with move_on_after(LOOK_AGAIN_SECONDS):
            await bell.wait()


async def decode_waiting(limit: int = PAGE) -> int:
    """Settles every photo that waits, `limit` at a time; gives their number. One that fails waits for the next run."""
    settled = after = 0
    while True:
        async with database().read() as db:
            waiting = await photos.list_accepted(db, after, limit)
        for _, sha256 in waiting:
            settled += await _settle_safely(sha256)
        if len(waiting) < limit:
            return settled
        after = waiting[-1][0]


async def _settle_safely(sha256: str) -> int:
    try:
        return await _settle(sha256)
    except Exception as error:
        log.error("photo_not_settled", sha256=sha256[:12], error=type(error).__name__)
        return 0


async def _settle(sha256: str) -> int:
    """A crash between any two lines leaves the photo accepted, and all of this is done again."""
    original = await photo_store().find_original(sha256)
    if original is None:
        async with database().write() as db:
            return await photos.settle_without_original(db, sha256)
    try:
        picture = await to_thread.run_sync(decode, original)
    except Problem as problem:
        async with database().write() as db:
            count = await photos.mark_refused(db, sha256, problem.code)
    else:
        await photo_store().replace(sha256, picture.shown)
        async with database().write() as db:
            count = await photos.mark_ready(db, sha256, picture.width, picture.height, picture.thumbnail)
    await photo_store().discard_original(sha256)
    return count


async def sweep_orphans(before: datetime) -> None:
    """Drops bytes from before then that lead nowhere: uploads given up, and originals that a crash left behind."""
    store = photo_store()
    await store.discard_parts(before)
    originals = await store.list_originals(before)
    async with database().read() as db:
        waiting = await photos.which_wait(db, originals)
    for sha256 in set(originals) - waiting:
        await store.discard_original(sha256)


def decode(content: bytes) -> Picture:
    """The picture in these bytes, upright and made anew. Blocks; raises the `photo_*` Problem that refuses them."""
    if code := limits.refused_by_start(content):
        raise Problem(code)
    try:
        return _decode(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Problem("photo_too_many_pixels") from None
    except (Problem, MemoryError):
        raise
    except Exception:
        # Pillow answers hostile bytes with errors of nearly every kind.
        raise Problem("photo_broken") from None


def _decode(content: bytes) -> Picture:
    with Image.open(BytesIO(content), formats=["JPEG"]) as image:
        if code := limits.refused_by_header(content, *image.size):
            raise Problem(code)
        turn = UPRIGHT.get(_orientation(image))
        image.thumbnail((limits.SHOWN_SIDE, limits.SHOWN_SIDE))
        upright = image.convert("RGB")
    if turn is not None:
        upright = upright.transpose(turn)
    # Pixels alone go on to a new image: Pillow would write the comment of the old one into the file again.
    bare = Image.frombytes("RGB", upright.size, upright.tobytes())
    small = bare.copy()
    small.thumbnail((limits.THUMBNAIL_SIDE, limits.THUMBNAIL_SIDE))
    return Picture(bare.width, bare.height, _jpeg(bare, limits.SHOWN_QUALITY), _jpeg(small, limits.THUMBNAIL_QUALITY))


def _orientation(image: Image.Image) -> int:
    """EXIF's word on which side is up; a photo whose EXIF is damaged is taken as it lies."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:
        return 1


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
