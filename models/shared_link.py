"""Secret addresses that are read without a sign-in: calendars of deadlines, percentages of a partner company."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now, word


class LinkKind(StrEnum):
    CALENDAR = "calendar"
    PERCENTAGES = "percentages"


class SharedLink(Stored, table=True):
    """Only the secret's hash is kept. A calendar is its account's own; percentages are of a company, up to a day."""

    __tablename__ = "shared_link"

    id: int | None = Field(default=None, primary_key=True)
    kind: LinkKind = Field(sa_type=word())
    token_hash: str = Field(max_length=64, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    partner_id: int | None = Field(default=None, foreign_key="partner.id", index=True)
    last_day: date | None = None
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
