"""The consent log: who agreed to photos, to which words, in which way, told to whom, and what was taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, cast, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.i18n import text
from fieldapp.permissions import Principal
from fieldapp.reports.data_request_list import commune_of
from fieldapp.reports.spreadsheet import Row
from models.activity import Activity
from models.base import UtcDateTime
from models.consent_withdrawal import ConsentWithdrawal
from models.difficulty import Difficulty
from models.household import Household
from models.member import Member
from models.unit import Unit
from models.visit import ConsentWay, Photo, Visit
from models.work_photo import WorkPhoto

PAGE = 50
MOST = 100_000
COLUMNS = ("consented_at", "village", "household", "scope", "way", "text", "collector", "withdrawn_at", "photo")
PHOTOS, WORK, GONE = Photo.__table__, WorkPhoto.__table__, ConsentWithdrawal.__table__
VISITS, HOMES, UNITS, MEMBERS = Visit.__table__, Household.__table__, Unit.__table__, Member.__table__


@dataclass(frozen=True)
class ConsentRow:
    """`scope` is what kind of record the photo belongs to; of one taken back by somebody unnamed `way` is None."""

    at: datetime | None
    village: str
    household: str
    scope: str
    way: ConsentWay | None
    text_version: int | None
    collector: str
    withdrawn_at: datetime | None
    sha256: str


@dataclass(frozen=True)
class Page:
    rows: Sequence[ConsentRow]
    total: int
    page: int
    pages: int


async def list_consents(session: AsyncSession, who: Principal, page: int) -> Page:
    """Newest first. Raises `forbidden`."""
    log = _log(commune_of(who))
    total = (await session.execute(select(func.count()).select_from(log))).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = max(0, min(page, pages - 1))
    rows = await session.execute(_named(log).offset(page * PAGE).limit(PAGE))
    return Page([_row(row) for row in rows], total, page, pages)


async def every_consent(session: AsyncSession, who: Principal, locale: str) -> list[Row]:
    """The whole log as cells of a table. Raises `forbidden`."""
    found = await session.execute(_named(_log(commune_of(who))).limit(MOST))
    return [_cells(_row(row), locale) for row in found]


def _cells(row: ConsentRow, locale: str) -> Row:
    return (
        row.at,
        row.village,
        row.household,
        text(f"consents.scope.{row.scope}", locale),
        text(f"consent.{row.way}", locale) if row.way else "",
        text("consents.text_n", locale, n=row.text_version) if row.text_version else "",
        row.collector,
        row.withdrawn_at,
        row.sha256[:12],
    )


def _log(commune_id: int) -> Subquery:
    """A row for each photo that stands with a consent, and for each that was taken back."""
    stands = cast(null(), UtcDateTime).label("withdrawn_at")

    def standing(photos: Any, owners: Any, column: Any, scope: str) -> Select:
        columns = (
            photos.c.consent_at, photos.c.consent_way, photos.c.consent_text, photos.c.sha256, owners.c.village_id,
            owners.c.author_id.label("collector_id"), owners.c.id.label("record_id"), literal(scope).label("scope"),
            stands,
        )  # fmt: skip
        mine = (owners.c.commune_id == commune_id, photos.c.consent_way.is_not(None))
        return select(*columns).join(owners, owners.c.id == column).where(*mine)

    gone = select(
        GONE.c.consent_at, GONE.c.consent_way, GONE.c.consent_text, GONE.c.sha256, GONE.c.village_id,
        GONE.c.collector_id, GONE.c.record_id, GONE.c.record_kind.label("scope"), GONE.c.withdrawn_at,
    ).where(GONE.c.commune_id == commune_id)  # fmt: skip
    return union_all(
        standing(PHOTOS, VISITS, PHOTOS.c.visit_id, "visit"),
        standing(WORK, Activity.__table__, WORK.c.activity_id, "activity"),
        standing(WORK, Difficulty.__table__, WORK.c.difficulty_id, "difficulty"),
        gone,
    ).subquery()


def _named(log: Subquery) -> Select:
    newest = func.coalesce(log.c.withdrawn_at, log.c.consent_at).desc()
    return (
        select(log, UNITS.c.name.label("village"), HOMES.c.number, MEMBERS.c.full_name)
        .join(UNITS, UNITS.c.id == log.c.village_id)
        .join(MEMBERS, MEMBERS.c.id == log.c.collector_id)
        .outerjoin(VISITS, VISITS.c.id == log.c.record_id)
        .outerjoin(HOMES, HOMES.c.id == VISITS.c.household_id)
        .order_by(newest, log.c.record_id, log.c.sha256)
    )


def _row(row: Any) -> ConsentRow:
    return ConsentRow(
        row.consent_at,
        row.village,
        row.number or "",
        row.scope,
        row.consent_way,
        row.consent_text,
        row.full_name,
        row.withdrawn_at,
        row.sha256,
    )
