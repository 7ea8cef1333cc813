"""All that the numbers of a commune's reports of one period are worked out from, read at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.indicator import Fact, Formula, ShareFormula, StandingFormula, VisitFormula, inside
from fieldapp.domain.reporting_period import before, calendar_period, year_so_far
from fieldapp.services import report_facts
from fieldapp.services.indicators import Counted
from fieldapp.services.report_units import OF_COMMUNE, Crew, ReportingVillage
from models.period import MonthStyle, Period, ReportKind
from models.target import Measure, Target

TARGETS = Target.__table__


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
    return Spans(span, before(kind, style, span), year_so_far(kind, style, span), calendar_period(kind, style, span))


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
class Ground:
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


async def read_ground(
    session: AsyncSession,
    commune_id: int,
    spans: Spans,
    day: date,
    chosen: Sequence[ReportingVillage],
    staff: Mapping[int, Crew],
    indicators: Sequence[Counted],
    known: Sequence[Fact] | None = None,
) -> Ground:
    """`known` are the facts of these villages over all these days, where somebody has read them already."""
    own = {id: village.id for village in chosen for id in village.villages}
    facts = await report_facts.visit_facts(session, own, spans.all) if known is None else known
    parts = {"now": spans.now, "before": spans.before, "year": spans.year}
    teams = {team for village in chosen for team in staff[village.id].teams} | staff[OF_COMMUNE].teams
    asks_active = any(asks(one.formula, "active_members") for one in indicators)
    return Ground(
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


def asks(formula: Formula | None, name: str) -> bool:
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
