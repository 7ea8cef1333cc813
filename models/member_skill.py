"""Which platforms a member masters, as their commune says."""

from datetime import datetime

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now


class MemberSkill(Stored, table=True):
    """What a member can show others without help; `taken_back_at` where the commune says so no more."""

    __tablename__ = "member_skill"

    member_id: int = Field(foreign_key="member.id", primary_key=True)
    platform_code: str = Field(max_length=20, foreign_key="platform.code", primary_key=True)
    set_by_id: int = Field(foreign_key="account.id")
    set_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
