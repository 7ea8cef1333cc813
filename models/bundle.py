"""All approved papers of a period as one file to take away: how far its making is, and the papers that go into it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, Index

from models.base import Stored, UtcDateTime, utc_now, word


class BundleFile(StrEnum):
    """What each paper in it is."""

    DOCX = "docx"
    PDF = "pdf"


class BundleState(StrEnum):
    """A failed one goes on where it was when it is asked for again."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class Bundle(Stored, table=True):
    """Of a commune or the province. `key` says which versions in which kind of file, so that the same is made once.

    `cause` is what made the clock ask for it (`report:<id>` of a version that was added up, `due:<period>`); with
    nobody in `asked_by_id`. The finished file lies in the photo store under `sha256`.
    """

    __tablename__ = "bundle"
    __table_args__ = (Index("ix_bundle_period", "period_id", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="period.id")
    unit_id: int = Field(foreign_key="unit.id")
    file: BundleFile = Field(sa_type=word())
    key: str = Field(max_length=64, unique=True)
    cause: str | None = Field(default=None, max_length=48, unique=True)
    state: BundleState = Field(default=BundleState.WAITING, sa_type=word(), index=True)
    paper_count: int
    done_count: int = 0
    sha256: str | None = Field(default=None, max_length=64, index=True)
    bytes: int = 0
    error: str = Field(default="", max_length=40)
    asked_by_id: int | None = Field(default=None, foreign_key="account.id")
    asked_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class BundlePaper(Stored, table=True):
    """One version in it, by the name that it has there; with its hash once it is rendered."""

    __tablename__ = "bundle_paper"

    bundle_id: int = Field(foreign_key="bundle.id", primary_key=True)
    report_id: UUID = Field(foreign_key="period_report.id", primary_key=True)
    name: str = Field(max_length=240)
    sha256: str | None = Field(default=None, max_length=64, index=True)
