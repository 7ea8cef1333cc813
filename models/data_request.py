"""What somebody asked of their personal data: by when it is to be answered and done, by whom, with what result."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index

from models.base import Stored, UtcDateTime, utc_now, word


class RequestKind(StrEnum):
    WITHDRAW = "withdraw"
    RESTRICT = "restrict"
    ACCESS = "access"
    CORRECT = "correct"
    ERASE = "erase"


class RequestState(StrEnum):
    RECEIVED = "received"
    ANSWERED = "answered"
    DONE = "done"
    REFUSED = "refused"


class DataRequest(Stored, table=True):
    """Of a household of the commune, or of nobody that the record knows. Who asked is on paper, not here."""

    __tablename__ = "data_request"
    __table_args__ = (Index("ix_data_request_due", "commune_id", "due_on"),)

    id: int | None = Field(default=None, primary_key=True)
    commune_id: int = Field(foreign_key="unit.id")
    household_id: UUID | None = Field(default=None, foreign_key="household.id", index=True)
    kind: RequestKind = Field(sa_type=word())
    state: RequestState = Field(default=RequestState.RECEIVED, sa_type=word())
    asked: str = Field(max_length=500)
    received_on: date
    first_due_on: date
    due_on: date
    handler_id: int | None = Field(default=None, foreign_key="account.id")
    answered_on: date | None = None
    answer: str = Field(default="", max_length=500)
    closed_on: date | None = None
    result: str = Field(default="", max_length=500)
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    made_by_id: int = Field(foreign_key="account.id")
