"""A report's numbers as they stand now, for every village of a commune at once: what a phone shows and what is locked.

Automatic ones come from approved visits, with what waits beside them; manual ones stay empty until somebody says them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.indicator import (
    ActivityFormula,
    DifficultyFormula,
    Fact,
    Formula,
    Measured,
    ShareFormula,
    StandingFormula,
    TaskFormula,
    VisitFormula,
    inside,
    measure,
)
from fieldapp.domain.report_figure import Figure
from fieldapp.domain.reporting_period import before, calendar_period, year_so_far
from fieldapp.domain.vn_time import vn_day
from fieldapp.services import report_facts
from fieldapp.services.indicators import Counted
from fieldapp.services.report_units import Crew, ReportingVillage, crews
from models.indicator import IndicatorUnit
from models.period import MonthStyle, Period, ReportKind
from models.target import Measure, Target
from models.task import TaskState

TARGETS = Target.__table__
OF_COMMUNE = 0
"""Under this key stand the numbers of the commune's own team."""

MEASURES = {
    IndicatorUnit.HOUSEHOLD: Measure.HOUSEHOLD,
    IndicatorUnit.SHOP: Measure.HOUSEHOLD,
    IndicatorUnit.SUPPORT: Measure.SUPPORT,
    IndicatorUnit.PERSON: Measure.PERSON,
}


@dataclass(frozen=True)
class Spans:
    """The days of a period, those of the one before, and those of its year so far."""

    now: DayRange
    before: DayRange
    year: DayRange
    plan: DayRange | None

    @property
    def all(self) -> DayRange:
        return DayRange(min(self.before.first, self.year.first), self.now.last)


def spans_of(period: Period) -> Spans:
    span = DayRange(period.first_day, period.last_day)
    kind, style = ReportKind(period.kind), MonthStyle(period.month_style)
    return Spans(span, before(kind, style, span), year_so_far(style, span), calendar_period(kind, style, span))


class FactsOf:
    """The facts of a village, to be had by platform: most formulas ask of one."""

    def __init__(self, facts: list[Fact]) -> None:
        self._all = facts
        self._by_platform: dict[str, list[Fact]] = {}
        for fact in facts:
            self._by_platform.setdefault(fact.platform, []).append(fact)

    def asked(self, formula: VisitFormula | ShareFormula) -> Sequence[Fact]:
        if isinstance(formula, ShareFormula) or not formula.platforms:
            return self._all
        return [fact for code in sorted(formula.platforms) for fact in self._by_platform.get(code, ())]


NOTHING = FactsOf([])


@dataclass(frozen=True)
class _Ground:
    """All that is known of a commune for one period."""

    spans: Spans
    day: date
    facts: dict[str, Mapping[int, FactsOf]]
    active: dict[str, frozenset[int]]
    activities: Sequence[Any]
    difficulties: Sequence[Any]
    tasks: Sequence[Any]
    groups: Sequence[Any]
    plans: dict[tuple[int, str, Measure], int]


async def drafts(
    session: AsyncSession,
    period: Period,
    indicators: Sequence[Counted],
    commune_id: int,
    villages: Sequence[ReportingVillage],
    now: datetime,
    only: Iterable[int] | None = None,
) -> dict[int, list[Figure]]:
    """By reporting village (or only these) a figure for each indicator; under `OF_COMMUNE` those of its own team."""
    chosen = [village for village in villages if only is None or village.id in set(only)]
    spans = spans_of(period)
    day = min(period.last_day, vn_day(now))
    staff = await crews(session, commune_id, villages, day)
    ground = await _ground(session, commune_id, spans, day, chosen, staff, indicators)
    plans = _planned(indicators)
    found = {
        village.id: [_figure(one, village, staff[village.id], ground, plans) for one in indicators]
        for village in chosen
    }
    if only is None:
        found[OF_COMMUNE] = [_of_commune_team(one, staff[OF_COMMUNE], ground) for one in indicators]
    return found


async def own_team(
    session: AsyncSession,
    period: Period,
    indicators: Sequence[Counted],
    commune_id: int,
    villages: Sequence[ReportingVillage],
    now: datetime,
) -> list[Figure]:
    """The numbers of the commune's own team alone, with no look at what its villages did."""
    day = min(period.last_day, vn_day(now))
    staff = await crews(session, commune_id, villages, day)
    ground = await _ground(session, commune_id, spans_of(period), day, (), staff, indicators)
    return [_of_commune_team(one, staff[OF_COMMUNE], ground) for one in indicators]


