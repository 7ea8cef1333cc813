"""What the screens show, as tables for a spreadsheet: the same numbers under heads from the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fieldapp.domain.register import Col, Column
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_days, written_instant
from fieldapp.i18n import text
from fieldapp.permissions import Principal
from fieldapp.reports.distinct_households import Households
from fieldapp.reports.register import headings
from fieldapp.reports.spreadsheet import Cell, Row, Sheet
from fieldapp.reports.summary import Summary
from fieldapp.reports.summary_counts import Counts
from fieldapp.reports.visit_export import COLUMNS

COUNTS = ("approved", "waiting", "returned", "approved_people", "waiting_people", "returned_people")
HOUSEHOLDS = ("households_approved", "households_standing")
OF_UNIT = ("all_households", "rate", "rank", "heard", "villages")
OF_PLATFORM = ("independent", "previous", "year")


@dataclass(frozen=True)
class Mark:
    """Who takes a table away, and when: it stands above every one of them."""

    who: Principal
    at: datetime
    sample: bool
    locale: str

    def lines(self, title: str, about: str) -> list[str]:
        name = ", ".join(part for part in (self.who.name, self.who.unit_name) if part)
        mark = text("export.mark", self.locale, name=name, at=written_instant(self.at))
        warning = [text("export.sample", self.locale)] if self.sample else []
        return [f"{text('app.name', self.locale)} · {text(title, self.locale)} · {about}", mark, *warning]


def summary_sheets(summary: Summary, mark: Mark) -> list[Sheet]:
    """Every panel of the overview that shows something, as a table.

    What holds today (who has sent, how many households there are, ranks by them) is told of a range that still runs:
    the file of one that is over is the same whenever it is made.
    """
    return _SummarySheets(summary, mark).all()


class _SummarySheets:
    def __init__(self, summary: Summary, mark: Mark) -> None:
        self.summary, self.locale = summary, mark.locale
        self.runs = summary.days.last >= vn_day(mark.at)
        self.above = mark.lines("export.summary", f"{summary.unit.name} · {written_days(summary.days)}")

    def all(self) -> list[Sheet]:
        s = self.summary
        sheets = [
            self._sheet("totals", ("measure", "now", "before"), self._totals()),
            self._sheet(
                "units", ("name", *COUNTS, *HOUSEHOLDS, "previous", *self._of_today(OF_UNIT), "last_at"), self._units()
            ),
            self._sheet("platforms", ("code", "name", "pillar", *COUNTS, *OF_PLATFORM), self._platforms()),
            self._sheet("results", ("name", *COUNTS), self._words("result", s.results.items())),
            self._sheet("pillars", ("name", *COUNTS), self._words("pillar", s.pillars.items())),
            self._sheet("teams", ("name", *COUNTS), [[row.name, *_cells(row.counts)] for row in s.teams]),
            self._sheet("members", ("name", *COUNTS), [[row.name, *_cells(row.counts)] for row in s.members]),
            self._sheet("line", ("days", *COUNTS), [[written_days(p.days), *_cells(p.counts)] for p in s.line]),
        ]
        return [sheet for sheet in sheets if sheet.rows]

    def _sheet(self, name: str, heads: Sequence[str], rows: Sequence[Row]) -> Sheet:
        return Sheet(text(f"export.{name}", self.locale), self.above, _heads(heads, self.locale), rows)

    def _totals(self) -> list[Row]:
        s = self.summary
        pairs = zip(COUNTS, _cells(s.totals), _cells(s.previous), strict=True)
        now, before = _households(s.households), _households(s.previous_households)
        pairs = [*pairs, *zip(HOUSEHOLDS, now, before, strict=True)]
        days: Row = [text("export.col.days", self.locale), written_days(s.days), written_days(s.before)]
        fresh: list[tuple[str, Cell]] = [
            ("heard", s.freshness.heard), ("villages", s.freshness.villages), ("last_at", s.freshness.last_at),
        ]  # fmt: skip
        return [
            days,
            *([text(f"export.col.{name}", self.locale), a, b] for name, a, b in pairs),
            [text("export.year", self.locale, days=written_days(s.year)), s.year_approved, None],
            *self._of_today([[text(f"export.col.{name}", self.locale), value, None] for name, value in fresh]),
        ]

    def _of_today(self, some: Sequence[Any]) -> Sequence[Any]:
        return some if self.runs else ()

    def _units(self) -> list[Row]:
        return [
            [
                u.name,
                *_cells(u.counts),
                *_households(u.households),
                u.previous.approved,
                *self._of_today(
                    [u.of or None, u.standing.rate, u.standing.rank, u.freshness.heard, u.freshness.villages]
                ),
                u.freshness.last_at,
            ]
            for u in self.summary.units
        ]

    def _platforms(self) -> list[Row]:
        return [
            [
                p.code,
                p.name_en if self.locale == "en" else p.name_vi,
                text(f"pillar.{p.pillar}", self.locale),
                *_cells(p.counts),
                p.independent,
                p.trend.before,
                p.trend.year,
            ]
            for p in self.summary.platforms
        ]

    def _words(self, prefix: str, counts: Iterable[tuple[str, Counts]]) -> list[Row]:
        return [[text(f"{prefix}.{code}", self.locale), *_cells(c)] for code, c in counts]


def visit_sheet(mark: Mark, about: str) -> Sheet:
    """The table of visits without its rows, which come in parts."""
    name = text("export.visits", mark.locale)
    return Sheet(name, mark.lines("export.visits", about), _heads(COLUMNS, mark.locale))


def register_sheet(mark: Mark, columns: Sequence[Column], people: Sequence[Mapping[Col, str]]) -> Sheet:
    """A line a person, numbered, in the columns that the province wants."""
    shown = [column.code for column in columns if column.shown]
    heads = [text("register.col.number", mark.locale), *headings(columns, mark.locale)]
    rows = [[number, *(person[code] for code in shown)] for number, person in enumerate(people, 1)]
    above = mark.lines("export.register", mark.who.unit_name)
    return Sheet(text("export.register_sheet", mark.locale), above, heads, rows)


def _heads(names: Sequence[str], locale: str) -> list[str]:
    return [text(f"export.col.{name}", locale) for name in names]


def _cells(counts: Counts) -> list[Cell]:
    return [getattr(counts, name) for name in COUNTS]


def _households(households: Households | None) -> list[Cell]:
    """Empty where nobody can know: an empty cell is no zero."""
    return [households.approved, households.standing] if households else [None, None]
