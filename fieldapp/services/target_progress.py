"""How far the targets of a commune, or of the whole province, have come in the period that some days belong to.

Households are counted from their rungs, which grow with the record: so this is read beside a summary, never within it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
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
class Number:
    """What is to be reached; `communes` are those whose numbers it adds up, none where it is the province's own."""

    amount: int
    communes: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ProgressRow:
    """`given_to`: the province set no number of its own, this is the sum of those of so many communes; else 0.

    What is done is then theirs, too.
    """

    code: str
    name_vi: str
    name_en: str
    icon: str
    measure: Measure
    amount: int
    done: int
    given_to: int = 0


@dataclass(frozen=True)
class Progress:
    span: DayRange
    rows: Sequence[ProgressRow]


async def read_progress(session: AsyncSession, who: Principal, unit: Unit, days: DayRange) -> Progress | None:
    """Of the period that is these days, else of the shortest that holds them, else of the last that touches them.

    None where there is no target. Raises `forbidden`; villages have none, their teams do.
    """
    of_province = unit.kind == UnitKind.PROVINCE
    commune_id = unit.parent_id if unit.kind == UnitKind.VILLAGE else unit.id
    require(who, Action.READ_TARGET, Place(commune_id=None if of_province else commune_id))
    if unit.kind == UnitKind.VILLAGE:
        return None
    found = await _numbers(session, unit, days)
    if not found:
        return None
    span = min(found, key=lambda span: _distance(span, days))
    numbers = found[span]
    return Progress(span, await _rows(session, unit, numbers, await _done(session, span, numbers)))


def _distance(span: DayRange, days: DayRange) -> tuple[bool, bool, int]:
    holds = span.first <= days.first and days.last <= span.last
    return span != days, not holds, span.days if holds else -span.last.toordinal()


async def _numbers(session: AsyncSession, unit: Unit, days: DayRange) -> dict[DayRange, dict[Asked, Number]]:
    """By the periods that touch these days. A number of the province's own stands before those of its communes."""
    if unit.kind == UnitKind.PROVINCE:
        whose = TARGETS.c.level.in_([str(Level.PROVINCE), str(Level.COMMUNE)])
    else:
        whose = TARGETS.c.holder == f"commune:{unit.id}"
    names = ("level", "commune_id", "first_day", "last_day", "measure", "platform_code", "amount")
    query = select(*(TARGETS.c[name] for name in names)).where(
        whose,
        TARGETS.c.amount.is_not(None),
        TARGETS.c.own.is_(False),
        TARGETS.c.first_day <= days.last,
        TARGETS.c.last_day >= days.first,
    )
    given: dict[DayRange, dict[Asked, Number]] = {}
    own: dict[DayRange, dict[Asked, Number]] = {}
    for level, commune, first, last, measure, code, amount in map(tuple, await session.execute(query)):
        asked = (Measure(measure), code)
        if level == Level.PROVINCE:
            own.setdefault(DayRange(first, last), {})[asked] = Number(amount)
        else:
            numbers = given.setdefault(DayRange(first, last), {})
            before = numbers.get(asked, Number(0))
            numbers[asked] = Number(before.amount + amount, before.communes | {commune})
    return {span: given.get(span, {}) | own.get(span, {}) for span in {**given, **own}}


async def _done(session: AsyncSession, span: DayRange, numbers: Mapping[Asked, Number]) -> dict[Asked, int]:
    """Of the communes whose numbers these are: what others did brings them no nearer."""
    done: dict[Asked, int] = {}
    for measure in {measure for measure, _ in numbers}:
        asked = {code: number.communes for (of, code), number in numbers.items() if of == measure}
        if whole := [code for code, communes in asked.items() if not communes]:
            counts = await target_counts.of_province(session, _asked(measure, span, whole))
            done |= {(measure, code): n for code, n in counts.items()}
        if parts := [code for code, communes in asked.items() if communes]:
            holders = {commune for code in parts for commune in asked[code]}
            by_commune = await target_counts.of_communes(session, _asked(measure, span, parts), holders)
            for (commune, code), n in by_commune.items():
                if commune in asked[code]:
                    done[(measure, code)] = done.get((measure, code), 0) + n
    return done


def _asked(measure: Measure, span: DayRange, codes: Sequence[str]) -> target_counts.Asked:
    return target_counts.Asked(measure, span.first, span.last, codes)


async def _rows(
    session: AsyncSession, unit: Unit, numbers: Mapping[Asked, Number], done: Mapping[Asked, int]
) -> list[ProgressRow]:
    """In the order of the platforms' tiles."""
    query = select(PLATFORMS).where(PLATFORMS.c.code.in_([code for _, code in numbers])).order_by(PLATFORMS.c.position)
    platforms: Sequence[Any] = (await session.execute(query)).all()
    wide = unit.kind == UnitKind.PROVINCE
    return [
        ProgressRow(
            p.code,
            p.name_vi,
            p.name_en,
            p.icon,
            measure,
            number.amount,
            done.get((measure, code), 0),
            len(number.communes) if wide else 0,
        )
        for p in platforms
        for (measure, code), number in numbers.items()
        if code == p.code
    ]
