"""One visit with all that hangs on it: outcomes, flags, photos, decisions, versions and the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.reports.visit_filter import DOERS, HOUSEHOLDS, MEMBERS, NUMBER_THEN, OUTCOMES, VISITS, commune_of
from fieldapp.reports.visit_list import PHOTOS, PLATFORMS, UNITS, flags_of
from models.account import Account
from models.audit_event import AuditEvent
from models.flag import FlagKind
from models.platform import PlatformStep
from models.review import Review
from models.visit import ConsentWay, PhotoState, Result

REVIEWS, EVENTS, ACCOUNTS, STEPS = Review.__table__, AuditEvent.__table__, Account.__table__, PlatformStep.__table__


@dataclass(frozen=True)
class OutcomeDetail:
    """`steps` are pairs of Vietnamese and English names."""

    name_vi: str
    name_en: str
    icon: str
    result: Result
    come_back_on: date | None
    again: bool
    steps: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class PhotoRow:
    """Only a photo that is `ready` can be looked at; the others are named so that nobody wonders."""

    sha256: str
    state: PhotoState
    reason_code: str | None
    consent_way: ConsentWay | None


@dataclass(frozen=True)
class ReviewRow:
    verdict: str
    by: str
    made_at: datetime
    reason_code: str | None
    reason: str | None


@dataclass(frozen=True)
class TrailRow:
    """`by` is empty for what the server did by itself; `version` is that of the visit that it was done to."""

    at: datetime
    action: str
    by: str
    version: int


@dataclass(frozen=True)
class VisitDetail:
    """`visit` is the row of the table, with the names of its household, village and author, and of whoever did it."""

    visit: Any
    outcomes: Sequence[OutcomeDetail]
    flags: Sequence[FlagKind]
    photos: Sequence[PhotoRow]
    reviews: Sequence[ReviewRow]
    trail: Sequence[TrailRow]


async def get_visit(session: AsyncSession, who: Principal, visit_id: UUID) -> VisitDetail:
    """Raises `not_found`, or `forbidden` for a visit of another commune and for those who read numbers only."""
    commune_of(who)
    visit = await _visit(session, visit_id)
    if visit is None:
        raise Problem("not_found")
    require(who, Action.READ_VISIT, Place(visit.village_id, visit.commune_id, visit.author_id))
    chain = await session.execute(select(VISITS.c.id, VISITS.c.version).where(VISITS.c.root_id == visit.root_id))
    versions = {row.id: row.version for row in chain}
    return VisitDetail(
        visit=visit,
        outcomes=await _outcomes(session, visit_id),
        flags=(await flags_of(session, [visit_id])).get(visit_id, []),
        photos=await _photos(session, visit_id),
        reviews=await _reviews(session, list(versions)),
        trail=await _trail(session, versions),
    )


async def _visit(session: AsyncSession, visit_id: UUID) -> Any:
    names = (
        UNITS.c.name.label("village"),
        NUMBER_THEN.label("household_number"),
        HOUSEHOLDS.c.head_name,
        MEMBERS.c.full_name.label("author"),
        DOERS.c.full_name.label("done_by"),
    )
    query = (
        select(VISITS, *names)
        .join(UNITS, UNITS.c.id == VISITS.c.village_id)
        .join(HOUSEHOLDS, HOUSEHOLDS.c.id == VISITS.c.household_id)
        .join(MEMBERS, MEMBERS.c.id == VISITS.c.author_id)
        .outerjoin(DOERS, DOERS.c.id == VISITS.c.done_by_id)
        .where(VISITS.c.id == visit_id)
    )
    return (await session.execute(query)).first()


async def _outcomes(session: AsyncSession, visit_id: UUID) -> list[OutcomeDetail]:
    query = (
        select(OUTCOMES, PLATFORMS.c.short_vi, PLATFORMS.c.short_en, PLATFORMS.c.icon)
        .join(PLATFORMS, PLATFORMS.c.code == OUTCOMES.c.platform_code)
        .where(OUTCOMES.c.visit_id == visit_id)
        .order_by(OUTCOMES.c.id)
    )
    rows = (await session.execute(query)).all()
    named = await session.execute(select(STEPS).where(STEPS.c.platform_code.in_([r.platform_code for r in rows])))
    steps = {(s.platform_code, s.code): (s.name_vi, s.name_en) for s in named}
    return [
        OutcomeDetail(
            row.short_vi,
            row.short_en,
            row.icon,
            Result(row.result),
            date.fromisoformat(row.detail["come_back_on"]) if row.detail.get("come_back_on") else None,
            bool(row.detail.get("again")),
            [steps.get((row.platform_code, code), (code, code)) for code in row.detail.get("steps", [])],
        )
        for row in rows
    ]


async def _photos(session: AsyncSession, visit_id: UUID) -> list[PhotoRow]:
    shown = (PHOTOS.c.sha256, PHOTOS.c.state, PHOTOS.c.reason_code, PHOTOS.c.consent_way)
    rows = await session.execute(select(*shown).where(PHOTOS.c.visit_id == visit_id).order_by(PHOTOS.c.id))
    return [PhotoRow(row.sha256, PhotoState(row.state), row.reason_code, row.consent_way) for row in rows]


async def _reviews(session: AsyncSession, visit_ids: Sequence[UUID]) -> list[ReviewRow]:
    query = (
        select(REVIEWS, func.coalesce(MEMBERS.c.full_name, ACCOUNTS.c.full_name).label("full_name"))
        .outerjoin(MEMBERS, MEMBERS.c.id == REVIEWS.c.by_member_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == REVIEWS.c.by_account_id)
        .where(REVIEWS.c.visit_id.in_(visit_ids))
        .order_by(REVIEWS.c.made_at)
    )
    return [
        ReviewRow(row.verdict, row.full_name, row.made_at, row.reason_code, row.reason)
        for row in await session.execute(query)
    ]


async def _trail(session: AsyncSession, versions: dict[UUID, int]) -> list[TrailRow]:
    """All that was done to any version of the visit, oldest first."""
    subjects = {str(visit_id): version for visit_id, version in versions.items()}
    query = (
        select(EVENTS, MEMBERS.c.full_name.label("member"), ACCOUNTS.c.full_name.label("officer"))
        .outerjoin(MEMBERS, MEMBERS.c.id == EVENTS.c.member_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == EVENTS.c.account_id)
        .where(EVENTS.c.subject_kind.in_(("visit", "record")), EVENTS.c.subject_id.in_(subjects))
        .order_by(EVENTS.c.at, EVENTS.c.id)
    )
    return [
        TrailRow(row.at, row.action, row.member or row.officer or "", subjects[row.subject_id])
        for row in await session.execute(query)
    ]
