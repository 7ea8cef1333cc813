"""Filled databases, kept under `build/` from run to run and made anew when the record or the filling changes."""

import asyncio
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from fieldapp.cli.migrate import migrate
from fieldapp.config import ROOT
from tests import postgres
from tests.load.filling import Shape, fill

KEPT = ROOT / "build" / "load"
MADE_FROM = ("tests/load/filling.py", "models/**/*.py")


@contextmanager
def databases(sizes: tuple[int, ...]) -> Iterator[dict[str, dict[int, str]]]:
    """Addresses of filled databases by kind and number of visits; PostgreSQL runs until the block ends."""
    folder = _folder()
    with postgres.server(kept=folder / "postgres") as socket:
        yield {
            "SQLite": {size: asyncio.run(_sqlite(folder, size)) for size in sizes},
            "PostgreSQL": {size: asyncio.run(_postgres(socket, size)) for size in sizes},
        }


def _folder() -> Path:
    """Named after what the databases are made from; those of another making are thrown away."""
    digest = hashlib.sha256()
    for pattern in MADE_FROM:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    folder = KEPT / digest.hexdigest()[:16]
    for old in KEPT.glob("*"):
        if old != folder:
            shutil.rmtree(old)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def _sqlite(folder: Path, size: int) -> str:
    """Filled under another name, which it keeps until it is whole."""
    path, unfinished = folder / f"{size}.sqlite3", folder / f"{size}.unfinished"
    if not path.exists():
        unfinished.unlink(missing_ok=True)
        await _fill(f"sqlite+aiosqlite:///{unfinished}", size)
        unfinished.rename(path)
    return f"sqlite+aiosqlite:///{path}"


async def _postgres(socket: str, size: int) -> str:
    name, unfinished = f"visits_{size}", f"unfinished_{size}"
    engine = create_async_engine(postgres.url(socket, "postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        known = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if (await connection.execute(known, {"name": name})).first() is None:
            await connection.execute(text(f"DROP DATABASE IF EXISTS {unfinished}"))
            await connection.execute(text(f"CREATE DATABASE {unfinished}"))
            await _fill(postgres.url(socket, unfinished), size)
            await connection.execute(text(f"ALTER DATABASE {unfinished} RENAME TO {name}"))
    await engine.dispose()
    return postgres.url(socket, name)


async def _fill(address: str, size: int) -> None:
    await migrate(address)
    await fill(address, Shape(size))
