"""The register of requests about personal data as the desk shows it, and what there is of a request's household."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.data_request import OPEN
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from models.account import Account
from models.audit_event import AuditEvent
from models.data_request import DataRequest
from models.household import Household
from models.unit import Unit
from models.visit import ConsentWay, Photo, PhotoState, Visit

REQUESTS, HOUSEHOLDS, UNITS = DataRequest.__table__, Household.__table__, Unit.__table__
ACCOUNTS, EVENTS = Account.__table__, AuditEvent.__table__
VISITS, PHOTOS = Visit.__table__, Photo.__table__
PAGE = 50


@dataclass(frozen=True)
class Page:
    """`rows` are of the table, with `village`, `number`, `head_name`, `erased_at` and `handler` beside them."""

    rows: Sequence[Any]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class HeldPhoto:
    record_id: UUID
    sha256: str
    shown: bool
    done_on: date
    consent_way: ConsentWay | None


@dataclass(frozen=True)
class RequestDetail:
    request: Any
    photos: Sequence[HeldPhoto]
    visits: int
    trail: Sequence[Any]


def commune_of(who: Principal) -> int:
    """Raises `forbidden` for those who keep no register."""
    require(who, Action.READ_RIGHTS, Place(commune_id=who.commune_id))
    assert who.commune_id is not None
    return who.commune_id


async def list_requests(session: AsyncSession, who: Principal, open_only: bool, page: int) -> Page:
    """Open ones by when they are due, then closed ones, newest first."""
    where: list[ColumnElement[bool]] = [REQUESTS.c.commune_id == commune_of(who)]
    if open_only:
        where.append(REQUESTS.c.state.in_(OPEN))
    total = (await session.execute(select(func.count()).select_from(REQUESTS).where(*where))).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = max(0, min(page, pages - 1))
    order = (REQUESTS.c.state.not_in(OPEN), REQUESTS.c.closed_on.desc(), REQUESTS.c.due_on, REQUESTS.c.id)
    rows = await session.execute(_named().where(*where).order_by(*order).offset(page * PAGE).limit(PAGE))
    return Page(rows.all(), total, page, pages)


async def count_late(session: AsyncSession, who: Principal, today: date) -> tuple[int, int]:
    """How many are open, and how many of them wait for something that was due before today."""
    mine = (REQUESTS.c.commune_id == commune_of(who), REQUESTS.c.state.in_(OPEN))
    late = (REQUESTS.c.due_on < today) | (REQUESTS.c.answered_on.is_(None) & (REQUESTS.c.first_due_on < today))
    query = select(func.count(), func.count().filter(late)).where(*mine)
    return tuple((await session.execute(query)).one())  # type: ignore[return-value]


async def get_request(session: AsyncSession, who: Principal, request_id: int) -> RequestDetail:
    """Raises `not_found`, `forbidden` for another commune's."""
    commune_of(who)
    row = (await session.execute(_named().where(REQUESTS.c.id == request_id))).first()
    if row is None:
        raise Problem("not_found")
    require(who, Action.READ_RIGHTS, Place(commune_id=row.commune_id))
    trail = (
        select(EVENTS.c.at, EVENTS.c.action, ACCOUNTS.c.full_name.label("by"))
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == EVENTS.c.account_id)
        .where(EVENTS.c.subject_kind == "data_request", EVENTS.c.subject_id == str(request_id))
        .order_by(EVENTS.c.id)
    )
    visits = select(func.count()).where(VISITS.c.household_id == row.household_id)
    return RequestDetail(
        row,
        await _photos(session, row.household_id) if row.household_id else [],
        (await session.execute(visits)).scalar_one() if row.household_id else 0,
        (await session.execute(trail)).all(),
    )


async def _photos(session: AsyncSession, household_id: UUID) -> list[HeldPhoto]:
    """Each picture of the household's visits once, newest first."""
    query = (
        select(PHOTOS.c.visit_id, PHOTOS.c.sha256, PHOTOS.c.state, PHOTOS.c.consent_way, VISITS.c.done_on)
        .join(VISITS, VISITS.c.id == PHOTOS.c.visit_id)
        .where(VISITS.c.household_id == household_id)
        .order_by(VISITS.c.done_on.desc(), PHOTOS.c.id.desc())
        .limit(PAGE)
    )
    found: dict[str, HeldPhoto] = {}
    for row in await session.execute(query):
        shown = row.state == PhotoState.READY
        found.setdefault(row.sha256, HeldPhoto(row.visit_id, row.sha256, shown, row.done_on, row.consent_way))
    return list(found.values())


def _named() -> Select:
    names = (
        UNITS.c.name.label("village"),
        HOUSEHOLDS.c.number,
        HOUSEHOLDS.c.head_name,
        HOUSEHOLDS.c.erased_at,
        ACCOUNTS.c.full_name.label("handler"),
    )
    return (
        select(REQUESTS, *names)
        .outerjoin(HOUSEHOLDS, HOUSEHOLDS.c.id == REQUESTS.c.household_id)
        .outerjoin(UNITS, UNITS.c.id == HOUSEHOLDS.c.village_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == REQUESTS.c.handler_id)
    )
