"""Community digital teams, the villages they serve and the seats in them, all with validity in time."""

from datetime import date
from enum import StrEnum

from sqlmodel import Field

from models.base import Stored, word


class TeamLevel(StrEnum):
    COMMUNE = "commune"
    VILLAGE = "village"


class SeatRole(StrEnum):
    LEADER = "leader"
    DEPUTY = "deputy"
    MEMBER = "member"


class Team(Stored, table=True):
    __tablename__ = "team"

    id: int | None = Field(default=None, primary_key=True)
    level: TeamLevel = Field(sa_type=word())
    name: str = Field(max_length=160)
    key: str = Field(max_length=160, index=True)
    commune_id: int = Field(foreign_key="unit.id", index=True)
    valid_from: date
    valid_to: date | None = None


class TeamVillage(Stored, table=True):
    """A village that a team serves; after a merge one team may serve several, and the reverse."""

    __tablename__ = "team_village"

    team_id: int = Field(foreign_key="team.id", primary_key=True)
    village_id: int = Field(foreign_key="unit.id", primary_key=True, index=True)
    valid_from: date = Field(primary_key=True)
    valid_to: date | None = None


class Seat(Stored, table=True):
    """A member's place in a team from a day to a day (inclusive); `position` is the post in the village."""

    __tablename__ = "seat"

    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    role: SeatRole = Field(sa_type=word())
    position: str | None = Field(default=None, max_length=120)
    delegated_by_id: int | None = Field(default=None, foreign_key="member.id")
    """The leader who handed reviewing over for these days, beside the seat that the member has."""
    valid_from: date
    valid_to: date | None = None
