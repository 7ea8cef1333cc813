"""Links by which officers set a password of their own: nobody who makes an account ever knows what opens it.

A link works once and for a day. A newer one ends those before it; so does a password, and the end of the account.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.config import settings
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import accounts, audit
from fieldapp.services.sessions import end_all_of, new_token, token_hash
from models.account import Account
from models.account_link import AccountLink
from models.base import utc_now

LINKS = AccountLink.__table__


async def make_link(session: AsyncSession, who: Principal | None, account: Account) -> tuple[AccountLink, str]:
    """A link for this account, and its secret. The caller has judged whether this person may."""
    await end_links(session, account.id or 0)
    token = new_token()
    row = AccountLink(
        id=uuid7(),
        token_hash=token_hash(token),
        account_id=account.id or 0,
        made_by_id=who.account_id if who else None,
        expires_at=utc_now() + timedelta(hours=settings().account_link_hours),
    )
    session.add(row)
    await session.flush()
    await audit.write(session, [audit.event(who, "account.link", "account", account.id, account.unit_id)])
    return row, token


async def end_links(session: AsyncSession, account_id: int) -> None:
    open_ones = (LINKS.c.account_id == account_id, LINKS.c.ended_at.is_(None))
    await session.execute(update(LINKS).where(*open_ones).values(ended_at=utc_now()))


async def whose(session: AsyncSession, token: str) -> Account:
    """Whose password this link sets; looking does not use it up. Raises `account_link_spent`, known or not."""
    query = select(AccountLink).where(LINKS.c.token_hash == token_hash(token)).with_for_update()
    row = (await session.execute(query)).scalar_one_or_none()
    account = await session.get(Account, row.account_id) if row else None
    over = row is None or row.ended_at is not None or row.expires_at <= utc_now()
    if over or account is None or account.discarded_at is not None or account.blocked_at is not None:
        raise Problem("account_link_spent")
    return account


async def use(session: AsyncSession, token: str, password_hash: str) -> Account:
    """Sets the password; all sessions that were open before it end. Raises `account_link_spent`."""
    account = await whose(session, token)
    first = not account.password_hash
    await accounts.set_password(session, account, password_hash)
    await end_links(session, account.id or 0)
    await end_all_of(session, None, account.id or 0)
    event = audit.event(None, "account.password", "account", account.id, account.unit_id, first=first)
    await audit.write(session, [event])
    return account


async def replace_password(
    session: AsyncSession, who: Principal, account: Account, password_hash: str, session_id: UUID
) -> None:
    """An officer's own change: their other sessions end, and so do links that would set yet another password."""
    await accounts.set_password(session, account, password_hash)
    await end_links(session, account.id or 0)
    await end_all_of(session, who, account.id or 0, but=session_id)
    await audit.write(session, [audit.event(who, "account.password", "account", account.id, account.unit_id)])


def link(token: str) -> str:
    """The address that a QR or message carries; what stands behind # never leaves the browser."""
    return f"{settings().origin}/password/#{token}"
