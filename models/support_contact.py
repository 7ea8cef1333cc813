"""Whom teams may call for help: offices of a commune or the province, and companies that support them."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now, word
from models.unit import Region


class ContactKind(StrEnum):
    OFFICE = "office"
    COMPANY = "company"
    OTHER = "other"


class SupportContact(Stored, table=True):
    """`commune_id` is whose it is, None the province's; of these `region` says for which part, None for all."""

    __tablename__ = "support_contact"

    id: int | None = Field(default=None, primary_key=True)
    commune_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    region: Region | None = Field(default=None, sa_type=word())
    kind: ContactKind = Field(sa_type=word())
    name: str = Field(max_length=120)
    about: str = Field(default="", max_length=120)
    phone: str = Field(max_length=20)
    zalo: bool = False
    kept_by_id: int = Field(foreign_key="account.id")
    kept_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
