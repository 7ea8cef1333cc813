"""That people in a photo took back their consent: what the consent was stays known, the photo is gone."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, Index

from models.base import Stored, UtcDateTime, word
from models.visit import ConsentWay


class ConsentWithdrawal(Stored, table=True):
    """One row for each record that named the photo; `record_kind` is what the trail calls such a record."""

    __tablename__ = "consent_withdrawal"
    __table_args__ = (Index("ix_consent_withdrawal_photo", "commune_id", "sha256"),)

    id: int | None = Field(default=None, primary_key=True)
    commune_id: int = Field(foreign_key="unit.id")
    village_id: int = Field(foreign_key="unit.id")
    record_kind: str = Field(max_length=24)
    record_id: UUID = Field(index=True)
    sha256: str = Field(max_length=64)
    collector_id: int = Field(foreign_key="member.id")
    consent_way: ConsentWay | None = Field(default=None, sa_type=word())
    consent_text: int | None = None
    consent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    request_id: int | None = Field(default=None, foreign_key="data_request.id")
    withdrawn_at: datetime = Field(sa_type=UtcDateTime)
    by_account_id: int | None = Field(default=None, foreign_key="account.id")
