"""Holds every counter against the raw visits: an operator's proof, and the way back if one should ever differ.

It goes village by village, and then through the households by some hundreds, so that its memory does not grow with the
record. Rows that no village and no household would lead to are looked for as well.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, case, delete, func, insert, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.counting import (
    COMMUNE_FIGURES,
    COUNTED,
    Deltas,
    Movement,
    commune_deltas,
    first_homes,
    household_deltas,
    village_deltas,
)
from fieldapp.services.counters import (
    COMMUNE,
    HOUSEHOLDS,
    OUTCOMES,
    PERIODS,
    PLATFORMS,
    VILLAGE,
    VISITS,
    best_rungs,
    counted,
)
from fieldapp.services.scopes import raise_villages
from fieldapp.services.upsert import CHUNK
from models.household import Household
from models.unit import Unit, UnitKind
from models.visit import VisitState

UNITS, HOMES = Unit.__table__, Household.__table__
FIGURES = {
    VILLAGE: ("support_count", "people_count"),
    COMMUNE: COMMUNE_FIGURES,
    PERIODS: ("approved", "waiting", "returned"),
    HOUSEHOLDS: ("approved", "standing"),
    PLATFORMS: ("rung", "since"),
}
READ_OF_A_VISIT = (
    "id", "household_id", "village_id", "commune_id", "team_id", "author_id", "done_by_id", "done_on", "mode",
    "beneficiary", "state",
)  # fmt: skip
VILLAGES = select(UNITS.c.id, UNITS.c.parent_id).where(UNITS.c.kind == UnitKind.VILLAGE).order_by(UNITS.c.id)
HOMES_AT_ONCE = 500
Row = dict[str, Any]
Stretch = tuple[UUID | None, UUID | None]


@dataclass(frozen=True)
class Reconciliation:
    """How many rows of each counter differ from the raw visits."""

    checked: int
    wrong: dict[str, int]

    @property
    def right(self) -> bool:
        return not any(self.wrong.values())


async def reconcile(session: AsyncSession, mend: bool = False) -> Reconciliation:
    """Compares every counter; with `mend`, writes anew the rows that differ.

    Reads all visits twice, so it is for an operator, not for a page. Takes the locks that every writer takes, and so
    sees one moment: it needs a write session, and phones wait while it works.
    """
    villages = (await session.execute(VILLAGES)).all()
    await raise_villages(session, [village.id for village in villages])
    # Numbers of households are held against the households' periods, which must be right by then: so all is mended,
    # and taken back where nobody asked for it.
    attempt = await session.begin_nested()
    proof = _Proof(session)
    await proof.by_village([village.id for village in villages])
    await proof.by_household()
    await proof.of_numbers(sorted({village.parent_id for village in villages}))
    await (attempt.commit() if mend else attempt.rollback())
    return Reconciliation(proof.checked, proof.wrong)


class _Proof:
    """Compares and mends the counters part by part, and keeps count."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.checked = 0
        self.wrong = {table.name: 0 for table in FIGURES}

    async def by_village(self, villages: Sequence[int]) -> None:
        """The counts by day, and those of the communes: of these there are few, so they add up on the way."""
        sums: Deltas = {}
        for village in (*villages, None):
            movements = await _movements(self.session, _of_village(VISITS, village))
            await self._hold(VILLAGE, _of_village(VILLAGE, village), _named(VILLAGE, village_deltas(movements)))
            for key, delta in commune_deltas(movements).items():
                sums[key] = tuple(map(sum, zip(sums[key], delta, strict=True))) if key in sums else delta
        await self._hold(COMMUNE, true(), _named(COMMUNE, sums))

    async def by_household(self) -> None:
        async for stretch in _stretches(self.session):
            of_these = _within(VISITS, stretch)
            movements, here = await _movements(self.session, of_these), _within(PERIODS, stretch)
            await self._hold(PERIODS, here, await _periods(self.session, movements, here))
            rungs = await self.session.execute(best_rungs(of_these))
            await self._hold(PLATFORMS, _within(PLATFORMS, stretch), [row._asdict() for row in rungs])

    async def of_numbers(self, communes: Sequence[int]) -> None:
        for commune in (*communes, None):
            await self._hold(HOUSEHOLDS, _of_commune(commune), await _distinct(self.session, commune))

    async def _hold(self, table: Table, where: ColumnElement[bool], rows: Sequence[Row]) -> None:
        """Holds what is stored there against these rows, and puts them in the place of what differs."""
        stored = [row._asdict() for row in await self.session.execute(select(table).where(where))]
        have, want = _figures(table, stored), _figures(table, rows)
        differing = {key for key in have.keys() | want.keys() if have.get(key) != want.get(key)}
        self.checked += len(rows)
        self.wrong[table.name] += len(differing)
        if differing:
            right = {_key(table, row): row for row in rows}
            await self._replace(table, sorted(differing, key=str), right)

    async def _replace(self, table: Table, keys: Sequence[tuple], right: dict[tuple, Row]) -> None:
        columns = table.primary_key.columns
        gone = delete(table).where(*(column == bindparam(f"old_{column.name}") for column in columns))
        connection = await self.session.connection()
        for start in range(0, len(keys), CHUNK):
            some = keys[start : start + CHUNK]
            old = [{f"old_{column.name}": part for column, part in zip(columns, key, strict=True)} for key in some]
            await connection.execute(gone, old)
            if rows := [right[key] for key in some if key in right]:
                await connection.execute(insert(table), rows)


