"""Saves every row of one moment, while phones go on pushing, in a form that either database can take back.

What is known of the last backup stands in the database as facts, for the desk and for whoever watches.
"""

import gzip
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from anyio import to_thread
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    func,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

import models
from fieldapp.domain.archive import Column, Kind, Manifest, TableForm, write_row
from fieldapp.integrations.backup_folder import MISSING, Backup, Draft, SavedPhoto
from fieldapp.integrations.photo_store import PhotoStore
from fieldapp.integrations.sealing import Seal
from fieldapp.services.kept_files import named_files
from fieldapp.services.photo_keepers import PHOTO_TABLES
from fieldapp.services.pull import epoch
from fieldapp.services.upsert import dialect_of
from models.base import UtcDateTime, utc_now
from models.erasure import Erasure
from models.lease import Lease
from models.notice import Notice
from models.provider_attempt import ProviderAttempt
from models.push_subscription import PushSubscription
from models.sync import ServerFact
from models.visit import PhotoState

ERASURES = Erasure.__table__
LAST_BACKUP, BACKUP_FAILED = "last_backup", "backup_failed"
LATE_AFTER, DEAD_AFTER = timedelta(hours=26), timedelta(days=2)
"""After which a daily backup is late; after which an unfinished one was left by a crash."""

NOT_SAVED = {table.__tablename__ for table in (Lease, PushSubscription, Notice, ProviderAttempt)}
"""Work of the moment, and where phones are told: a phone that wants to be told says so again when it is opened."""

PART_BYTES = 8_000_000
"""What a part holds before it is pressed and closed: the memory that a backup takes is a few times this."""

ROWS_AT_ONCE = 500
HELD_PHOTOS = (PhotoState.READY, PhotoState.ACCEPTED)
KEPT_FILE = "sound"
"""What stands for the state of a photo where the bytes are a file that somebody brought whole. The word is that of
the first such files, spoken guides; older backups have it."""

_KINDS: list[tuple[type, Kind]] = [
    (UtcDateTime, Kind.INSTANT), (Date, Kind.DAY), (Uuid, Kind.ID), (JSON, Kind.JSON), (LargeBinary, Kind.BYTES),
    (Boolean, Kind.TRUTH), (Float, Kind.FRACTION), (Integer, Kind.NUMBER), (String, Kind.TEXT),
]  # fmt: skip


def saved_tables() -> list[Table]:
    """All that a backup holds, each table after those that it points to."""
    assert models.Visit
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in NOT_SAVED]


def form_of(table: Table) -> TableForm:
    columns = [Column(name=c.name, kind=_kind(c.type)) for c in table.columns]
    selfward = [c.name for c in table.columns for key in c.foreign_keys if key.column.table is table]
    return TableForm(name=table.name, columns=columns, selfward=selfward)


def _kind(type_: Any) -> Kind:
    """A type that wraps another is known by what it wraps."""
    found = next((kind for known, kind in _KINDS if isinstance(type_, known)), None)
    return found or _kind(type_.impl)


async def make(session: AsyncSession, home: Path, seal: Seal, store: PhotoStore) -> Backup:
    """Saves one moment of the database, then the photos that it names; gives the backup, read back from the disk.

    Takes a read session in which nothing was read yet, and ends its snapshot before photos are copied.
    """
    made_at = utc_now()
    draft = await to_thread.run_sync(Draft, home, seal, made_at)
    try:
        manifest = await _save_rows(session, draft, made_at)
        await session.rollback()
        await _save_photos(draft, store)
        return await to_thread.run_sync(_finish, draft, manifest)
    except BaseException:
        draft.drop()
        raise


