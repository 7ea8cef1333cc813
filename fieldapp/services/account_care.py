"""What is done to an officer's account from above: made, changed, locked, ended. Who may: domain/account_rule.py.

Whatever takes a right away ends the open sessions of the account in the same transaction.
"""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.account_rule import STANDS_IN, is_username, may_give
from fieldapp.domain.search_key import nfc
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import accounts, audit, second_steps
from fieldapp.services.account_links import end_links
from fieldapp.services.sessions import end_all_of
from models.account import Account, Role
from models.base import utc_now
from models.partner import Partner
from models.unit import Unit

ACCOUNTS = Account.__table__


async def get_in_care(session: AsyncSession, who: Principal, account_id: int) -> Account:
    """An account that this person looks after, locked for a change. Raises `not_found` or `forbidden`."""
    require(who, Action.MANAGE_ACCOUNT)
    await _lock_administrators(session, account_id)
    query = select(Account).where(ACCOUNTS.c.id == account_id, ACCOUNTS.c.discarded_at.is_(None)).with_for_update()
    account = (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if account is None:
        raise Problem("not_found", "account")
    if not may_give(who.role, Role(account.role)):
        raise Problem("forbidden")
    return account


async def _lock_administrators(session: AsyncSession, account_id: int) -> None:
    """Where one of them is to be changed, all in one order: two who change each other wait, and neither for ever."""
    role = (await session.execute(select(ACCOUNTS.c.role).where(ACCOUNTS.c.id == account_id))).scalar_one_or_none()
    if role == Role.ADMIN:
        every = select(ACCOUNTS.c.id).where(ACCOUNTS.c.role == Role.ADMIN)
        await session.execute(every.order_by(ACCOUNTS.c.id).with_for_update())


async def make(
    session: AsyncSession,
    who: Principal,
    username: str,
    full_name: str,
    role: Role,
    unit_id: int,
    partner_id: int | None = None,
) -> Account:
    """An account that nobody can sign in to before its link has set a password.

    Raises `forbidden`, `username_wrong`, `username_taken`, `name_missing`, `unit_wrong`, `partner_missing`.
    """
    require(who, Action.MANAGE_ACCOUNT)
    if not may_give(who.role, role):
        raise Problem("forbidden")
    if not is_username(accounts.name_of(username)):
        raise Problem("username_wrong", "username")
    _require_name(full_name)
    await _require_unit(session, role, unit_id)
    company = await _company(session, role, partner_id)
    return await accounts.create_account(session, username, None, full_name, role, unit_id, who=who, partner_id=company)


async def change(
    session: AsyncSession,
    who: Principal,
    account_id: int,
    full_name: str,
    role: Role,
    unit_id: int,
    provider_name: str = "",
    partner_id: int | None = None,
) -> Account:
    """Another name, role, unit or company, or another name at the province's own sign-in.

    Raises what `make` does, `own_account` for one's own role or unit, `last_admin`, `provider_name_taken`.
    """
    account = await get_in_care(session, who, account_id)
    if not may_give(who.role, role):
        raise Problem("forbidden")
    _require_name(full_name)
    await _require_unit(session, role, unit_id)
    company = await _company(session, role, partner_id)
    moved = (Role(account.role), account.unit_id, account.partner_id) != (role, unit_id, company)
    if moved:
        _require_other(who, account)
        if role != Role.ADMIN:
            await _require_admin_besides(session, account)
    known_as = provider_name.strip() or None
    await _require_free(session, account_id, known_as)
    new = {"full_name": nfc(full_name.strip()), "role": role, "unit_id": unit_id, "provider_name": known_as}
    new["partner_id"] = company
    old = {name: getattr(account, name) for name in new if getattr(account, name) != new[name]}
    if "provider_name" in old:
        account.provider_subject = None
    for name in old:
        setattr(account, name, new[name])
    await session.flush()
    if moved or "provider_name" in old:
        await end_all_of(session, who, account_id)
    if old:
        await _note(session, who, "account.change", account, old=old, new={name: new[name] for name in old})
    return account


async def block(session: AsyncSession, who: Principal, account_id: int) -> None:
    """Nobody gets in until it is unlocked. Raises `own_account`, `last_admin`."""
    account = await get_in_care(session, who, account_id)
    _require_other(who, account)
    await _require_admin_besides(session, account)
    if account.blocked_at is None:
        account.blocked_at = utc_now()
        await _shut(session, who, account)
        await _note(session, who, "account.block", account)


async def unblock(session: AsyncSession, who: Principal, account_id: int) -> None:
    """Lets in again, also where wrong tries had locked it for a while."""
    account = await get_in_care(session, who, account_id)
    _require_other(who, account)
    account.blocked_at = account.locked_until = None
    account.failed_count = 0
    await session.flush()
    await _note(session, who, "account.unblock", account)


async def discard(session: AsyncSession, who: Principal, account_id: int) -> None:
    """Ends an account for good; its name stays with what it did. Raises `own_account`, `last_admin`."""
    account = await get_in_care(session, who, account_id)
    _require_other(who, account)
    await _require_admin_besides(session, account)
    account.discarded_at, account.provider_name, account.provider_subject = utc_now(), None, None
    await _shut(session, who, account)
    await second_steps.drop(session, who, account)
    await _note(session, who, "account.discard", account)


async def drop_second_step(session: AsyncSession, who: Principal, account_id: int) -> None:
    """For a phone that was lost: the officer sets it up anew. Raises `own_account`, `second_step_off`."""
    account = await get_in_care(session, who, account_id)
    _require_other(who, account)
    if not await second_steps.drop(session, who, account):
        raise Problem("second_step_off")
    await end_all_of(session, who, account_id)


async def _shut(session: AsyncSession, who: Principal, account: Account) -> None:
    await session.flush()
    await end_links(session, account.id or 0)
    await end_all_of(session, who, account.id or 0)


def _require_other(who: Principal, account: Account) -> None:
    """Nobody changes their own rights, nor locks themselves out."""
    if account.id == who.account_id:
        raise Problem("own_account")


def _require_name(full_name: str) -> None:
    if not full_name.strip():
        raise Problem("name_missing", "full_name")


async def _require_unit(session: AsyncSession, role: Role, unit_id: int) -> None:
    unit = await session.get(Unit, unit_id)
    if unit is None or unit.kind != STANDS_IN.get(role):
        raise Problem("unit_wrong", "unit")


async def _company(session: AsyncSession, role: Role, partner_id: int | None) -> int | None:
    """The company of a partner's account; nobody else has one."""
    if role != Role.PARTNER:
        return None
    if partner_id is None or await session.get(Partner, partner_id) is None:
        raise Problem("partner_missing", "partner")
    return partner_id


async def _require_free(session: AsyncSession, account_id: int, provider_name: str | None) -> None:
    query = select(ACCOUNTS.c.id).where(ACCOUNTS.c.provider_name == provider_name, ACCOUNTS.c.id != account_id)
    if provider_name and (await session.execute(query)).first():
        raise Problem("provider_name_taken", "provider_name")


async def _require_admin_besides(session: AsyncSession, account: Account) -> None:
    """Of two administrators who block each other at once one must stay: all of them are locked by now."""
    if account.role != Role.ADMIN:
        return
    able = (ACCOUNTS.c.discarded_at.is_(None), ACCOUNTS.c.blocked_at.is_(None))
    can_enter = or_(ACCOUNTS.c.password_hash != "", ACCOUNTS.c.provider_name.is_not(None))
    query = select(ACCOUNTS.c.id).where(ACCOUNTS.c.role == Role.ADMIN, *able, can_enter)
    admins = (await session.execute(query.order_by(ACCOUNTS.c.id))).scalars().all()
    if not set(admins) - {account.id}:
        raise Problem("last_admin")


async def _note(session: AsyncSession, who: Principal, action: str, account: Account, **detail: Any) -> None:
    await audit.write(session, [audit.event(who, action, "account", account.id, account.unit_id, **detail)])
