"""The stage of an end-to-end test: the production build, served by a process that can be killed and come back."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from fieldapp.cli.migrate import migrate
from fieldapp.config import ROOT, settings
from fieldapp.db import Database, use_database
from fieldapp.services import enrolments
from fieldapp.services.pull import EPOCH
from models.sync import ServerFact
from tests.e2e.beside import beside


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process of its own, with a data folder of its own, on a port of its own; `given` are further settings."""

    def __init__(self, folder: Path, given: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **os.environ,
            "FIELDAPP_DATA_DIR": str(folder),
            "REFLEX_STATES_WORKDIR": str(folder / "states"),
            "FIELDAPP_PORT": str(self.port),
            "FIELDAPP_MODE": "demo",
            "FIELDAPP_CARD_HOST": "toso.quangngai.gov.vn",
            # No lot falls but where a test is about it.
            "FIELDAPP_SPOT_CHECK_PERCENT": "0",
            # One machine plays the phones of a province.
            **dict.fromkeys(("FIELDAPP_RATE_ADDRESS", "FIELDAPP_RATE_ACCOUNT", "FIELDAPP_RATE_SESSION"), "0"),
            **(given or {}),
        }

    def prepare(self) -> None:
        """A migrated, empty database."""

        async def make() -> None:
            await migrate(self.address)
            async with self.opened() as db, db.write() as session:
                if await session.get(ServerFact, EPOCH) is None:
                    session.add(ServerFact(key=EPOCH, value="first-life"))

        self.folder.mkdir(parents=True, exist_ok=True)
        beside(make)

    @property
    def address(self) -> str:
        here = f"sqlite+aiosqlite:///{self.folder / 'fieldapp.sqlite3'}"
        return self.environment.get("FIELDAPP_DATABASE_URL", here)

    def opened(self) -> "_Opened":
        return _Opened(self.address)

    def do(self, work: Any) -> Any:
        """Runs an async function of the database, beside the server."""

        async def run() -> Any:
            async with self.opened() as db:
                return await work(db)

        return beside(run)

    def start(self) -> None:
        command = [sys.executable, "-c", "from fieldapp.cli.serve import serve; serve()"]
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "server.log").read_text())
            try:
                if httpx.get(f"{self.origin}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)  # Else the asking takes the core on which the server would begin.
        raise TimeoutError("the server did not become ready")

    def workers(self) -> list[psutil.Process]:
        """The processes that answer requests, each a child of the one that was started."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]

    def kill(self) -> None:
        """Ends all its processes at once, as a power cut would; first the one that would replace the others."""
        if self.process is not None and self.process.poll() is None:
            first = psutil.Process(self.process.pid)
            for process in (first, *first.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self.process.wait()
        self.process = None


class _Opened:
    """The server's database, opened from the test's side and closed again."""

    def __init__(self, address: str) -> None:
        self.database = Database(address)

    async def __aenter__(self) -> Database:
        use_database(self.database)
        return self.database

    async def __aexit__(self, *_: object) -> None:
        await self.database.close()
        use_database(None)


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Asks again and again; what the server does in the background has no answer to wait for."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come about")


def use_server_settings(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets what runs in the test's own process (links, cards) speak for this server."""
    for name, value in server.environment.items():
        if name.startswith("FIELDAPP_"):
            monkeypatch.setenv(name, value)
    settings.cache_clear()


def invitation(server: Server, member_id: int) -> str:
    """The link of a new invitation, as an officer would hand it over."""

    async def make(db: Database) -> str:
        async with db.write() as session:
            return enrolments.link((await enrolments.make_enrolment(session, None, member_id))[1])

    return server.do(make)


def officer(server: Server, username: str, password: str) -> httpx.Client:
    """An officer signed in over HTTP, for what a test needs from the desk without looking at it."""
    client = httpx.Client(base_url=server.origin, headers={"Origin": server.origin, "X-Slot": "desk"}, timeout=60)
    client.post("/api/v1/session", json={"username": username, "password": password}).raise_for_status()
    return client
