"""The stage of an end-to-end test: the production build, served by a process that can be killed and come back."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from fieldapp.cli.migrate import migrate
from fieldapp.config import ROOT, settings
from fieldapp.db import Database, use_database
from fieldapp.services import enrolments
from fieldapp.services.pull import EPOCH
from models.sync import ServerFact

T = TypeVar("T")


def _beside(work: Callable[[], Awaitable[T]]) -> T:
    """Runs async work to its end in a thread: Playwright keeps a loop of its own in this one."""

    async def whole() -> T:
        return await work()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(whole())).result()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process of its own, with a data folder of its own, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **os.environ,
            "FIELDAPP_DATA_DIR": str(folder),
            "FIELDAPP_PORT": str(self.port),
            "FIELDAPP_MODE": "demo",
            "FIELDAPP_CARD_HOST": "toso.quangngai.gov.vn",
            # One machine plays the phones of a province.
            **dict.fromkeys(("FIELDAPP_RATE_ADDRESS", "FIELDAPP_RATE_ACCOUNT", "FIELDAPP_RATE_SESSION"), "0"),
        }

    def prepare(self) -> None:
        """A migrated, empty database."""

        async def make() -> None:
            await migrate(self.address)
            async with self.opened() as db, db.write() as session:
                if await session.get(ServerFact, EPOCH) is None:
                    session.add(ServerFact(key=EPOCH, value="first-life"))

        self.folder.mkdir(parents=True, exist_ok=True)
        _beside(make)

    @property
    def address(self) -> str:
        return f"sqlite+aiosqlite:///{self.folder / 'fieldapp.sqlite3'}"

    def opened(self) -> "_Opened":
        return _Opened(self.address)

    def do(self, work: Any) -> Any:
        """Runs an async function of the database, beside the server."""

        async def run() -> Any:
            async with self.opened() as db:
                return await work(db)

        return _beside(run)

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
                continue
        raise TimeoutError("the server did not become ready")

    def kill(self) -> None:
        """Ends the process at once, as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True).stdout
            for pid in [*map(int, children.split()), self.process.pid]:
                os.kill(pid, signal.SIGKILL)
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
