"""A commune's households as a list: village by village, searched without diacritics, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.search_key import fold
from fieldapp.permissions import Action, Place, Principal, require
from models.household import CardState, Household, HouseholdCard, HouseholdState
from models.unit import Unit, UnitKind

HOUSEHOLDS, UNITS, CARDS = Household.__table__, Unit.__table__, HouseholdCard.__table__
PAGE = 50


class Shown(StrEnum):
    """Those on the roster, those of them that nobody confirmed yet or that have no card, and those that moved away."""

    HERE = "here"
    NEW = "new"
    CARDLESS = "cardless"
    MOVED = "moved"


class HouseholdFilter(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    village: Annotated[Key | None, BeforeValidator(lambda value: value or None)] = None
    shown: Shown = Shown.HERE
    query: PlainText = Field(default="", max_length=80)
    page: int = Field(default=0, ge=0, le=100_000)


@dataclass(frozen=True)
class HouseholdRow:
    id: UUID
    number: str
    head_name: str | None
    village: str
    last_visit_on: date | None
    state: HouseholdState
    moved_on: date | None
    has_card: bool


@dataclass(frozen=True)
class HouseholdPage:
    rows: Sequence[HouseholdRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


async def list_villages(session: AsyncSession, who: Principal, today: date) -> Sequence[tuple[int, str]]:
    """The villages of one's commune on a day, by code. Raises `forbidden`."""
    require(who, Action.READ_HOUSEHOLD, Place(commune_id=who.commune_id))
    query = select(UNITS.c.id, UNITS.c.name).where(
        UNITS.c.parent_id == who.commune_id, UNITS.c.kind == UnitKind.VILLAGE,
        UNITS.c.valid_from <= today, or_(UNITS.c.valid_to.is_(None), UNITS.c.valid_to >= today),
    )  # fmt: skip
    return [(row.id, row.name) for row in await session.execute(query.order_by(UNITS.c.code, UNITS.c.id))]


async def list_households(session: AsyncSession, who: Principal, asked: HouseholdFilter) -> HouseholdPage:
    """One page, numbers as they count; a page past the end gives the last one. Raises `forbidden`."""
    require(who, Action.READ_HOUSEHOLD, Place(commune_id=who.commune_id))
    where = _conditions(who.commune_id or 0, asked)
    joined = HOUSEHOLDS.join(UNITS, UNITS.c.id == HOUSEHOLDS.c.village_id)
    total = (await session.execute(select(func.count()).select_from(joined).where(*where))).scalar_one()
    page = min(asked.page, max(0, -(-total // PAGE) - 1))
    columns = (HOUSEHOLDS.c[name] for name in ("id", "number", "head_name", "last_visit_on", "state", "moved_on"))
    query = (
        select(*columns, UNITS.c.name.label("village"))
        .select_from(joined)
        .where(*where)
        .order_by(UNITS.c.code, func.length(HOUSEHOLDS.c.number), HOUSEHOLDS.c.number, HOUSEHOLDS.c.id)
        .limit(PAGE)
        .offset(page * PAGE)
    )
    found = (await session.execute(query)).all()
    carded = await _carded(session, [row.id for row in found])
    rows = [HouseholdRow(**row._mapping, has_card=row.id in carded) for row in found]
    return HouseholdPage(rows, total, page)


def _conditions(commune_id: int, asked: HouseholdFilter) -> list[ColumnElement[bool]]:
    where = [UNITS.c.parent_id == commune_id]
    if asked.village:
        where.append(HOUSEHOLDS.c.village_id == asked.village)
    if asked.query:
        where.append(HOUSEHOLDS.c.key.contains(fold(asked.query), autoescape=True))
    if asked.shown == Shown.MOVED:
        return [*where, HOUSEHOLDS.c.moved_on.is_not(None)]
    where.append(HOUSEHOLDS.c.discarded_at.is_(None))
    if asked.shown == Shown.NEW:
        where.append(HOUSEHOLDS.c.state == HouseholdState.PROVISIONAL)
    if asked.shown == Shown.CARDLESS:
        bound = select(CARDS.c.id).where(CARDS.c.household_id == HOUSEHOLDS.c.id, CARDS.c.state == CardState.BOUND)
        where.append(~bound.exists())
    return where


async def _carded(session: AsyncSession, ids: Sequence[UUID]) -> set[UUID]:
    query = select(CARDS.c.household_id).where(CARDS.c.household_id.in_(ids), CARDS.c.state == CardState.BOUND)
    return {household for household in (await session.execute(query.distinct())).scalars() if household}
