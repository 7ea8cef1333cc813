"""What other systems may be told, how a telling is signed, and when it is tried again.

A telling names what happened to what and where, never a person or a household: whoever wants more asks the API. It is
signed as the Standard Webhooks specification says, so that its libraries know it.
"""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, field_validator

from fieldapp.domain.given import PlainText
from fieldapp.problems import Problem

MAX_ADDRESS = 500
PREFIX = "whsec_"
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 2 * 3_600, 5 * 3_600, 10 * 3_600, 14 * 3_600, 20 * 3_600, 24 * 3_600)
)
"""How long after each failure the next try is made; after the last, over three days, it is given up."""


class Topic(StrEnum):
    VISITS = "visits"
    REVIEWS = "reviews"
    TEAM_WORK = "team_work"
    DIFFICULTIES = "difficulties"
    TARGETS = "targets"
    TEAMS = "teams"
    UNITS = "units"


ACTIONS: dict[Topic, tuple[str, ...]] = {
    Topic.VISITS: ("visit.create", "visit.replace", "visit.withdraw"),
    Topic.REVIEWS: ("visit.approve", "visit.send_back", "visit.reopen"),
    Topic.TEAM_WORK: ("activity.", "group."),
    Topic.DIFFICULTIES: ("difficulty.",),
    Topic.TARGETS: ("target.", "task."),
    Topic.TEAMS: ("team.", "seat.", "decision."),
    Topic.UNITS: ("unit.", "village."),
}
"""Deeds of the audit trail by topic; one that ends with a dot stands for all that begin so."""


def topic_of(action: str) -> Topic | None:
    """The topic to which a deed of the audit trail belongs, None for what nobody outside is told."""
    for topic, named in ACTIONS.items():
        if any(action.startswith(name) if name.endswith(".") else action == name for name in named):
            return topic
    return None


def prefixes() -> tuple[str, ...]:
    """What a deed begins with that is told anybody."""
    return tuple(name for named in ACTIONS.values() for name in named)


class WebhookForm(BaseModel):
    address: PlainText = Field(max_length=MAX_ADDRESS)
    topics: list[Topic] = Field(min_length=1, max_length=len(Topic))

    @field_validator("address")
    @classmethod
    def _without_space(cls, address: str) -> str:
        return address.strip()


def check_address(address: str) -> None:
    """Raises `webhook_address` for what is no https address, or holds a password.

    What its name stands for is looked at when a connection is opened (`integrations/outside.py`).
    """
    try:
        parts = urlsplit(address)
        plain = address.isascii() and address.isprintable() and not re.search(r"[\s\\#@]", address)
        known = plain and parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise Problem("webhook_address", "address")


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """The header `webhook-signature`: version 1, HMAC-SHA256 over id, time and body."""
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def next_try(now: datetime, tries: int) -> datetime | None:
    """When to try again after so many failures; None where it is given up."""
    return now + WAITS[tries - 1] if 1 <= tries <= len(WAITS) else None
