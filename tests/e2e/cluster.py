"""What servers of several workers stand on: PostgreSQL and Redis, real ones, for the length of a test run.

`TOSO_STAGE=cluster` puts every end-to-end test on it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from redis import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests import postgres, valkey
from tests.e2e.beside import beside

WORKERS = 2
REDIS_DATABASES = 16


class Cluster:
    """Gives each server a database of its own on both."""

    def __init__(self, postgres_socket: str, redis_url: str) -> None:
        self._postgres = postgres_socket
        self._redis = redis_url
        self._numbers = count()

    def settings(self) -> dict[str, str]:
        """The settings of a server that is alone in its databases."""
        number = next(self._numbers)
        name = f"stage_{os.getpid()}_{number}"
        beside(lambda: self._create(name))
        redis_url = f"{self._redis}/{number % REDIS_DATABASES}"
        with Redis.from_url(redis_url) as redis:
            redis.flushdb()
        return {
            "FIELDAPP_WORKERS": str(WORKERS),
            "FIELDAPP_DATABASE_URL": postgres.url(self._postgres, name),
            "FIELDAPP_REDIS_URL": redis_url,
        }

    async def _create(self, name: str) -> None:
        engine = create_async_engine(postgres.url(self._postgres, "postgres"), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name}"))
        await engine.dispose()


def is_asked_for() -> bool:
    return os.environ.get("TOSO_STAGE") == "cluster"


@contextmanager
def cluster() -> Iterator[Cluster]:
    with postgres.server() as socket, valkey.server() as redis_url:
        yield Cluster(socket, redis_url)
