"""The list of teams and members that communes hand to the province: its columns, and that it was handed in."""

from datetime import datetime

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now


class RegisterColumn(Stored, table=True):
    """A column as the province's own form has it; `heading` is empty where the product's own words stand."""

    __tablename__ = "register_column"

    code: str = Field(max_length=24, primary_key=True)
    position: int
    heading: str = Field(default="", max_length=80)
    shown: bool = True


class RegisterReport(Stored, table=True):
    """A commune's word that its list was handed to the province, with what stood in it then."""

    __tablename__ = "register_report"

    id: int | None = Field(default=None, primary_key=True)
    commune_id: int = Field(foreign_key="unit.id", index=True)
    teams: int
    people: int
    reported_by_id: int = Field(foreign_key="account.id")
    reported_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
