"""Counters that summaries read instead of visits; moved in the transaction of the visit or the decision.

`support_count` is in lượt (one platform shown to one household once), `people_count` in người,
household counts in hộ. Their keys are those of docs/sync.md, "Counting".
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index

from models.base import Stored, word


class PeriodKind(StrEnum):
    """Periods for which distinct households are kept; they cannot be added up from smaller ones."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class VillageCount(Stored, table=True):
    __tablename__ = "village_count"

    village_id: int = Field(primary_key=True)
    day: date = Field(primary_key=True)
    team_id: int = Field(primary_key=True)
    member_id: int = Field(primary_key=True)
    platform_code: str = Field(max_length=20, primary_key=True)
    result: str = Field(sa_type=word(), primary_key=True)
    mode: str = Field(sa_type=word(), primary_key=True)
    beneficiary: str = Field(sa_type=word(), primary_key=True)
    state: str = Field(sa_type=word(), primary_key=True)
    support_count: int = 0
    people_count: int = 0


class Facet(StrEnum):
    """By what a half-month is split. Each facet holds every lượt once, so they are never added up."""

    ALL = "all"
    PLATFORM = "platform"
    RESULT = "result"


class CommuneCount(Stored, table=True):
    """`half_month` is its first day: the 1st (days 1-14) or the 15th (day 15 to the end). Lượt, and below them người.

    `part` is the commune for all; by platform and by result it is one of eight parts of the province, into which
    communes fall by their ids. `word` is the platform's code or the result; empty for all. `independent` is approved
    lượt with that result.
    """

    __tablename__ = "commune_count"

    facet: Facet = Field(sa_type=word(), primary_key=True)
    half_month: date = Field(primary_key=True)
    part: int = Field(primary_key=True)
    word: str = Field(sa_type=word(), primary_key=True)
    approved: int = 0
    waiting: int = 0
    returned: int = 0
    approved_people: int = 0
    waiting_people: int = 0
    returned_people: int = 0
    independent: int = 0


class HouseholdPeriod(Stored, table=True):
    """How often one household was helped in one period, by review state, credited to one village."""

    __tablename__ = "household_period"
    __table_args__ = (Index("ix_household_period_commune", "commune_id", "kind", "starts_on"),)

    household_id: UUID = Field(primary_key=True)
    kind: PeriodKind = Field(sa_type=word(), primary_key=True)
    starts_on: date = Field(primary_key=True)
    village_id: int
    commune_id: int
    approved: int = 0
    waiting: int = 0
    returned: int = 0


class HouseholdCount(Stored, table=True):
    """Distinct households of a village in a period: with an approved visit, and with any that stands."""

    __tablename__ = "household_count"
    __table_args__ = (Index("ix_household_count_period", "kind", "starts_on", "commune_id"),)

    village_id: int = Field(primary_key=True)
    kind: PeriodKind = Field(sa_type=word(), primary_key=True)
    starts_on: date = Field(primary_key=True)
    commune_id: int
    approved: int = 0
    standing: int = 0


class HouseholdPlatform(Stored, table=True):
    """The best rung a household stands on for a platform (1 introduced, 2 installed, 3 independent)."""

    __tablename__ = "household_platform"

    household_id: UUID = Field(primary_key=True)
    platform_code: str = Field(max_length=20, primary_key=True)
    rung: int
    since: date
