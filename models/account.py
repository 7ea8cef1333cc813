"""Officers who sign in with a user name and a password. Members have no account: they join by QR."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now, word


class Role(StrEnum):
    """Who somebody is to the permission table; the first two are members, the rest hold accounts."""

    MEMBER = "member"
    LEADER = "leader"
    COMMUNE_OFFICER = "commune_officer"
    COMMUNE_LEADER = "commune_leader"
    PROVINCE_OFFICER = "province_officer"
    PARTNER = "partner"
    ADMIN = "admin"


class Account(Stored, table=True):
    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(max_length=60, unique=True)
    password_hash: str = Field(max_length=200)
    """Empty until the officer has set a password: then none is right."""
    full_name: str = Field(max_length=120)
    role: Role = Field(sa_type=word())
    unit_id: int = Field(foreign_key="unit.id", index=True)
    partner_id: int | None = Field(default=None, foreign_key="partner.id", index=True)
    """Of a partner's account, the company whose it is."""
    failed_count: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until when nobody gets in, after too many wrong tries."""
    blocked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when nobody gets in because somebody said so."""
    provider_name: str | None = Field(default=None, max_length=200, index=True, unique=True)
    """What the province's own sign-in (OIDC) calls this person; without it nobody comes in that way."""
    provider_subject: str | None = Field(default=None, max_length=255)
    """Whom the first sign-in of that name was for: a name that is given to another person opens nothing."""
    is_sample: bool = False
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
