"""Starts the product: site, socket and API in one process on one port, without compiling anything."""

import os
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.server import Server

from fieldapp.config import ROOT, settings

HTTP = HTTP1Settings(header_read_timeout=10_000, max_buffer_size=65_536)
"""Ten seconds for a request's head, and 64 kB of it."""


def serve() -> None:
    """Serves until it is told to stop; open requests are finished first."""
    os.chdir(ROOT)
    os.environ.update(
        {
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        }
    )
    server("fieldapp.fieldapp:app").serve()


def server(target: str) -> Any:
    """A server for what this names, with the limits of heads and connections that ours has."""
    return Server(
        target,
        address=settings().host,
        port=settings().port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=1,
        loop=Loops.uvloop,
        workers_kill_timeout=10,
        http=HTTPModes.http1,
        http1_settings=HTTP,
        log_enabled=settings().log_level == "debug",
    )
