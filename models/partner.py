"""Partner companies: who helps to bring platforms to people, with what, where, and since when."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now, word


class PartnerKind(StrEnum):
    TELECOM = "telecom"
    POST = "post"
    BANK = "bank"
    OTHER = "other"


class Partner(Stored, table=True):
    """Kept by the province, or by the commune that `commune_id` names. `contact` is the company's, not a person's.

    A company works in the communes of `partner_commune`, or with `everywhere` in all there are. Nothing is deleted:
    one that works here no more has an `active_to`.
    """

    __tablename__ = "partner"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=160)
    key: str = Field(max_length=160, index=True)
    kind: PartnerKind = Field(sa_type=word())
    contact: str = Field(default="", max_length=200)
    agreement_number: str = Field(default="", max_length=60)
    agreement_on: date | None = None
    active_from: date
    active_to: date | None = None
    everywhere: bool = False
    commune_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    made_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class PartnerCommune(Stored, table=True):
    __tablename__ = "partner_commune"

    partner_id: int = Field(foreign_key="partner.id", primary_key=True)
    commune_id: int = Field(foreign_key="unit.id", primary_key=True, index=True)


class PartnerPlatform(Stored, table=True):
    """A platform that the company supports."""

    __tablename__ = "partner_platform"

    partner_id: int = Field(foreign_key="partner.id", primary_key=True)
    platform_code: str = Field(max_length=20, foreign_key="platform.code", primary_key=True)
