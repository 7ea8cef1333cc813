"""Photos of visits: who may send and see them, and each step from named to shown.

A photo is named by its visit, `accepted` when all its bytes are here, and nobody sees it before it is `ready`.
Every step raises the version of the visit's village, so that phones pull it.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.picture import Picture
from fieldapp.integrations.photo_store import Part
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, photo_likeness, visits
from fieldapp.services.padding import padded
from fieldapp.services.scopes import raise_villages
from models.base import utc_now
from models.flag import FlagKind
from models.visit import Photo, PhotoState, Visit

PHOTOS, VISITS = Photo.__table__, Visit.__table__
DECIDED = (PhotoState.READY, PhotoState.REFUSED)
_bell: asyncio.Event | None = None
_FIND = (
    select(PHOTOS, VISITS.c.author_id, VISITS.c.village_id, VISITS.c.commune_id)
    .join(VISITS, VISITS.c.id == PHOTOS.c.visit_id)
    .where(PHOTOS.c.visit_id == bindparam("visit"), PHOTOS.c.sha256 == bindparam("hash"))
)
_ACCEPT = (
    update(PHOTOS)
    .where(PHOTOS.c.id.in_(bindparam("photos", expanding=True)), PHOTOS.c.state == PhotoState.EXPECTED)
    .values(state=PhotoState.ACCEPTED, accepted_at=bindparam("now"))
    .returning(PHOTOS.c.id)
)
_TWINS = (
    select(PHOTOS.c.id, PHOTOS.c.visit_id, PHOTOS.c.sha256, PHOTOS.c.bytes, PHOTOS.c.state)
    .add_columns(VISITS.c.author_id, VISITS.c.village_id)
    .join(VISITS, VISITS.c.id == PHOTOS.c.visit_id)
    .where(
        PHOTOS.c.sha256.in_(bindparam("hashes", expanding=True)),
        PHOTOS.c.state == PhotoState.EXPECTED,
        VISITS.c.author_id.in_(bindparam("authors", expanding=True)),
    )
)
_RAISE_VISIT = update(VISITS).where(VISITS.c.id == bindparam("visit")).values(scope_version=bindparam("raised_to"))


@dataclass(frozen=True)
class PhotoSlot:
    """A place that a visit keeps for a photo, as its author finds it; `bytes` is the length that was declared."""

    photo_id: int
    visit_id: UUID
    village_id: int
    sha256: str
    bytes: int
    state: PhotoState

    @property
    def is_filled(self) -> bool:
        return self.state != PhotoState.EXPECTED

    @property
    def part(self) -> Part:
        return Part(self.visit_id, self.sha256)


async def get_slot(session: AsyncSession, who: Principal, visit_id: UUID, sha256: str) -> PhotoSlot:
    """The author's place for a photo. Raises `not_found` where the visit names none, `forbidden` for anybody else."""
    require(who, Action.RECORD_VISIT)
    row = await _find(session, visit_id, sha256)
    if row is None:
        raise Problem("not_found")
    if row.author_id != who.member_id:
        raise Problem("forbidden")
    return PhotoSlot(row.id, visit_id, row.village_id, sha256, row.bytes, PhotoState(row.state))


async def get_for_reading(session: AsyncSession, who: Principal, visit_id: UUID, sha256: str) -> Any:
    """The row of a photo that is ready. Raises `not_found`, or `forbidden` for those who may not see the visit."""
    row = await _find(session, visit_id, sha256)
    if row is None:
        raise Problem("not_found")
    require(who, Action.READ_PHOTO, Place(row.village_id, row.commune_id, row.author_id))
    if row.state != PhotoState.READY:
        raise Problem("not_found")
    return row


async def _find(session: AsyncSession, visit_id: UUID, sha256: str) -> Any:
    return (await session.execute(_FIND, {"visit": visit_id, "hash": sha256})).first()


async def accept_all(session: AsyncSession, brought: Sequence[tuple[Principal, PhotoSlot]]) -> list[PhotoState | None]:
    """Notes that photos are whole, after their lengths and hashes were checked; gives the state of each now.

    One that is here already, by a twin of this upload, is left as it is. None where its visit was erased meanwhile.
    Other visits of the same author that name the same bytes have them too: a visit that was mended on another phone,
    which never had them, would wait for them in vain.
    """
    versions = await raise_villages(session, {slot.village_id for _, slot in brought})
    filled = [*brought, *await _twins(session, brought)]
    versions |= await raise_villages(session, {slot.village_id for _, slot in filled} - versions.keys())
    asked = {"photos": padded(slot.photo_id for _, slot in filled), "now": utc_now()}
    accepted = set((await session.execute(_ACCEPT, asked)).scalars())
    new = [(who, slot) for who, slot in filled if slot.photo_id in accepted]
    if new:
        raised = {slot.visit_id: versions[slot.village_id] for _, slot in new}
        await session.execute(_RAISE_VISIT, [{"visit": v, "raised_to": raised[v]} for v in sorted(raised)])
    events = [audit.event(w, "photo.accept", "visit", s.visit_id, s.village_id, sha256=s.sha256) for w, s in new]
    await audit.write(session, events)
    return [
        PhotoState.ACCEPTED if slot.photo_id in accepted else await _state_of(session, slot.photo_id)
        for _, slot in brought
    ]


async def _twins(
    session: AsyncSession, brought: Sequence[tuple[Principal, PhotoSlot]]
) -> list[tuple[Principal, PhotoSlot]]:
    """The other places that wait for bytes which their own author has just brought."""
    came = {(who.member_id, slot.sha256, slot.bytes): who for who, slot in brought}
    asked = {
        "hashes": padded(slot.sha256 for _, slot in brought),
        "authors": padded(who.member_id for who, _ in brought),
    }
    mine = {slot.photo_id for _, slot in brought}
    return [
        (came[key], PhotoSlot(row.id, row.visit_id, row.village_id, row.sha256, row.bytes, PhotoState(row.state)))
        for row in await session.execute(_TWINS, asked)
        if row.id not in mine and (key := (row.author_id, row.sha256, row.bytes)) in came
    ]


