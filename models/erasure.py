"""A household whose personal data was erased, and when. The ledger beside the backups holds the same (ids only)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now


class Erasure(Stored, table=True):
    """No foreign key: it outlives a household that a restored backup does not hold."""

    __tablename__ = "erasure"

    id: UUID = Field(primary_key=True)
    household_id: UUID = Field(index=True)
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
