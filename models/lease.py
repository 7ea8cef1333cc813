"""Work that one process at a time may do: who has it now, and until when."""

from datetime import datetime

from sqlmodel import Field

from models.base import Stored, UtcDateTime


class Lease(Stored, table=True):
    __tablename__ = "lease"

    name: str = Field(max_length=60, primary_key=True)
    holder: str = Field(max_length=40)
    until: datetime = Field(sa_type=UtcDateTime)
