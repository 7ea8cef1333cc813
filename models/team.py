"""Community digital teams, the villages they serve and the seats in them, all with validity in time."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field

from models.base import Stored, UtcDateTime, utc_now, word


class TeamLevel(StrEnum):
    COMMUNE = "commune"
    VILLAGE = "village"


class SeatRole(StrEnum):
    LEADER = "leader"
    DEPUTY = "deputy"
    MEMBER = "member"


class SeatKind(StrEnum):
    """Whom somebody stands for in a team, in the words of the paper that says how teams are put together."""

    VILLAGE_HEAD = "village_head"
    PARTY_SECRETARY = "party_secretary"
    YOUTH_SECRETARY = "youth_secretary"
    POLICE = "police"
    WOMENS_UNION = "womens_union"
    FARMERS_UNION = "farmers_union"
    YOUTH_MEMBER = "youth_member"
    TEACHER = "teacher"
    IT_TEACHER = "it_teacher"
    CULTURE_OFFICE = "culture_office"
    COMMUNE_OFFICE = "commune_office"
    RESPECTED = "respected"
    OTHER = "other"


class Team(Stored, table=True):
    __tablename__ = "team"

    id: int | None = Field(default=None, primary_key=True)
    level: TeamLevel = Field(sa_type=word())
    name: str = Field(max_length=160)
    key: str = Field(max_length=160, index=True)
    commune_id: int = Field(foreign_key="unit.id", index=True)
    valid_from: date
    valid_to: date | None = None
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the commune last changed its seats, villages or name."""


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
    kind: SeatKind | None = Field(default=None, sa_type=word())
    """None where nobody has said it yet, which is not `other`."""
    position: str | None = Field(default=None, max_length=120)
    delegated_by_id: int | None = Field(default=None, foreign_key="member.id")
    """The leader who handed reviewing over for these days, beside the seat that the member has."""
    valid_from: date
    valid_to: date | None = None


class CompositionReason(Stored, table=True):
    """Why a team stands as it is although something is missing: it silences one warning until it is taken back."""

    __tablename__ = "composition_reason"

    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    shortfall: str = Field(sa_type=word())
    reason: str = Field(max_length=300)
    given_by_id: int = Field(foreign_key="account.id")
    given_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    taken_back_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
