"""The periods of the year, who tells of what in each, and the versions that were handed in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from models.period import Period, ReportKind
from models.period_report import PeriodReport, ReportState
from tests.year.ledger import Ledger
from tests.year.province import Commune, Province, Village

REPORTS, PERIODS = PeriodReport.__table__, Period.__table__
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Teller:
    """Who reports for a period: a village, and those that it tells of."""

    unit: int
    villages: Sequence[Village]
    own: Sequence[int]


class Book:
    def __init__(self, db: Database, land: Province, year: int) -> None:
        self.db, self.land, self.year, self.ledger = db, land, year, Ledger()

    def months(self, first: int, last: int) -> DayRange:
        begin = date(self.year, first - 1, 15) if first > 1 else date(self.year - 1, 12, 15)
        return DayRange(begin, date(self.year, last, 14))

    async def find(self, kind: ReportKind, span: DayRange) -> Period:
        async with self.db.read() as session:
            query = select(Period).where(PERIODS.c.kind == str(kind), PERIODS.c.last_day == span.last)
            found = (await session.execute(query)).scalar_one()
        assert (found.first_day, found.last_day) == (span.first, span.last)
        return found

    def spans(self, period: Period) -> dict[str, DayRange]:
        months = {ReportKind.MONTH: 1, ReportKind.QUARTER: 3}.get(ReportKind(period.kind), 12)
        last = period.last_day.month
        earlier = self.months(last - 2 * months + 1, last - months) if last > months else self._year_before
        return {
            "value": DayRange(period.first_day, period.last_day),
            "previous": earlier,
            "year": DayRange(self.months(1, 1).first, period.last_day),
        }

    @property
    def _year_before(self) -> DayRange:
        """Nothing was done in it."""
        return DayRange(date(self.year - 1, 1, 1), self.months(1, 1).first - DAY)

    async def rows(self, ids: Iterable[Any]) -> dict[Any, PeriodReport]:
        async with self.db.read() as session:
            found = (await session.execute(select(PeriodReport).where(REPORTS.c.id.in_(list(ids))))).scalars()
            return {row.id: row for row in found}

    async def versions(self, period: Period, commune: Commune) -> Sequence[PeriodReport]:
        """Of a commune's villages."""
        async with self.db.read() as session:
            here = REPORTS.c.period_id == period.id, REPORTS.c.commune_id == commune.unit.id
            query = select(PeriodReport).where(*here, REPORTS.c.level == "village")
            return (await session.execute(query.order_by(REPORTS.c.number))).scalars().all()

    async def find_standing(self, period: Period, unit: int) -> PeriodReport | None:
        async with self.db.read() as session:
            here = REPORTS.c.period_id == period.id, REPORTS.c.unit_id == unit
            query = select(PeriodReport).where(*here, REPORTS.c.state == str(ReportState.APPROVED))
            return (await session.execute(query)).scalar_one_or_none()

    async def standing(self, period: Period, unit: int) -> PeriodReport:
        found = await self.find_standing(period, unit)
        assert found is not None
        return found

    async def said_earlier(self, commune: Commune, period: Period, away: Iterable[Teller]) -> Sequence[PeriodReport]:
        """What was approved last of the villages of tellers that are not there, month by month back."""
        found = []
        for teller in away:
            left = {id(village) for village in teller.villages}
            for earlier in await self._earlier(period):
                for one in self.tellers(commune, earlier):
                    own = {id(village) for village in one.villages}
                    row = await self.find_standing(earlier, one.unit) if own <= left else None
                    if row is not None:
                        found.append(row)
                        left -= own
        return found

    async def last_approved(self, period: Period, commune: Commune) -> Sequence[PeriodReport]:
        """A commune's own version of the last period before this one."""
        rows = [await self.find_standing(earlier, commune.unit.id or 0) for earlier in await self._earlier(period)]
        return [row for row in rows if row is not None][:1]

    async def _earlier(self, period: Period) -> Sequence[Period]:
        """Of this kind, the newest first."""
        async with self.db.read() as session:
            here = PERIODS.c.kind == str(period.kind), PERIODS.c.last_day < period.first_day
            query = select(Period).where(*here, PERIODS.c.last_day >= self.months(1, 1).first)
            return (await session.execute(query.order_by(PERIODS.c.last_day.desc()))).scalars().all()

    def active_crew(self, commune: Commune, span: DayRange) -> int:
        villages = [id for village in commune.villages for id in ids_of(village)]
        did = {visit.author.id for visit in self.ledger.approved(villages, span)}
        return len(did & {member.id for member in commune.crew})

    def tellers(self, commune: Commune, period: Period) -> Sequence[Teller]:
        by_unit: dict[int, list[Village]] = defaultdict(list)
        for village in commune.villages:
            by_unit[village.on(period.last_day).id or 0].append(village)
        return [Teller(unit, own, sorted({id for one in own for id in ids_of(one)})) for unit, own in by_unit.items()]


def ids_of(village: Village) -> list[int]:
    return [unit.id or 0 for unit in (village.unit, village.into) if unit is not None]