async def _save_rows(session: AsyncSession, draft: Draft, made_at: datetime) -> Manifest:
    """Saves all rows as they stand when this begins; gives the manifest as far as it goes."""
    if dialect_of(session) == "postgresql":
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    revision = (await session.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
    erasures = (await session.execute(select(func.count()).select_from(ERASURES))).scalar_one()
    manifest = Manifest(
        made_at=made_at, revision=revision, epoch=await epoch(session), seal=draft.seal.mark, erasures=erasures
    )
    for table in saved_tables():
        form = form_of(table)
        async for rows, content in _portions(session, table, form):
            await to_thread.run_sync(draft.write, table.name, rows, content)
            form.rows += rows
        manifest.tables.append(form)
    await _note_photos(session, draft.scratch)
    return manifest


async def _portions(session: AsyncSession, table: Table, form: TableForm) -> AsyncIterator[tuple[int, bytes]]:
    kinds = [column.kind for column in form.columns]
    count, content = 0, bytearray()
    rows = await session.stream(select(table), execution_options={"yield_per": ROWS_AT_ONCE})
    async for row in rows:
        content += write_row(kinds, row)
        count += 1
        if len(content) >= PART_BYTES:
            yield count, bytes(content)
            count, content = 0, bytearray()
    if count:
        yield count, bytes(content)


async def _note_photos(session: AsyncSession, scratch: Path) -> None:
    """Which photos and sounds the rows of this moment speak of; their bytes follow when the snapshot is over."""
    tables = (select(t.c.sha256, t.c.state).where(t.c.state.in_(HELD_PHOTOS)) for t in PHOTO_TABLES)
    named = union_all(*tables, *(files.add_columns(literal(KEPT_FILE)) for files in named_files())).subquery()
    query = select(named.c.sha256, func.max(named.c.state)).group_by(named.c.sha256).order_by(named.c.sha256)
    with scratch.open("w") as lines:
        rows = await session.stream(query, execution_options={"yield_per": ROWS_AT_ONCE})
        async for sha256, state in rows:
            lines.write(f"{sha256} {state}\n")


async def _save_photos(draft: Draft, store: PhotoStore) -> None:
    """Saves the photos that no earlier backup saved; those whose bytes are nowhere are listed as missing."""
    listed = draft.scratch.with_name(f"{draft.scratch.name}.gz")
    count = 0
    with gzip.GzipFile(listed, "wb", compresslevel=4, mtime=0) as lines:
        for sha256, state in _noted(draft.scratch):
            photo = await _save_photo(draft, store, sha256, state)
            lines.write(f"{' '.join(photo)}\n".encode())
            count += 1
    draft.write_photo_list(listed, count)


def _noted(scratch: Path) -> Iterator[tuple[str, str]]:
    with scratch.open() as lines:
        for line in lines:
            sha256, state = line.split()
            yield sha256, state


async def _save_photo(draft: Draft, store: PhotoStore, sha256: str, state: str) -> SavedPhoto:
    if saved := await to_thread.run_sync(draft.find_photo, sha256, state):
        return saved
    finds = {PhotoState.READY: store.find_picture, KEPT_FILE: store.find_file}
    content = await finds.get(state, store.find_original)(sha256)
    if content is None:
        return SavedPhoto(sha256, state, MISSING)
    return await to_thread.run_sync(draft.write_photo, sha256, state, content)


def _finish(draft: Draft, manifest: Manifest) -> Backup:
    """Makes the draft a backup, and reads it back."""
    backup = draft.finish(manifest.model_copy(update={"parts": draft.parts}))
    for part in backup.manifest.parts:
        backup.check(part)
    return backup


async def note_success(session: AsyncSession, backup: Backup) -> None:
    """Writes down when the last backup was made."""
    await _note(session, LAST_BACKUP, backup.manifest.made_at.isoformat())
    await _note(session, BACKUP_FAILED, "")


async def note_failure(session: AsyncSession, reason: str) -> None:
    """Writes down why a backup was not made, until one is."""
    await _note(session, BACKUP_FAILED, reason[:200])


async def _note(session: AsyncSession, key: str, value: str) -> None:
    await session.merge(ServerFact(key=key, value=value))
    await session.flush()


async def last_backup(session: AsyncSession) -> datetime | None:
    """When the last backup of this database was made."""
    fact = await session.get(ServerFact, LAST_BACKUP)
    return datetime.fromisoformat(fact.value) if fact else None


async def state(session: AsyncSession, now: datetime) -> str:
    """`fresh`, `late`, or `failed` where the last try gave a reason."""
    made_at, failed = await last_backup(session), await session.get(ServerFact, BACKUP_FAILED)
    if failed and failed.value:
        return "failed"
    return "fresh" if made_at and now - made_at < LATE_AFTER else "late"
