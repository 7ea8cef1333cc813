"""Secret addresses that are read without a sign-in. No secret is stored; whoever has one has what it opens.

A calendar is of the account that made it, and ends with its next one, when it is taken back, and with the account.
"""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.sessions import new_token, token_hash
from models.base import utc_now
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


async def find(session: AsyncSession, kind: LinkKind, secret: str) -> SharedLink:
    """What a secret opens. Raises `not_found` for one that is unknown or taken back."""
    query = select(SharedLink).where(LINKS.c.token_hash == token_hash(secret), LINKS.c.kind == kind)
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None or row.ended_at is not None:
        raise Problem("not_found")
    return row
