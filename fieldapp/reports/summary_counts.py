"""Sums over counter rows, by whatever columns are asked for. No visit is read here, nor anywhere in a summary."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from models.counter import CommuneCount, Facet, VillageCount
from models.visit import Result, VisitState

VILLAGE, COMMUNE = VillageCount.__table__, CommuneCount.__table__


@dataclass(frozen=True)
class Counts:
    """By review state: lượt (one platform shown to one household once), and below them người."""

    approved: int = 0
    waiting: int = 0
    returned: int = 0
    approved_people: int = 0
    waiting_people: int = 0
    returned_people: int = 0

    @property
    def standing(self) -> int:
        """Lượt that are approved or still wait: what counts unless somebody sends it back."""
        return self.approved + self.waiting

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.approved + other.approved,
            self.waiting + other.waiting,
            self.returned + other.returned,
            self.approved_people + other.approved_people,
            self.waiting_people + other.waiting_people,
            self.returned_people + other.returned_people,
        )


NONE = Counts()


def total(parts: Iterable[Counts]) -> Counts:
    return sum(parts, NONE)


@dataclass(frozen=True)
class Details:
    """Counts by platform and by result, and the approved lượt of each platform that is now used independently."""

    platforms: dict[str, Counts]
    independent: dict[str, int]
    results: dict[str, Counts]


@dataclass(frozen=True)
class Source:
    """A counter table, narrowed to a unit; `day` is the column that a range of days is held against.

    `figures` are sums in the order of the fields of `Counts`.
    """

    table: Table
    day: Column[Any]
    where: tuple[ColumnElement[bool], ...]
    figures: Sequence[ColumnElement[Any]]

    def column(self, name: str) -> Column[Any]:
        return self.table.c[name]


def province_source() -> Source:
    """All of the database, by half-month: one database is one province."""
    figures = [func.sum(COMMUNE.c[field.name]) for field in fields(Counts)]
    return Source(COMMUNE, COMMUNE.c.half_month, (COMMUNE.c.facet == str(Facet.ALL),), figures)


def villages_source(village_ids: Iterable[int]) -> Source:
    """These villages, by day."""
    return Source(VILLAGE, VILLAGE.c.day, (VILLAGE.c.village_id.in_(list(village_ids)),), _by_state(VILLAGE))


async def sums_by(session: AsyncSession, source: Source, span: DayRange, *names: str) -> dict[tuple, Counts]:
    """Counts by the values of these columns; a key whose rows have all gone back to zero is left out."""
    return await _sums(session, source, span, [source.column(name) for name in names])


async def sums_of_both(
    session: AsyncSession, source: Source, span: DayRange, before: DayRange, *names: str
) -> tuple[dict[tuple, Counts], dict[tuple, Counts]]:
    """`sums_by` of a range, and of the one that ends the day before it, in one reading."""
    inside = (source.day >= span.first).label("inside")
    keys = [inside, *(source.column(name) for name in names)]
    both = await _sums(session, source, DayRange(before.first, span.last), keys)
    now = {key[1:]: counts for key, counts in both.items() if key[0]}
    return now, {key[1:]: counts for key, counts in both.items() if not key[0]}


async def _sums(
    session: AsyncSession, source: Source, span: DayRange, keys: Sequence[ColumnElement[Any]]
) -> dict[tuple, Counts]:
    # Grouped by name: PostgreSQL takes an expression for another one where its parameter is given once more.
    names = [key.key for key in keys]
    query = (
        select(*keys, *source.figures)
        .where(source.day.between(span.first, span.last), *source.where)
        .group_by(*names)
        .order_by(*names)
    )
    width = len(keys)
    rows = [(tuple(row[:width]), Counts(*map(int, row[width:]))) for row in await session.execute(query)]
    return {key: counts for key, counts in rows if counts != NONE}


async def read_details(session: AsyncSession, source: Source, span: DayRange) -> Details:
    """Of a province from its facets; of villages from the rows themselves."""
    if source.table is COMMUNE:
        return await _facets(session, source, span)
    sums = await sums_by(session, source, span, "platform_code", "result")
    used = {code: counts.approved for (code, result), counts in sums.items() if result == Result.INDEPENDENT}
    return Details(folded(sums, 0), used, folded(sums, 1))


@dataclass(frozen=True)
class Trend:
    """Approved lượt of a platform in the range before, and in the year so far."""

    before: int = 0
    year: int = 0


async def read_trends(session: AsyncSession, source: Source, before: DayRange, year: DayRange) -> dict[str, Trend]:
    """By platform; one reading of both ranges."""
    of_province = source.table is COMMUNE
    platform = COMMUNE.c.word if of_province else VILLAGE.c.platform_code
    figure = COMMUNE.c.approved if of_province else VILLAGE.c.support_count
    where = [COMMUNE.c.facet == str(Facet.PLATFORM)] if of_province else [*source.where, _APPROVED]
    sums = [func.sum(case((source.day.between(d.first, d.last), figure), else_=0)) for d in (before, year)]
    span = min(before.first, year.first), max(before.last, year.last)
    query = select(platform, *sums).where(source.day.between(*span), *where).group_by(platform)
    found = {code: Trend(int(a), int(b)) for code, a, b in map(tuple, await session.execute(query))}
    return {code: trend for code, trend in found.items() if trend != Trend()}


_APPROVED = VILLAGE.c.state == str(VisitState.APPROVED)


async def _facets(session: AsyncSession, source: Source, span: DayRange) -> Details:
    facet, word = COMMUNE.c.facet, COMMUNE.c.word
    query = (
        select(facet, word, func.sum(COMMUNE.c.independent), *source.figures)
        .where(facet.in_([str(Facet.PLATFORM), str(Facet.RESULT)]), source.day.between(span.first, span.last))
        .group_by(facet, word)
    )
    details = Details({}, {}, {})
    for name, key, independent, *figures in map(tuple, await session.execute(query)):
        counts = Counts(*map(int, figures))
        if counts == NONE:
            continue
        if name == Facet.PLATFORM:
            details.platforms[key], details.independent[key] = counts, int(independent)
        else:
            details.results[key] = counts
    return details


def _by_state(table: Table) -> list[ColumnElement[Any]]:
    """Of a table with a row for each state."""
    return [
        func.sum(case((table.c.state == str(state), table.c[measure]), else_=0))
        for measure in ("support_count", "people_count")
        for state in (VisitState.APPROVED, VisitState.WAITING, VisitState.RETURNED)
    ]


def folded(sums: dict[tuple, Counts], place: int) -> dict[Any, Counts]:
    """The same sums by one of their columns alone."""
    by_one: dict[Any, Counts] = {}
    for key, counts in sums.items():
        by_one[key[place]] = by_one.get(key[place], NONE) + counts
    return by_one
