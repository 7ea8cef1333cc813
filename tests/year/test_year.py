"""A year of a province: visits, late ones, reports sent back, villages that become one, a storm; all papers add up.

`make test` plays a small province on both databases; `make year` one of the size that provinces have.
"""

import os

import pytest

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from models.period import ReportKind
from models.period_report import ReportState
from tests.year import province, same_numbers, sums
from tests.year.player import Year, leader_of

FLOWS = ("08", "10", "15", "25", "27", "28")
COMMUNES, VILLAGES = int(os.environ.get("YEAR_COMMUNES", "3")), int(os.environ.get("YEAR_VILLAGES", "4"))
HOMES, VISITS = int(os.environ.get("YEAR_HOMES", "8")), int(os.environ.get("YEAR_VISITS", "5"))


@pytest.mark.apart
async def test_a_year_of_a_province_adds_up(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    land = await province.lay(db, COMMUNES, VILLAGES, HOMES, 2026)
    year = Year(db, land, 2026, VISITS, monkeypatch)
    await year.play()
    assert not year.on_the_way
    whole = await year.find(ReportKind.YEAR, year.months(1, 12))
    months = [await year.find(ReportKind.MONTH, year.months(n, n)) for n in range(1, 13)]
    quarters = [await year.find(ReportKind.QUARTER, year.months(n - 2, n)) for n in (3, 6, 9, 12)]
    for units in (_villages(land), {land.unit.id or 0: list(year.ledger.by_village)}):
        for unit, own in units.items():
            total = sums.told(await year.standing(whole, unit))
            told = year.ledger.told(own, DayRange(whole.first_day, whole.last_day))
            assert {code: total[code]["value"] for code in told} == told
            assert {code: total[code]["year"] for code in told} == told
            for parts in (months, quarters):
                figures = [sums.told(row) for part in parts if (row := await year.find_standing(part, unit))]
                assert {c: sum(one[c]["value"] for one in figures) for c in FLOWS} == {c: told[c] for c in FLOWS}
    await year.locked.look(db, [period.id for period in year.added_up])
    versions = [row for commune in land.communes for row in await year.versions(months[4], commune)]
    assert {ReportState.RETURNED, ReportState.REPLACED, ReportState.APPROVED} >= {row.state for row in versions}
    for period in (months[4], whole):
        commune = land.communes[0]
        village = commune.villages[0]
        for who, unit in (
            (leader_of(village, period.last_day), village.on(period.last_day)),
            (commune.officer, commune.unit),
            (land.officer, land.unit),
        ):
            assert await same_numbers.are_the_same(db, who, (await year.standing(period, unit.id or 0)).id)
    print(f"\n{year.locked.count} versions of reports, {sum(map(len, year.ledger.by_village.values()))} visits")


def _villages(land: province.Province) -> dict[int, list[int]]:
    """Those that nothing became of, each of which told of every month."""
    every = [village for commune in land.communes for village in commune.villages if village.into is None]
    return {village.unit.id or 0: [village.unit.id or 0] for village in every}
