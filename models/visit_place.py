"""Where a visit was made, to about a kilometre; kept for some weeks, for one question (`domain/place.py`)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Stored, UtcDateTime


class VisitPlace(Stored, table=True):
    __tablename__ = "visit_place"

    visit_id: UUID = Field(foreign_key="visit.id", primary_key=True)
    latitude: float
    longitude: float
    at: datetime = Field(sa_type=UtcDateTime, index=True)
