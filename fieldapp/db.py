"""Sessions on the database. Only edges open them; `write` commits when its block ends well.

On SQLite all writes of a process queue for one connection that begins IMMEDIATE: sixteen writers that fight
over the file's lock are many times slower than one that does not.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from fieldapp.config import settings


class Database:
    """Two engines on one database: many readers, and writers in a queue where the database needs one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._reader = self._sqlite_engine(url, "BEGIN", 8) if self.is_sqlite else self._server_engine(url)
        self._writer = self._sqlite_engine(url, "BEGIN IMMEDIATE", 1) if self.is_sqlite else self._reader
        self._read_session = async_sessionmaker(self._reader, expire_on_commit=False)
        self._write_session = async_sessionmaker(self._writer, expire_on_commit=False)

    @staticmethod
    def _server_engine(url: str) -> AsyncEngine:
        return create_async_engine(
            url, hide_parameters=True, pool_size=12, max_overflow=0, pool_timeout=30, pool_pre_ping=True
        )

    @staticmethod
    def _sqlite_engine(url: str, begin: str, size: int) -> AsyncEngine:
        engine = create_async_engine(
            url, hide_parameters=True, poolclass=AsyncAdaptedQueuePool, pool_size=size, max_overflow=0, pool_timeout=60
        )

        @event.listens_for(engine.sync_engine, "connect")
        def _prepare(connection: Any, _: Any) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine.sync_engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql(begin)

        return engine

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads."""
        async with self._read_session() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed when the block ends, and undone when it raises."""
        async with self._write_session() as session, session.begin():
            yield session

    async def close(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()


_database: Database | None = None


def database() -> Database:
    """The one database of this process, opened at first use."""
    global _database
    if _database is None:
        settings().data_dir.mkdir(parents=True, exist_ok=True)
        _database = Database(settings().database)
    return _database


def use_database(replacement: Database | None) -> None:
    """Puts another database in place: for tests and for commands that name one."""
    global _database
    _database = replacement
