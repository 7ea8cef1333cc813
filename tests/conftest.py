"""What every test may ask for: a migrated empty database of each kind, and the API over it.

Schema and epoch are made once a session, in a template: of SQLite each test gets a copy, of PostgreSQL one that is
washed between tests, for making and dropping one took longer than most tests.
"""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from fieldapp.api.app import create_api
from fieldapp.cli.migrate import migrate
from fieldapp.config import ROOT, settings
from fieldapp.db import Database, use_database
from fieldapp.services import leftovers
from fieldapp.services.pull import EPOCH
from fieldapp.worker import MANY
from models.sync import ServerFact
from tests import postgres, washed

ORIGIN = "http://localhost:8000"
TEMPLATE = "template_fieldapp"

# Reflex drops old states of the desk when its app is made: two processes in one folder drop them under each other.
os.environ["REFLEX_STATES_WORKDIR"] = str(ROOT / "build" / "states" / os.environ.get("PYTEST_XDIST_WORKER", "alone"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several workers run: a file stays with one of them, for its tests share what is dear to make. Those marked
    `apart` go wherever there is room, and first, for they are the longest.
    """
    for number, item in enumerate(items):
        group = f"apart-{number}" if item.get_closest_marker("apart") else item.path.relative_to(ROOT).as_posix()
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: item.get_closest_marker("apart") is None)


def pytest_collection_finish() -> None:
    """As in a worker of the server: what was imported by now stands for good."""
    gc.freeze()
    gc.set_threshold(MANY)


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Default settings in every test, whatever the developer's environment says, and a data folder of its own."""
    for name in [name for name in os.environ if name.startswith("FIELDAPP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FIELDAPP_DATA_DIR", str(tmp_path / "data"))
    # A suite asks more often than any phone; tests of the limits set their own.
    for name in ("ADDRESS", "ACCOUNT", "SESSION"):
        monkeypatch.setenv(f"FIELDAPP_RATE_{name}", "0")
    # What a process has left to be dropped is of the database of one test.
    monkeypatch.setattr(leftovers, "_left", set())
    settings.cache_clear()
    yield
    settings.cache_clear()


async def _prepare(url: str) -> None:
    await migrate(url)
    database = Database(url)
    async with database.write() as session:
        if await session.get(ServerFact, EPOCH) is None:
            session.add(ServerFact(key=EPOCH, value="first-life"))
    await database.close()


async def on_server(socket: str, *statements: str) -> None:
    """Runs statements beside every database, as making one."""
    engine = create_async_engine(postgres.url(socket, "postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "fieldapp.sqlite3"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDAPP_DATA_DIR", str(path.parent))
        settings.cache_clear()
        asyncio.run(_prepare(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The socket folder of the session's one server, which holds the template database."""
    with postgres.server() as socket, pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDAPP_DATA_DIR", str(tmp_path_factory.mktemp("template")))
        settings.cache_clear()
        asyncio.run(on_server(socket, f"CREATE DATABASE {TEMPLATE}"))
        asyncio.run(_prepare(postgres.url(socket, TEMPLATE)))
        yield socket


@pytest.fixture(params=["sqlite", "postgresql"])
def database_template(request: pytest.FixtureRequest) -> Path | str:
    """Where the copy comes from: SQLite's file or the server's socket folder, which starts only when asked for."""
    return request.getfixturevalue("sqlite_template" if request.param == "sqlite" else "postgres_server")


@pytest.fixture
async def db(database_template: Path | str, tmp_path: Path) -> AsyncIterator[Database]:
    """A database as after migrating, that `database()` gives too."""
    if isinstance(database_template, Path):
        copy = shutil.copy(database_template, tmp_path / "fieldapp.sqlite3")
        database = Database(f"sqlite+aiosqlite:///{copy}")
    else:
        database = Database(await washed.database(database_template, TEMPLATE))
    use_database(database)
    yield database
    use_database(None)
    await database.close()


@pytest.fixture
async def client(db: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on our own pages whose phone slot is p0; `build.enter` signs somebody in on it."""
    transport = httpx.ASGITransport(create_api())
    headers = {"Origin": ORIGIN, "X-Slot": "p0"}
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as browser:
        yield browser
