"""Writes what was done, in the transaction of the deed. Nothing written here is ever changed: the database refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Principal
from models.audit_event import AuditEvent
from models.base import utc_now

EVENTS = AuditEvent.__table__
ABOUT_ACCOUNTS = "account"
_NETWORK: ContextVar[str | None] = ContextVar("network", default=None)


def coarse(address: str) -> str | None:
    """The network of an address: the first three numbers of IPv4, the first 48 bits of IPv6. Enough to see that a
    sign-in came from somewhere else, too little to say from which house."""
    try:
        exact = ip_address(address)
    except ValueError:
        return None
    exact = getattr(exact, "ipv4_mapped", None) or exact
    return str(ip_network((exact, 24 if exact.version == 4 else 48), strict=False))


@contextmanager
def acting_from(address: str) -> Iterator[None]:
    """What officers do in this block comes from here."""
    before = _NETWORK.set(coarse(address))
    try:
        yield
    finally:
        _NETWORK.reset(before)


def event(
    who: Principal | None, action: str, kind: str, subject: Any, unit_id: int | None = None, **detail: Any
) -> dict[str, Any]:
    """One audit row, ready to insert; where no unit is named it belongs to that of whoever acts.

    The network is noted of officers, and of what is tried at an account; where members are is nobody's business.
    """
    of_officers = who.account_id is not None if who else kind == ABOUT_ACCOUNTS
    return {
        "at": utc_now(),
        "account_id": who.account_id if who else None,
        "member_id": who.member_id if who else None,
        "action": action,
        "subject_kind": kind,
        "subject_id": str(subject),
        "unit_id": unit_id if unit_id is not None or who is None else who.commune_id or who.unit_id,
        "network": _NETWORK.get() if of_officers else None,
        "detail": detail,
    }


async def write(session: AsyncSession, events: list[dict[str, Any]]) -> None:
    if events:
        await session.execute(insert(EVENTS), events)
