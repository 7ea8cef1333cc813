"""Targets given out at the desk: by the province to communes, by a commune to its teams; changed with a reason.

Who gives out holds the allotment's scope first, then those of the teams: of two officers at one grid the second is told
what the first has changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.note import holds_identity
from fieldapp.domain.search_key import nfc
from fieldapp.domain.target import MAX_AMOUNT, MAX_REASON, length_of
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.scopes import allotment_key, raise_versions, team_key
from models.base import utc_now
from models.platform import Platform
from models.target import Level, Measure, Target, TargetChange, TargetStep
from models.team import Team, TeamLevel
from models.unit import Unit, UnitKind

TARGETS, PLATFORMS, TEAMS, UNITS = Target.__table__, Platform.__table__, Team.__table__, Unit.__table__
WHOLE = 0
"""In the place of a unit below: the number of the whole itself."""


@dataclass(frozen=True)
class Frame:
    """What a grid is about: whose units (None: the province's communes, else a commune's teams), when, what is counted.

    `own`: not what came from above but the commune's own beside it.
    """

    commune_id: int | None
    span: DayRange
    measure: Measure
    own: bool = False


@dataclass(frozen=True)
class Cell:
    """A number as somebody left it: `before` is what they saw, None where there was or shall be none."""

    holder: int
    platform: str
    before: int | None
    after: int | None


def holder_key(frame: Frame, holder: int) -> str:
    if frame.commune_id is None:
        return f"commune:{holder}" if holder else "province"
    return f"team:{holder}" if holder else f"commune:{frame.commune_id}"


def in_frame(frame: Frame) -> tuple[Any, ...]:
    return (
        TARGETS.c.first_day == frame.span.first,
        TARGETS.c.last_day == frame.span.last,
        TARGETS.c.measure == str(frame.measure),
        TARGETS.c.own.is_(frame.own),
    )


def require_frame(who: Principal, action: Action, frame: Frame) -> None:
    """Raises `forbidden` for another's grid, `invalid` for days that are no period, or a province's own line."""
    require(who, action, Place(commune_id=frame.commune_id))
    if length_of(frame.span.first, frame.span.last) is None or (frame.own and frame.commune_id is None):
        raise Problem("invalid", "period")


def require_allotting(who: Principal, frame: Frame, holders: Iterable[int]) -> None:
    """Raises as `require_frame`, `forbidden` where another level gives these out."""
    require_frame(who, Action.ALLOT_TARGET, frame)
    if reach_of(who, Action.ALLOT_TARGET) is Reach.PROVINCE and frame.commune_id is not None:
        raise Problem("forbidden")
    if WHOLE in holders and frame.commune_id is not None and not frame.own:
        raise Problem("forbidden")


async def allot(
    session: AsyncSession,
    who: Principal,
    frame: Frame,
    cells: Sequence[Cell],
    reason: str = "",
    cites: int | None = None,
) -> int:
    """Takes in the cells that differ, and says how many did. More than there is may be given out.

    `cites` is the paper by which they are given; without one a number that is changed keeps its own.
    Each level gives to the one below: the province never to teams, a commune no number of its own but of its own line.
    Raises as `require_frame`, `target_changed` where somebody else was faster, `reason_missing` where a number that
    stood is changed, `platform_unknown`, `not_found` for a unit that is not there.
    """
    changed = [cell for cell in cells if cell.before != cell.after]
    require_allotting(who, frame, {cell.holder for cell in changed})
    if not changed:
        return 0
    words = _reason(reason)
    await _require_known(session, frame, changed)
    teams = {team_key(cell.holder) for cell in changed if frame.commune_id is not None and cell.holder}
    await raise_versions(session, {allotment_key(frame.commune_id), *teams})
    rows = await _rows(session, frame, changed)
    taken = [_change(frame, cell, rows.get((cell.holder, cell.platform)), words) for cell in changed]
    for row, _ in taken:
        row.material_id = None if row.amount is None else cites or row.material_id
    session.add_all(row for row, _ in taken)
    await session.flush()
    session.add_all(TargetChange(**change, by_account_id=who.account_id) for _, change in taken)
    await session.flush()
    await audit.write(session, [_event(who, frame, change) for _, change in taken])
    return len(changed)


def _reason(reason: str) -> str:
    words = nfc(reason.strip())
    if len(words) > MAX_REASON:
        raise Problem("invalid", "reason")
    if holds_identity(words):
        raise Problem("note_identity", "reason")
    return words


async def _require_known(session: AsyncSession, frame: Frame, cells: Sequence[Cell]) -> None:
    if any(cell.after is not None and not 0 <= cell.after <= MAX_AMOUNT for cell in cells):
        raise Problem("invalid", "amount")
    codes = {cell.platform for cell in cells}
    known = select(PLATFORMS.c.code).where(PLATFORMS.c.code.in_(codes), PLATFORMS.c.discarded_at.is_(None))
    if codes - set((await session.execute(known)).scalars()):
        raise Problem("platform_unknown", "platform")
    holders = {cell.holder for cell in cells} - {WHOLE}
    if holders - set((await session.execute(below(frame).where(_id(frame).in_(holders)))).scalars()):
        raise Problem("not_found", "unit")


def _id(frame: Frame) -> Any:
    return UNITS.c.id if frame.commune_id is None else TEAMS.c.id


def below(frame: Frame) -> Any:
    """The ids of the units that a grid gives to, as they are today: communes, or a commune's village teams."""
    today = vn_day(utc_now())
    table = UNITS if frame.commune_id is None else TEAMS
    valid = table.c.valid_from <= today, or_(table.c.valid_to.is_(None), table.c.valid_to >= today)
    if frame.commune_id is None:
        return select(UNITS.c.id).where(UNITS.c.kind == UnitKind.COMMUNE, *valid)
    return select(TEAMS.c.id).where(TEAMS.c.commune_id == frame.commune_id, TEAMS.c.level == TeamLevel.VILLAGE, *valid)


