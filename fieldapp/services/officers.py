"""Who an officer is, as the record says at this moment: role, unit, and whether a second step is owed."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from models.account import Account, Role
from models.second_step import SecondStep
from models.session import Session, SignInWay
from models.unit import Unit, UnitKind


async def officer_of(session: AsyncSession, row: Session) -> Principal:
    """Who acts in an officer's session. Raises `session_closed` where the account is locked or no more."""
    who = await officer_by(session, row.account_id, str(row.id))
    return replace(who, owes_second_step=await _owes_second_step(session, row, who.role))


async def officer_by(session: AsyncSession, account_id: int | None, session_id: str) -> Principal:
    """Who acts by an account. Raises as `officer_of`."""
    account = await session.get(Account, account_id)
    if account is None or account.discarded_at is not None or account.blocked_at is not None:
        raise Problem("session_closed")
    unit = await session.get_one(Unit, account.unit_id)
    return Principal(
        role=Role(account.role),
        session_id=session_id,
        account_id=account.id,
        commune_id=unit.id if unit.kind == UnitKind.COMMUNE else None,
        unit_id=unit.id,
        partner_id=account.partner_id,
        name=account.full_name,
        unit_name=unit.name,
    )


async def _owes_second_step(session: AsyncSession, row: Session, role: Role) -> bool:
    """A provider that signs somebody in has asked for a second step itself, or does not want one."""
    if role not in settings().roles_with_second_step or row.way == SignInWay.PROVIDER:
        return False
    step = await session.get(SecondStep, row.account_id)
    return step is None or step.confirmed_at is None
