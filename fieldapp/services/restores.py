"""Takes a backup's rows back, into the same kind of database or the other. The caller's one transaction holds it all.

Rows are loaded into the schema that they were saved from; the caller brings that to the newest one before `settle`.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Any
from uuid import uuid4

from anyio import to_thread
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    Float,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    bindparam,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy import Column as SqlColumn
from sqlalchemy.exc import DataError, IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.archive import Kind, TableForm, read_rows
from fieldapp.integrations.backup_folder import MISSING, Backup, SavedPhoto
from fieldapp.integrations.erasure_ledger import Line
from fieldapp.integrations.photo_store import Part, PhotoStore
from fieldapp.integrations.sealing import Opener
from fieldapp.problems import Problem
from fieldapp.services import erasures, losses, photo_withdrawals, photos
from fieldapp.services.backups import HELD_PHOTOS, KEPT_FILE, NOT_SAVED, saved_tables
from fieldapp.services.kept_files import which_file
from fieldapp.services.photo_keepers import PHOTO_TABLES
from fieldapp.services.pull import EPOCH
from fieldapp.services.reconciliation import reconcile
from fieldapp.services.upsert import dialect_of
from models.account_link import AccountLink
from models.api_token import ApiToken
from models.base import UtcDateTime, utc_now
from models.enrolment import Enrolment
from models.session import Session, SessionState
from models.shared_link import SharedLink
from models.sync import ServerFact
from models.visit import PhotoState

OUR_OWN = "alembic_version"
SESSIONS, ENROLMENTS = Session.__table__, Enrolment.__table__
TOKENS, PASSWORD_LINKS, SHARED_LINKS = ApiToken.__table__, AccountLink.__table__, SharedLink.__table__
ROWS_AT_ONCE = 500
BLANK_PHOTO = ("thumbnail", "accepted_at", "decoded_at", "width", "height", "mark_1", "mark_2", "mark_3", "mark_4")
"""What decoding a photo found, which it finds again when the bytes come again."""

_TYPES: dict[Kind, Any] = {
    Kind.TEXT: String(), Kind.NUMBER: BigInteger(), Kind.FRACTION: Float(), Kind.TRUTH: Boolean(), Kind.DAY: Date(),
    Kind.INSTANT: UtcDateTime(), Kind.ID: Uuid(), Kind.JSON: JSON(none_as_null=True), Kind.BYTES: LargeBinary(),
}  # fmt: skip


async def clear_target(session: AsyncSession) -> None:
    """Drops our own tables where all are empty. Raises `restore_not_empty` where any row or foreign table is."""
    connection = await session.connection()
    await connection.run_sync(_clear)


def _clear(connection: Connection) -> None:
    names = set(inspect(connection).get_table_names())
    ours = {table.name for table in saved_tables()} | NOT_SAVED | {OUR_OWN}
    if names - ours:
        raise Problem("restore_not_empty")
    found = MetaData()
    found.reflect(connection, only=sorted(names))
    for table in found.sorted_tables:
        if table.name not in {OUR_OWN, *NOT_SAVED} and connection.execute(select(table).limit(1)).first():
            raise Problem("restore_not_empty")
    found.drop_all(connection)


async def load_rows(session: AsyncSession, backup: Backup, opener: Opener) -> int:
    """Loads every row; gives their number. Raises `backup_damaged`, `backup_key_wrong`, `restore_broken`."""
    forms = {form.name: form for form in backup.manifest.tables}
    loaded = dict.fromkeys(forms, 0)
    pointers: dict[str, list[dict[str, Any]]] = {}
    for part in backup.manifest.parts:
        if part.table:
            form = forms[part.table]
            content = await to_thread.run_sync(backup.read, part, opener)
            count = await _load_part(session, form, content, pointers.setdefault(form.name, []))
            if count != part.rows:
                raise Problem("backup_damaged", part=part.name)
            loaded[form.name] += count
    for form in forms.values():
        if loaded[form.name] != form.rows:
            raise Problem("backup_damaged", part=form.name)
        await _point(session, form, pointers.get(form.name, []))
        await _go_on_counting(session, form)
    return sum(loaded.values())


async def _load_part(session: AsyncSession, form: TableForm, content: bytes, pointers: list[dict[str, Any]]) -> int:
    """What points to a row of the same table is left open, until all of them are there."""
    count, statement = 0, insert(_table(form))
    rows = read_rows(form, content)
    try:
        while some := list(islice(rows, ROWS_AT_ONCE)):
            for row in some:
                if any(row[name] is not None for name in form.selfward):
                    pointers.append({"row": row["id"], **{name: row[name] for name in form.selfward}})
                    row.update(dict.fromkeys(form.selfward))
            await session.execute(statement, some)
            count += len(some)
    except (ValueError, LookupError, TypeError, IntegrityError, DataError, StatementError):
        raise Problem("restore_broken") from None
    return count


def _table(form: TableForm) -> Table:
    return Table(form.name, MetaData(), *(SqlColumn(c.name, _TYPES[c.kind]) for c in form.columns))


async def _point(session: AsyncSession, form: TableForm, pointers: list[dict[str, Any]]) -> None:
    if pointers:
        table = _table(form)
        change = update(table).where(table.c.id == bindparam("row"))
        connection = await session.connection()
        await connection.execute(change.values({name: bindparam(name) for name in form.selfward}), pointers)


async def _go_on_counting(session: AsyncSession, form: TableForm) -> None:
    """PostgreSQL keeps the next id apart from the rows; SQLite takes it from them."""
    numbered = any(c.name == "id" and c.kind == Kind.NUMBER for c in form.columns)
    if numbered and form.rows and dialect_of(session) == "postgresql":
        last = select(func.max(_table(form).c.id)).scalar_subquery()
        await session.execute(select(func.setval(func.pg_get_serial_sequence(form.name, "id"), last)))


async def settle(session: AsyncSession, ledger: Sequence[Line], lost: bool) -> tuple[int, int]:
    """A new life: another epoch, the ledger's erasures, counters proven. Gives erasures done, counter rows mended.

    Raises `ledger_short`, `restore_broken`.
    """
    fact = await session.get_one(ServerFact, EPOCH)
    fact.value = uuid4().hex
    await session.flush()
    await losses.note_restore(session)
    await _end_access(session)
    erased = await erasures.replay(session, ledger, lost) + await photo_withdrawals.replay(session, ledger)
    found = await reconcile(session, mend=True)
    if dialect_of(session) == "sqlite" and (await session.execute(text("PRAGMA foreign_key_check"))).first():
        raise Problem("restore_broken")
    return erased, sum(found.wrong.values())


async def _end_access(session: AsyncSession) -> None:
    """Desks, invitations, links and tokens that may have been ended since the backup was made open nothing any more.

    Phones go on, since thousands would have to join again: whose access was taken meanwhile, only people know
    (docs/operations.md).
    """
    now = utc_now()
    desks = update(SESSIONS).where(SESSIONS.c.state == SessionState.OPEN, SESSIONS.c.account_id.is_not(None))
    await session.execute(desks.values(state=SessionState.CLOSED, ended_at=now))
    await session.execute(update(ENROLMENTS).where(ENROLMENTS.c.spent_at.is_(None)).values(spent_at=now))
    for table in (TOKENS, PASSWORD_LINKS, SHARED_LINKS):
        await session.execute(update(table).where(table.c.ended_at.is_(None)).values(ended_at=now))


async def load_photos(session: AsyncSession, backup: Backup, opener: Opener, store: PhotoStore) -> tuple[int, int]:
    """Puts photos and sounds back that rows still name; a photo without bytes is expected again. Gives both numbers."""
    found = missing = 0
    saved = backup.photos()
    while some := list(islice(saved, ROWS_AT_ONCE)):
        hashes = [photo.sha256 for photo in some]
        wanted = await photos.which_show(session, hashes) | await which_file(session, hashes)
        lost = [p.sha256 for p in some if p.sha256 in wanted and not await _load_photo(backup, p, opener, store)]
        for table in PHOTO_TABLES if lost else ():
            change = update(table).where(table.c.sha256.in_(lost), table.c.state.in_(HELD_PHOTOS))
            blank = {name: None for name in BLANK_PHOTO if name in table.c}
            await session.execute(change.values(state=PhotoState.EXPECTED, **blank))
        missing += len(lost)
        found += len(wanted) - len(lost)
    return found, missing


async def _load_photo(backup: Backup, photo: SavedPhoto, opener: Opener, store: PhotoStore) -> bool:
    closed = None if photo.checksum == MISSING else await to_thread.run_sync(backup.find_photo, photo)
    if closed is None:
        return False
    content = await to_thread.run_sync(opener.open, closed, backup.manifest.seal)
    if photo.state == KEPT_FILE:
        await store.keep_file(photo.sha256, content)
    elif photo.state == PhotoState.READY:
        await store.replace(photo.sha256, content)
    else:
        await store.take(Part(uuid4(), photo.sha256), content)
    return True