async def _rows(session: AsyncSession, frame: Frame, cells: Sequence[Cell]) -> dict[tuple[int, str], Target]:
    keys = {holder_key(frame, cell.holder): cell.holder for cell in cells}
    query = select(Target).where(TARGETS.c.holder.in_(list(keys)), *in_frame(frame))
    fresh = query.execution_options(populate_existing=True)
    return {(keys[row.holder], row.platform_code): row for row in (await session.execute(fresh)).scalars()}


def _change(frame: Frame, cell: Cell, row: Target | None, reason: str) -> tuple[Target, dict[str, Any]]:
    """One number, and its line of history; who had taken the old one on has not taken this one."""
    stood = row.amount if row else None
    if stood != cell.before:
        raise Problem("target_changed", "amount")
    if stood is not None and not reason:
        raise Problem("reason_missing", "reason")
    row = row or _new(frame, cell)
    row.amount = cell.after
    row.accepted_at = row.accepted_by_member_id = row.accepted_by_account_id = None
    given = TargetStep.GIVEN if stood is None else TargetStep.CHANGED
    step = given if cell.after is not None else TargetStep.WITHDRAWN
    return row, {"target_id": row.id, "step": step, "before": stood, "after": cell.after, "reason": reason}


def _event(who: Principal, frame: Frame, change: dict[str, Any]) -> dict[str, Any]:
    detail = {name: change[name] for name in ("before", "after", "reason")}
    return audit.event(who, f"target.{change['step']}", "target", change["target_id"], frame.commune_id, **detail)


def _new(frame: Frame, cell: Cell) -> Target:
    key = holder_key(frame, cell.holder)
    level = Level(key.partition(":")[0])
    return Target(
        id=uuid7(),
        holder=key,
        level=level,
        commune_id=(frame.commune_id or cell.holder) if level != Level.PROVINCE else None,
        team_id=cell.holder if level == Level.TEAM else None,
        platform_code=cell.platform,
        measure=frame.measure,
        first_day=frame.span.first,
        last_day=frame.span.last,
        own=frame.own,
    )


async def accept_own(session: AsyncSession, who: Principal, frame: Frame) -> int:
    """A commune takes on what the province gave it in this frame; says how many numbers. Again it changes nothing."""
    require_frame(who, Action.ACCEPT_TARGET, frame)
    await raise_versions(session, [allotment_key(None)])
    mine = TARGETS.c.holder == f"commune:{frame.commune_id}"
    waits = TARGETS.c.amount.is_not(None), TARGETS.c.accepted_at.is_(None)
    rows = (await session.execute(select(Target).where(mine, *waits, *in_frame(frame)))).scalars().all()
    now = utc_now()
    for row in rows:
        row.accepted_at, row.accepted_by_account_id = now, who.account_id
        step = {"step": TargetStep.ACCEPTED, "after": row.amount, "at": now, "by_account_id": who.account_id}
        session.add(TargetChange(target_id=row.id, **step))
    await session.flush()
    told = [audit.event(who, "target.accepted", "target", row.id, frame.commune_id, after=row.amount) for row in rows]
    await audit.write(session, told)
    return len(rows)
