"""Photos: who may send and see them, and each step from named to shown.

A photo is named by a visit, an activity or a difficulty (its record), `accepted` when all its bytes are here, and
nobody sees it before it is `ready`. Every step raises the version of the record's village, so that phones pull it.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.picture import Picture
from fieldapp.integrations.photo_store import Part
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, photo_likeness, visits
from fieldapp.services.padding import padded
from fieldapp.services.photo_keepers import KEEPERS, OF_VISITS, PHOTO_TABLES, Keeper
from fieldapp.services.scopes import raise_villages
from models.base import utc_now
from models.flag import FlagKind
from models.visit import Photo, PhotoState, Visit

PHOTOS, VISITS = Photo.__table__, Visit.__table__
DECIDED = (PhotoState.READY, PhotoState.REFUSED)
_bell: asyncio.Event | None = None
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


@dataclass(frozen=True)
class PhotoSlot:
    """A place that a record keeps for a photo, as its author finds it; `bytes` is the length that was declared."""

    keeper: Keeper
    photo_id: int
    record_id: UUID
    village_id: int
    sha256: str
    bytes: int
    state: PhotoState

    @property
    def is_filled(self) -> bool:
        return self.state != PhotoState.EXPECTED

    @property
    def part(self) -> Part:
        return Part(self.record_id, self.sha256)


async def get_slot(session: AsyncSession, who: Principal, record_id: UUID, sha256: str) -> PhotoSlot:
    """The author's place for a photo. Raises `not_found` where the record names none, `forbidden` for anybody else."""
    require(who, Action.RECORD_VISIT)
    keeper, row = await _find(session, record_id, sha256)
    require(who, keeper.action)
    if row.author_id != who.member_id:
        raise Problem("forbidden")
    return PhotoSlot(keeper, row.id, record_id, row.village_id, sha256, row.bytes, PhotoState(row.state))


async def get_for_reading(session: AsyncSession, who: Principal, record_id: UUID, sha256: str) -> Any:
    """The row of a photo that is ready. Raises `not_found`, or `forbidden` for those who may not see the record."""
    _, row = await _find(session, record_id, sha256)
    require(who, Action.READ_PHOTO, Place(row.village_id, row.commune_id, row.author_id))
    if row.state != PhotoState.READY:
        raise Problem("not_found")
    return row


async def _find(session: AsyncSession, record_id: UUID, sha256: str) -> tuple[Keeper, Any]:
    for keeper in KEEPERS:
        row = (await session.execute(keeper.find, {"record": record_id, "hash": sha256})).first()
        if row is not None:
            return keeper, row
    raise Problem("not_found")


async def accept_all(session: AsyncSession, brought: Sequence[tuple[Principal, PhotoSlot]]) -> list[PhotoState | None]:
    """Notes that photos are whole, after their lengths and hashes were checked; gives the state of each now.

    One that is here already, by a twin of this upload, is left as it is. None where its visit was erased meanwhile.
    Other visits of the same author that name the same bytes have them too: a visit that was mended on another phone,
    which never had them, would wait for them in vain.
    """
    versions = await raise_villages(session, {slot.village_id for _, slot in brought})
    filled = [*brought, *await _twins(session, brought)]
    versions |= await raise_villages(session, {slot.village_id for _, slot in filled} - versions.keys())
    accepted: set[tuple[Keeper, int]] = set()
    for keeper in KEEPERS:
        if mine := [(who, slot) for who, slot in filled if slot.keeper is keeper]:
            accepted |= {(keeper, photo_id) for photo_id in await _accept(session, keeper, mine, versions)}
    return [
        PhotoState.ACCEPTED if (slot.keeper, slot.photo_id) in accepted else await _state_of(session, slot)
        for _, slot in brought
    ]


async def _accept(
    session: AsyncSession, keeper: Keeper, filled: Sequence[tuple[Principal, PhotoSlot]], versions: dict[int, int]
) -> set[int]:
    """Photos of one kind of record; gives those that are new here, whose phones are told."""
    asked = {"photos": padded(slot.photo_id for _, slot in filled), "now": utc_now()}
    accepted = set((await session.execute(keeper.accept, asked)).scalars())
    new = [(who, slot) for who, slot in filled if slot.photo_id in accepted]
    if new:
        raised = {slot.record_id: versions[slot.village_id] for _, slot in new}
        await session.execute(keeper.raise_owner, [{"record": r, "raised_to": raised[r]} for r in sorted(raised)])
    events = [audit.event(w, "photo.accept", keeper.name, s.record_id, s.village_id, sha256=s.sha256) for w, s in new]
    await audit.write(session, events)
    return accepted


async def _twins(
    session: AsyncSession, brought: Sequence[tuple[Principal, PhotoSlot]]
) -> list[tuple[Principal, PhotoSlot]]:
    """The other places that wait for bytes which their own author has just brought."""
    came = {(who.member_id, slot.sha256, slot.bytes): who for who, slot in brought}
    asked = {
        "hashes": padded(slot.sha256 for _, slot in brought),
        "authors": padded(who.member_id for who, _ in brought),
    }
    mine = {slot.photo_id for _, slot in brought if slot.keeper is OF_VISITS}
    return [
        (came[key], _slot_of(row))
        for row in await session.execute(_TWINS, asked)
        if row.id not in mine and (key := (row.author_id, row.sha256, row.bytes)) in came
    ]


def _slot_of(row: Any) -> PhotoSlot:
    return PhotoSlot(OF_VISITS, row.id, row.visit_id, row.village_id, row.sha256, row.bytes, PhotoState(row.state))


async def _state_of(session: AsyncSession, slot: PhotoSlot) -> PhotoState | None:
    photo = await session.get(slot.keeper.photo, slot.photo_id, populate_existing=True)
    return PhotoState(photo.state) if photo is not None else None


