"""Plays a year of a province: what happens month by month, and that all papers add up after each of them.

Months are the state's, from a 15th to a 14th. Villages and officers use the services; visits are put in past the rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.report_form import SubmitPayload
from fieldapp.domain.unit_change import MergeForm
from fieldapp.domain.vn_time import VIETNAM
from fieldapp.services import consolidations, period_reports, period_rules, periods, report_decisions, unit_changes
from fieldapp.services.team_deeds import TeamDeed
from models.period import MonthStyle, Period, ReportKind
from models.period_report import PeriodReport, ReportState
from models.unit import Division
from tests.year import sums
from tests.year.book import DAY, REPORTS, Book, Teller, ids_of
from tests.year.ledger import Done, happened, in_order
from tests.year.province import Commune, Province, leader_of

LATE_VILLAGES, LATE, MISSING, RETURNED, SLOW = 0.15, 0.5, 0.1, 0.09, 0.06
MERGED_IN, PAUSED_IN, ABSENT_IN = 5, 9, 3
"""Months in which two villages become one, a commune rests, and a commune is not there when the province adds up."""


class Year(Book):
    def __init__(self, db: Database, land: Province, year: int, visits: int, patch: pytest.MonkeyPatch) -> None:
        super().__init__(db, land, year)
        self.rng, self.locked, self.visits = Random(year), sums.Locked(), visits
        self.now = self._at(date(year - 1, 12, 15))
        self.on_the_way: list[Done] = []
        self.added_up: list[Period] = []
        self.owed: set[tuple[int | None, int]] = set()
        for module in (period_reports, unit_changes):
            patch.setattr(module, "utc_now", lambda: self.now)

    async def play(self) -> None:
        async with self.db.write() as session:
            for kind in (ReportKind.QUARTER, ReportKind.YEAR):
                days = {"village_days": 2, "commune_days": 4, "province_days": 6}
                form = period_rules.RuleForm(kind=kind, on=True, month_style=MonthStyle.DATA, **days)
                await period_rules.rule(session, self.land.officer, form)
        for month in range(1, 13):
            await self._month(month)

    async def _month(self, month: int) -> None:
        span = self.months(month, month)
        await self._open(span.first)
        if month == MERGED_IN:
            await self._merge(span.first + timedelta(days=16))
        await self._work(span)
        if month == PAUSED_IN:
            await self._rest(self.land.communes[1], span.last)
        ended = [(ReportKind.MONTH, span)]
        ended += [(ReportKind.QUARTER, self.months(month - 2, month))] if month % 3 == 0 else []
        ended += [(ReportKind.YEAR, self.months(1, 12))] if month == 12 else []
        for kind, days in ended:
            period = await self.find(kind, days)
            await self._report(period, absent=month == ABSENT_IN)
            self.added_up.append(period)
        await self._arrive(span.last + timedelta(days=12), everything=month == 12)
        await self.locked.look(self.db, [period.id for period in self.added_up[-3:]])

    async def _open(self, day: date) -> None:
        self.now = self._at(day)
        for expected in (1 + (day.month % 3 == 0) + (day.month == 12), 0):
            async with self.db.write() as session:
                assert await period_rules.open_due(session, self.now) == expected

    async def _merge(self, on: date) -> None:
        commune, self.now = self.land.communes[0], self._at(on)
        one, other = commune.villages[:2]
        form = MergeForm(
            villages=[one.unit.id or 0, other.unit.id or 0], name="Thôn Hòa Hợp", division=Division.THON, on=on,
            teams=[one.team.id or 0, other.team.id or 0],
        )  # fmt: skip
        async with self.db.write() as session:
            new = await unit_changes.merge(session, commune.officer, form)
        for village in (one, other):
            village.into, village.until = new, on

    async def _work(self, span: DayRange) -> None:
        """Members visit; from some villages half of it comes after the reports. A commune's own team helps out."""
        came = []
        for commune in self.land.communes:
            for village in commune.villages:
                silent = self.rng.random() < LATE_VILLAGES
                for _ in range(self.visits):
                    author = self.rng.choice([*village.members] * 5 + [*commune.crew])
                    visit = happened(self.rng, village, author, span)
                    (self.on_the_way if silent and self.rng.random() < LATE else came).append(visit)
        await self._put(came)

    async def _put(self, visits: Iterable[Done]) -> None:
        first, then = in_order(self.ledger.put(visits))
        async with self.db.write() as session:
            session.add_all(first)
            await session.flush()
            session.add_all(then)

    async def _rest(self, commune: Commune, last: date) -> None:
        form = periods.PauseForm(first_day=last + DAY, last_day=last + 7 * DAY, reason="Bão số 9")
        async with self.db.write() as session:
            await periods.pause(session, self.land.officer, commune.unit.id or 0, form)

    async def _report(self, period: Period, absent: bool) -> None:
        communes = self.land.communes
        for commune in communes:
            tellers = self.tellers(commune, period)
            away = {one.unit for one in tellers[1:] if self.rng.random() < MISSING}
            there = [one for one in tellers if one.unit not in away]
            slow = {one.unit for one in there if self.rng.random() < SLOW}
            paused = await self._is_paused(commune, period)
            self.now = self._at(period.village_due_on + (DAY if paused else timedelta()))
            await self._submit(commune, period, [one for one in there if one.unit not in slow])
            self.now = self._at(period.village_due_on + (12 if paused else 1) * DAY)
            late = [row.unit_id for row in await self._submit(commune, period, [o for o in there if o.unit in slow])]
            await self._check_late(period, commune, set(late))
            await self._send_some_back(commune, period, there)
            if away or (absent and commune is communes[-1]):
                self.owed.add((period.id, commune.unit.id or 0))
            if not (absent and commune is communes[-1]):
                await self._add_up(commune, period)
        await self._add_up_province(period, missing=[communes[-1]] if absent else [])

    async def _is_paused(self, commune: Commune, period: Period) -> bool:
        async with self.db.read() as session:
            days = await periods.due_days(session, period, [commune.unit.id or 0])
        moved = days[commune.unit.id or 0][0] > period.village_due_on
        paused = commune is self.land.communes[1] and period.last_day.month == PAUSED_IN
        assert moved == paused
        return paused

    async def _submit(
        self, commune: Commune, period: Period, tellers: Sequence[Teller], number: int = 0
    ) -> Sequence[PeriodReport]:
        ids, meetings = [], {}
        async with self.db.write() as session:
            for one in tellers:
                deed = TeamDeed(uuid7(), leader_of(one.villages[0], period.last_day), self.now)
                meetings[deed.id] = self.rng.randint(1, 3)
                payload = SubmitPayload(
                    team=one.villages[0].team.id or 0, village=one.unit, period=period.id or 0, number=number or 1,
                    manual={"03": meetings[deed.id]},
                )  # fmt: skip
                await period_reports.submit(session, deed, payload)
                ids.append(deed.id)
        rows = await self.rows(ids)
        for one, id in zip(tellers, ids, strict=True):
            assert sums.told(rows[id])["03"]["value"] == meetings[id]
            sums.is_as_it_happened(rows[id], self.ledger, one.own, self.spans(period))
        return [rows[id] for id in ids]

    async def _check_late(self, period: Period, commune: Commune, late: set[int]) -> None:
        for row in await self.versions(period, commune):
            assert ("late" in row.warnings) == (row.unit_id in late)

    async def _send_some_back(self, commune: Commune, period: Period, there: Sequence[Teller]) -> None:
        back = [one for one in there if self.rng.random() < RETURNED]
        first = {row.unit_id: row.id for row in await self.versions(period, commune)}
        if back:
            await self._decide(commune.officer, [first[one.unit] for one in back], approve=False)
            await self._submit(commune, period, back, 2)
        await self._approve_villages(commune, period)

    async def _approve_villages(self, commune: Commune, period: Period) -> None:
        waiting = [row.id for row in await self.versions(period, commune) if row.state == ReportState.WAITING]
        if waiting:
            await self._decide(commune.officer, waiting)

    async def _decide(self, who: Any, ids: Sequence[Any], approve: bool = True) -> None:
        async with self.db.write() as session:
            await report_decisions.decide(session, who, ids, approve, "" if approve else "Chưa khớp sổ", self.now)

    async def _consolidate(self, who: Any, period: Period) -> PeriodReport:
        async with self.db.write() as session:
            form = consolidations.ConsolidateForm()
            return await consolidations.consolidate(session, who, period.id or 0, form, self.now)

    async def _add_up(self, commune: Commune, period: Period) -> None:
        row = await self._consolidate(commune.officer, period)
        await self._decide(commune.head, [row.id])
        every = [one for one in await self.versions(period, commune) if one.state == ReportState.APPROVED]
        assert sorted(row.parts) == sorted(str(one.id) for one in every)
        assert len({one.unit_id for one in every}) == len(every)
        there, tellers = {one.unit_id for one in every}, self.tellers(commune, period)
        names = [one.villages[0].on(period.last_day).name for one in tellers if one.unit not in there]
        assert sorted(row.missing) == sorted(names)
        did = {name: self.active_crew(commune, span) for name, span in self.spans(period).items()}
        own = sums.of_own_team(len(commune.crew), did)
        away = [one for one in tellers if one.unit not in there]
        earlier = map(sums.years, await self.said_earlier(commune, period, away))
        sums.is_sum(sums.told(row), [*map(sums.told, every), own, *earlier])
        figures, villages = sums.told(row), [id for one in tellers for id in one.own]
        for name, span in self.spans(period).items():
            assert figures["26"][name] <= self.ledger.homes(villages, span), "a household is counted once"
            assert figures["25"][name] <= self.ledger.told(villages, span)["25"], "a visit is counted in one village"

    async def _add_up_province(self, period: Period, missing: Sequence[Commune] = ()) -> PeriodReport:
        top = await self._consolidate(self.land.officer, period)
        async with self.db.read() as session:
            here = REPORTS.c.period_id == period.id, REPORTS.c.state == str(ReportState.APPROVED)
            query = select(PeriodReport).where(*here, REPORTS.c.level == "commune")
            below = (await session.execute(query)).scalars().all()
        assert sorted(top.missing) == sorted(commune.unit.name for commune in missing)
        assert {row.unit_id for row in below} == {one.unit.id for one in self.land.communes if one not in missing}
        earlier = [row for commune in missing for row in await self.last_approved(period, commune)]
        sums.is_sum(sums.told(top), [*map(sums.told, below), *map(sums.years, earlier)])
        return top

    async def _arrive(self, day: date, everything: bool) -> None:
        """What was on the way comes in, a part of it a month later still; every period that it belongs to is mended."""
        self.now = self._at(day)
        come = [visit for visit in self.on_the_way if everything or self.rng.random() < 0.75]
        come_ids = {id(visit) for visit in come}
        self.on_the_way = [visit for visit in self.on_the_way if id(visit) not in come_ids]
        await self._put(come)
        for period in self.added_up:
            days = [visit for visit in come if period.first_day <= visit.day <= period.last_day]
            touched = {visit.village for visit in days}
            changed = False
            for commune in self.land.communes:
                changed = await self._mend(commune, period, touched) or changed
            if changed:
                await self._add_up_province(period)

    async def _mend(self, commune: Commune, period: Period, touched: set[int]) -> bool:
        """Villages that more has come from, and those that owed a report, hand in a later version."""
        owed = (period.id, commune.unit.id or 0) in self.owed
        if not owed and not any(touched & set(ids_of(village)) for village in commune.villages):
            return False
        self.owed.discard((period.id, commune.unit.id or 0))
        newest: dict[int, int] = defaultdict(int)
        for row in await self.versions(period, commune):
            newest[row.unit_id] = row.number
        again = [one for one in self.tellers(commune, period) if touched & set(one.own) or not newest[one.unit]]
        for one in again:
            await self._submit(commune, period, [one], newest[one.unit] + 1)
        await self._approve_villages(commune, period)
        await self._add_up(commune, period)
        return True

    @staticmethod
    def _at(day: date) -> datetime:
        return datetime.combine(day, time(9), VIETNAM)
