"""The servers that are measured, each a process of its own: the product and the floor, on SQLite or PostgreSQL."""

import os
import subprocess
import sys
import time
from pathlib import Path

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
    """What a process and all under it have used."""

    def __init__(self, pid: int) -> None:
        root = psutil.Process(pid)
        self._processes = [root, *root.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """User and system time so far; a child that came or went since is not seen."""
        return sum(sum(process.cpu_times()[:2]) for process in self._processes)

    def megabytes(self) -> float:
        """Resident memory; pages that processes share are counted in each."""
        return sum(process.memory_info().rss for process in self._processes) / 1e6


def tree_of(server: Server) -> Tree:
    assert server.process is not None
    return Tree(server.process.pid)


def postgres_tree(socket: str) -> Tree:
    """The server that runs in this folder, with the processes of its present connections."""
    return Tree(int((Path(socket) / "postmaster.pid").read_text().splitlines()[0]))


def machine() -> str:
    """What the figures were measured on, and how busy it was with other things."""
    load = os.getloadavg()[0]
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, load {load:.1f} before the run"
