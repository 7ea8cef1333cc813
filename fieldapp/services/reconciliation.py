"""Holds every counter against the raw visits: an operator's proof, and the way back if one should ever differ."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.counting import (
    COMMUNE_FIGURES,
    COUNTED,
    Deltas,
    Movement,
    commune_deltas,
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
from models.unit import Unit, UnitKind
from models.visit import VisitState

UNITS = Unit.__table__
FIGURES = {
    VILLAGE: ("support_count", "people_count"),
    COMMUNE: COMMUNE_FIGURES,
    PERIODS: ("approved", "waiting", "returned"),
    HOUSEHOLDS: ("approved", "standing"),
    PLATFORMS: ("rung", "since"),
}


@dataclass(frozen=True)
class Reconciliation:
    """How many rows of each counter differ from the raw visits."""

    checked: int
    wrong: dict[str, int]

    @property
    def right(self) -> bool:
        return not any(self.wrong.values())


async def reconcile(session: AsyncSession, mend: bool = False) -> Reconciliation:
    """Compares every counter; with `mend`, writes anew those that differ.

    Reads all visits, so it is for an operator, not for a page. Takes the locks that every writer takes, and so sees
    one moment: it needs a write session, and phones wait while it works.
    """
    villages = await session.execute(select(UNITS.c.id).where(UNITS.c.kind == UnitKind.VILLAGE))
    await raise_villages(session, villages.scalars())
    expected = await _expected(session)
    wrong: dict[str, int] = {}
    for table, rows in expected.items():
        stored = [r._asdict() for r in await session.execute(select(table))]
        have, want = _figures(table, stored), _figures(table, rows)
        wrong[table.name] = sum(1 for key in have.keys() | want.keys() if have.get(key) != want.get(key))
        if wrong[table.name] and mend:
            await session.execute(delete(table))
            for start in range(0, len(rows), CHUNK):
                await session.execute(insert(table), rows[start : start + CHUNK])
    return Reconciliation(sum(len(rows) for rows in expected.values()), wrong)


def _figures(table: Table, rows: list[dict[str, Any]]) -> dict[tuple, tuple]:
    """Figures by key; rows whose numbers are all zero are as good as absent."""
    keys = [c.name for c in table.primary_key.columns]
    figures = {tuple(r[k] for k in keys): tuple(r[f] for f in FIGURES[table]) for r in rows}
    return {key: numbers for key, numbers in figures.items() if any(numbers)}


async def _expected(session: AsyncSession) -> dict[Table, list[dict[str, Any]]]:
    movements = await _standing_movements(session)
    periods = await _periods(session, movements)
    rungs = await session.execute(best_rungs())
    return {
        VILLAGE: _named(VILLAGE, village_deltas(movements)),
        COMMUNE: _named(COMMUNE, commune_deltas(movements)),
        PERIODS: periods,
        HOUSEHOLDS: _distinct(periods),
        PLATFORMS: [r._asdict() for r in rungs],
    }


def _named(table: Table, deltas: Deltas) -> list[dict[str, Any]]:
    names = [c.name for c in table.primary_key.columns] + list(FIGURES[table])
    return [dict(zip(names, (*key, *delta), strict=True)) for key, delta in deltas.items()]


async def _standing_movements(session: AsyncSession) -> list[Movement]:
    query = (
        select(VISITS, OUTCOMES.c.platform_code, OUTCOMES.c.result, OUTCOMES.c.people.label("helped_people"))
        .join(OUTCOMES, OUTCOMES.c.visit_id == VISITS.c.id)
        .where(VISITS.c.state.in_([str(s) for s in COUNTED]))
        .order_by(VISITS.c.received_at, VISITS.c.id)
    )
    visits: dict[UUID, tuple[Any, list]] = {}
    for row in await session.execute(query):
        visits.setdefault(row.id, (row, []))[1].append((row.platform_code, row.result, row.helped_people))
    return [Movement(counted(row, outcomes), None, VisitState(row.state)) for row, outcomes in visits.values()]


async def _periods(session: AsyncSession, movements: list[Movement]) -> list[dict[str, Any]]:
    """Households by period; the village that one was credited to when first helped is history and stays."""
    stored = await session.execute(select(PERIODS))
    credited = {(r.household_id, str(r.kind), r.starts_on): (r.village_id, r.commune_id) for r in stored}
    home = {m.visit.household_id: (m.visit.village_id, m.visit.commune_id) for m in reversed(movements)}
    rows = []
    for (household, kind, starts_on), by_state in household_deltas(movements).items():
        village, commune = credited.get((household, str(kind), starts_on), home[household])
        key = {"household_id": household, "kind": str(kind), "starts_on": starts_on}
        rows.append(
            {**key, "village_id": village, "commune_id": commune, **{str(s): by_state.get(s, 0) for s in COUNTED}}
        )
    return rows


def _distinct(periods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    counts: dict[tuple, dict[str, Any]] = {}
    for row in periods:
        place = {name: row[name] for name in ("village_id", "kind", "starts_on", "commune_id")}
        count = counts.setdefault(tuple(place.values()), {**place, "approved": 0, "standing": 0})
        count["approved"] += row["approved"] > 0
        count["standing"] += row["approved"] + row["waiting"] > 0
    return list(counts.values())
