"""One stage over each kind of database for all tests of the API."""

import asyncio
import shutil
from collections.abc import Iterator

import pytest

from tests import postgres
from tests.conftest import TEMPLATE, on_server
from tests.fuzz.stage import SEED, Stage

NAME = "fuzz"


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        address = f"sqlite+aiosqlite:///{shutil.copy(template, tmp_path_factory.mktemp(NAME) / 'fuzz.sqlite3')}"
    else:
        server = request.getfixturevalue("postgres_server")
        asyncio.run(on_server(server, f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE}"))
        address = postgres.url(server, NAME)
    stage = Stage(address)
    print(f"seed {SEED}, {stage.examples} examples on {request.param}")
    yield stage
    stage.close()
    if request.param == "postgresql":
        asyncio.run(on_server(server, f"DROP DATABASE {NAME} WITH (FORCE)"))
