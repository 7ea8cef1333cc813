"""How far the targets of a commune, or of the whole province, have come in the period that some days belong to.

Households are counted from their rungs, which grow with the record: so this is read beside a summary, never within it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.services import target_counts
from fieldapp.services.targets import TARGETS
from models.platform import Platform
from models.target import Level, Measure
from models.unit import Unit, UnitKind

PLATFORMS = Platform.__table__
Asked = tuple[Measure, str]
"""What a number is of: what it counts, and of which platform."""


@dataclass(frozen=True)
class ProgressRow:
    code: str
    name_vi: str
    name_en: str
    icon: str
    measure: Measure
    amount: int
    done: int


@dataclass(frozen=True)
class Progress:
    """`given_on`: the province set no numbers of its own, these are the sums of its communes' ones."""

    span: DayRange
    rows: Sequence[ProgressRow]
    given_on: bool = False


async def read_progress(session: AsyncSession, who: Principal, unit: Unit, days: DayRange) -> Progress | None:
    """Of the period that is these days, else of the shortest that holds them, else of the last that touches them.

    None where there is no target. Raises `forbidden`; villages have none, their teams do.
    """
    of_province = unit.kind == UnitKind.PROVINCE
    commune_id = unit.parent_id if unit.kind == UnitKind.VILLAGE else unit.id
    require(who, Action.READ_TARGET, Place(commune_id=None if of_province else commune_id))
    if unit.kind == UnitKind.VILLAGE:
        return None
    found = await _amounts(session, unit, days)
    if not found:
        return None
    span = min((span for _, span in found), key=lambda span: _distance(span, days))
    own, given_on = found.get((Level.PROVINCE, span)), found.get((Level.COMMUNE, span), {})
    amounts = given_on if own is None else own
    done = await _done(session, unit, span, amounts)
    rows = await _rows(session, amounts, done)
    return Progress(span, rows, of_province and own is None)


def _distance(span: DayRange, days: DayRange) -> tuple[bool, bool, int]:
    holds = span.first <= days.first and days.last <= span.last
    return span != days, not holds, span.days if holds else -span.last.toordinal()


async def _amounts(session: AsyncSession, unit: Unit, days: DayRange) -> dict[tuple[Level, DayRange], dict[Asked, int]]:
    """All numbers whose period touches these days, by whose they are and when."""
    if unit.kind == UnitKind.PROVINCE:
        whose = TARGETS.c.level.in_([str(Level.PROVINCE), str(Level.COMMUNE)])
    else:
        whose = TARGETS.c.holder == f"commune:{unit.id}"
    keys = [TARGETS.c[name] for name in ("level", "first_day", "last_day", "measure", "platform_code")]
    query = (
        select(*keys, func.sum(TARGETS.c.amount))
        .where(
            whose,
            TARGETS.c.amount.is_not(None),
            TARGETS.c.own.is_(False),
            TARGETS.c.first_day <= days.last,
            TARGETS.c.last_day >= days.first,
        )
        .group_by(*keys)
    )
    found: dict[tuple[Level, DayRange], dict[Asked, int]] = {}
    for level, first, last, measure, code, amount in map(tuple, await session.execute(query)):
        numbers = found.setdefault((Level(level), DayRange(first, last)), {})
        numbers[(Measure(measure), code)] = int(amount)
    return found


async def _done(session: AsyncSession, unit: Unit, span: DayRange, amounts: Mapping[Asked, int]) -> dict[Asked, int]:
    done: dict[Asked, int] = {}
    for measure in {measure for measure, _ in amounts}:
        codes = [code for of, code in amounts if of == measure]
        asked = target_counts.Asked(measure, span.first, span.last, codes)
        if unit.kind == UnitKind.PROVINCE:
            counted: dict[str, int] = await target_counts.of_province(session, asked)
        else:
            mine = await target_counts.of_communes(session, asked, [unit.id or 0])
            counted = {code: n for (_, code), n in mine.items()}
        done |= {(measure, code): n for code, n in counted.items()}
    return done


async def _rows(session: AsyncSession, amounts: Mapping[Asked, int], done: Mapping[Asked, int]) -> list[ProgressRow]:
    """In the order of the platforms' tiles."""
    query = select(PLATFORMS).where(PLATFORMS.c.code.in_([code for _, code in amounts])).order_by(PLATFORMS.c.position)
    platforms: Sequence[Any] = (await session.execute(query)).all()
    return [
        ProgressRow(p.code, p.name_vi, p.name_en, p.icon, measure, amount, done.get((measure, code), 0))
        for p in platforms
        for (measure, code), amount in amounts.items()
        if code == p.code
    ]
