"""The floor under the intake: how fast this machine takes the same requests when nobody checks anything.

A bare Starlette endpoint under granian parses the JSON, makes one INSERT and one COMMIT, and answers; a photo is
written with fsync first. No sign-in, no rules, no counters, no audit. `python -m tests.load.floor` serves it.
"""

import asyncio
import json
import os
import sqlite3
from collections import deque
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CONNECTIONS = 12
TABLE = "CREATE TABLE IF NOT EXISTS taken (id UUID PRIMARY KEY, author BIGINT, kind TEXT, payload TEXT, at TEXT)"
Row = tuple[str, int, str, str, str]


class Store(Protocol):
    async def open(self) -> None: ...

    async def insert(self, rows: list[Row]) -> None:
        """All rows in one transaction."""
        ...


class Postgres:
    """Its own stack of connections: a pool would send a statement more each time one is given back."""

    INSERT = "INSERT INTO taken VALUES ($1, $2, $3, $4, $5)"

    def __init__(self, address: str) -> None:
        self._address = address
        self._free: deque[Any] = deque()
        self._some = asyncio.Semaphore(CONNECTIONS)

    async def open(self) -> None:
        self._free.extend([await asyncpg.connect(self._address) for _ in range(CONNECTIONS)])
        await self._free[0].execute(TABLE)

    async def insert(self, rows: list[Row]) -> None:
        async with self._some:
            connection = self._free.pop()
            try:
                if len(rows) == 1:
                    await connection.execute(self.INSERT, UUID(rows[0][0]), *rows[0][1:])
                else:
                    await connection.executemany(self.INSERT, [(UUID(i), *rest) for i, *rest in rows])
            finally:
                self._free.append(connection)


class Sqlite:
    """One writer in a thread of its own; who comes meanwhile waits in its queue."""

    INSERT = "INSERT INTO taken VALUES (?, ?, ?, ?, ?)"

    def __init__(self, path: str) -> None:
        self._path = path
        self._writer = ThreadPoolExecutor(1)

    async def open(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writer, self._open)

    def _open(self) -> None:
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(TABLE)

    async def insert(self, rows: list[Row]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writer, self._insert, rows)

    def _insert(self, rows: list[Row]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(self.INSERT, rows)
        self._connection.execute("COMMIT")


def _row(record: dict[str, Any]) -> Row:
    now = datetime.now(UTC).isoformat()
    return record["id"], record["author"], record["kind"], json.dumps(record["payload"]), now


def _save(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def create_app() -> Starlette:
    folder, address = Path(os.environ["FLOOR_FOLDER"]), os.environ["FLOOR_DATABASE"]
    store: Store = Postgres(address) if address.startswith("postgresql") else Sqlite(address)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await store.open()
        yield

    async def ready(_: Request) -> Response:
        return Response()

    async def take(request: Request) -> Response:
        records = (await request.json())["records"]
        await store.insert([_row(record) for record in records])
        return JSONResponse({"results": ["created"] * len(records)})

    async def take_photo(request: Request) -> Response:
        """The visit in a header and its photo as the body: everything in one request."""
        record = json.loads(request.headers["x-record"])
        photo = await request.body()
        await asyncio.get_running_loop().run_in_executor(None, _save, folder / uuid4().hex, photo)
        await store.insert([_row(record)])
        return JSONResponse({"results": ["created"]})

    routes = [Route("/readyz", ready), Route("/api/v1/sync/push", take, methods=["POST"])]
    return Starlette(routes=[*routes, Route("/photo", take_photo, methods=["POST"])], lifespan=lifespan)


def serve() -> None:
    """Served as the product is: one worker, the ASGI interface, granian's defaults."""
    from granian.constants import Interfaces
    from granian.server import Server

    target, port = "tests.load.floor:create_app", int(os.environ["FLOOR_PORT"])
    Server(target, port=port, interface=Interfaces.ASGI, factory=True, workers=1, log_enabled=False).serve()


if __name__ == "__main__":
    serve()
