"""The product's API as a process of its own that can die at any statement, and comes back in a moment.

A parent that has imported everything, drivers too, stands by and forks a child for each start. What a request is to
suffer stands in a header that only this server reads: `die:k` ends the process just before its k-th step (a statement,
or either side of a commit), `before_commit` and `after_commit` make its transaction fail there. The product knows
nothing of any of it.
"""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, MutableMapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import aiosqlite  # noqa: F401
import asyncpg  # noqa: F401
import httpx
from granian.constants import Interfaces
from granian.server.embed import Server as Embedded
from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect
from starlette.types import ASGIApp, Receive, Scope, Send

from fieldapp.api.app import create_api
from fieldapp.api.edge import Edge
from fieldapp.api.gate import Gate
from fieldapp.config import ROOT, settings
from fieldapp.integrations.logs import configure_logs

HEADER = b"x-test-fault"
STEPS_HEADER = b"x-test-steps"
DIED = 9


class Broken(Exception):
    """A commit that was made to fail."""


class Course:
    """The steps that one request has taken in the database, and the fault that waits for it."""

    def __init__(self, fault: str) -> None:
        self.name, _, number = fault.partition(":")
        self.last = int(number or 0)
        self.steps: list[str] = []

    def step(self, what: str) -> None:
        self.steps.append(what)
        if self.name == "die" and len(self.steps) == self.last:
            os._exit(DIED)

    def commit(self, commit: Callable[[], None]) -> None:
        self.step("before COMMIT")
        if self.name == "before_commit":
            raise Broken
        commit()
        self.step("after COMMIT")
        if self.name == "after_commit":
            raise Broken


_course: ContextVar[Course | None] = ContextVar("course", default=None)


class Faults:
    """Reads the header, and tells in the answer how many steps the request took and what they were."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = dict(scope.get("headers", [])).get(HEADER)
        if fault is None:
            return await self.app(scope, receive, send)
        course = Course(fault.decode())

        async def answer(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                told = (STEPS_HEADER, json.dumps(course.steps).encode())
                message["headers"] = [*message["headers"], told]
            await send(message)

        token = _course.set(course)
        try:
            await self.app(scope, receive, answer)
        except Broken:
            # The API has answered 500; the worker need not hear of it.
            return None
        finally:
            _course.reset(token)
        return None


def _listen() -> None:
    @event.listens_for(Engine, "before_cursor_execute")
    def _statement(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if course := _course.get():
            course.step(" ".join(statement.split())[:60])

    original = DefaultDialect.do_commit

    def do_commit(dialect: DefaultDialect, connection: Any) -> None:
        if course := _course.get():
            course.commit(lambda: original(dialect, connection))
        else:
            original(dialect, connection)

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]


def serve(environment: dict[str, str]) -> None:
    """What a child does until it is killed."""
    for name in [name for name in os.environ if name.startswith("FIELDAPP_")]:
        del os.environ[name]
    os.environ.update(environment)
    settings.cache_clear()
    configure_logs()
    _listen()

    async def run() -> None:
        app = Faults(Edge(Gate(create_api())))
        port = int(environment["FIELDAPP_PORT"])
        await Embedded(app, "127.0.0.1", port, interface=Interfaces.ASGI, websockets=False, log_enabled=False).serve()

    asyncio.run(run())


class Standby:
    """The parent: it has imported all that a server needs, has no thread of its own, and forks."""

    def __init__(self) -> None:
        self._environment: dict[str, str] = {}
        self._child: int | None = None
        self._handle = -1
        self._deaths = 0

    def listen(self) -> None:
        """Obeys one command a line until there are no more."""
        commands = sys.stdin.buffer
        while True:
            waited = [commands.fileno(), *([self._handle] if self._child else [])]
            ready, _, _ = select.select(waited, [], [])
            if self._handle in ready:
                self._bury()
                self._deaths += 1
                self._spawn()
            if commands.fileno() in ready:
                line = os.read(commands.fileno(), 65536)
                if not line:
                    return self.stop()
                given = json.loads(line)
                getattr(self, given["do"])(**given.get("with", {}))
                os.write(sys.stdout.fileno(), json.dumps({"deaths": self._deaths}).encode() + b"\n")

    def start(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._spawn()

    def kill(self) -> None:
        if self._child:
            os.kill(self._child, signal.SIGKILL)

    def stop(self) -> None:
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            self._bury()

    def look(self) -> None:
        """Says how often a child has died."""

    def _spawn(self) -> None:
        self._child = os.fork()
        if self._child == 0:
            log = os.open(
                Path(self._environment["FIELDAPP_DATA_DIR"]) / "server.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY
            )
            for told in (1, 2):
                os.dup2(log, told)
            os.close(0)
            serve(self._environment)
        self._handle = os.pidfd_open(self._child)

    def _bury(self) -> None:
        assert self._child
        os.waitpid(self._child, 0)
        os.close(self._handle)
        self._child = None


class Process:
    """One server on one port, from the tests' side. It comes back by itself when it dies, until it is stopped."""

    def __init__(self, folder: Path, database_url: str, port: int, **more: str) -> None:
        self.port = port
        self.origin = f"http://localhost:{port}"
        self.environment = {
            "FIELDAPP_DATA_DIR": str(folder),
            "FIELDAPP_DATABASE_URL": database_url,
            "FIELDAPP_PORT": str(port),
            "FIELDAPP_MODE": "demo",
            "FIELDAPP_LOG_LEVEL": "error",
            "FIELDAPP_RATE_SESSION": "0",
        } | more
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", verify=False, timeout=30)
        self._parent = subprocess.Popen(
            [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )

    def _tell(self, command: str, **given: Any) -> int:
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write(json.dumps({"do": command, "with": given}).encode() + b"\n")
        self._parent.stdin.flush()
        return json.loads(self._parent.stdout.readline())["deaths"]

    def start(self) -> None:
        self._tell("start", environment=self.environment)
        self.await_ready()

    def await_ready(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if self.client.get("/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.005)
        raise TimeoutError("the server did not become ready")

    def await_life(self, number: int) -> None:
        """Until it has died so often and come back."""
        deadline = time.monotonic() + 30
        while self.deaths < number:
            if time.monotonic() > deadline:
                raise TimeoutError("the server did not die")
            time.sleep(0.002)
        self.await_ready()

    @property
    def deaths(self) -> int:
        return self._tell("look")

    def kill(self) -> None:
        """Kills it as a power cut would; it comes back."""
        self._tell("kill")

    def stop(self) -> None:
        """Kills it, and it stays away."""
        self._tell("stop")

    def end(self) -> None:
        """The parent goes too."""
        self.client.close()
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.close()
        self._parent.wait()
        self._parent.stdout.close()


if __name__ == "__main__":
    Standby().listen()
