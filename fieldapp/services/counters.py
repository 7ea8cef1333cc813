"""Moves the counters with visits; `reconciliation` proves that they equal the raw rows.

Rows are touched in key order, village counters before commune counters, after the village's scope row was
locked: so transactions that meet wait for each other and do not deadlock.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.counting import (
    COMMUNE_FIGURES,
    COUNTED,
    CountedVisit,
    Deltas,
    Movement,
    commune_deltas,
    crossing,
    first_homes,
    household_deltas,
    village_deltas,
)
from fieldapp.domain.visit import RUNG
from fieldapp.services.upsert import add_to, dialect_of, insert_for
from models.counter import CommuneCount, HouseholdCount, HouseholdPeriod, HouseholdPlatform, VillageCount
from models.visit import Outcome, Visit, VisitState

VISITS, OUTCOMES = Visit.__table__, Outcome.__table__
VILLAGE, COMMUNE = VillageCount.__table__, CommuneCount.__table__
PERIODS, HOUSEHOLDS, PLATFORMS = HouseholdPeriod.__table__, HouseholdCount.__table__, HouseholdPlatform.__table__
SUMS = ("support_count", "people_count")
STANDING = (VisitState.WAITING, VisitState.APPROVED)


def _rows(table: Table, deltas: Deltas, sums: Sequence[str] = SUMS) -> list[dict[str, Any]]:
    names = [c.name for c in table.primary_key.columns]
    return [dict(zip([*names, *sums], [*key, *delta], strict=True)) for key, delta in deltas.items()]


async def move(session: AsyncSession, movements: Sequence[Movement]) -> None:
    """Moves every counter by these changes of state; the caller holds the villages' scope rows."""
    await add_to(session, VILLAGE, _rows(VILLAGE, village_deltas(movements)), SUMS)
    await _move_households(session, movements)
    await add_to(session, COMMUNE, _rows(COMMUNE, commune_deltas(movements), COMMUNE_FIGURES), COMMUNE_FIGURES)
    await _move_platforms(session, movements)


async def _move_households(session: AsyncSession, movements: Sequence[Movement]) -> None:
    homes, deltas = first_homes(movements), household_deltas(movements)
    rows = [
        {
            "household_id": key[0],
            "kind": str(key[1]),
            "starts_on": key[2],
            "village_id": homes[key][0],
            "commune_id": homes[key][1],
            **{str(s): deltas[key].get(s, 0) for s in COUNTED},
        }
        for key in sorted(deltas, key=lambda k: (k[0], str(k[1]), k[2]))
    ]
    after = await add_to(session, PERIODS, rows, [str(s) for s in COUNTED], returning=True)
    sums: dict[tuple, list[int]] = {}
    for row in after:
        moved = deltas[(row.household_id, row.kind, row.starts_on)]
        standing = row.approved + row.waiting
        was_approved = row.approved - moved.get(VisitState.APPROVED, 0)
        was_standing = standing - sum(moved.get(s, 0) for s in STANDING)
        both = sums.setdefault((row.village_id, str(row.kind), row.starts_on, row.commune_id), [0, 0])
        both[0] += crossing(was_approved, row.approved)
        both[1] += crossing(was_standing, standing)
    names = ["village_id", "kind", "starts_on", "commune_id", "approved", "standing"]
    counts: list[dict[str, Any]] = [
        dict(zip(names, (*k, *v), strict=True)) for k, v in sorted(sums.items()) if v != [0, 0]
    ]
    await add_to(session, HOUSEHOLDS, counts, ("approved", "standing"))


