"""Starts the product: site, socket and API in one process on one port, without compiling anything."""

import os

from granian.constants import Interfaces, Loops
from granian.server import Server

from fieldapp.config import ROOT, settings


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
    Server(
        "fieldapp.fieldapp:app",
        address=settings().host,
        port=settings().port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=1,
        loop=Loops.uvloop,
        workers_kill_timeout=10,
        log_enabled=settings().log_level == "debug",
    ).serve()
