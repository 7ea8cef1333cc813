"""What sample officers did at their desks in the last weeks, as the audit holds it. Networks are those of examples."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from models.account import Role

DAYS = 28
NETWORKS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")


def plan_trail(
    rng: Random, officers: Sequence[tuple[int, Role]], unit_id: int, moment: datetime
) -> list[dict[str, Any]]:
    """Rows in the order of time: working days begin with a sign-in, and something is downloaded now and then."""
    rows = [_made(rng, account_id, role, unit_id, moment - timedelta(days=DAYS)) for account_id, role in officers]
    for account_id, role in officers:
        network = rng.choice(NETWORKS)
        for back in range(DAYS - 1, 0, -1):
            begins = moment - timedelta(days=back, hours=rng.randint(0, 5), minutes=rng.randint(0, 59))
            if begins.weekday() < 5 and rng.random() < 0.5:
                rows += _day(rng, account_id, role, unit_id, begins, network)
    return sorted(rows, key=lambda row: row["at"])


def _day(
    rng: Random, account_id: int, role: Role, unit_id: int, begins: datetime, network: str
) -> list[dict[str, Any]]:
    session_id = UUID(int=rng.getrandbits(128), version=4)
    rows = [_row(begins, "session.open", "session", session_id, unit_id, account_id, network, way="password")]
    if rng.random() < 0.4:
        at, days = (
            begins + timedelta(minutes=rng.randint(2, 40)),
            {"first": f"{begins:%Y-%m}-01", "last": f"{begins:%Y-%m-%d}"},
        )
        lists = ("export.summary", "export.visits") if role == Role.COMMUNE_OFFICER else ("export.summary",)
        rows.append(_row(at, rng.choice(lists), "unit", unit_id, unit_id, account_id, network, **days))
    if role == Role.COMMUNE_OFFICER and rng.random() < 0.15:
        at = begins + timedelta(minutes=rng.randint(41, 60))
        rows.append(
            _row(
                at,
                "card.print",
                "card_batch",
                rng.randint(1, 9),
                unit_id,
                account_id,
                network,
                size=20,
                batch="anonymous",
            )
        )
    if rng.random() < 0.6:
        at = begins + timedelta(minutes=rng.randint(61, 200))
        rows.append(_row(at, "session.end", "session", session_id, unit_id, account_id, network, state="closed"))
    return rows


def _made(rng: Random, account_id: int, role: Role, unit_id: int, at: datetime) -> dict[str, Any]:
    minute = timedelta(minutes=rng.randint(0, 50))
    return _row(at + minute, "account.create", "account", account_id, unit_id, None, None, role=str(role))


def _row(
    at: datetime, action: str, kind: str, subject: Any, unit_id: int, account_id: int | None, network: str | None,
    **detail: Any,
) -> dict[str, Any]:  # fmt: skip
    return {
        "at": at, "account_id": account_id, "member_id": None, "action": action, "subject_kind": kind,
        "subject_id": str(subject), "unit_id": unit_id, "network": network, "detail": detail,
    }  # fmt: skip
