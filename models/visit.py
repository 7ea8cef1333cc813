"""A support visit, its outcomes by platform and its photos. A change is a new version in the same chain."""

import builtins
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field, Index, UniqueConstraint, text

from models.base import BigKey, Json, Stored, UtcDateTime, utc_now, word


class VisitState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class VisitMode(StrEnum):
    HOME = "home"
    COMMUNITY_HOUSE = "community_house"
    PHONE = "phone"


class Beneficiary(StrEnum):
    PERSON = "person"
    HOUSEHOLD = "household"
    BUSINESS_HOUSEHOLD = "business_household"
    ENTERPRISE = "enterprise"
    COOPERATIVE = "cooperative"


class IdentifiedBy(StrEnum):
    """How the household was recognised; only `scan` and `still` can be verified by the server."""

    SCAN = "scan"
    STILL = "still"
    KEYPAD = "keypad"
    LIST = "list"


class Result(StrEnum):
    """The letter's ladder (introduced, installed, independent) and the honest ways of not getting there."""

    INTRODUCED = "introduced"
    INSTALLED = "installed"
    INDEPENDENT = "independent"
    COME_BACK = "come_back"
    NO_DEVICE = "no_device"
    DECLINED = "declined"
    ABSENT = "absent"


class PhotoState(StrEnum):
    """`accepted`: all bytes here, hash right, nobody may see it yet; `ready` after decoding."""

    EXPECTED = "expected"
    ACCEPTED = "accepted"
    READY = "ready"
    REFUSED = "refused"


class ConsentWay(StrEnum):
    """How the people whose faces are clear in a photo agreed to it."""

    ORAL = "oral"
    SIGNED = "signed"


def _only(condition: str) -> dict[str, Any]:
    """Keeps the rows that nobody looks for in this way out of an index."""
    return {f"{dialect}_where": text(condition) for dialect in ("sqlite", "postgresql")}


_WAITS = "state = 'waiting'"


class Visit(Stored, table=True):
    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_village_day", "village_id", "done_on"),
        Index("ix_visit_commune_day", "commune_id", "done_on"),
        Index("ix_visit_scope", "village_id", "scope_version"),
        Index("ix_visit_author_time", "author_id", "made_at"),
        Index("ix_visit_household_day", "household_id", "done_on"),
        Index("ix_visit_waiting", "village_id", "state", "received_at", **_only(_WAITS)),
    )

    id: UUID = Field(primary_key=True)
    root_id: UUID = Field(index=True)
    version: int = 1
    replaces_id: UUID | None = Field(default=None, unique=True)
    author_id: int = Field(foreign_key="member.id")
    """Who entered it."""
    done_by_id: int | None = Field(default=None, foreign_key="member.id")
    """Who did it, where that is not the author: the author helped with the entering."""
    device_id: UUID | None = Field(default=None, foreign_key="device.id")
    team_id: int = Field(foreign_key="team.id", index=True)
    village_id: int = Field(foreign_key="unit.id")
    commune_id: int = Field(foreign_key="unit.id")
    household_id: UUID = Field(foreign_key="household.id")
    mode: VisitMode = Field(sa_type=word())
    beneficiary: Beneficiary = Field(sa_type=word())
    people: int
    note: str = Field(default="", max_length=500)
    identified_by: IdentifiedBy = Field(sa_type=word())
    verified: bool = False
    card_id: int | None = Field(default=None, foreign_key="household_card.id")
    device_made_at: datetime = Field(sa_type=UtcDateTime)
    made_at: datetime = Field(sa_type=UtcDateTime)
    done_on: date
    received_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    state: VisitState = Field(default=VisitState.WAITING, sa_type=word())
    needs_look: bool = False
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="member.id")
    decided_by_account_id: int | None = Field(default=None, foreign_key="account.id")
    reopened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason_code: str | None = Field(default=None, max_length=30)
    reason: str | None = Field(default=None, max_length=300)
    scope_version: int = Field(default=0, sa_type=BigKey)


class Outcome(Stored, table=True):
    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("visit_id", "platform_code"),)

    id: int | None = Field(default=None, sa_type=BigKey, primary_key=True)
    visit_id: UUID = Field(foreign_key="visit.id", index=True)
    platform_code: str = Field(max_length=20, foreign_key="platform.code")
    result: Result = Field(sa_type=word())
    people: int
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class PhotoFile(Stored):
    """What every photo has, whatever names it."""

    id: int | None = Field(default=None, sa_type=BigKey, primary_key=True)
    sha256: str = Field(max_length=64, index=True)
    bytes: int
    type: str = Field(max_length=30)
    state: PhotoState = Field(default=PhotoState.EXPECTED, sa_type=word(), index=True)
    reason_code: str | None = Field(default=None, max_length=30)
    width: int | None = None
    height: int | None = None
    thumbnail: builtins.bytes | None = None
    consent_way: ConsentWay | None = Field(default=None, sa_type=word())
    consent_text: int | None = None
    consent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decoded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Photo(PhotoFile, table=True):
    __tablename__ = "photo"
    __table_args__ = (
        UniqueConstraint("visit_id", "sha256"),
        *(Index(f"ix_photo_mark_{n}", f"mark_{n}", **_only(f"mark_{n} IS NOT NULL")) for n in (1, 2, 3, 4)),
    )

    visit_id: UUID = Field(foreign_key="visit.id", index=True)
    mark_1: int | None = None
    mark_2: int | None = None
    mark_3: int | None = None
    mark_4: int | None = None
