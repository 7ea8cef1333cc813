"""Callers who dawdle, over a real socket: each is cut off by name or by hanging up, and others are served meanwhile.

The waits are set to parts of a second. Nothing here measures a time: a server that never gave up would never answer.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from fieldapp.config import ROOT
from tests.e2e.stage import free_port

pytestmark = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
PROGRAM = """
from fieldapp.cli import serve
serve.HTTP.header_read_timeout = 300
serve.server("tests.api.wire:app").serve()
"""
HEAD = (
    b"POST /api/v1/enrolments/preview HTTP/1.1\r\nHost: localhost\r\nOrigin: %s\r\nContent-Type: application/json\r\n"
)
GIVEN_UP = 60


@pytest.fixture
def port(db: object, tmp_path: Path) -> Iterator[int]:
    number = free_port()
    environment = os.environ | {
        "FIELDAPP_PORT": str(number),
        "FIELDAPP_HOST": "127.0.0.1",
        "FIELDAPP_BODY_WAIT_SECONDS": "0.3",
        "FIELDAPP_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'fieldapp.sqlite3'}",
    }
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _await(number, process, tmp_path / "log")
        yield number
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _await(port: int, process: subprocess.Popen, log: Path) -> None:
    while process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz")
        except httpx.TransportError:
            continue
        return
    raise RuntimeError(log.read_text())


def opened(port: int, *said: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=GIVEN_UP)
    for part in said:
        line.sendall(part)
    return line


def heard(line: socket.socket) -> bytes:
    """All that the server says until it hangs up."""
    whole = b""
    while piece := line.recv(65_536):
        whole += piece
    return whole


def head(port: int, *more: bytes) -> bytes:
    return HEAD % f"http://localhost:{port}".encode() + b"".join(line + b"\r\n" for line in more) + b"\r\n"


def test_dawdlers_are_cut_off_and_others_are_served(port: int) -> None:
    in_the_head = [opened(port, b"GET /healthz HTTP/1.1\r\nHost: loc") for _ in range(20)]
    silent = [opened(port) for _ in range(20)]
    in_the_body = [opened(port, head(port, b"Content-Length: 100"), b'{"token": "') for _ in range(20)]
    in_pieces = [opened(port, head(port, b"Transfer-Encoding: chunked"), b'4\r\n{"to\r\n') for _ in range(20)]
    assert httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=GIVEN_UP).json() == {"ok": True}
    for line in (*in_the_body, *in_pieces):
        answer = heard(line)
        assert answer.startswith(b"HTTP/1.1 408")
        assert b'"too_slow"' in answer
    for line in in_the_head:
        assert b" 200 " not in heard(line)
    for line in silent:
        line.close()


def test_a_body_that_drips_for_ever_ends_too(port: int) -> None:
    line = opened(port, head(port, b"Transfer-Encoding: chunked"))
    line.settimeout(0.05)
    answer = b""
    while b"too_slow" not in answer:
        try:
            line.sendall(b"1\r\n \r\n")
            answer += line.recv(65_536)
        except TimeoutError:
            continue
    assert answer.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    "said",
    [
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, identity\r\n\r\n0\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + b"X-Many: 1\r\n" * 300 + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 200_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nBad Header: 1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n",
        b"TRACE /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_a_broken_head_is_refused(port: int, said: bytes) -> None:
    line = opened(port)
    try:
        line.sendall(said)
        answer = heard(line)
    except (ConnectionResetError, BrokenPipeError):
        answer = b""
    assert answer == b"" or answer[9:10] == b"4"
    assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
