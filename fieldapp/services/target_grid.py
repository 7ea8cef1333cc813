"""What the desk shows of targets: a page of units with their numbers, what is left, how far all has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.search_key import in_order
from fieldapp.domain.target import propose, remainder
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal
from fieldapp.services import household_numbers, target_counts
from fieldapp.services.citations import MATERIALS, Cited
from fieldapp.services.targets import TARGETS, TEAMS, UNITS, WHOLE, Frame, below, holder_key, in_frame, require_frame
from models.account import Account
from models.base import utc_now
from models.member import Member
from models.platform import Platform
from models.target import TargetChange, TargetStep
from models.team import TeamVillage

PAGE = 48
"""Rows of a page; with the two of sums below them it is fifty."""
CHANGES, ACCOUNTS, MEMBERS = TargetChange.__table__, Account.__table__, Member.__table__
SERVED, PLATFORMS = TeamVillage.__table__, Platform.__table__


@dataclass(frozen=True)
class Number:
    """A target as a grid shows it; `amount` is None where none was given."""

    amount: int | None = None
    accepted_at: datetime | None = None
    accepted_by: str = ""
    done: int = 0
    cites: Cited | None = None


@dataclass(frozen=True)
class Line:
    """A unit below, with its numbers by platform."""

    id: int
    name: str
    households: int
    numbers: dict[str, Number]


@dataclass(frozen=True)
class Column:
    """A platform: the number from above, how much of it was given on, and what is left of it."""

    code: str
    above: Number
    given: int
    left: int | None


@dataclass(frozen=True)
class Grid:
    columns: Sequence[Column]
    lines: Sequence[Line]
    page: int
    pages: int
    total: int
    accepted: int
    """How many of all numbers below were taken on, and of how many."""
    of: int
    unaccepted_above: int
    """How many numbers from above the commune has not taken on."""


async def read_grid(
    session: AsyncSession, who: Principal, frame: Frame, more: Sequence[str] = (), page: int = 0
) -> Grid:
    """A page of units; platforms that have a number anywhere in this frame, and `more` besides, in their order.

    Raises as `require_frame`.
    """
    require_frame(who, Action.READ_TARGET, frame)
    total = await session.scalar(select(func.count()).select_from(below(frame).subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(0, page), pages - 1)
    sums = await _sums(session, frame)
    whole = await _numbers(session, frame, [WHOLE])
    codes = await _in_order(session, {*sums, *(code for _, code in whole), *more})
    units = await _units(session, frame, page)
    ids = [unit.id for unit in units]
    numbers = await _numbers(session, frame, ids)
    done = await _done(session, frame, codes, ids)
    households = await household_counts(session, frame, ids)
    lines = [
        Line(
            unit.id,
            unit.name,
            households.get(unit.id, 0),
            {code: _number(numbers.get((unit.id, code)), done.get((unit.id, code), 0)) for code in codes},
        )
        for unit in units
    ]
    columns = []
    for code in codes:
        above = _number(whole.get((WHOLE, code)), done.get((WHOLE, code), 0))
        given, _, _ = sums.get(code, (0, 0, 0))
        columns.append(Column(code, above, given, remainder(above.amount, [given])))
    waits = [row for row in whole.values() if row.amount is not None and row.accepted_at is None]
    return Grid(
        columns,
        lines,
        page,
        pages,
        total,
        sum(accepted for _, accepted, _ in sums.values()),
        sum(n for _, _, n in sums.values()),
        len(waits) if frame.commune_id is not None and not frame.own else 0,
    )


def _number(row: Any, done: int) -> Number:
    if row is None:
        return Number(done=done)
    cites = Cited(row.material_id, row.paper_number, row.issued_on, row.about) if row.material_id else None
    return Number(row.amount, row.accepted_at, row.member_name or row.account_name or "", done, cites)


def _below(frame: Frame) -> Any:
    """The condition on targets of the level below."""
    if frame.commune_id is None:
        return TARGETS.c.holder.startswith("commune:", autoescape=True)
    return and_(TARGETS.c.commune_id == frame.commune_id, TARGETS.c.team_id.is_not(None))


async def _sums(session: AsyncSession, frame: Frame) -> dict[str, tuple[int, int, int]]:
    """By platform what all units below were given, how many took theirs on, and of how many."""
    figures = func.sum(TARGETS.c.amount), func.count(TARGETS.c.accepted_at), func.count()
    query = select(TARGETS.c.platform_code, *figures).where(
        _below(frame), TARGETS.c.amount.is_not(None), *in_frame(frame)
    )
    rows = await session.execute(query.group_by(TARGETS.c.platform_code))
    return {str(code): (int(amount), int(accepted), int(n)) for code, amount, accepted, n in map(tuple, rows)}


async def _numbers(session: AsyncSession, frame: Frame, holders: Sequence[int]) -> dict[tuple[int, str], Any]:
    keys = {holder_key(frame, holder): holder for holder in holders}
    names = MEMBERS.c.full_name.label("member_name"), ACCOUNTS.c.full_name.label("account_name")
    paper = MATERIALS.c.number.label("paper_number"), MATERIALS.c.issued_on, MATERIALS.c.title.label("about")
    query = (
        select(TARGETS, *names, *paper)
        .outerjoin(MATERIALS, MATERIALS.c.id == TARGETS.c.material_id)
        .outerjoin(MEMBERS, MEMBERS.c.id == TARGETS.c.accepted_by_member_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == TARGETS.c.accepted_by_account_id)
        .where(TARGETS.c.holder.in_(list(keys)), TARGETS.c.amount.is_not(None), *in_frame(frame))
    )
    return {(keys[row.holder], row.platform_code): row for row in await session.execute(query)}


async def _in_order(session: AsyncSession, codes: set[str]) -> list[str]:
    query = select(PLATFORMS.c.code).where(PLATFORMS.c.code.in_(codes)).order_by(PLATFORMS.c.position)
    return list((await session.execute(query)).scalars())


async def _units(session: AsyncSession, frame: Frame, page: int) -> Sequence[Any]:
    ids = below(frame)
    if frame.commune_id is None:
        query = select(UNITS.c.id, UNITS.c.name).where(UNITS.c.id.in_(ids)).order_by(UNITS.c.code, UNITS.c.id)
        rows = (await session.execute(query)).all()
    else:
        query = select(TEAMS.c.id, TEAMS.c.name).where(TEAMS.c.id.in_(ids)).order_by(TEAMS.c.id)
        rows = sorted(await session.execute(query), key=lambda team: in_order(team.name))
    return rows[page * PAGE : (page + 1) * PAGE]


async def _done(
    session: AsyncSession, frame: Frame, codes: Sequence[str], ids: Sequence[int]
) -> dict[tuple[int, str], int]:
    """How far the units of a page have come, and the whole."""
    if not codes:
        return {}
    asked = target_counts.Asked(frame.measure, frame.span.first, frame.span.last, codes)
    if frame.commune_id is None:
        done = await target_counts.of_communes(session, asked, ids)
        whole = await target_counts.of_province(session, asked)
    else:
        done = await target_counts.of_teams(session, asked, ids)
        mine = await target_counts.of_communes(session, asked, [frame.commune_id])
        whole = {code: n for (_, code), n in mine.items()}
    return done | {(WHOLE, code): n for code, n in whole.items()}


async def household_counts(session: AsyncSession, frame: Frame, ids: Sequence[int]) -> dict[int, int]:
    """How many households each commune has, or each team in the villages that it serves."""
    if frame.commune_id is None:
        return await household_numbers.of_communes(session, ids)
    today = vn_day(utc_now())
    valid = SERVED.c.valid_from <= today, or_(SERVED.c.valid_to.is_(None), SERVED.c.valid_to >= today)
    query = select(SERVED.c.team_id, SERVED.c.village_id).where(SERVED.c.team_id.in_(ids), *valid)
    served = [tuple(row) for row in await session.execute(query)]
    numbers = await household_numbers.of_villages(session, [village for _, village in served])
    counts: dict[int, int] = {}
    for team, village in served:
        counts[team] = counts.get(team, 0) + numbers[village]
    return counts


async def propose_numbers(session: AsyncSession, who: Principal, frame: Frame) -> dict[tuple[int, str], int]:
    """For units that have no number yet, what is left of that from above, in proportion to their households."""
    grid = await read_grid(session, who, frame)
    ids = list((await session.execute(below(frame).order_by("id"))).scalars())
    households = await household_counts(session, frame, ids)
    there = await _numbers(session, frame, ids)
    proposed: dict[tuple[int, str], int] = {}
    for column in grid.columns:
        empty = {unit: households.get(unit, 0) for unit in ids if (unit, column.code) not in there}
        for unit, amount in propose(column.left or 0, empty).items():
            proposed[unit, column.code] = amount
    return proposed


@dataclass(frozen=True)
class Change:
    """A line of a unit's history in a frame."""

    at: datetime
    platform: str
    step: TargetStep
    before: int | None
    after: int | None
    reason: str
    by: str


async def list_changes(session: AsyncSession, who: Principal, frame: Frame, holder: int) -> Sequence[Change]:
    """What became of a unit's numbers, newest first. Raises as `require_frame`, `not_found`."""
    require_frame(who, Action.READ_TARGET, frame)
    query = (
        select(CHANGES, TARGETS.c.platform_code, MEMBERS.c.full_name, ACCOUNTS.c.full_name.label("officer"))
        .join(TARGETS, TARGETS.c.id == CHANGES.c.target_id)
        .outerjoin(MEMBERS, MEMBERS.c.id == CHANGES.c.by_member_id)
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == CHANGES.c.by_account_id)
        .where(TARGETS.c.holder == holder_key(frame, holder), _of(frame), *in_frame(frame))
        .order_by(CHANGES.c.at.desc(), CHANGES.c.id.desc())
        .limit(PAGE)
    )
    return [
        Change(r.at, r.platform_code, TargetStep(r.step), r.before, r.after, r.reason, r.full_name or r.officer or "")
        for r in await session.execute(query)
    ]


def _of(frame: Frame) -> Any:
    """Nobody reads of another commune by guessing a number."""
    return TARGETS.c.team_id.is_(None) if frame.commune_id is None else TARGETS.c.commune_id == frame.commune_id
