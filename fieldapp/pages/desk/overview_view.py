"""A summary as the overview shows it: every number ready, days and shares as text, nothing left to work out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from fieldapp.components.chart import Columns, lay_columns
from fieldapp.domain.ranking import per_hundred
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_days, written_instant
from fieldapp.reports.summary import PlatformRow, Summary, UnitRow
from fieldapp.reports.summary_counts import Counts


@dataclass
class CountsView:
    """Lượt by review state, with the widths of their parts of a bar."""

    approved: int = 0
    waiting: int = 0
    returned: int = 0
    approved_people: int = 0
    waiting_people: int = 0
    approved_width: str = "0%"
    waiting_width: str = "0%"


@dataclass
class HouseholdsView:
    known: bool = False
    approved: int = 0
    standing: int = 0


@dataclass
class CountLine:
    """A row with its counts; `name` is a name of the record, or the code of a word of the catalogue."""

    name: str = ""
    counts: CountsView = field(default_factory=CountsView)


@dataclass
class UnitLine:
    """`rate` is in approved lượt per 100 of its `of` households, `rank` (0 for none) among `ranked` units of its
    `group`; `reached` is in households helped of 100.
    """

    id: int = 0
    name: str = ""
    counts: CountsView = field(default_factory=CountsView)
    previous: int = 0
    households: HouseholdsView = field(default_factory=HouseholdsView)
    heard: int = 0
    villages: int = 0
    last_at: str = ""
    region: str = ""
    of: int = 0
    group: str = ""
    rate: float = 0
    reached: float = 0
    rank: int = 0
    ranked: int = 0


@dataclass
class PlatformLine:
    code: str = ""
    name_vi: str = ""
    name_en: str = ""
    icon: str = ""
    counts: CountsView = field(default_factory=CountsView)
    independent: int = 0
    before: int = 0
    year: int = 0


@dataclass
class Crumb:
    id: int = 0
    name: str = ""


@dataclass
class SummaryView:
    """`kind` is the unit's; `days`, `before` and `year` are ranges as text; `export` is the query of the downloads.

    Units below one are no part of it: a page of them is shown at a time.
    """

    kind: str = ""
    name: str = ""
    unit: int = 0
    crumbs: list[Crumb] = field(default_factory=list)
    days: str = ""
    before: str = ""
    year: str = ""
    year_approved: int = 0
    at: str = ""
    first: str = ""
    last: str = ""
    widened: bool = False
    unfinished: bool = False
    totals: CountsView = field(default_factory=CountsView)
    previous: CountsView = field(default_factory=CountsView)
    households: HouseholdsView = field(default_factory=HouseholdsView)
    previous_households: HouseholdsView = field(default_factory=HouseholdsView)
    teams: list[CountLine] = field(default_factory=list)
    members: list[CountLine] = field(default_factory=list)
    platforms: list[PlatformLine] = field(default_factory=list)
    pillars: list[CountLine] = field(default_factory=list)
    results: list[CountLine] = field(default_factory=list)
    line: Columns = field(default_factory=Columns)
    heard: int = 0
    villages: int = 0
    last_at: str = ""
    export: str = ""


def show_summary(summary: Summary, now: datetime) -> SummaryView:
    days, unit = summary.days, summary.unit
    named = ((row.name, row.counts) for row in summary.members)
    return SummaryView(
        kind=str(unit.kind),
        name=unit.name,
        unit=unit.id or 0,
        crumbs=[Crumb(u.id or 0, u.name) for u in summary.path[:-1]],
        days=written_days(days),
        before=written_days(summary.before),
        year=written_days(summary.year),
        year_approved=summary.year_approved,
        at=written_instant(now),
        first=days.first.isoformat(),
        last=days.last.isoformat(),
        widened=summary.asked != days,
        unfinished=days.last >= vn_day(now),
        totals=_counts(summary.totals, 0),
        previous=_counts(summary.previous, 0),
        households=_households(summary.households),
        previous_households=_households(summary.previous_households),
        teams=_lines((row.name, row.counts) for row in summary.teams),
        members=_lines(named),
        platforms=_platforms(summary.platforms),
        pillars=_lines((str(pillar), counts) for pillar, counts in summary.pillars.items()),
        results=_lines((str(result), counts) for result, counts in summary.results.items()),
        line=lay_columns([(written_days(p.days), p.counts.approved, p.counts.waiting) for p in summary.line]),
        heard=summary.freshness.heard,
        villages=summary.freshness.villages,
        last_at=written_instant(summary.freshness.last_at),
        export=urlencode({"unit": unit.id, "first": days.first, "last": days.last}),
    )


def _counts(counts: Counts, most: int) -> CountsView:
    return CountsView(
        counts.approved,
        counts.waiting,
        counts.returned,
        counts.approved_people,
        counts.waiting_people,
        _share(counts.approved, most),
        _share(counts.waiting, most),
    )


def _share(part: int, most: int) -> str:
    return f"{100 * part / most:.1f}%" if most else "0%"


def _most(counts: Iterable[Counts]) -> int:
    """What a full bar stands for."""
    return max((c.standing for c in counts), default=0)


def _lines(rows: Iterable[tuple[str, Counts]]) -> list[CountLine]:
    rows = list(rows)
    most = _most(counts for _, counts in rows)
    return [CountLine(name, _counts(counts, most)) for name, counts in rows]


def show_units(rows: Iterable[UnitRow]) -> list[UnitLine]:
    rows = list(rows)
    most = _most(row.counts for row in rows)
    return [
        UnitLine(
            row.id,
            row.name,
            _counts(row.counts, most),
            row.previous.approved,
            _households(row.households),
            row.freshness.heard,
            row.freshness.villages,
            written_instant(row.freshness.last_at),
            str(row.region or ""),
            row.of,
            row.standing.group,
            row.standing.rate or 0,
            per_hundred(row.households.approved, row.of) or 0 if row.households else 0,
            row.standing.rank or 0,
            row.standing.of,
        )
        for row in rows
    ]


def _platforms(rows: Iterable[PlatformRow]) -> list[PlatformLine]:
    rows = list(rows)
    most = _most(row.counts for row in rows)
    return [
        PlatformLine(
            row.code,
            row.name_vi,
            row.name_en,
            row.icon,
            _counts(row.counts, most),
            row.independent,
            row.trend.before,
            row.trend.year,
        )
        for row in rows
    ]


def _households(households) -> HouseholdsView:
    return HouseholdsView(True, households.approved, households.standing) if households else HouseholdsView()
