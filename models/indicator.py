"""Indicators of periodic reports as data: what each counts, in which unit, and where its number comes from."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field

from models.base import Json, Stored, UtcDateTime, word


class Section(StrEnum):
    """The parts of a report, in the order in which papers print them (I to VI)."""

    ORGANISATION = "organisation"
    PROPAGANDA = "propaganda"
    GOVERNMENT = "government"
    ECONOMY = "economy"
    SOCIETY = "society"
    COMMON = "common"


class Source(StrEnum):
    """Worked out from what was recorded, or said by whoever reports."""

    AUTO = "auto"
    MANUAL = "manual"


class IndicatorUnit(StrEnum):
    """What is counted; different units are never added up."""

    MEMBER = "member"
    MEETING = "meeting"
    SESSION = "session"
    ATTENDANCE = "attendance"
    POST = "post"
    HOUSEHOLD = "household"
    SUPPORT = "support"
    PERSON = "person"
    FILE = "file"
    SHOP = "shop"
    ORDER = "order"
    PERCENT = "percent"
    DIFFICULTY = "difficulty"
    TASK = "task"


class Indicator(Stored, table=True):
    """`formula` of an automatic one is what `domain/indicator.Formula` reads; a manual one has none.

    A `stock` is a state at the end of the period and is not added up over a year. It belongs to the reports of
    periods that end on `applies_from` or later, until it is `discarded_at`.
    """

    __tablename__ = "indicator"

    code: str = Field(max_length=8, primary_key=True)
    section: Section = Field(sa_type=word())
    name_vi: str = Field(max_length=160)
    name_en: str = Field(max_length=160)
    short_vi: str = Field(max_length=40)
    short_en: str = Field(max_length=40)
    unit: IndicatorUnit = Field(sa_type=word())
    source: Source = Field(sa_type=word())
    formula: dict[str, Any] | None = Field(default=None, sa_type=Json)
    stock: bool = False
    position: int
    applies_from: date
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IndicatorPast(Stored, table=True):
    """What all indicators were called and where they stood until that moment: versions locked before it say it so.

    `words` are rows of (code, name_vi, name_en, short_vi, short_en, position).
    """

    __tablename__ = "indicator_past"

    id: int | None = Field(default=None, primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime, index=True)
    words: list[dict[str, Any]] = Field(sa_type=Json)
