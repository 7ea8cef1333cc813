"""Counter rows of one commune, from its whole history at once; `reconcile` proves them right."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from fieldapp.domain.counting import (
    COMMUNE_FIGURES,
    COUNTED,
    Deltas,
    Movement,
    commune_deltas,
    household_deltas,
    village_deltas,
)
from fieldapp.domain.visit import RUNG
from models.counter import CommuneCount, HouseholdCount, HouseholdPeriod, HouseholdPlatform, VillageCount
from models.visit import Result, VisitState

Row = dict[str, Any]
_VILLAGE = ("village_id", "day", "team_id", "member_id", "platform_code", "result", "mode", "beneficiary", "state")
_COMMUNE = ("facet", "half_month", "part", "word")
_FIGURES = ("support_count", "people_count")


def counter_rows(movements: Sequence[Movement]) -> list[tuple[type[SQLModel], list[Row]]]:
    """Rows by table. No counter may hold anything of this commune yet."""
    periods = list(_periods(movements))
    return [
        (VillageCount, _named((*_VILLAGE, *_FIGURES), village_deltas(movements))),
        (CommuneCount, _named((*_COMMUNE, *COMMUNE_FIGURES), commune_deltas(movements))),
        (HouseholdPeriod, periods),
        (HouseholdCount, _distinct(periods)),
        (HouseholdPlatform, _rungs(movements)),
    ]


def _named(names: Sequence[str], deltas: Deltas) -> list[Row]:
    return [dict(zip(names, (*key, *delta), strict=True)) for key, delta in deltas.items()]


def _periods(movements: Sequence[Movement]) -> Iterable[Row]:
    home = {m.visit.household_id: (m.visit.village_id, m.visit.commune_id) for m in movements}
    for (household, kind, starts_on), by_state in household_deltas(movements).items():
        village, commune = home[household]
        yield {
            "household_id": household, "kind": kind, "starts_on": starts_on, "village_id": village,
            "commune_id": commune, **{str(state): by_state.get(state, 0) for state in COUNTED},
        }  # fmt: skip


def _distinct(periods: Sequence[Row]) -> list[Row]:
    counts: dict[tuple, Row] = {}
    for row in periods:
        place = {name: row[name] for name in ("village_id", "kind", "starts_on", "commune_id")}
        count = counts.setdefault(tuple(place.values()), {**place, "approved": 0, "standing": 0})
        count["approved"] += row["approved"] > 0
        count["standing"] += row["approved"] + row["waiting"] > 0
    return list(counts.values())


def _rungs(movements: Sequence[Movement]) -> list[Row]:
    best: dict[tuple[UUID, str], tuple[int, date]] = {}
    for movement in movements:
        if movement.new not in (VisitState.WAITING, VisitState.APPROVED):
            continue
        for platform, result, _ in movement.visit.outcomes:
            key, rung, day = (movement.visit.household_id, platform), RUNG.get(Result(result), 0), movement.visit.day
            have, since = best.get(key, (0, day))
            if rung > have or (rung == have > 0 and day < since):
                best[key] = rung, day
    return [
        {"household_id": household, "platform_code": platform, "rung": rung, "since": since}
        for (household, platform), (rung, since) in best.items()
    ]
