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
    full_name: str = Field(max_length=120)
    role: Role = Field(sa_type=word())
    unit_id: int = Field(foreign_key="unit.id", index=True)
    failed_count: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
