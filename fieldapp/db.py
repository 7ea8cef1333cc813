"""Sessions on the database. Only edges open them; `write` commits when its block ends well.

On SQLite all writes of a process queue for one connection that begins IMMEDIATE: sixteen writers that fight
over the file's lock are many times slower than one that does not.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from fieldapp.config import settings

T = TypeVar("T")
ATTEMPTS = 5
IDLE_SECONDS = 15
"""After so long without use a connection to a server is asked whether it still lives."""
_COLLISIONS = {"40001", "40P01"}
"""SQLSTATE of a serialization failure and of a deadlock: nothing was done, and the next try may go well."""


class Database:
    """Two engines on one database: many readers, and writers in a queue where the database needs one."""

    def __init__(self, url: str, foreign_keys: bool = True) -> None:
        """Without `foreign_keys` SQLite lets tables be made anew around rows that point to them."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self._reader = (
            self._sqlite_engine(url, "BEGIN", 8, foreign_keys) if self.is_sqlite else self._server_engine(url)
        )
        self._writer = self._sqlite_engine(url, "BEGIN IMMEDIATE", 1, foreign_keys) if self.is_sqlite else self._reader
        # At READ COMMITTED every statement sees its own moment, so a transaction around reads is two trips for nothing.
        alone = self._reader if self.is_sqlite else self._reader.execution_options(isolation_level="AUTOCOMMIT")
        self._read_session = async_sessionmaker(alone, expire_on_commit=False)
        self._write_session = async_sessionmaker(self._writer, expire_on_commit=False)

    @staticmethod
    def _server_engine(url: str) -> AsyncEngine:
        # Groups of every size have statements of their own.
        prepared = {"prepared_statement_cache_size": 500}
        engine = create_async_engine(
            url, hide_parameters=True, pool_size=12, max_overflow=0, pool_timeout=30, connect_args=prepared
        )

        @event.listens_for(engine.sync_engine, "checkin")
        def _rest(_: Any, record: Any) -> None:
            record.info["rested_at"] = time.monotonic()

        @event.listens_for(engine.sync_engine, "checkout")
        def _wake(connection: Any, record: Any, _: Any) -> None:
            idle = time.monotonic() - record.info.get("rested_at", time.monotonic())
            if idle > IDLE_SECONDS:
                try:
                    engine.sync_engine.dialect.do_ping(connection)
                except Exception as error:
                    raise DisconnectionError from error

        return engine

    @staticmethod
    def _sqlite_engine(url: str, begin: str, size: int, foreign_keys: bool) -> AsyncEngine:
        engine = create_async_engine(
            url, hide_parameters=True, poolclass=AsyncAdaptedQueuePool, pool_size=size, max_overflow=0, pool_timeout=60
        )

        @event.listens_for(engine.sync_engine, "connect")
        def _prepare(connection: Any, _: Any) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            keys = f"foreign_keys={'ON' if foreign_keys else 'OFF'}"
            for pragma in ("journal_mode=WAL", "synchronous=FULL", keys, "busy_timeout=30000"):
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

    async def write_again(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """What `work` gives, done in a `write` of its own; done anew after a deadlock or a lost connection.

        Only for work that may be done twice: a connection lost at commit does not tell whether it was in time.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self.write() as session:
                    return await work(session)
            except DBAPIError as error:
                collided = getattr(error.orig, "sqlstate", None) in _COLLISIONS
                if attempt == ATTEMPTS or not (collided or error.connection_invalidated):
                    raise
        raise AssertionError

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
