"""Officers' accounts that somebody looks after: filtered, searched without diacritics, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.account_rule import given_by
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.search_key import fold
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.reports.visit_filter import Chosen
from models.account import Account, Role
from models.base import utc_now
from models.partner import Partner
from models.second_step import SecondStep
from models.session import Session
from models.unit import Unit, UnitKind

ACCOUNTS, UNITS, SESSIONS = Account.__table__, Unit.__table__, Session.__table__
STEPS, PARTNERS = SecondStep.__table__, Partner.__table__
PAGE = 50


class AccountState(StrEnum):
    """`waiting` has no password yet; `paused` is locked for some minutes by wrong tries, `blocked` by somebody."""

    ACTIVE = "active"
    WAITING = "waiting"
    PAUSED = "paused"
    BLOCKED = "blocked"


class AccountFilter(BaseModel):
    """`query` is held against names and user names; `page` counts from 0."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    query: PlainText = Field(default="", max_length=80)
    role: Annotated[Role | None, Chosen] = None
    unit: Annotated[Key | None, Chosen] = None
    state: Annotated[AccountState | None, Chosen] = None
    page: int = Field(default=0, ge=0, le=100_000)

    def chosen(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.model_dump(exclude={"page"}).items() if value}


@dataclass(frozen=True)
class AccountRow:
    id: int
    username: str
    full_name: str
    role: Role
    unit_id: int
    unit: str
    state: AccountState
    second_step: bool
    provider_name: str
    seen_at: datetime | None
    partner_id: int | None
    partner: str


@dataclass(frozen=True)
class AccountPage:
    rows: Sequence[AccountRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


async def list_accounts(session: AsyncSession, who: Principal, asked: AccountFilter) -> AccountPage:
    """Those of the province first, then commune by commune; a page past the end gives the last one."""
    now = utc_now()
    found = [row for row in await _all(session, who, _conditions(who, asked), now) if _is_meant(row, asked)]
    page = min(asked.page, max(0, -(-len(found) // PAGE) - 1))
    return AccountPage(found[page * PAGE : (page + 1) * PAGE], len(found), page)


async def get_account(session: AsyncSession, who: Principal, account_id: int) -> AccountRow:
    """Raises `not_found`, also for an account that somebody else looks after."""
    rows = await _all(session, who, [*_conditions(who, AccountFilter()), ACCOUNTS.c.id == account_id], utc_now())
    if not rows:
        raise Problem("not_found", "account")
    return rows[0]


def _is_meant(row: AccountRow, asked: AccountFilter) -> bool:
    """Names have no folded twin in the record, and there are some hundreds of them."""
    told = fold(f"{row.full_name} {row.username} {row.unit} {row.partner}")
    return asked.state in (None, row.state) and all(word in told for word in fold(asked.query).split())


def _conditions(who: Principal, asked: AccountFilter) -> list[ColumnElement[bool]]:
    require(who, Action.MANAGE_ACCOUNT)
    roles = [str(role) for role in given_by(who.role) if asked.role in (None, role)]
    found = [ACCOUNTS.c.discarded_at.is_(None), ACCOUNTS.c.role.in_(roles)]
    return found + ([ACCOUNTS.c.unit_id == asked.unit] if asked.unit else [])


async def _all(
    session: AsyncSession, who: Principal, where: Sequence[ColumnElement[bool]], now: datetime
) -> list[AccountRow]:
    return [_row(found, now) for found in await session.execute(_query().where(*where))]


def _query() -> Select:
    seen = select(func.max(SESSIONS.c.last_seen_at)).where(SESSIONS.c.account_id == ACCOUNTS.c.id).scalar_subquery()
    step = and_(STEPS.c.account_id == ACCOUNTS.c.id, STEPS.c.confirmed_at.is_not(None))
    columns = (
        *(
            ACCOUNTS.c[name]
            for name in ("id", "username", "full_name", "role", "unit_id", "provider_name", "partner_id")
        ),
        *(ACCOUNTS.c[name] for name in ("password_hash", "blocked_at", "locked_until")),
        UNITS.c.name.label("unit"),
        PARTNERS.c.name.label("partner"),
        STEPS.c.account_id.label("step"),
        seen.label("seen_at"),
    )
    return (
        select(*columns)
        .join(UNITS, UNITS.c.id == ACCOUNTS.c.unit_id)
        .outerjoin(STEPS, step)
        .outerjoin(PARTNERS, PARTNERS.c.id == ACCOUNTS.c.partner_id)
        .order_by(UNITS.c.kind != UnitKind.PROVINCE, UNITS.c.code, ACCOUNTS.c.role, ACCOUNTS.c.username)
    )


def _row(found, now: datetime) -> AccountRow:
    return AccountRow(
        found.id,
        found.username,
        found.full_name,
        Role(found.role),
        found.unit_id,
        found.unit,
        _state(found, now),
        found.step is not None,
        found.provider_name or "",
        found.seen_at,
        found.partner_id,
        found.partner or "",
    )


def _state(found, now: datetime) -> AccountState:
    if found.blocked_at is not None:
        return AccountState.BLOCKED
    if found.locked_until is not None and found.locked_until > now:
        return AccountState.PAUSED
    return AccountState.ACTIVE if found.password_hash or found.provider_name else AccountState.WAITING


async def list_units(session: AsyncSession) -> tuple[int, Sequence[tuple[int, str]]]:
    """The province, and id and name of the communes that there are today, by name."""
    query = select(UNITS.c.id, UNITS.c.name, UNITS.c.kind).where(
        UNITS.c.kind.in_([UnitKind.PROVINCE, UnitKind.COMMUNE]), UNITS.c.valid_to.is_(None)
    )
    rows = (await session.execute(query.order_by(UNITS.c.key, UNITS.c.id))).all()
    province = next((row.id for row in rows if row.kind == UnitKind.PROVINCE), 0)
    return province, [(row.id, row.name) for row in rows if row.kind == UnitKind.COMMUNE]
