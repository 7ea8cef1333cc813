"""When a phone may be told something, and where it can be told at all.

Nobody is woken: from 21:00 to 06:00 in Việt Nam everything waits for the morning.
"""

import re
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from fieldapp.domain.vn_time import VIETNAM
from models.notice import NoticeKind

NIGHT, MORNING = 21, 6
GATHERS = timedelta(minutes=1)
"""What comes together is told together."""

QUIET = {
    NoticeKind.RETURNED: timedelta(hours=1),
    NoticeKind.LOG: timedelta(hours=4),
    NoticeKind.ANNOUNCEMENT: timedelta(hours=1),
    NoticeKind.REPORT: timedelta(hours=4),
}
"""How long a phone that was told is not told the same again."""

STALE = timedelta(hours=24)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=2)
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,}")
_NAT64, _NAT64_AT_HOME = IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48")
_AT_HOME = (".local", ".internal", ".localhost", ".lan", ".home", ".arpa", ".test", ".example", ".invalid")


def by_day(instant: datetime) -> datetime:
    """This instant, or six in the morning where it lies in the night."""
    here = instant.astimezone(VIETNAM)
    if MORNING <= here.hour < NIGHT:
        return instant
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if here.hour < MORNING else morning + timedelta(days=1)


def due(kind: NoticeKind, now: datetime, told_at: datetime | None) -> datetime:
    """When something may be told, after the last time that this kind was."""
    rested = now if told_at is None else max(now, told_at + QUIET[kind])
    return by_day(rested)


def again(now: datetime, tries: int, told: timedelta | None = None) -> datetime:
    """When to try once more after so many failures; `told` is what the push service asked for."""
    wait = min(FIRST_WAIT * 2 ** min(tries, 10), LONGEST_WAIT)
    return by_day(now + max(wait, min(told or wait, LONGEST_WAIT)))


def is_reachable(endpoint: str) -> bool:
    """Whether this may be the address of a push service: https with no port, a public name, nobody's password.

    What the name stands for is looked at again when a connection is opened (`integrations/web_push.py`).
    """
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    plain = endpoint.isascii() and endpoint.isprintable() and not re.search(r"[\s\\#@]", endpoint)
    named = _NAME.fullmatch(host) is not None and not host.endswith(_AT_HOME)
    return plain and parts.scheme == "https" and port is None and named and bool(parts.path)


def is_public(address: str) -> bool:
    """Whether an address is on the open internet: not of this machine, of a network behind it, or of nobody.

    An address that stands for one of IPv4 is what that one is.
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        within = found.ipv4_mapped or found.sixtofour or (IPv4Address(found.packed[12:]) if found in _NAT64 else None)
        if within is not None:
            return is_public(str(within))
        if found in _NAT64_AT_HOME:
            return False
    return found.is_global and not found.is_multicast
