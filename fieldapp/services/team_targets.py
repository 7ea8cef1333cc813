"""What a team does with its targets, by records of a phone: its leader takes them on and says who takes how much."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.target import AcceptPayload, SplitPayload
from fieldapp.permissions import Action, require
from fieldapp.problems import Problem
from fieldapp.services.members import Posting
from fieldapp.services.team_deeds import TeamDeed
from fieldapp.services.visits import Superseded
from models.account import Account
from models.material import Material
from models.member import Member
from models.target import Target, TargetChange, TargetShare, TargetStep
from models.team import Seat, TeamVillage

TARGETS, SHARES, CHANGES = Target.__table__, TargetShare.__table__, TargetChange.__table__
MATERIALS = Material.__table__
SEATS, MEMBERS, ACCOUNTS, SERVED = Seat.__table__, Member.__table__, Account.__table__, TeamVillage.__table__


async def accept(session: AsyncSession, deed: TeamDeed, payload: AcceptPayload) -> None:
    """Takes a target on, from the moment at which that was said; the first word holds.

    Raises `forbidden`, `not_found`, or `Superseded` where another number than the one read stands.
    """
    require(deed.who, Action.ACCEPT_TARGET)
    row = await _get(session, payload.team, payload.target)
    if row.amount != payload.amount:
        raise Superseded(await _changed(session, row))
    if row.accepted_at is None:
        row.accepted_at, row.accepted_by_member_id = deed.made_at, deed.who.member_id
        _note(session, deed, row, TargetStep.ACCEPTED, row.amount)
        await session.flush()


async def split(session: AsyncSession, deed: TeamDeed, payload: SplitPayload) -> None:
    """Keeps who takes how much; of several words the one made last stands, of two at once the greater id.

    Raises `forbidden`, `not_found`, `not_of_team`, or `Superseded` where the target was taken away.
    """
    require(deed.who, Action.SPLIT_TARGET)
    row = await _get(session, payload.team, payload.target)
    members = {part.member for part in payload.parts}
    seated = select(SEATS.c.member_id).where(SEATS.c.team_id == payload.team, SEATS.c.member_id.in_(members))
    if members - set((await session.execute(seated)).scalars()):
        raise Problem("not_of_team", "parts")
    if row.amount is None:
        raise Superseded(await _changed(session, row))
    if deed.is_older(row.split_at, row.split_id):
        return
    row.split_at, row.split_id = deed.made_at, deed.id
    await session.execute(delete(SHARES).where(SHARES.c.target_id == row.id))
    session.add_all(TargetShare(target_id=row.id, member_id=p.member, amount=p.amount) for p in payload.parts)
    _note(session, deed, row, TargetStep.SPLIT, sum(part.amount for part in payload.parts))
    await session.flush()


async def _get(session: AsyncSession, team_id: int, target_id: UUID) -> Target:
    row = await session.get(Target, target_id, populate_existing=True)
    if row is None or row.team_id != team_id:
        raise Problem("not_found", "target")
    return row


def _note(session: AsyncSession, deed: TeamDeed, row: Target, step: TargetStep, after: int | None) -> None:
    session.add(
        TargetChange(target_id=row.id, step=step, after=after, at=deed.made_at, by_member_id=deed.who.member_id)
    )


async def _changed(session: AsyncSession, row: Target) -> dict[str, Any]:
    """Who changed its number last, and when."""
    of_number = CHANGES.c.step.in_([TargetStep.GIVEN, TargetStep.CHANGED, TargetStep.WITHDRAWN])
    query = (
        select(CHANGES.c.at, ACCOUNTS.c.full_name)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == CHANGES.c.by_account_id)
        .where(CHANGES.c.target_id == row.id, of_number)
        .order_by(CHANGES.c.id.desc())
    )
    last = (await session.execute(query)).first()
    return {"by": last.full_name if last else None, "at": last.at.isoformat() if last else None}


async def phone_rows(session: AsyncSession, team_ids: Iterable[int], today: date) -> list[dict[str, Any]]:
    """The targets of these teams that are not long over, with who took them on and who takes how much."""
    since = today - timedelta(days=settings().pull_days)
    query = (
        select(TARGETS, MEMBERS.c.full_name, MATERIALS.c.number, MATERIALS.c.issued_on, MATERIALS.c.title)
        .outerjoin(MATERIALS, MATERIALS.c.id == TARGETS.c.material_id)
        .outerjoin(MEMBERS, MEMBERS.c.id == TARGETS.c.accepted_by_member_id)
        .where(TARGETS.c.team_id.in_(list(team_ids)), TARGETS.c.amount.is_not(None), TARGETS.c.last_day >= since)
        .order_by(TARGETS.c.first_day, TARGETS.c.id)
    )
    rows = (await session.execute(query)).all()
    shares: dict[UUID, list[list[int]]] = {}
    parts = select(SHARES).where(SHARES.c.target_id.in_([row.id for row in rows])).order_by(SHARES.c.member_id)
    for share in await session.execute(parts):
        shares.setdefault(share.target_id, []).append([share.member_id, share.amount])
    villages = await _villages(session, {row.team_id for row in rows}, today)
    return [_phone_row(row, shares.get(row.id, []), villages.get(row.team_id, [])) for row in rows]


def _phone_row(row: Any, shares: Sequence[list[int]], villages: Sequence[int]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "team": row.team_id,
        "villages": villages,
        "platform": row.platform_code,
        "measure": row.measure,
        "first": row.first_day.isoformat(),
        "last": row.last_day.isoformat(),
        "own": row.own,
        "amount": row.amount,
        "accepted": _millis(row.accepted_at),
        "accepted_by": row.full_name or "",
        "parts": shares,
        "split": _millis(row.split_at),
        "split_id": str(row.split_id) if row.split_id else "",
        "cites": _paper(row) if row.material_id else None,
    }


def _paper(row: Any) -> dict[str, str]:
    return {
        "number": row.number, "day": row.issued_on.isoformat() if row.issued_on else "", "about": row.title,
    }  # fmt: skip


def _millis(at: datetime | None) -> int:
    return int(at.timestamp() * 1000) if at else 0


async def _villages(session: AsyncSession, team_ids: set[int], today: date) -> dict[int, list[int]]:
    valid = SERVED.c.valid_from <= today, or_(SERVED.c.valid_to.is_(None), SERVED.c.valid_to >= today)
    query = select(SERVED.c.team_id, SERVED.c.village_id).where(SERVED.c.team_id.in_(team_ids), *valid)
    found: dict[int, list[int]] = {}
    for row in await session.execute(query.order_by(SERVED.c.village_id)):
        found.setdefault(row.team_id, []).append(row.village_id)
    return found


async def teams_of(session: AsyncSession, member_id: int, today: date) -> list[int]:
    """The teams in which somebody has a seat today."""
    valid = SEATS.c.valid_from <= today, or_(SEATS.c.valid_to.is_(None), SEATS.c.valid_to >= today)
    query = select(SEATS.c.team_id).where(SEATS.c.member_id == member_id, *valid).distinct()
    return sorted((await session.execute(query)).scalars())


def leads(postings: Iterable[Posting], team_id: int, day: date) -> bool:
    """Whether these seats make somebody this team's leader or deputy by office on that day."""
    mine = (p for p in postings if p.team_id == team_id and p.continued_by is None)
    return any(p.leads and not p.delegated and p.covers(day) for p in mine)