def _figures(table: Table, rows: Sequence[Row]) -> dict[tuple, tuple]:
    """Figures by key; rows whose numbers are all zero are as good as absent."""
    figures = {_key(table, row): tuple(row[name] for name in FIGURES[table]) for row in rows}
    return {key: numbers for key, numbers in figures.items() if any(numbers)}


def _key(table: Table, row: Row) -> tuple:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _named(table: Table, deltas: Deltas) -> list[Row]:
    names = [c.name for c in table.primary_key.columns] + list(FIGURES[table])
    return [dict(zip(names, (*key, *delta), strict=True)) for key, delta in deltas.items()]


def _of_village(table: Table, village: int | None) -> ColumnElement[bool]:
    """Of a village, or of what is none."""
    column = table.c.village_id
    return column == village if village is not None else column.not_in(VILLAGES.with_only_columns(UNITS.c.id))


def _of_commune(commune: int | None) -> ColumnElement[bool]:
    """Numbers of households of a commune's villages, or of what is no village."""
    villages = VILLAGES.with_only_columns(UNITS.c.id)
    if commune is None:
        return HOUSEHOLDS.c.village_id.not_in(villages)
    return HOUSEHOLDS.c.village_id.in_(villages.where(UNITS.c.parent_id == commune))


async def _stretches(session: AsyncSession) -> AsyncIterator[Stretch]:
    """All ids that a household could have, in stretches of so many households: from a first one to before the next."""
    place = func.row_number().over(order_by=HOMES.c.id)
    numbered = select(HOMES.c.id, place.label("place")).subquery()
    every = select(numbered.c.id).where(numbered.c.place % HOMES_AT_ONCE == 0).order_by(numbered.c.id)
    first = None
    for following in (await session.execute(every)).scalars():
        yield first, following
        first = following
    yield first, None


def _within(table: Table, stretch: Stretch) -> ColumnElement[bool]:
    household, (first, following) = table.c.household_id, stretch
    return and_(true(), *([household >= first] if first else []), *([household < following] if following else []))


async def _movements(session: AsyncSession, where: ColumnElement[bool]) -> list[Movement]:
    """Of the visits that count, as if each were new; in the order in which they came."""
    query = (
        select(
            *(VISITS.c[name] for name in READ_OF_A_VISIT),
            OUTCOMES.c.platform_code,
            OUTCOMES.c.result,
            OUTCOMES.c.people,
        )
        .join(OUTCOMES, OUTCOMES.c.visit_id == VISITS.c.id)
        .where(VISITS.c.state.in_([str(s) for s in COUNTED]), where)
        .order_by(VISITS.c.received_at, VISITS.c.id)
    )
    visits: dict[UUID, tuple[Any, list]] = {}
    for row in await session.execute(query):
        visits.setdefault(row.id, (row, []))[1].append((row.platform_code, row.result, row.people))
    return [Movement(counted(row, outcomes), None, VisitState(row.state)) for row, outcomes in visits.values()]


async def _periods(session: AsyncSession, movements: list[Movement], where: ColumnElement[bool]) -> list[Row]:
    """Households by period; the village that one was credited to when first helped is history and stays."""
    stored = await session.execute(select(PERIODS).where(where))
    credited = {(r.household_id, str(r.kind), r.starts_on): (r.village_id, r.commune_id) for r in stored}
    homes, rows = first_homes(movements), []
    for of, by_state in household_deltas(movements).items():
        household, kind, starts_on = of
        village, commune = credited.get((household, str(kind), starts_on), homes[of])
        key = {"household_id": household, "kind": str(kind), "starts_on": starts_on}
        rows.append(
            {**key, "village_id": village, "commune_id": commune, **{str(s): by_state.get(s, 0) for s in COUNTED}}
        )
    return rows


async def _distinct(session: AsyncSession, commune: int | None) -> list[Row]:
    """How many households were helped in each period, by the households' own, in a commune or in what is none."""
    approved, standing = PERIODS.c.approved > 0, PERIODS.c.approved + PERIODS.c.waiting > 0
    key = PERIODS.c.village_id, PERIODS.c.kind, PERIODS.c.starts_on
    communes = VILLAGES.with_only_columns(UNITS.c.parent_id)
    column = PERIODS.c.commune_id
    query = (
        select(
            *key,
            func.min(column).label("commune_id"),
            func.sum(case((approved, 1), else_=0)).label("approved"),
            func.sum(case((standing, 1), else_=0)).label("standing"),
        )
        .where(column == commune if commune is not None else column.not_in(communes))
        .group_by(*key)
    )
    return [row._asdict() for row in await session.execute(query)]
