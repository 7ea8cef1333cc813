"""A power cut between any two statements of a push, and around its commit, loses nothing and doubles nothing."""

import asyncio
from collections.abc import Iterator

import pytest

from fieldapp.db import Database
from tests import build
from tests.conftest import TEMPLATE
from tests.e2e.stage import free_port
from tests.histories.base import PostgresBase, SqliteBase
from tests.histories.kills import DEEDS, Deed, Killing
from tests.histories.server import Process


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def killing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killing]:
    folder = tmp_path_factory.mktemp("kills")
    if request.param == "sqlite":
        base = SqliteBase(request.getfixturevalue("sqlite_template"), folder)
    else:
        base = PostgresBase(request.getfixturevalue("postgres_server"), TEMPLATE)
    with asyncio.Runner() as loop:
        loop.run(base.make())
        db = Database(base.url)
        for position, code in enumerate(("VNEID", "DVC", "SSK"), 1):
            loop.run(build.platform(db, code, position))
        province = loop.run(build.province(db)).id
        assert province is not None
        server = Process(folder, base.url, free_port())
        server.start()
        yield Killing(server, db, province, folder, loop)
        server.end()
        loop.run(db.close())


@pytest.mark.apart
@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_a_kill_before_any_step_of_a_push_loses_nothing(killing: Killing, deed: Deed) -> None:
    steps = killing.kill_everywhere(deed)
    assert steps >= 12, f"only {steps} steps: the server's statements are not seen"
