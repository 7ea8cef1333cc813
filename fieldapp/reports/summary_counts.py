"""Sums over counter rows, by whatever columns are asked for. No visit is read here, nor anywhere in a summary."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from models.counter import CommuneCount, VillageCount
from models.visit import VisitState

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
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Counts)))


def total(parts: Iterable[Counts]) -> Counts:
    return sum(parts, Counts())


@dataclass(frozen=True)
class Source:
    """A counter table, narrowed to a unit; `day` is the column that a range of days is held against."""

    table: Table
    day: Column[Any]
    where: tuple[ColumnElement[bool], ...]

    def column(self, name: str) -> Column[Any]:
        return self.table.c[name]


def province_source() -> Source:
    """All of the database, by half-month: one database is one province."""
    return Source(COMMUNE, COMMUNE.c.half_month, ())


def villages_source(village_ids: Iterable[int]) -> Source:
    """These villages, by day."""
    return Source(VILLAGE, VILLAGE.c.day, (VILLAGE.c.village_id.in_(list(village_ids)),))


async def sums_by(session: AsyncSession, source: Source, span: DayRange, *names: str) -> dict[tuple, Counts]:
    """Counts by the values of these columns; a key whose rows have all gone back to zero is left out."""
    keys = [source.column(name) for name in names]
    query = (
        select(*keys, *_figures(source.table))
        .where(source.day.between(span.first, span.last), *source.where)
        .group_by(*keys)
        .order_by(*keys)
    )
    width = len(keys)
    rows = [(tuple(row[:width]), Counts(*(int(n) for n in row[width:]))) for row in await session.execute(query)]
    return {key: counts for key, counts in rows if counts != Counts()}


def _figures(table: Table) -> list[ColumnElement[Any]]:
    """A column for each field of `Counts`, in its order."""
    return [
        func.sum(case((table.c.state == str(state), table.c[measure]), else_=0))
        for measure in ("support_count", "people_count")
        for state in (VisitState.APPROVED, VisitState.WAITING, VisitState.RETURNED)
    ]


def folded(sums: dict[tuple, Counts], place: int) -> dict[Any, Counts]:
    """The same sums by one of their columns alone."""
    by_one: dict[Any, Counts] = {}
    for key, counts in sums.items():
        by_one[key[place]] = by_one.get(key[place], Counts()) + counts
    return by_one