async def _move_platforms(session: AsyncSession, movements: Sequence[Movement]) -> None:
    """A rise is an upsert; anything that may lower a rung is worked out again from the standing visits."""
    lowered = {
        (m.visit.household_id, platform)
        for m in movements
        if m.old in STANDING and m.new not in STANDING
        for platform, _, _ in m.visit.outcomes
    }
    best: dict[tuple[UUID, str], tuple[int, date]] = {}
    for m in movements:
        if m.new in STANDING and m.old not in STANDING:
            for platform, result, _ in m.visit.outcomes:
                key, rung = (m.visit.household_id, platform), RUNG.get(result)  # type: ignore[call-overload]
                if rung and key not in lowered:
                    best[key] = max(
                        best.get(key, (0, m.visit.day)), (rung, m.visit.day), key=lambda b: (b[0], -b[1].toordinal())
                    )
    if lowered:
        best |= await _recompute_platforms(session, lowered)
    await _store_platforms(session, best)


async def _recompute_platforms(session: AsyncSession, keys: set[tuple[UUID, str]]) -> dict:
    households = sorted({k[0] for k in keys})
    await session.execute(
        delete(PLATFORMS).where(
            PLATFORMS.c.household_id.in_(households), PLATFORMS.c.platform_code.in_({k[1] for k in keys})
        )
    )
    found = await session.execute(best_rungs(VISITS.c.household_id.in_(households)))
    return {(row.household_id, row.platform_code): (row.rung, row.since) for row in found}


def best_rungs(*conditions: ColumnElement[bool]) -> Select:
    """(household, platform, rung, since) of the standing visits that meet all conditions, best and earliest first."""
    rung = case({str(r): n for r, n in RUNG.items()}, value=OUTCOMES.c.result, else_=0)
    place = func.row_number().over(
        partition_by=(VISITS.c.household_id, OUTCOMES.c.platform_code), order_by=(rung.desc(), VISITS.c.done_on)
    )
    columns = VISITS.c.household_id, OUTCOMES.c.platform_code, rung.label("rung"), VISITS.c.done_on.label("since")
    ranked = (
        select(*columns, place.label("place"))
        .join(OUTCOMES, OUTCOMES.c.visit_id == VISITS.c.id)
        .where(VISITS.c.state.in_(STANDING), OUTCOMES.c.result.in_([str(r) for r in RUNG]), *conditions)
        .subquery()
    )
    return select(ranked.c.household_id, ranked.c.platform_code, ranked.c.rung, ranked.c.since).where(
        ranked.c.place == 1
    )


async def _store_platforms(session: AsyncSession, best: dict[tuple[UUID, str], tuple[int, date]]) -> None:
    rows = [
        {"household_id": h, "platform_code": p, "rung": rung, "since": since}
        for (h, p), (rung, since) in sorted(best.items())
    ]
    if rows:
        await session.execute(_rise(dialect_of(session)), rows)


@lru_cache
def _rise(dialect: str) -> Any:
    """A better rung takes the place of a lower one, and an earlier day that of a later one of the same rung."""
    insert = insert_for(dialect, PLATFORMS)
    new, here = insert.excluded, PLATFORMS.c
    return insert.on_conflict_do_update(
        index_elements=list(PLATFORMS.primary_key.columns),
        set_={"rung": new.rung, "since": new.since},
        where=(new.rung > here.rung) | ((new.rung == here.rung) & (new.since < here.since)),
    )


async def counted_visits(session: AsyncSession, visit_ids: Iterable[UUID]) -> dict[UUID, CountedVisit]:
    """What the counters know of these visits."""
    ids = list(visit_ids)
    outcomes: dict[UUID, list[tuple[str, str, int]]] = {}
    for row in await session.execute(select(OUTCOMES).where(OUTCOMES.c.visit_id.in_(ids)).order_by(OUTCOMES.c.id)):
        outcomes.setdefault(row.visit_id, []).append((row.platform_code, row.result, row.people))
    rows = await session.execute(select(VISITS).where(VISITS.c.id.in_(ids)))
    return {row.id: counted(row, outcomes.get(row.id, [])) for row in rows}


def counted(row: Any, outcomes: Iterable[tuple[str, str, int]]) -> CountedVisit:
    return CountedVisit(
        row.household_id,
        row.village_id,
        row.commune_id,
        row.team_id,
        row.done_by_id or row.author_id,
        row.done_on,
        str(row.mode),
        str(row.beneficiary),
        tuple(outcomes),
    )
