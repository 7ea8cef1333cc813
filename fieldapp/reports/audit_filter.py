"""Which deeds somebody asks to see, and which they may.

A commune reads what was done in it. The province reads what its own accounts did and what was done to the province.
The administrator reads all of it. Nobody but the commune is shown what tells of its residents (`audit_list.py`).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.account_rule import STANDS_IN
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import VIETNAM, vn_day
from fieldapp.permissions import Action, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.reports.visit_filter import Chosen
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.member import Member
from models.unit import Unit, UnitKind

EVENTS, ACCOUNTS, MEMBERS, UNITS = AuditEvent.__table__, Account.__table__, Member.__table__, Unit.__table__
OF_PROVINCE = [str(role) for role, kind in STANDS_IN.items() if kind is UnitKind.PROVINCE]
MOST_PEOPLE = 300
DAYS = 30
DAY = timedelta(days=1)


class AuditFilter(BaseModel):
    """`person` is held against names and user names; `deed` is one action; `unit` a commune or a village."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    person: PlainText = Field(default="", max_length=80)
    deed: Annotated[Annotated[PlainText, Field(max_length=40)] | None, Chosen] = None
    unit: Annotated[Key | None, Chosen] = None
    first: Annotated[date | None, Chosen] = None
    last: Annotated[date | None, Chosen] = None
    page: int = Field(default=0, ge=0, le=100_000)

    def chosen(self) -> dict[str, str]:
        """What was chosen, as a form or an address holds it; the page is no part of it."""
        return {name: str(value) for name, value in self.model_dump(exclude={"page"}).items() if value}


def read_filter(given: Mapping[str, Any]) -> AuditFilter:
    """The filter in a form or an address. Raises `invalid` with the field that is wrong."""
    try:
        return AuditFilter.model_validate(dict(given))
    except ValidationError as error:
        raise Problem("invalid", ".".join(map(str, error.errors()[0]["loc"])) or None) from None


def usual() -> AuditFilter:
    """The last thirty days."""
    today = vn_day(utc_now())
    return AuditFilter(first=today - (DAYS - 1) * DAY, last=today)


async def conditions(session: AsyncSession, who: Principal, asked: AuditFilter) -> list[ColumnElement[bool]]:
    """What a row must meet that this person asks for and may see. Raises `forbidden`, `not_found`."""
    found = [*await _in_reach(session, who), *in_days(asked)]
    if asked.deed:
        found.append(EVENTS.c.action == asked.deed)
    if asked.unit:
        found.append(EVENTS.c.unit_id.in_(await _units(session, who, asked.unit)))
    if asked.person:
        found.append(await _by(session, asked.person))
    return found


def in_days(asked: AuditFilter) -> list[ColumnElement[bool]]:
    found = []
    if asked.first:
        found.append(EVENTS.c.at >= datetime.combine(asked.first, time.min, VIETNAM))
    if asked.last and asked.last < date.max:
        found.append(EVENTS.c.at < datetime.combine(asked.last + DAY, time.min, VIETNAM))
    return found


async def _in_reach(session: AsyncSession, who: Principal) -> Sequence[ColumnElement[bool]]:
    require(who, Action.READ_AUDIT)
    if reach_of(who, Action.READ_AUDIT) is Reach.COMMUNE:
        return [EVENTS.c.unit_id.in_(await _with_villages(session, who.commune_id or 0))]
    if who.role == Role.ADMIN:
        return []
    theirs = select(ACCOUNTS.c.id).where(ACCOUNTS.c.role.in_(OF_PROVINCE))
    return [or_(EVENTS.c.account_id.in_(theirs), EVENTS.c.unit_id == who.unit_id)]


async def _units(session: AsyncSession, who: Principal, unit_id: int) -> list[int]:
    unit = await session.get(Unit, unit_id)
    if unit is None:
        raise Problem("not_found", "unit")
    if unit.kind == UnitKind.COMMUNE:
        return await _with_villages(session, unit_id)
    return [unit_id]


async def _with_villages(session: AsyncSession, commune_id: int) -> list[int]:
    """A commune and all villages that it ever had."""
    rows = await session.execute(select(UNITS.c.id).where(UNITS.c.parent_id == commune_id))
    return [commune_id, *rows.scalars()]


async def _by(session: AsyncSession, person: str) -> ColumnElement[bool]:
    """By officers and members of this name; of a very common one, by the first members who have it."""
    words = fold(person).split()
    accounts = (await session.execute(select(ACCOUNTS.c.id, ACCOUNTS.c.full_name, ACCOUNTS.c.username))).all()
    officers = [a.id for a in accounts if all(word in fold(f"{a.full_name} {a.username}") for word in words)]
    members = await session.execute(_matching(MEMBERS, words).limit(MOST_PEOPLE))
    return or_(EVENTS.c.account_id.in_(officers), EVENTS.c.member_id.in_(members.scalars().all()))


def _matching(table: Table, words: Sequence[str]) -> Any:
    return select(table.c.id).where(*(table.c.key.contains(word, autoescape=True) for word in words))
