"""The servers that are measured, each a process of its own: the product and the floor, on SQLite or PostgreSQL."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import median

import httpx
import psutil

from fieldapp.config import ROOT
from tests.e2e.stage import Server


class ProductOn(Server):
    """The product as it is served, on a database other than its own SQLite file."""

    def __init__(self, folder: Path, address: str) -> None:
        super().__init__(folder)
        self.environment["FIELDAPP_DATABASE_URL"] = address

    @property
    def address(self) -> str:
        return self.environment["FIELDAPP_DATABASE_URL"]


class Floor(Server):
    """`tests.load.floor` on a database of its own: a file, or an address for asyncpg."""

    def __init__(self, folder: Path, database: str) -> None:
        super().__init__(folder)
        self.environment |= {"FLOOR_FOLDER": str(folder), "FLOOR_DATABASE": database, "FLOOR_PORT": str(self.port)}

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen([sys.executable, "-m", "tests.load.floor"], cwd=ROOT, env=self.environment)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.origin}/readyz")
            except httpx.TransportError:
                continue
            return
        raise TimeoutError("the floor did not become ready")


class Tree:
    """What a process and all under it use."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)

    def _read(self, figure: Callable[[psutil.Process], float]) -> dict[int, float]:
        """A figure of each process by its id; one that ends meanwhile is left out."""
        figures = {}
        for process in (self._root, *self._root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                figures[process.pid] = figure(process)
        return figures

    def clock(self) -> Callable[[], float]:
        """Starts to count; what it gives tells the CPU-milliseconds, user and system, since then."""
        before = self._read(_cpu_seconds)

        def spent() -> float:
            return 1000 * sum(now - before.get(pid, 0) for pid, now in self._read(_cpu_seconds).items())

        return spent

    def megabytes(self) -> float:
        """Resident memory; pages that processes share are counted in each."""
        return sum(self._read(lambda process: process.memory_info().rss).values()) / 1e6


def _cpu_seconds(process: psutil.Process) -> float:
    return sum(process.cpu_times()[:2])


def tree_of(server: Server) -> Tree:
    assert server.process is not None
    return Tree(server.process.pid)


def postgres_tree(socket: str) -> Tree:
    """The server that runs in this folder, with a process for each connection."""
    return Tree(int((Path(socket) / "postmaster.pid").read_text().splitlines()[0]))


def machine() -> str:
    """What the figures were measured on, and how busy it was with other things."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, load {os.getloadavg()[0]:.1f}, yardstick {yardstick():.0f} ms"


def yardstick() -> float:
    """CPU-milliseconds of a fixed piece of Python, the median of nine: how slow the machine is at this moment."""
    return median(_yard() for _ in range(9))


def _yard() -> float:
    started = time.process_time()
    sum({"number": number}["number"] % 7 for number in range(300_000))
    return 1000 * (time.process_time() - started)