async def _state_of(session: AsyncSession, photo_id: int) -> PhotoState | None:
    photo = await session.get(Photo, photo_id, populate_existing=True)
    return PhotoState(photo.state) if photo is not None else None


async def list_accepted(session: AsyncSession, after: int, limit: int) -> Sequence[tuple[int, str]]:
    """Photos that wait to be decoded, each hash once, with the place (above `after`) that it has in the order."""
    place = func.min(PHOTOS.c.id)
    query = (
        select(place, PHOTOS.c.sha256)
        .where(PHOTOS.c.state == PhotoState.ACCEPTED)
        .group_by(PHOTOS.c.sha256)
        .having(place > after)
        .order_by(place)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def which_wait(session: AsyncSession, hashes: Sequence[str]) -> set[str]:
    """Those of these hashes whose original is still needed."""
    query = select(PHOTOS.c.sha256).where(PHOTOS.c.sha256.in_(hashes), PHOTOS.c.state == PhotoState.ACCEPTED)
    return set((await session.execute(query)).scalars())


async def which_show(session: AsyncSession, hashes: Sequence[str]) -> set[str]:
    """Those of these hashes that a visit names, whatever became of it."""
    return set((await session.execute(select(PHOTOS.c.sha256).where(PHOTOS.c.sha256.in_(hashes)))).scalars())


async def mark_ready(session: AsyncSession, sha256: str, picture: Picture) -> int:
    """Shows the photo on every visit that holds it and flags those that it makes doubtful; gives the number shown.

    Of two photos that are alike and settled at the same instant by two workers, neither would see the other: jobs take
    turns (jobs/decode_photos.py).
    """
    later = await photo_likeness.find_later(session, sha256, picture.marks)
    locked, versions = await _lock_accepted(session, sha256, {village for village, _ in later.values()})
    for photo, visit in locked:
        photo.state, photo.decoded_at = PhotoState.READY, utc_now()
        photo.width, photo.height, photo.thumbnail = picture.width, picture.height, picture.thumbnail
        if picture.marks is not None:
            photo.mark_1, photo.mark_2, photo.mark_3, photo.mark_4 = picture.marks
        visit.scope_version = versions[visit.village_id]
    await session.flush()
    if locked:
        await photo_likeness.flag(session, later, versions)
    return len(locked)


async def mark_refused(session: AsyncSession, sha256: str, code: str) -> int:
    """Puts the reason on the photo and a flag on every visit that holds it; gives the number of them."""
    locked, versions = await _lock_accepted(session, sha256)
    for photo, visit in locked:
        photo.state, photo.reason_code, photo.decoded_at = PhotoState.REFUSED, code, utc_now()
        await visits.raise_flag(session, visit, FlagKind.PHOTO_REFUSED, versions[visit.village_id], reason=code)
        event = audit.event(None, "photo.refuse", "visit", visit.id, visit.village_id, sha256=sha256, reason=code)
        await audit.write(session, [event])
    await session.flush()
    return len(locked)


async def settle_without_original(session: AsyncSession, sha256: str) -> int:
    """For a photo whose bytes are gone: the verdict that the same bytes got before, or else it is expected again."""
    query = select(PHOTOS).where(PHOTOS.c.sha256 == sha256, PHOTOS.c.state.in_(DECIDED)).limit(1)
    decided = (await session.execute(query)).first()
    if decided is None:
        return await _expect_again(session, sha256)
    if decided.state == PhotoState.REFUSED:
        return await mark_refused(session, sha256, decided.reason_code)
    marks = (decided.mark_1, decided.mark_2, decided.mark_3, decided.mark_4)
    known = marks if None not in marks else None
    return await mark_ready(session, sha256, Picture(decided.width, decided.height, b"", decided.thumbnail, known))


async def _expect_again(session: AsyncSession, sha256: str) -> int:
    locked, versions = await _lock_accepted(session, sha256)
    for photo, visit in locked:
        photo.state, photo.accepted_at = PhotoState.EXPECTED, None
        visit.scope_version = versions[visit.village_id]
    await session.flush()
    return len(locked)


async def _lock_accepted(
    session: AsyncSession, sha256: str, also: Collection[int] = ()
) -> tuple[list[tuple[Photo, Visit]], dict[int, int]]:
    """The waiting rows of a hash with their visits, and the new versions of their villages and of those in `also`.

    All these villages are locked now.
    """
    waiting = (PHOTOS.c.sha256 == sha256, PHOTOS.c.state == PhotoState.ACCEPTED)
    joined = VISITS.c.id == PHOTOS.c.visit_id
    villages = select(VISITS.c.village_id).join(PHOTOS, joined).where(*waiting).distinct()
    versions = await raise_villages(session, {*(await session.execute(villages)).scalars(), *also})
    query = select(Photo, Visit).join(Visit, joined).where(*waiting, VISITS.c.village_id.in_(versions))
    rows = await session.execute(query.order_by(PHOTOS.c.id).execution_options(populate_existing=True))
    return [(photo, visit) for photo, visit in rows], versions


def decoder_bell() -> asyncio.Event:
    """A new bell for this process's decoder, to be made in the event loop that it runs in."""
    global _bell
    _bell = asyncio.Event()
    return _bell


def ring_decoder() -> None:
    """Tells the decoder, if this process runs one, that a photo waits; called after the commit that says so."""
    if _bell is not None:
        _bell.set()
