"""Where a household stood before its village was continued by another, and under which number."""

from datetime import date
from uuid import UUID

from sqlmodel import Field

from models.base import Stored


class HouseholdMove(Stored, table=True):
    """From `on` it stands elsewhere; what was done before that day belongs to this village."""

    __tablename__ = "household_move"

    household_id: UUID = Field(foreign_key="household.id", primary_key=True)
    on: date = Field(primary_key=True)
    village_id: int = Field(foreign_key="unit.id", index=True)
    number: str = Field(max_length=20)
