"""Officers' accounts: made, and signed in to with a password (argon2id; slowed and locked on guessing)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.search_key import nfc
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import audit, second_steps
from models.account import Account, Role
from models.base import utc_now

ACCOUNTS = Account.__table__
MIN_PASSWORD = 10
_HASHER = PasswordHasher()
_TWO_AT_ONCE = ThreadPoolExecutor(2, "password")
"""Where passwords are hashed: each takes 64 MB and a core."""


@cache
def _decoy() -> str:
    """The hash that a password is held against where no such account is, so that an unknown name costs as much."""
    return _HASHER.hash("nobody has this account")


def name_of(username: str) -> str:
    """A user name as it is stored, however it was typed."""
    return username.strip().lower()


async def hash_of(password: str) -> str:
    """What is stored of a password; takes a while, on purpose. Raises `password_short` (fewer than 10 characters)."""
    if len(password) < MIN_PASSWORD:
        raise Problem("password_short", "password", least=MIN_PASSWORD)
    return await asyncio.get_running_loop().run_in_executor(_TWO_AT_ONCE, _HASHER.hash, password)


async def create_account(
    session: AsyncSession,
    username: str,
    password: str | None,
    full_name: str,
    role: Role,
    unit_id: int,
    sample: bool = False,
    who: Principal | None = None,
    partner_id: int | None = None,
) -> Account:
    """A new account, without a password until its link sets one. Raises `username_taken` or `password_short`."""
    name = name_of(username)
    hashed = "" if password is None else await hash_of(password)
    if (await session.execute(select(ACCOUNTS.c.id).where(ACCOUNTS.c.username == name))).first():
        raise Problem("username_taken", "username")
    account = Account(
        username=name,
        password_hash=hashed,
        full_name=nfc(full_name.strip()),
        role=role,
        unit_id=unit_id,
        partner_id=partner_id,
        is_sample=sample,
    )
    session.add(account)
    await session.flush()
    event = audit.event(who, "account.create", "account", account.id, unit_id, username=name, role=role)
    await audit.write(session, [event])
    return account


async def get_by_username(session: AsyncSession, username: str) -> Account:
    """Raises `not_found`."""
    query = select(Account).where(ACCOUNTS.c.username == name_of(username), ACCOUNTS.c.discarded_at.is_(None))
    account = (await session.execute(query)).scalar_one_or_none()
    if account is None:
        raise Problem("not_found", "username")
    return account


async def get_own(session: AsyncSession, who: Principal) -> Account:
    """The account of whoever acts, to be held against its password. Raises `locked_out` after too many wrong tries."""
    account = await session.get_one(Account, who.account_id)
    if problem := _lock_on(account):
        raise problem
    return account


async def set_password(session: AsyncSession, account: Account, password_hash: str) -> None:
    """Gives an account another password; wrong tries at the old one are forgotten."""
    values = {"password_hash": password_hash, "failed_count": 0, "locked_until": None}
    await session.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account.id).values(**values))


async def list_usernames(session: AsyncSession) -> list[str]:
    """Every user name, oldest first."""
    return list((await session.execute(select(ACCOUNTS.c.username).order_by(ACCOUNTS.c.id))).scalars())


async def has_sample_accounts(session: AsyncSession) -> bool:
    """Whether any account was made as sample data; production refuses to start on such a database."""
    query = select(func.count()).select_from(ACCOUNTS).where(ACCOUNTS.c.is_sample.is_(True))
    return bool((await session.execute(query)).scalar_one())


async def find_for_sign_in(session: AsyncSession, username: str) -> Account | None:
    """The account of this name, or None. Raises `locked_out` after too many wrong tries."""
    query = select(Account).where(ACCOUNTS.c.username == name_of(username), ACCOUNTS.c.discarded_at.is_(None))
    account = (await session.execute(query)).scalar_one_or_none()
    if account is not None and (problem := _lock_on(account)):
        raise problem
    return account


async def is_right(account: Account | None, password: str) -> bool:
    """Whether this is the account's password. An unknown account costs as much time as a known one."""
    known = account.password_hash if account else None
    return await asyncio.get_running_loop().run_in_executor(_TWO_AT_ONCE, _verify, known, password)


async def note_attempt(session: AsyncSession, account: Account, right: bool, code: str = "") -> Problem | None:
    """Counts a try and gives the Problem to answer with; the caller commits it before it answers.

    A right password alone does not begin the count anew where a code is needed besides: whoever knows the password
    could else guess codes for ever.

    The account is judged as it stands now: of many tries at once, those after the lock are `locked_out` even where
    they are right, and a password that was changed meanwhile is wrong.
    """
    query = select(Account).where(ACCOUNTS.c.id == account.id, ACCOUNTS.c.discarded_at.is_(None))
    locked = query.with_for_update().execution_options(populate_existing=True)
    now = (await session.execute(locked)).scalar_one_or_none()
    if now is None:
        return Problem("wrong_password")
    if problem := _lock_on(now):
        return problem
    if not right or now.password_hash != account.password_hash:
        await _count_failure(session, now)
        return Problem("wrong_password")
    if now.blocked_at is not None:
        return Problem("account_blocked")
    if problem := await second_steps.check(session, now, code):
        if problem.code == "code_wrong":
            await _count_failure(session, now)
        return problem
    now.failed_count, now.locked_until = 0, None
    await session.flush()
    return None


def _lock_on(account: Account) -> Problem | None:
    now = utc_now()
    if account.locked_until is None or account.locked_until <= now:
        return None
    return Problem("locked_out", minutes=int((account.locked_until - now).total_seconds() // 60) + 1)


def _verify(password_hash: str | None, password: str) -> bool:
    """Where there is no password none is right, not even the decoy's."""
    try:
        return _HASHER.verify(password_hash or _decoy(), password[:200]) and bool(password_hash)
    except (Argon2Error, UnicodeError):
        return False


async def _count_failure(session: AsyncSession, account: Account) -> None:
    failed = account.failed_count + 1
    lock = failed >= settings().sign_in_attempts
    until = utc_now() + timedelta(minutes=settings().sign_in_lock_minutes) if lock else None
    await session.execute(
        update(ACCOUNTS)
        .where(ACCOUNTS.c.id == account.id)
        .values(failed_count=0 if lock else failed, locked_until=until)
    )
    if lock:
        await audit.write(session, [audit.event(None, "account.lock", "account", account.id, account.unit_id)])
