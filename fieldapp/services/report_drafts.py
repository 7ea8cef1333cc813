"""A report's numbers as they stand now, for every village of a commune at once: what a phone shows and what is locked.

Automatic ones come from approved visits, with what waits beside them; manual ones stay empty until somebody says them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.indicator import (
    ActivityFormula,
    DifficultyFormula,
    Fact,
    Measured,
    ShareFormula,
    StandingFormula,
    TaskFormula,
    VisitFormula,
    measure,
)
from fieldapp.domain.report_figure import Figure
from fieldapp.domain.target import DONE_RESULTS
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.zalo_group import speakers
from fieldapp.services.indicators import Counted
from fieldapp.services.report_ground import NOTHING, Ground, asks, read_ground, spans_of
from fieldapp.services.report_units import OF_COMMUNE, Crew, ReportingVillage, crews, ended_villages
from models.indicator import IndicatorUnit
from models.period import Period
from models.target import Measure

MEASURES = {
    IndicatorUnit.HOUSEHOLD: Measure.HOUSEHOLD,
    IndicatorUnit.SHOP: Measure.HOUSEHOLD,
    IndicatorUnit.SUPPORT: Measure.SUPPORT,
    IndicatorUnit.PERSON: Measure.PERSON,
}


async def drafts(
    session: AsyncSession,
    period: Period,
    indicators: Sequence[Counted],
    commune_id: int,
    villages: Sequence[ReportingVillage],
    now: datetime,
    only: Iterable[int] | None = None,
    known: Sequence[Fact] | None = None,
) -> dict[int, list[Figure]]:
    """By reporting village (or only these) a figure for each indicator; under `OF_COMMUNE` those of its own team.

    `known` as in `read_ground`.
    """
    chosen = [village for village in villages if only is None or village.id in set(only)]
    spans = spans_of(period)
    day = min(period.last_day, vn_day(now))
    staff = await crews(session, commune_id, villages, day)
    ended = await ended_villages(session, commune_id, spans.all.first, spans.now) if only is None else None
    counted = [*chosen, *([ended] if ended else [])]
    ground = await read_ground(session, commune_id, spans, day, counted, staff, indicators, known)
    plans = _planned(indicators)
    found = {
        village.id: [_figure(one, village, staff[village.id], ground, plans) for one in indicators]
        for village in chosen
    }
    if only is None:
        found[OF_COMMUNE] = [_of_commune(one, staff[OF_COMMUNE], ended, ground) for one in indicators]
    return found


async def of_commune(
    session: AsyncSession,
    period: Period,
    indicators: Sequence[Counted],
    commune_id: int,
    villages: Sequence[ReportingVillage],
    now: datetime,
) -> list[Figure]:
    """What no village that reports tells of, with no look at what those did."""
    spans, day = spans_of(period), min(period.last_day, vn_day(now))
    staff = await crews(session, commune_id, villages, day)
    ended = await ended_villages(session, commune_id, spans.all.first, spans.now)
    ground = await read_ground(session, commune_id, spans, day, [ended] if ended else [], staff, indicators)
    return [_of_commune(one, staff[OF_COMMUNE], ended, ground) for one in indicators]


def _planned(indicators: Sequence[Counted]) -> dict[str, tuple[str, Measure]]:
    """By indicator the platform and measure of its targets: the first one that counts that platform so has them.

    None that counts more than what reaches a target (`domain/target.py`): what was only shown would fill its plan.
    """
    found: dict[str, tuple[str, Measure]] = {}
    for one in indicators:
        measure_of = MEASURES.get(one.unit)
        if not isinstance(one.formula, VisitFormula) or not measure_of or len(one.formula.platforms) != 1:
            continue
        if one.formula.results and one.formula.results <= set(DONE_RESULTS):
            target = (next(iter(one.formula.platforms)), measure_of)
            if target not in found.values():
                found[one.code] = target
    return found


def _figure(
    one: Counted, village: ReportingVillage, crew: Crew, ground: Ground, plans: Mapping[str, tuple[str, Measure]]
) -> Figure:
    now, was, year = (_measured(one, village, crew, ground, name) for name in ("now", "before", "year"))
    plan = None
    if one.code in plans:
        platform, counted = plans[one.code]
        given = [n for team in crew.teams if (n := ground.plans.get((team, platform, counted))) is not None]
        plan = sum(given) if given else None
    if one.stock:
        was, year = Measured(), now
    return Figure(one.code, now.value, now.over, now.waiting, plan, year.value, year.over, was.value, was.over)


def _measured(one: Counted, village: ReportingVillage, crew: Crew, ground: Ground, name: str) -> Measured:
    formula, span = one.formula, getattr(ground.spans, name)
    match formula:
        case VisitFormula() | ShareFormula():
            facts = ground.facts[name].get(village.id, NOTHING)
            return measure(formula, facts.asked(formula), village.villages)
        case StandingFormula(of="members"):
            return Measured(len(crew.members))
        case StandingFormula(of="active_members"):
            return Measured(len(crew.members & ground.active[name]))
        case StandingFormula():
            return _in_group(village, ground)
        case ActivityFormula():
            met = [
                row for row in ground.activities
                if row.village_id in village.villages and row.kind in formula.kinds
                and span.first <= row.done_on <= span.last
            ]  # fmt: skip
            return Measured(len(met) if formula.figure == "count" else sum(row.people or 0 for row in met))
        case DifficultyFormula():
            rows = [row for row in ground.difficulties if row.village_id in village.villages]
            return Measured(_count_difficulties(formula.figure, rows, span, ground.day))
        case TaskFormula():
            return Measured(_counted_tasks(formula, crew, ground, name))
        case None:
            return Measured()


def _of_commune(one: Counted, crew: Crew, ended: ReportingVillage | None, ground: Ground) -> Figure:
    """The people and tasks of the commune's own team, for what it does in villages is counted there; and what villages
    did that ended and that nobody continues.
    """
    if asks(one.formula, "members"):
        return Figure(one.code, len(crew.members), year=len(crew.members))
    if asks(one.formula, "active_members"):
        now, was, year = (len(crew.members & ground.active[name]) for name in ("now", "before", "year"))
        return Figure(one.code, now, year=year, previous=was)
    if isinstance(one.formula, TaskFormula):
        now, was, year = (_counted_tasks(one.formula, crew, ground, name) for name in ("now", "before", "year"))
        return Figure(one.code, now, year=now if one.stock else year, previous=None if one.stock else was)
    told_of_villages = (VisitFormula, ShareFormula, ActivityFormula, DifficultyFormula)
    if ended is None or one.stock or not isinstance(one.formula, told_of_villages):
        return Figure(one.code)
    now, was, year = (_measured(one, ended, crew, ground, name) for name in ("now", "before", "year"))
    return Figure(one.code, now.value, now.over, now.waiting, None, year.value, year.over, was.value, was.over)


def _in_group(village: ReportingVillage, ground: Ground) -> Measured:
    """By what was said last of its group, or of those that it continues; None where nobody ever did."""
    last = {
        row.village_id: row.households
        for row in ground.groups
        if row.village_id in village.villages and row.counted_on <= ground.day
    }
    counted = speakers(village.id, last, village.before)
    if not counted:
        return Measured(None, village.households)
    joined = sum(last[one] for one in counted)
    return Measured(joined if village.households is None else min(joined, village.households), village.households)


def _count_difficulties(figure: str, rows: Iterable[Any], span: DayRange, day: date) -> int:
    def on(at: datetime | None) -> bool:
        return at is not None and span.first <= vn_day(at) <= span.last

    if figure == "reported":
        return sum(on(row.received_at) for row in rows)
    if figure == "solved":
        return sum(on(row.solved_at) for row in rows)
    last = min(span.last, day)
    return sum(
        row.due_on < last
        and vn_day(row.received_at) <= last
        and (row.solved_at is None or vn_day(row.solved_at) > last)
        for row in rows
    )


def _counted_tasks(formula: TaskFormula, crew: Crew, ground: Ground, name: str) -> int:
    span, figure = getattr(ground.spans, name), formula.figure
    rows = [row for row in ground.tasks if row.team_id in crew.teams]
    last = min(span.last, ground.day)
    done = [row for row in rows if row.done_at and vn_day(row.done_at) <= last]
    if figure == "done":
        return sum(vn_day(row.done_at) >= span.first for row in done)
    open_rows = [row for row in rows if row not in done and vn_day(row.made_at) <= last]
    return sum((row.due_on < last) == (figure == "late") for row in open_rows)
