"""Reasons to look twice at a visit. A flag never blocks and never moves a number."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.base import Json, Stored, UtcDateTime, utc_now, word


class FlagKind(StrEnum):
    SAME_DAY = "same_day"
    NO_SCAN = "no_scan"
    KEYPAD = "keypad"
    CARD_UNKNOWN = "card_unknown"
    CARD_REVOKED = "card_revoked"
    CARD_OTHER_HOUSEHOLD = "card_other_household"
    CARD_OTHER_VILLAGE = "card_other_village"
    PHOTO_SEEN = "photo_seen"
    PHOTO_REFUSED = "photo_refused"
    TOO_CLOSE = "too_close"
    CLOCK_OFF = "clock_off"
    MANY_UNSCANNED = "many_unscanned"
    NEW_HOUSEHOLD = "new_household"
    ID_REUSED = "id_reused"
    OUTSIDE = "outside"


class Flag(Stored, table=True):
    __tablename__ = "flag"

    visit_id: UUID = Field(foreign_key="visit.id", primary_key=True)
    kind: FlagKind = Field(sa_type=word(), primary_key=True)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    raised_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