async def list_accepted(session: AsyncSession, table: Table, after: int, limit: int) -> Sequence[tuple[int, str]]:
    """Photos of a table that wait to be decoded, each hash once, with the place (above `after`) that it has there."""
    place = func.min(table.c.id)
    query = (
        select(place, table.c.sha256)
        .where(table.c.state == PhotoState.ACCEPTED)
        .group_by(table.c.sha256)
        .having(place > after)
        .order_by(place)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def which_wait(session: AsyncSession, hashes: Sequence[str]) -> set[str]:
    """Those of these hashes whose original is still needed."""
    found: set[str] = set()
    for table in PHOTO_TABLES:
        query = select(table.c.sha256).where(table.c.sha256.in_(hashes), table.c.state == PhotoState.ACCEPTED)
        found |= set((await session.execute(query)).scalars())
    return found


async def which_show(session: AsyncSession, hashes: Sequence[str]) -> set[str]:
    """Those of these hashes that a record names, whatever became of it."""
    found: set[str] = set()
    for table in PHOTO_TABLES:
        found |= set((await session.execute(select(table.c.sha256).where(table.c.sha256.in_(hashes)))).scalars())
    return found


async def mark_ready(session: AsyncSession, sha256: str, picture: Picture) -> int:
    """Shows the photo on every record that holds it and flags visits that it makes doubtful; gives the number shown.

    Of two photos that are alike and settled at the same instant by two workers, neither would see the other: jobs take
    turns (jobs/decode_photos.py).
    """
    later = await photo_likeness.find_later(session, sha256, picture.marks)
    locked, versions = await _lock_accepted(session, sha256, {village for village, _ in later.values()})
    for _, photo, owner in locked:
        photo.state, photo.decoded_at = PhotoState.READY, utc_now()
        photo.width, photo.height, photo.thumbnail = picture.width, picture.height, picture.thumbnail
        if picture.marks is not None and isinstance(photo, Photo):
            photo.mark_1, photo.mark_2, photo.mark_3, photo.mark_4 = picture.marks
        owner.scope_version = versions[owner.village_id]
    await session.flush()
    if locked:
        await photo_likeness.flag(session, later, versions)
    return len(locked)


async def mark_refused(session: AsyncSession, sha256: str, code: str) -> int:
    """Puts the reason on the photo and a flag on every visit that holds it; gives the number of records."""
    locked, versions = await _lock_accepted(session, sha256)
    for keeper, photo, owner in locked:
        photo.state, photo.reason_code, photo.decoded_at = PhotoState.REFUSED, code, utc_now()
        owner.scope_version = versions[owner.village_id]
        if isinstance(owner, Visit):
            await visits.raise_flag(session, owner, FlagKind.PHOTO_REFUSED, owner.scope_version, reason=code)
        event = audit.event(None, "photo.refuse", keeper.name, owner.id, owner.village_id, sha256=sha256, reason=code)
        await audit.write(session, [event])
    await session.flush()
    return len(locked)


async def settle_without_original(session: AsyncSession, sha256: str) -> int:
    """For a photo whose bytes are gone: the verdict that the same bytes got before, or else it is expected again."""
    for table in PHOTO_TABLES:
        query = select(table).where(table.c.sha256 == sha256, table.c.state.in_(DECIDED)).limit(1)
        if decided := (await session.execute(query)).first():
            return await _as_before(session, decided)
    return await _expect_again(session, sha256)


async def _as_before(session: AsyncSession, decided: Any) -> int:
    if decided.state == PhotoState.REFUSED:
        return await mark_refused(session, decided.sha256, decided.reason_code)
    marks = None
    if getattr(decided, "mark_1", None) is not None:
        marks = (decided.mark_1, decided.mark_2, decided.mark_3, decided.mark_4)
    before = Picture(decided.width, decided.height, b"", decided.thumbnail, marks)
    return await mark_ready(session, decided.sha256, before)


async def _expect_again(session: AsyncSession, sha256: str) -> int:
    locked, versions = await _lock_accepted(session, sha256)
    for _, photo, owner in locked:
        photo.state, photo.accepted_at = PhotoState.EXPECTED, None
        owner.scope_version = versions[owner.village_id]
    await session.flush()
    return len(locked)


async def _lock_accepted(
    session: AsyncSession, sha256: str, also: Collection[int] = ()
) -> tuple[list[tuple[Keeper, Any, Any]], dict[int, int]]:
    """The waiting rows of a hash with their records, and the new versions of their villages and of those in `also`.

    All these villages are locked now.
    """
    villages = set(also)
    for keeper in KEEPERS:
        query = select(keeper.owners.c.village_id).join(keeper.photos, keeper.joined).where(*keeper.waits(sha256))
        villages |= set((await session.execute(query.distinct())).scalars())
    versions = await raise_villages(session, villages)
    locked: list[tuple[Keeper, Any, Any]] = []
    for keeper in KEEPERS:
        query = select(keeper.photo, keeper.owner).join(keeper.owner, keeper.joined)
        mine = query.where(*keeper.waits(sha256), keeper.owners.c.village_id.in_(versions))
        rows = await session.execute(mine.order_by(keeper.photos.c.id).execution_options(populate_existing=True))
        locked += [(keeper, photo, owner) for photo, owner in rows]
    return locked, versions


def decoder_bell() -> asyncio.Event:
    """A new bell for this process's decoder, to be made in the event loop that it runs in."""
    global _bell
    _bell = asyncio.Event()
    return _bell


def ring_decoder() -> None:
    """Tells the decoder, if this process runs one, that a photo waits; called after the commit that says so."""
    if _bell is not None:
        _bell.set()
