"""Signing in by the province's own provider: an attempt is answered once, and no account is made."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.integrations.oidc_provider import Answer
from fieldapp.problems import Problem
from fieldapp.services.sessions import new_token, token_hash
from models.account import Account
from models.base import utc_now
from models.provider_attempt import ProviderAttempt

ATTEMPTS, ACCOUNTS = ProviderAttempt.__table__, Account.__table__
LIVES = timedelta(minutes=10)


@dataclass(frozen=True)
class Begun:
    """`state` goes to the provider and into a cookie of this browser; the rest is the server's."""

    state: str
    nonce: str
    verifier: str


async def begin(session: AsyncSession) -> Begun:
    """A new attempt; those that nobody came back from are swept."""
    await session.execute(delete(ATTEMPTS).where(ATTEMPTS.c.expires_at <= utc_now()))
    begun = Begun(new_token(), secrets.token_urlsafe(32), secrets.token_urlsafe(48)[:64])
    row = ProviderAttempt(
        state_hash=token_hash(begun.state), nonce=begun.nonce, verifier=begun.verifier, expires_at=utc_now() + LIVES
    )
    session.add(row)
    await session.flush()
    return begun


async def take(session: AsyncSession, state: str) -> Begun:
    """The attempt that an answer belongs to, which ends by it. Raises `provider_failed`, as for every other one."""
    mine = ATTEMPTS.c.state_hash == token_hash(state)
    columns = (ATTEMPTS.c.nonce, ATTEMPTS.c.verifier, ATTEMPTS.c.expires_at)
    row = (await session.execute(delete(ATTEMPTS).where(mine).returning(*columns))).first()
    if row is None or row.expires_at <= utc_now():
        raise Problem("provider_failed")
    return Begun(state, row.nonce, row.verifier)


async def account_of(session: AsyncSession, answer: Answer) -> Account:
    """The account that is known by this name; its first sign-in binds the name to this one subject.

    Raises `provider_unknown`, `account_blocked`.
    """
    known = (ACCOUNTS.c.provider_name == answer.name, ACCOUNTS.c.discarded_at.is_(None))
    account = (await session.execute(select(Account).where(*known).with_for_update())).scalar_one_or_none()
    if account is None or account.provider_subject not in (None, answer.subject):
        raise Problem("provider_unknown")
    if account.blocked_at is not None:
        raise Problem("account_blocked")
    account.provider_subject = answer.subject
    await session.flush()
    return account
