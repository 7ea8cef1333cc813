"""A commune's common group on Zalo: its leaders, its teams and the companies that take part."""

from datetime import date, datetime

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now


class CommuneGroup(Stored, table=True):
    """One row a commune; how many of each were in the group on `counted_on`."""

    __tablename__ = "commune_group"

    commune_id: int = Field(foreign_key="unit.id", primary_key=True)
    name: str = Field(max_length=120)
    link: str = Field(default="", max_length=200)
    leaders: int
    teams: int
    companies: int
    counted_on: date
    kept_by_id: int = Field(foreign_key="account.id")
    kept_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
