"""One household with its cards and its history, as the commune keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.visit import GONE
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from models.account import Account
from models.audit_event import AuditEvent
from models.household import CardState, Household, HouseholdCard, HouseholdState
from models.member import Member
from models.roster_import import RosterImport, RosterImportRow, RowDeed
from models.unit import Unit
from models.visit import Visit

CARDS, VISITS, EVENTS = HouseholdCard.__table__, Visit.__table__, AuditEvent.__table__
MEMBERS, ACCOUNTS = Member.__table__, Account.__table__
IMPORTS, LISTED = RosterImport.__table__, RosterImportRow.__table__


@dataclass(frozen=True)
class CardRow:
    id: int
    short_code: str
    state: CardState
    since: datetime | None


@dataclass(frozen=True)
class HistoryRow:
    """`by` is empty where nobody's name is known."""

    at: datetime
    action: str
    by: str


@dataclass(frozen=True)
class HouseholdDetail:
    household: Household
    village: str
    merged_into: str | None
    """The number of the household that this one was."""
    visits: int
    cards: Sequence[CardRow]
    history: Sequence[HistoryRow]

    @property
    def is_here(self) -> bool:
        return self.household.discarded_at is None

    @property
    def moved_on(self) -> date | None:
        return self.household.moved_on


async def get_household(session: AsyncSession, who: Principal, household_id: UUID) -> HouseholdDetail:
    """Raises `household_unknown` or `forbidden`."""
    household = await session.get(Household, household_id)
    if household is None:
        raise Problem("household_unknown")
    village = await session.get_one(Unit, household.village_id)
    require(who, Action.READ_HOUSEHOLD, Place(village.id, village.parent_id))
    into = await session.get(Household, household.merged_into_id) if household.merged_into_id else None
    standing = select(func.count()).where(VISITS.c.household_id == household_id, VISITS.c.state.not_in(GONE))
    return HouseholdDetail(
        household,
        village.name,
        into.number if into else None,
        (await session.execute(standing)).scalar_one(),
        await _cards(session, household_id),
        await _history(session, household),
    )


async def _cards(session: AsyncSession, household_id: UUID) -> list[CardRow]:
    """Those in use first, then the newest."""
    query = select(CARDS).where(CARDS.c.household_id == household_id)
    rows = await session.execute(query.order_by(CARDS.c.state != CardState.BOUND, CARDS.c.id.desc()))
    return [CardRow(row.id, row.short_code, CardState(row.state), row.revoked_at or row.bound_at) for row in rows]


async def _history(session: AsyncSession, household: Household) -> list[HistoryRow]:
    """What was done to it, newest first."""
    told = [*await _events(session, household.id), *await _listed(session, household.id)]
    if household.state == HouseholdState.PROVISIONAL or household.added_by_id:
        told.append(HistoryRow(household.created_at, "household.met", await _name(session, household.added_by_id)))
    if household.confirmed_at:
        told.append(
            HistoryRow(household.confirmed_at, "household.confirm", await _name(session, household.confirmed_by_id))
        )
    return sorted(told, key=lambda row: row.at, reverse=True)


async def _name(session: AsyncSession, member_id: int | None) -> str:
    member = await session.get(Member, member_id) if member_id else None
    return member.full_name if member else ""


async def _events(session: AsyncSession, household_id: UUID) -> list[HistoryRow]:
    query = (
        select(EVENTS.c.at, EVENTS.c.action, MEMBERS.c.full_name.label("member"), ACCOUNTS.c.full_name.label("officer"))
        .outerjoin(MEMBERS, MEMBERS.c.id == EVENTS.c.member_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == EVENTS.c.account_id)
        .where(EVENTS.c.subject_kind == "household", EVENTS.c.subject_id == str(household_id))
    )
    return [HistoryRow(r.at, r.action, r.member or r.officer or "") for r in await session.execute(query)]


async def _listed(session: AsyncSession, household_id: UUID) -> list[HistoryRow]:
    """The lists that brought or changed it, and those that were taken back."""
    query = (
        select(LISTED.c.deed, IMPORTS.c.applied_at, IMPORTS.c.undone_at, ACCOUNTS.c.full_name)
        .join(IMPORTS, IMPORTS.c.id == LISTED.c.import_id)
        .join(ACCOUNTS, ACCOUNTS.c.id == IMPORTS.c.brought_by_id)
        .where(LISTED.c.subject_id == str(household_id), LISTED.c.deed.is_not(None))
        .where(LISTED.c.deed != RowDeed.SKIPPED)
    )
    told = []
    for row in await session.execute(query):
        told.append(HistoryRow(row.applied_at, "household.listed", row.full_name))
        if row.deed == RowDeed.UNDONE:
            told.append(HistoryRow(row.undone_at, "household.unlisted", row.full_name))
    return told
