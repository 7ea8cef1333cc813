"""A server that is lost and restored: databases to restore into, visits with photos as phones send them."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, select

from fieldapp.cli.backup import run_backup
from fieldapp.cli.restore import run_restore
from fieldapp.config import settings
from fieldapp.db import Database, use_database
from fieldapp.integrations.backup_folder import Backup, list_backups
from fieldapp.integrations.photo_store import Part, photo_store
from fieldapp.integrations.sealing import make_key
from fieldapp.jobs.decode_photos import decode_waiting
from fieldapp.services import photos
from models.household import Household
from models.member import Member
from tests import build, pictures, postgres

KINDS = ["sqlite", "postgresql"]


class Keys:
    """The pair of a drill; the server is told the public one."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path) -> None:
        self.public, secret = make_key()
        self.file = folder / "secret.txt"
        self.file.write_text(f"# kept away from the server\n{secret}\n")
        patch.setenv("FIELDAPP_BACKUP_KEYS", self.public)
        settings.cache_clear()


@asynccontextmanager
async def empty_database(kind: str, folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of a database in which there is nothing at all; a test of PostgreSQL has its server running."""
    from tests.conftest import on_server

    name = f"drill_{os.urandom(6).hex()}"
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / name}.sqlite3"
        return
    socket = request.getfixturevalue("postgres_server")
    await on_server(socket, f"CREATE DATABASE {name}")
    yield postgres.url(socket, name)
    await on_server(socket, f"DROP DATABASE {name} WITH (FORCE)")


async def back_up(database: Database, plain: bool = False) -> Backup:
    """By the command, which closes its database as the process ends: this one is another on the same rows."""
    use_database(Database(database.url))
    assert await run_backup(None, plain) == 0
    use_database(database)
    return list_backups(settings().backups)[0]


async def restore(
    backup: Backup, url: str, patch: pytest.MonkeyPatch, key: Path | None = None, ledger_lost: bool = False
) -> None:
    """As on a new machine: another database, another data folder; the backups' folder is the old one."""
    home = settings().backups
    patch.setenv("FIELDAPP_BACKUP_DIR", str(home))
    patch.setenv("FIELDAPP_DATABASE_URL", url)
    patch.setenv("FIELDAPP_DATA_DIR", str(home.parent / f"restored-{os.urandom(4).hex()}"))
    settings.cache_clear()
    assert await run_restore(Path(backup.folder.name), key, ledger_lost) == 0


async def rows_of(database: Database, table: Table) -> list[dict[str, Any]]:
    async with database.read() as session:
        rows = await session.execute(select(table).order_by(*table.primary_key.columns))
        return [row._asdict() for row in rows]


async def send_visit(db: Database, author: Member, household: Household, **given: Any) -> tuple[dict, bytes]:
    """A visit with a photo, both of them with the server and the photo not yet decoded; gives record and photo."""
    content = pictures.jpeg(80, 60)
    (photo,) = pictures.named(content)
    agreed = photo | {"consent": {"way": "oral", "text_version": 1}}
    record = build.visit(author, household, photos=[agreed], **given)
    assert (await build.send(db, author, record))[0]["result"] == "created"
    await send_photo(db, author, UUID(record["id"]), content)
    return record, content


async def send_photo(db: Database, author: Member, visit_id: UUID, content: bytes) -> None:
    who, sha256 = await build.principal(db, author), pictures.sha256(content)
    async with db.read() as session:
        slot = await photos.get_slot(session, who, visit_id, sha256)
    store, part = photo_store(), Part(visit_id, sha256)

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    await store.append(part, 0, pieces(), len(content))
    await store.finish(part)
    async with db.write() as session:
        await photos.accept_all(session, [(who, slot)])


async def season(db: Database, world: build.World) -> list[dict]:
    """Decided and undecided visits, photos decoded and not; gives the records that phones still hold."""
    held = [(await send_visit(db, world.member, home, note=f"Nhà {home.number}"))[0] for home in world.households[:4]]
    await decode_waiting()
    held.append((await send_visit(db, world.member, world.households[4]))[0])
    back = build.decision(world.leader, held[1]["id"], verdict="send_back", reason="nói rõ hơn về ông Bảy")
    for decision in (build.decision(world.leader, held[0]["id"]), back):
        assert (await build.send(db, world.leader, decision))[0]["result"] == "created"
    return held
