"""Secret addresses that are read without a sign-in. No secret is stored; whoever has one has what it opens.

A calendar is of the account that made it, and ends with its next one, when it is taken back, and with the account. The
percentages of a partner company end on their day, with their next address, when they are taken back, and with its work.
"""

from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.partner import is_active
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, partners
from fieldapp.services.sessions import new_token, token_hash
from models.base import utc_now
from models.partner import Partner
from models.shared_link import LinkKind, SharedLink

LINKS = SharedLink.__table__


async def make_calendar(session: AsyncSession, who: Principal) -> tuple[SharedLink, str]:
    """One's own new address of deadlines, and its secret; the one before opens nothing any more. Raises `forbidden`."""
    require(who, Action.READ_REPORT)
    if who.account_id is None:
        raise Problem("forbidden")
    await _end_calendars(session, who)
    secret = new_token()
    row = SharedLink(kind=LinkKind.CALENDAR, token_hash=token_hash(secret), account_id=who.account_id)
    session.add(row)
    await session.flush()
    await audit.write(session, [audit.event(who, "calendar.share", "shared_link", row.id, who.unit_id)])
    return row, secret


async def end_calendar(session: AsyncSession, who: Principal) -> None:
    """Takes one's own address back. Raises `forbidden`, `not_found`."""
    require(who, Action.READ_REPORT)
    ended = await _end_calendars(session, who)
    if not ended:
        raise Problem("not_found")
    await audit.write(session, [audit.event(who, "calendar.unshare", "shared_link", ended[0], who.unit_id)])


async def _end_calendars(session: AsyncSession, who: Principal) -> list[int]:
    mine = LINKS.c.kind == LinkKind.CALENDAR, LINKS.c.account_id == who.account_id, LINKS.c.ended_at.is_(None)
    ended = update(LINKS).where(*mine).values(ended_at=utc_now()).returning(LINKS.c.id)
    return list((await session.execute(ended)).scalars())


async def find_own_calendar(session: AsyncSession, who: Principal) -> SharedLink | None:
    mine = LINKS.c.kind == LinkKind.CALENDAR, LINKS.c.account_id == who.account_id, LINKS.c.ended_at.is_(None)
    return (await session.execute(select(SharedLink).where(*mine))).scalars().first()


async def make_percentages(session: AsyncSession, who: Principal, partner_id: int, days: int) -> tuple[SharedLink, str]:
    """A new address of a company's percentages for so many days, and its secret; the one before opens nothing any more.

    Raises `forbidden`, `not_found`, as keeping the company would.
    """
    company = await partners.get_kept(session, who, partner_id)
    await _end_percentages(session, partner_id)
    secret = new_token()
    row = SharedLink(
        kind=LinkKind.PERCENTAGES,
        token_hash=token_hash(secret),
        account_id=who.account_id or 0,
        partner_id=company.id,
        last_day=vn_day(utc_now()) + timedelta(days=days),
    )
    session.add(row)
    await session.flush()
    await audit.write(session, [audit.event(who, "partner.share", "partner", partner_id, who.unit_id, days=days)])
    return row, secret


async def end_percentages(session: AsyncSession, who: Principal, partner_id: int) -> None:
    """Takes a company's address back. Raises `forbidden`, `not_found`."""
    await partners.get_kept(session, who, partner_id)
    if not await _end_percentages(session, partner_id):
        raise Problem("not_found")
    await audit.write(session, [audit.event(who, "partner.unshare", "partner", partner_id, who.unit_id)])


async def _end_percentages(session: AsyncSession, partner_id: int) -> bool:
    ended = update(LINKS).where(*_of_company(partner_id)).values(ended_at=utc_now()).returning(LINKS.c.id)
    return (await session.execute(ended)).first() is not None


def _of_company(partner_id: int):
    return LINKS.c.kind == LinkKind.PERCENTAGES, LINKS.c.partner_id == partner_id, LINKS.c.ended_at.is_(None)


async def last_day_of(session: AsyncSession, partner_id: int, today: date) -> date | None:
    """Up to which day somebody may read a company's percentages by an address; None where there is none."""
    query = select(LINKS.c.last_day).where(*_of_company(partner_id), LINKS.c.last_day >= today)
    return (await session.execute(query)).scalars().first()


async def company_of(session: AsyncSession, secret: str, today: date) -> Partner:
    """Whose percentages a secret opens. Raises `not_found`, also where its days or the company's work are over."""
    row = await find(session, LinkKind.PERCENTAGES, secret)
    company = await session.get(Partner, row.partner_id) if row.partner_id else None
    if company is None or row.last_day is None or row.last_day < today:
        raise Problem("not_found")
    if not is_active(company.active_from, company.active_to, today):
        raise Problem("not_found")
    return company


async def find(session: AsyncSession, kind: LinkKind, secret: str) -> SharedLink:
    """What a secret opens. Raises `not_found` for one that is unknown or taken back."""
    query = select(SharedLink).where(LINKS.c.token_hash == token_hash(secret), LINKS.c.kind == kind)
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None or row.ended_at is not None:
        raise Problem("not_found")
    return row
