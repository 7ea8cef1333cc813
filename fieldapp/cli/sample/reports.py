"""Reports of sample communes: of the month before last nearly all are approved, of the last one they come in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.cli.sample.households import uuid7_at
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.report_figure import Figure, added
from fieldapp.domain.vn_time import VIETNAM, vn_day
from fieldapp.services import samples
from fieldapp.services.indicators import Counted, list_indicators
from fieldapp.services.period_rules import open_due
from fieldapp.services.periods import list_periods
from fieldapp.services.report_drafts import drafts
from fieldapp.services.report_units import OF_COMMUNE, ReportingVillage, crews, reporting_villages
from models.account import Role
from models.period import Period
from models.period_report import PeriodReport, ReportState
from models.unit import UnitKind

MONTHS_BACK = (62, 31, 0)
MISSING, WAITING, RETURNED, LATE, SIGNED, ADDED = 0.03, 0.18, 0.05, 0.15, 0.5, 0.7
"""Shares of villages, and of communes, in the month that ended last; of the one before only some are missing."""

_WORDS = {
    "difficulties": ("Một số hộ chưa có điện thoại thông minh", "Sóng di động yếu ở cuối thôn", ""),
    "plan": ("Tiếp tục đến các hộ chưa có VNeID", "Mở lớp tối thứ Bảy ở nhà văn hóa", "Ra quân cùng Đoàn Thanh niên"),
    "practice": ("Mỗi hộ trẻ giúp một hộ người cao tuổi", "", ""),
}
_REASON = "Số buổi họp tổ chưa khớp sổ ghi chép"
Rows = list[dict[str, Any]]


async def store_reports(session: AsyncSession, communes: Sequence[int], province_id: int, moment: datetime) -> None:
    """Opens the periods as the clock would have, and fills those that are over."""
    for days in MONTHS_BACK:
        await open_due(session, moment - timedelta(days=days))
    over = [one for one in await list_periods(session, None) if one.last_day < vn_day(moment)]
    officers = await samples.accounts_by_unit(session)
    for age, period in enumerate(over[:2]):
        signed: dict[str, Sequence[Figure]] = {}
        indicators = await list_indicators(session, period.last_day)
        rng, rows = Random(f"reports {period.last_day}"), []
        for commune_id in communes:
            filled = _Commune(session, rng, period, indicators, commune_id, officers, moment, age)
            rows += await filled.rows()
            signed |= filled.signed
        await samples.insert_rows(session, PeriodReport.__table__, rows)
        if age:
            top = _row(rng, period, province_id, UnitKind.PROVINCE, 1, _at(period, moment, 7, rng))
            sums = added([one.code for one in indicators], signed.values())
            top |= {
                "figures": [figure.to_row() for figure in sums],
                "state": ReportState.APPROVED,
                "parts": list(signed),
            }
            top |= {"submitted_by_account_id": officers[(province_id, Role.PROVINCE_OFFICER)]}
            await samples.insert_rows(session, PeriodReport.__table__, [_decided(top, None)])


class _Commune:
    """The reports of one commune for one period; `age` 0 is the one that ended last."""

    def __init__(
        self, session: AsyncSession, rng: Random, period: Period, indicators: Sequence[Counted], commune_id: int,
        officers: Mapping[tuple[int, Role], int], moment: datetime, age: int,
    ) -> None:  # fmt: skip
        self.session, self.rng, self.period, self.indicators = session, rng, period, indicators
        self.commune_id, self.officers, self.moment, self.age = commune_id, officers, moment, age
        self.signed: dict[str, Sequence[Figure]] = {}

    async def rows(self) -> Rows:
        span = DayRange(self.period.first_day, self.period.last_day)
        villages = await reporting_villages(self.session, self.commune_id, span)
        found = await drafts(self.session, self.period, self.indicators, self.commune_id, villages, self.moment)
        leaders = await self._leaders(villages)
        rows: Rows = []
        approved: list[Sequence[Figure]] = []
        parts: list[str] = []
        missing = []
        for village in villages:
            mine, figures = self._village(village, found[village.id], leaders.get(village.id))
            rows += mine
            if figures is None:
                missing.append(village.name)
            else:
                approved.append(figures)
                parts.append(str(mine[0]["id"]))
        if approved and (self.age or self.rng.random() < ADDED):
            rows.append(self._own([*approved, found[OF_COMMUNE]], missing) | {"parts": parts})
        return rows

    async def _leaders(self, villages: Sequence[ReportingVillage]) -> dict[int, tuple[int, int]]:
        """By village a team and whoever leads it."""
        staff = await crews(self.session, self.commune_id, villages, self.period.last_day)
        by_team = await samples.leaders_by_team(self.session, [team for one in staff.values() for team in one.teams])
        return {
            id: (team, by_team[team])
            for id, crew in staff.items()
            for team in sorted(crew.teams, reverse=True)
            if team in by_team
        }

    def _village(
        self, village: ReportingVillage, draft: Sequence[Figure], leader: tuple[int, int] | None
    ) -> tuple[Rows, Sequence[Figure] | None]:
        dice = self.rng.random()
        if leader is None or dice < MISSING * (1 if self.age else 3):
            return [], None
        meetings = self.rng.choice((0, 1, 1, 2, 2, 3))
        figures = [
            replace(figure, value=meetings, year=meetings) if one.is_manual else figure
            for one, figure in zip(self.indicators, draft, strict=True)
        ]
        days = 1 if self.rng.random() > LATE else 4
        at = _at(self.period, self.moment, days, self.rng)
        row = _row(self.rng, self.period, village.id, UnitKind.VILLAGE, 1, at)
        row |= {"commune_id": self.commune_id, "team_id": leader[0], "submitted_by_member_id": leader[1]}
        row |= {"figures": [figure.to_row() for figure in figures], "texts": self._texts()}
        if vn_day(at) > self.period.village_due_on:
            row["warnings"] = ["late"]
        officer = self.officers.get((self.commune_id, Role.COMMUNE_OFFICER))
        if self.age == 0 and dice < MISSING * 3 + RETURNED:
            return [_decided(row | {"state": ReportState.RETURNED, "reason": _REASON}, officer)], None
        if self.age == 0 and dice < MISSING * 3 + RETURNED + WAITING:
            return [row], None
        return [_decided(row | {"state": ReportState.APPROVED}, officer)], figures

    def _own(self, parts: Sequence[Sequence[Figure]], missing: Sequence[str]) -> dict[str, Any]:
        at = _at(self.period, self.moment, 5, self.rng)
        row = _row(self.rng, self.period, self.commune_id, UnitKind.COMMUNE, 1, at)
        sums = added([one.code for one in self.indicators], parts)
        row |= {"commune_id": self.commune_id, "figures": [figure.to_row() for figure in sums]}
        row |= {"missing": list(missing), "texts": self._texts()}
        row["submitted_by_account_id"] = self.officers.get((self.commune_id, Role.COMMUNE_OFFICER))
        if self.age == 0 and self.rng.random() > SIGNED:
            return row
        self.signed[str(row["id"])] = sums
        head = self.officers.get((self.commune_id, Role.COMMUNE_LEADER))
        return _decided(row | {"state": ReportState.APPROVED}, head)

    def _texts(self) -> dict[str, str]:
        said = {part: self.rng.choice(words) for part, words in _WORDS.items()}
        return {part: words for part, words in said.items() if words}


def _at(period: Period, moment: datetime, days: int, rng: Random) -> datetime:
    evening = datetime.combine(period.last_day + timedelta(days=days), time(19, rng.randint(0, 59)), VIETNAM)
    return min(evening, moment - timedelta(minutes=rng.randint(30, 600)))


def _row(rng: Random, period: Period, unit_id: int, level: UnitKind, number: int, at: datetime) -> dict[str, Any]:
    due = {
        UnitKind.VILLAGE: period.village_due_on,
        UnitKind.COMMUNE: period.commune_due_on,
        UnitKind.PROVINCE: period.province_due_on,
    }[level]
    nobody = dict.fromkeys(
        ("commune_id", "team_id", "submitted_by_member_id", "submitted_by_account_id", "decided_at", "decided_by_id",
         "replaced_at")
    )  # fmt: skip
    nothing: dict[str, Any] = {"figures": [], "texts": {}, "warnings": [], "missing": [], "parts": [], "reason": ""}
    return nobody | nothing | {
        "id": uuid7_at(rng, at), "period_id": period.id, "unit_id": unit_id, "level": level, "number": number,
        "state": ReportState.WAITING, "made_at": at, "received_at": at, "due_on": due,
    }  # fmt: skip


def _decided(row: dict[str, Any], by: int | None) -> dict[str, Any]:
    return row | {"decided_at": row["received_at"] + timedelta(minutes=20), "decided_by_id": by}