async def _ground(
    session: AsyncSession,
    commune_id: int,
    spans: Spans,
    day: date,
    chosen: Sequence[ReportingVillage],
    staff: Mapping[int, Crew],
    indicators: Sequence[Counted],
) -> _Ground:
    own = {id: village.id for village in chosen for id in village.villages}
    facts = await report_facts.visit_facts(session, own, spans.all)
    parts = {"now": spans.now, "before": spans.before, "year": spans.year}
    teams = {team for village in chosen for team in staff[village.id].teams}
    asks_active = any(_asks(one.formula, "active_members") for one in indicators)
    return _Ground(
        spans,
        day,
        {name: _by_village(inside(facts, span), own) for name, span in parts.items()},
        {
            name: await report_facts.active_members(session, commune_id, span) if asks_active else frozenset()
            for name, span in parts.items()
        },
        await report_facts.activities(session, commune_id, spans.all),
        await report_facts.difficulties(session, commune_id),
        await report_facts.tasks(session, teams),
        await report_facts.groups(session, commune_id),
        await _plans(session, teams, spans.plan),
    )


def _asks(formula: Formula | None, name: str) -> bool:
    return isinstance(formula, StandingFormula) and formula.of == name


def _by_village(facts: Iterable[Fact], own: Mapping[int, int]) -> Mapping[int, FactsOf]:
    """The facts of each reporting village, and of its households wherever else they were met."""
    met: dict[int, set] = {}
    by_home: dict[Any, list[Fact]] = {}
    for fact in facts:
        by_home.setdefault(fact.household_id, []).append(fact)
        if (teller := own.get(fact.village_id)) is not None:
            met.setdefault(teller, set()).add(fact.household_id)
    return {teller: FactsOf([fact for home in homes for fact in by_home[home]]) for teller, homes in met.items()}


async def _plans(
    session: AsyncSession, teams: Iterable[int], span: DayRange | None
) -> dict[tuple[int, str, Measure], int]:
    """The targets of these teams in the calendar's period of equal length, by team, platform and measure."""
    if span is None:
        return {}
    query = select(TARGETS).where(
        TARGETS.c.team_id.in_(list(teams)),
        TARGETS.c.first_day == span.first,
        TARGETS.c.last_day == span.last,
        TARGETS.c.amount.is_not(None),
    )
    found: dict[tuple[int, str, Measure], int] = {}
    for row in await session.execute(query):
        key = (row.team_id, row.platform_code, Measure(row.measure))
        found[key] = found.get(key, 0) + row.amount
    return found


def _planned(indicators: Sequence[Counted]) -> dict[str, tuple[str, Measure]]:
    """By indicator the platform and measure of its targets: the first one that counts that platform so has them."""
    found: dict[str, tuple[str, Measure]] = {}
    for one in indicators:
        measure_of = MEASURES.get(one.unit)
        if isinstance(one.formula, VisitFormula) and measure_of and len(one.formula.platforms) == 1:
            target = (next(iter(one.formula.platforms)), measure_of)
            if target not in found.values():
                found[one.code] = target
    return found


def _figure(
    one: Counted, village: ReportingVillage, crew: Crew, ground: _Ground, plans: Mapping[str, tuple[str, Measure]]
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


def _measured(one: Counted, village: ReportingVillage, crew: Crew, ground: _Ground, name: str) -> Measured:
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
            rows = [row for row in ground.tasks if row.team_id in crew.teams]
            return Measured(_count_tasks(formula.figure, rows, span, ground.day))
        case None:
            return Measured()


def _of_commune_team(one: Counted, crew: Crew, ground: _Ground) -> Figure:
    """The commune's own team: its people. What it does in villages is counted there."""
    if _asks(one.formula, "members"):
        return Figure(one.code, len(crew.members), year=len(crew.members))
    if _asks(one.formula, "active_members"):
        now, was, year = (len(crew.members & ground.active[name]) for name in ("now", "before", "year"))
        return Figure(one.code, now, year=year, previous=was)
    return Figure(one.code)


def _in_group(village: ReportingVillage, ground: _Ground) -> Measured:
    """By what was said last of each village's group up to the end of the period; None where nobody ever did."""
    last = {
        row.village_id: row.households
        for row in ground.groups
        if row.village_id in village.villages and row.counted_on <= ground.day
    }
    own = {village.id: last[village.id]} if village.id in last else last
    if not own:
        return Measured(None, village.households)
    joined = sum(own.values())
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


def _count_tasks(figure: str, rows: Iterable[Any], span: DayRange, day: date) -> int:
    last = min(span.last, day)
    done = [row for row in rows if row.state == TaskState.DONE and row.marked_at and vn_day(row.marked_at) <= last]
    if figure == "done":
        return sum(vn_day(row.marked_at) >= span.first for row in done)
    open_rows = [row for row in rows if row not in done and vn_day(row.made_at) <= last]
    return sum((row.due_on < last) == (figure == "late") for row in open_rows)
