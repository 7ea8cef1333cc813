"""What end-to-end tests stand on: the site built once, a server of its own for each test, real browsers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect, sync_playwright

from fieldapp.cli import site
from tests.e2e import cluster
from tests.e2e.cluster import Cluster
from tests.e2e.stage import Server, use_server_settings
from tests.turns import in_turn

# A busy machine is slow, not wrong.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def built_site() -> None:
    """The production build of the sources as they are."""
    with in_turn("site"):
        if not site.is_built():
            site.build()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def running_cluster() -> Iterator[Cluster]:
    """PostgreSQL and Redis for servers of several workers."""
    with cluster.cluster() as running:
        yield running


@pytest.fixture
def given(request: pytest.FixtureRequest) -> dict[str, str]:
    """Settings of the test's server: none, or those of several workers where the run is to be on a cluster."""
    return request.getfixturevalue("running_cluster").settings() if cluster.is_asked_for() else {}


@pytest.fixture
def server(
    built_site: None, given: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """A running server on an empty, migrated database; ended at the end."""
    server = Server(tmp_path / "server", given)
    use_server_settings(server, monkeypatch)
    server.prepare()
    server.start()
    yield server
    server.kill()
