"""The directory of partner companies as the desk lists it: a commune sees those that work with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.given import PlainText
from fieldapp.domain.search_key import fold
from fieldapp.permissions import Action, Place, Principal, Reach, may, reach_of, require
from fieldapp.problems import Problem
from fieldapp.reports.visit_filter import Chosen
from models.account import Account
from models.partner import Partner, PartnerCommune, PartnerKind, PartnerPlatform
from models.platform import Platform
from models.unit import Unit

PARTNERS, PLACES, SUPPORTED = Partner.__table__, PartnerCommune.__table__, PartnerPlatform.__table__
PLATFORMS, UNITS, ACCOUNTS = Platform.__table__, Unit.__table__, Account.__table__
PAGE = 50


class PartnerStanding(StrEnum):
    ACTIVE = "active"
    AHEAD = "ahead"
    ENDED = "ended"


class PartnerFilter(BaseModel):
    """`query` is held against names; `page` counts from 0."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    query: PlainText = Field(default="", max_length=80)
    kind: Annotated[PartnerKind | None, Chosen] = None
    standing: Annotated[PartnerStanding | None, Chosen] = None
    page: int = Field(default=0, ge=0, le=100_000)

    def chosen(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.model_dump(exclude={"page"}).items() if value}


@dataclass(frozen=True)
class PartnerRow:
    """`platforms` and `communes` are (code or id, name); `own` is whether whoever asks may change it."""

    id: int
    name: str
    kind: PartnerKind
    contact: str
    agreement_number: str
    agreement_on: date | None
    active_from: date
    active_to: date | None
    everywhere: bool
    of_commune: bool
    standing: PartnerStanding
    own: bool
    accounts: int
    platforms: Sequence[tuple[str, str, str]] = field(default_factory=list)
    communes: Sequence[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class PartnerPage:
    rows: Sequence[PartnerRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


async def list_partners(session: AsyncSession, who: Principal, asked: PartnerFilter, today: date) -> PartnerPage:
    """By name; a page past the end gives the last one. Raises `forbidden`."""
    where = [*_seen_by(who), *_asked(asked, today)]
    total = (await session.execute(select(func.count()).select_from(PARTNERS).where(*where))).scalar_one()
    page = min(asked.page, max(0, -(-total // PAGE) - 1))
    return PartnerPage(await _rows(session, who, where, today, page), total, page)


async def get_partner(session: AsyncSession, who: Principal, partner_id: int, today: date) -> PartnerRow:
    """Raises `forbidden`, and `not_found` also for one that works elsewhere."""
    rows = await _rows(session, who, [*_seen_by(who), PARTNERS.c.id == partner_id], today, 0)
    if not rows:
        raise Problem("not_found", "partner")
    return rows[0]


def _seen_by(who: Principal) -> list[ColumnElement[bool]]:
    require(who, Action.READ_PARTNER)
    if reach_of(who, Action.READ_PARTNER) is Reach.PROVINCE:
        return []
    here = select(PLACES.c.partner_id).where(PLACES.c.commune_id == (who.commune_id or 0))
    return [or_(PARTNERS.c.everywhere.is_(True), PARTNERS.c.id.in_(here))]


def _asked(asked: PartnerFilter, today: date) -> list[ColumnElement[bool]]:
    ended = PARTNERS.c.active_to < today
    found = [PARTNERS.c.key.contains(word, autoescape=True) for word in fold(asked.query).split()]
    if asked.kind is not None:
        found.append(PARTNERS.c.kind == str(asked.kind))
    match asked.standing:
        case PartnerStanding.ENDED:
            found.append(ended)
        case PartnerStanding.AHEAD:
            found.append(PARTNERS.c.active_from > today)
        case PartnerStanding.ACTIVE:
            found += [PARTNERS.c.active_from <= today, or_(PARTNERS.c.active_to.is_(None), ~ended)]
    return found


async def _rows(
    session: AsyncSession, who: Principal, where: Sequence[ColumnElement[bool]], today: date, page: int
) -> list[PartnerRow]:
    used = (
        select(func.count())
        .select_from(ACCOUNTS)
        .where(ACCOUNTS.c.partner_id == PARTNERS.c.id, ACCOUNTS.c.discarded_at.is_(None))
        .scalar_subquery()
        .label("accounts")
    )
    query = select(PARTNERS, used).where(*where).order_by(PARTNERS.c.key, PARTNERS.c.id)
    found = (await session.execute(query.limit(PAGE).offset(page * PAGE))).all()
    ids = [row.id for row in found]
    platforms, communes = await _platforms(session, ids), await _communes(session, who, ids)
    return [
        PartnerRow(
            row.id,
            row.name,
            PartnerKind(row.kind),
            row.contact,
            row.agreement_number,
            row.agreement_on,
            row.active_from,
            row.active_to,
            row.everywhere,
            row.commune_id is not None,
            _standing(row, today),
            may(who, Action.KEEP_PARTNER, Place(commune_id=row.commune_id)),
            row.accounts,
            platforms.get(row.id, []),
            communes.get(row.id, []),
        )
        for row in found
    ]


def _standing(row: Any, today: date) -> PartnerStanding:
    if row.active_to is not None and row.active_to < today:
        return PartnerStanding.ENDED
    return PartnerStanding.AHEAD if row.active_from > today else PartnerStanding.ACTIVE


async def _platforms(session: AsyncSession, ids: Sequence[int]) -> dict[int, list[tuple[str, str, str]]]:
    query = (
        select(SUPPORTED.c.partner_id, PLATFORMS.c.code, PLATFORMS.c.short_vi, PLATFORMS.c.short_en)
        .join(PLATFORMS, PLATFORMS.c.code == SUPPORTED.c.platform_code)
        .where(SUPPORTED.c.partner_id.in_(ids))
        .order_by(PLATFORMS.c.position)
    )
    found: dict[int, list[tuple[str, str, str]]] = {}
    for row in await session.execute(query):
        found.setdefault(row.partner_id, []).append((row.code, row.short_vi, row.short_en))
    return found


async def _communes(session: AsyncSession, who: Principal, ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Where each works; a commune is told of itself alone."""
    query = (
        select(PLACES.c.partner_id, UNITS.c.id, UNITS.c.name)
        .join(UNITS, UNITS.c.id == PLACES.c.commune_id)
        .where(PLACES.c.partner_id.in_(ids))
        .order_by(UNITS.c.code)
    )
    if reach_of(who, Action.READ_PARTNER) is not Reach.PROVINCE:
        query = query.where(UNITS.c.id == (who.commune_id or 0))
    found: dict[int, list[tuple[int, str]]] = {}
    for row in await session.execute(query):
        found.setdefault(row.partner_id, []).append((row.id, row.name))
    return found
