"""The numbers of a province, commune or village over a range of days, from counters only: never from raw visits.

A commune and a village are counted by day (`village_count`); a province by half-month (`commune_count`), so its
ranges are widened to whole half-months. Distinct households are known for kept periods only, below the province
for any range.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.ranking import Entry, Standing, rank, size_of
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal, may
from fieldapp.reports.distinct_households import Distinct, Households, count_households
from fieldapp.reports.freshness import Freshness, read_freshness
from fieldapp.reports.summary_counts import (
    NONE,
    Counts,
    Details,
    Source,
    Trend,
    folded,
    province_source,
    read_details,
    read_trends,
    sums_by,
    sums_of_both,
    total,
    villages_source,
)
from fieldapp.reports.unit_sizes import count_households_below
from fieldapp.reports.unit_tree import NamedUnit, get_path, list_below, place_of
from models.member import Member
from models.platform import Pillar, Platform
from models.team import Team
from models.unit import Region, Unit, UnitKind
from models.visit import Result

UNITS, MEMBERS, TEAMS, PLATFORMS = Unit.__table__, Member.__table__, Team.__table__, Platform.__table__
MOST_DAYS = 62
"""Ranges of more days are drawn by week."""


@dataclass(frozen=True)
class UnitRow:
    """A unit one level below. `households` were helped, None where nobody can know; `of` are all that it has, 0 where
    nobody has said. `place` is latitude and longitude.
    """

    id: int
    name: str
    counts: Counts
    previous: Counts
    households: Households | None
    freshness: Freshness
    of: int
    standing: Standing
    region: Region | None = None
    place: tuple[float, float] | None = None


@dataclass(frozen=True)
class NamedRow:
    """A team or a member."""

    id: int
    name: str
    counts: Counts


@dataclass(frozen=True)
class PlatformRow:
    """`independent` is in approved lượt whose household now uses the platform by itself."""

    code: str
    name_vi: str
    name_en: str
    icon: str
    pillar: Pillar
    counts: Counts
    independent: int
    trend: Trend


@dataclass(frozen=True)
class Point:
    """One mark of the line, for these days."""

    days: DayRange
    counts: Counts


@dataclass(frozen=True)
class Summary:
    """`asked` was widened to `days` where the two differ; `before` is the range of equal length just before.

    `year` is from the first of January to the last of the days, `year_approved` its approved lượt.
    """

    path: Sequence[Unit]
    asked: DayRange
    days: DayRange
    before: DayRange
    year: DayRange
    year_approved: int
    totals: Counts
    previous: Counts
    households: Households | None
    previous_households: Households | None
    units: Sequence[UnitRow]
    teams: Sequence[NamedRow]
    members: Sequence[NamedRow]
    platforms: Sequence[PlatformRow]
    pillars: dict[Pillar, Counts]
    results: dict[Result, Counts]
    line: Sequence[Point]
    freshness: Freshness

    @property
    def unit(self) -> Unit:
        return self.path[-1]


async def read_summary(session: AsyncSession, who: Principal, unit_id: int, asked: DayRange, now: datetime) -> Summary:
    """Raises `not_found` or `forbidden`. Members are named only to those who may read teams."""
    path = await get_path(session, who, Action.READ_SUMMARY, unit_id)
    unit = path[-1]
    of_province = unit.kind == UnitKind.PROVINCE
    days = asked.widened() if of_province else asked
    source = province_source() if of_province else villages_source(await _village_ids(session, unit))
    before, year = days.before(), DayRange(days.last.replace(month=1, day=1), days.last)
    # Of a village or commune one reading gives the sums of its villages, teams and members.
    groups = ["part"] if of_province else ["village_id", "team_id", "member_id"]
    sums, earlier = await sums_of_both(session, source, days, before, *groups)
    details = await read_details(session, source, days)
    trends = await read_trends(session, source, before, year)
    distinct, distinct_before = await count_households(session, unit, days, before)
    fresh = await read_freshness(session, unit, vn_day(now))
    return Summary(
        path=path,
        asked=asked,
        days=days,
        before=before,
        year=year,
        year_approved=sum(trend.year for trend in trends.values()),
        totals=total(sums.values()),
        previous=total(earlier.values()),
        households=distinct.total if distinct else None,
        previous_households=distinct_before.total if distinct_before else None,
        units=await _units(session, unit, days, folded(sums, 0), folded(earlier, 0), distinct, fresh),
        teams=await _named(session, TEAMS, folded(sums, 1)) if unit.kind == UnitKind.COMMUNE else [],
        members=await _named(session, MEMBERS, folded(sums, 2)) if _names_members(who, unit) else [],
        platforms=(platforms := await _platforms(session, details, trends)),
        pillars={pillar: total(p.counts for p in platforms if p.pillar == pillar) for pillar in Pillar},
        results={result: details.results.get(str(result), NONE) for result in Result},
        line=await _line(session, source, days, vn_day(now)),
        freshness=sum(fresh.values(), Freshness()),
    )


async def _village_ids(session: AsyncSession, unit: Unit) -> list[int]:
    """All villages that ever were a commune's: those closed since have counted too."""
    if unit.kind == UnitKind.VILLAGE:
        return [unit.id or 0]
    return list((await session.execute(select(UNITS.c.id).where(UNITS.c.parent_id == unit.id))).scalars())


