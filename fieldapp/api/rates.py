"""How often one address, one user name and one session may ask in a minute (429 `rate_limited` beyond that).

Counted in this process, or in Redis where one is named, so that several processes count together. Where Redis does
not answer, nobody is refused: the limits protect the service and are not worth losing it for.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

import structlog
from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError

from fieldapp.config import settings
from fieldapp.problems import Problem

log = structlog.get_logger("rates")
WAIT_SECONDS = 60


@lru_cache
def _limiter(redis_url: str) -> SlidingWindowCounterRateLimiter:
    if not redis_url:
        return SlidingWindowCounterRateLimiter(MemoryStorage())
    storage = RedisStorage(f"async+{redis_url}", wrap_exceptions=True, implementation="redispy", key_prefix="toso-rate")
    return SlidingWindowCounterRateLimiter(storage)


def forget() -> None:
    """Begins every count of this process anew."""
    _limiter.cache_clear()


async def spend(what: str, whose: str, most: int) -> None:
    """Counts one request. Raises `rate_limited` past `most` a minute; 0 stands for no limit."""
    if most <= 0:
        return
    limiter, item = _limiter(settings().redis_url), RateLimitItemPerMinute(most)
    try:
        if await limiter.hit(item, what, whose):
            return
    except StorageError as error:
        log.error("rates_not_counted", error=type(error).__name__)
        return
    raise Problem("rate_limited", seconds=WAIT_SECONDS)


def by_address(what: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that counts a kind of request by the address that it comes from."""

    async def count(request: Request) -> None:
        await spend(what, network_of(request), settings().rate_address)

    return count


def network_of(request: Request) -> str:
    """An IPv4 address, or the /64 of an IPv6 one, which one household has to itself."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host[:64]
    return address.exploded[:19] if isinstance(address, IPv6Address) and not address.ipv4_mapped else str(address)
