"""Consent to a photo taken back: it goes from every record of the commune, and from every phone at its next pull.

What the consent was stays in `consent_withdrawal`. A phone that names the photo again is given no place for it
(`photo_consents.without_withdrawn`). The ledger outside the database knows of it first, so that an older backup brings
no photo back.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.integrations.erasure_ledger import Line, Named, PhotoEntry
from fieldapp.integrations.photo_store import Part
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, leftovers
from fieldapp.services.photo_consents import COLUMNS
from fieldapp.services.photo_keepers import KEEPERS
from fieldapp.services.photo_tombstones import tell_phones
from fieldapp.services.scopes import raise_villages
from models.base import utc_now
from models.consent_withdrawal import ConsentWithdrawal
from models.member import Member
from models.unit import Unit

WITHDRAWALS, UNITS, MEMBERS = ConsentWithdrawal.__table__, Unit.__table__, Member.__table__


async def new_entry(session: AsyncSession, who: Principal, record_id: UUID, sha256: str) -> PhotoEntry:
    """What the ledger is told first.

    Raises `not_found` where the record names no such photo, `forbidden` for a record of another commune.
    """
    commune_id = await _commune_of(session, record_id, sha256)
    require(who, Action.ANSWER_RIGHTS, Place(commune_id=commune_id))
    rows = await _rows(session, commune_id, sha256)
    named = tuple(Named(row.record_kind, row.record_id, row.village_id, row.collector_id) for row in rows)
    return PhotoEntry(uuid7(), commune_id, sha256, named, utc_now())


async def withdraw(
    session: AsyncSession, entry: PhotoEntry, who: Principal | None = None, request_id: int | None = None
) -> int:
    """Takes a photo away; gives the number of records that named it. Bytes are dropped after the commit.

    Nobody does it where the ledger is followed after a restore. Raises `forbidden`, and `not_found` where by now no
    record names the photo.
    """
    if who is not None:
        require(who, Action.ANSWER_RIGHTS, Place(commune_id=entry.commune_id))
    commune_id, sha256 = entry.commune_id, entry.sha256
    villages = {row.village_id for row in await _rows(session, commune_id, sha256)}
    versions = await raise_villages(session, villages)
    # Behind the locks, so that what is being pushed at this moment is found.
    rows = [row for row in await _rows(session, commune_id, sha256) if row.village_id in versions]
    if not rows and who is not None:
        raise Problem("not_found")
    given = {"commune_id": commune_id, "sha256": sha256, "request_id": request_id, "withdrawn_at": entry.at}
    given["by_account_id"] = who.account_id if who else None
    told = ("record_kind", "record_id", "village_id", "collector_id", *COLUMNS)
    noted = [given | {name: getattr(row, name) for name in told} for row in rows]
    noted += await _still_to_come(session, entry, {row.record_id for row in rows}, given)
    if noted:
        await session.execute(insert(WITHDRAWALS), noted)
    for keeper in KEEPERS:
        mine = [row for row in rows if row.record_kind == keeper.name]
        ids = [row.photo_id for row in mine]
        await session.execute(delete(keeper.photos).where(keeper.photos.c.id.in_(ids)))
        for row in mine:
            raised = update(keeper.owners).where(keeper.owners.c.id == row.record_id)
            await session.execute(raised.values(scope_version=versions[row.village_id]))
    await tell_phones(session, {sha256}, versions)
    leftovers.leave(session, [Part(row.record_id, sha256) for row in rows])
    await audit.write(
        session,
        [
            audit.event(who, "photo.withdraw", row.record_kind, row.record_id, row.village_id, sha256=sha256)
            for row in rows
        ],
    )
    return len(rows)


async def replay(session: AsyncSession, ledger: Iterable[Line]) -> int:
    """Takes away again what the ledger knows and this database does not; gives the number of photos."""
    query = select(WITHDRAWALS.c.commune_id, WITHDRAWALS.c.sha256, WITHDRAWALS.c.withdrawn_at)
    known = {tuple(row) for row in await session.execute(query)}
    photos = [one for one in ledger if isinstance(one, PhotoEntry)]
    missing = [one for one in photos if (one.commune_id, one.sha256, one.at) not in known]
    for entry in missing:
        await withdraw(session, entry)
    return len(missing)


async def _still_to_come(
    session: AsyncSession, entry: PhotoEntry, there: set[UUID], given: dict[str, Any]
) -> list[dict[str, Any]]:
    """Records that named the photo and that an older backup lacks: phones send them again, without it."""
    lacking = [one for one in entry.records if one.id not in there]
    if not lacking:
        return []
    villages = select(UNITS.c.id).where(UNITS.c.id.in_([one.village_id for one in lacking]))
    people = select(MEMBERS.c.id).where(MEMBERS.c.id.in_([one.collector_id for one in lacking]))
    known_villages = set((await session.execute(villages)).scalars())
    known_people = set((await session.execute(people)).scalars())
    return [
        given
        | {"record_kind": one.kind, "record_id": one.id, "village_id": one.village_id, "collector_id": one.collector_id}
        | dict.fromkeys(COLUMNS)
        for one in lacking
        if one.village_id in known_villages and one.collector_id in known_people
    ]


async def _commune_of(session: AsyncSession, record_id: UUID, sha256: str) -> int:
    for keeper in KEEPERS:
        row = (await session.execute(keeper.find, {"record": record_id, "hash": sha256})).first()
        if row is not None:
            return row.commune_id
    raise Problem("not_found")


async def _rows(session: AsyncSession, commune_id: int, sha256: str) -> list[Any]:
    """Every place of the commune where these bytes are named."""
    found: list[Any] = []
    for keeper in KEEPERS:
        columns = (
            keeper.photos.c.id.label("photo_id"),
            keeper.owner_id.label("record_id"),
            literal(keeper.name).label("record_kind"),
            keeper.owners.c.village_id,
            keeper.owners.c.author_id.label("collector_id"),
            *(keeper.photos.c[name] for name in COLUMNS),
        )
        query = select(*columns).join(keeper.owners, keeper.joined)
        here = (keeper.photos.c.sha256 == sha256, keeper.owners.c.commune_id == commune_id)
        found += (await session.execute(query.where(*here))).all()
    return found