async def _units(
    session: AsyncSession,
    unit: Unit,
    days: DayRange,
    sums: dict[int, Counts],
    earlier: dict[int, Counts],
    distinct: Distinct | None,
    fresh: dict[int, Freshness],
) -> list[UnitRow]:
    households = distinct.by_child if distinct else {}
    below = await list_below(session, unit, days, sums.keys() | earlier.keys())
    sizes = await count_households_below(session, unit, below)
    standings = rank({u.id: Entry(_group(unit, u, sizes), sums.get(u.id, NONE).approved, sizes[u.id]) for u in below})
    return [
        UnitRow(
            child.id,
            child.name,
            sums.get(child.id, NONE),
            earlier.get(child.id, NONE),
            households.get(child.id, Households()) if distinct else None,
            fresh.get(child.id, Freshness()),
            sizes[child.id],
            standings[child.id],
            child.region,
            child.place,
        )
        for child in below
    ]


def _group(unit: Unit, child: NamedUnit, sizes: dict[int, int]) -> str:
    """Communes are compared with those in the same terrain, villages with those of about the same size."""
    if unit.kind == UnitKind.PROVINCE:
        return str(child.terrain or "other")
    return str(size_of(sizes[child.id]))


def _names_members(who: Principal, unit: Unit) -> bool:
    return unit.kind != UnitKind.PROVINCE and may(who, Action.READ_TEAM, place_of(unit))


async def _named(session: AsyncSession, table: Table, sums: dict[int, Counts]) -> list[NamedRow]:
    """Counts by team or member, those with the most first."""
    name = table.c.full_name if table is MEMBERS else table.c.name
    names = await session.execute(select(table.c.id, name).where(table.c.id.in_(list(sums))))
    rows = [NamedRow(row[0], row[1], sums[row[0]]) for row in names]
    return sorted(rows, key=lambda row: (-row.counts.standing, row.name, row.id))


async def _platforms(session: AsyncSession, details: Details, trends: dict[str, Trend]) -> list[PlatformRow]:
    """Counts by platform, those with the most first; also of those that had some before."""
    sums, codes = details.platforms, details.platforms.keys() | trends.keys()
    found = await session.execute(select(PLATFORMS).where(PLATFORMS.c.code.in_(list(codes))))
    rows = [
        PlatformRow(
            p.code,
            p.name_vi,
            p.name_en,
            p.icon,
            Pillar(p.pillar),
            sums.get(p.code, NONE),
            details.independent.get(p.code, 0),
            trends.get(p.code, Trend()),
        )
        for p in found
    ]
    return sorted(rows, key=lambda row: (-row.counts.standing, -row.trend.year, row.code))


async def _line(session: AsyncSession, source: Source, days: DayRange, today: date) -> list[Point]:
    """The counts over time, empty stretches too, as far as today."""
    sums = folded(await sums_by(session, source, days, source.day.name), 0)
    points = []
    for stretch in _stretches(source, days, today):
        inside = [counts for day, counts in sums.items() if stretch.first <= day <= stretch.last]
        points.append(Point(stretch, total(inside)))
    return points


def _stretches(source: Source, days: DayRange, today: date) -> list[DayRange]:
    stretches, first = [], days.first
    while first <= min(days.last, today):
        if source.day.name == "half_month":
            last = DayRange(first, first).widened().last
        else:
            last = first + timedelta(days=6 - first.weekday()) if days.days > MOST_DAYS else first
        stretches.append(DayRange(first, min(last, days.last)))
        first = stretches[-1].last + timedelta(days=1)
    return stretches
