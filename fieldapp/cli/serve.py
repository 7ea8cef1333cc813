"""Starts the product: site, socket and API on one port, by as many workers as are set, without compiling anything."""

import os
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.server import Server

from fieldapp.config import ROOT, settings
from fieldapp.problems import Problem

REDIS_SECONDS = 5


def require_fitting() -> None:
    """Raises the Problem of settings that cannot be served together.

    `workers_need_postgresql` and `workers_need_redis` for more than one worker, `redis_unreachable`,
    `photo_store_unknown`, `proxies_unknown`, `receivers_unknown`.
    """
    chosen = settings()
    if chosen.workers > 1 and chosen.database.startswith("sqlite"):
        raise Problem("workers_need_postgresql")
    if chosen.workers > 1 and not chosen.redis_url:
        raise Problem("workers_need_redis")
    if chosen.photo_store and not chosen.photo_bucket and not Path(chosen.photo_store).is_absolute():
        raise Problem("photo_store_unknown")
    try:
        _ = chosen.trusted_proxies
    except ValueError:
        raise Problem("proxies_unknown") from None
    try:
        _ = chosen.receivers
    except ValueError:
        raise Problem("receivers_unknown") from None
    if chosen.redis_url:
        _greet(chosen.redis_url)


def _greet(redis_url: str) -> None:
    from redis import Redis, RedisError  # Only where there is one: this process watches over workers and stays small.

    try:
        with Redis.from_url(redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS) as redis:
            redis.ping()
    except (RedisError, ValueError, OSError):
        raise Problem("redis_unreachable") from None


HTTP = HTTP1Settings(header_read_timeout=10_000, max_buffer_size=65_536)
"""Ten seconds for a request's head, and 64 kB of it."""


def serve() -> None:
    """Serves until it is told to stop; open requests are finished first. A worker that dies is replaced.

    Raises the Problems of `require_fitting`.
    """
    require_fitting()
    os.chdir(ROOT)
    os.environ.update(
        {
            "REFLEX_ENV_MODE": "prod",
            "REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        }
    )
    server("fieldapp.worker:app").serve()


def server(target: str) -> Any:
    """A server for what this names, with the limits of heads and connections that ours has."""
    return Server(
        target,
        address=settings().host,
        port=settings().port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=settings().workers,
        respawn_failed_workers=True,
        loop=Loops.uvloop,
        workers_kill_timeout=10,
        http=HTTPModes.http1,
        http1_settings=HTTP,
        log_enabled=settings().log_level == "debug",
    )
