"""The database of a run of histories: made from a migrated template, set aside and put back as a restore does."""

import shutil
import sqlite3
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import create_async_engine

from fieldapp.db import Database
from fieldapp.services import losses
from fieldapp.services.pull import EPOCH
from models.sync import ServerFact
from tests import postgres

FACTS = ServerFact.__table__


class SqliteBase:
    """A file, and a copy of it."""

    def __init__(self, template: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._template, self._file, self._aside = template, folder / "fieldapp.sqlite3", folder / "aside.sqlite3"
        self.url = f"sqlite+aiosqlite:///{self._file}"

    async def make(self) -> None:
        self._forget()
        shutil.copy(self._template, self._file)

    async def set_aside(self) -> None:
        """Copies the database as it stands, while the server may be writing."""
        self._aside.unlink(missing_ok=True)
        source, target = sqlite3.connect(self._file), sqlite3.connect(self._aside)
        source.backup(target)
        source.close()
        target.close()

    async def put_back(self) -> None:
        """The copy takes the database's place; nobody may have it open."""
        self._forget()
        shutil.copy(self._aside, self._file)

    def _forget(self) -> None:
        for path in self._file.parent.glob(f"{self._file.name}*"):
            path.unlink()


class PostgresBase:
    """A database of a server, and another made from it as a template."""

    def __init__(self, socket: str, template: str) -> None:
        self._socket, self._template = socket, template
        self._name = f"histories_{uuid4().hex[:8]}"
        self.url = postgres.url(socket, self._name)

    async def make(self) -> None:
        await self._copy(self._template, self._name)

    async def set_aside(self) -> None:
        await self._copy(self._name, f"{self._name}_aside")

    async def put_back(self) -> None:
        await self._copy(f"{self._name}_aside", self._name)

    async def _copy(self, source: str, target: str) -> None:
        """PostgreSQL copies no database that somebody is connected to, so whoever is there is shown out."""
        out = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'"
        engine = create_async_engine(postgres.url(self._socket, "postgres"), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)"))
            await connection.execute(text(out))
            await connection.execute(text(f"CREATE DATABASE {target} TEMPLATE {source} STRATEGY FILE_COPY"))
        await engine.dispose()


Base = SqliteBase | PostgresBase


async def begin_another_life(db: Database) -> None:
    """What a restore does at its end: phones queue again all that they hold."""
    async with db.write() as session:
        await session.execute(update(FACTS).where(FACTS.c.key == EPOCH).values(value=uuid4().hex))
        await losses.note_restore(session)
