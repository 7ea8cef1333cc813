"""Distinct households of any range: one household counts once, in the village of its first day."""

import random
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import insert

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.reports.distinct_households import Households, count_households
from models.counter import HouseholdPeriod, PeriodKind
from tests import build

FIRST = date(2026, 7, 1)
DAYS = 40
RANGES = [
    DayRange(FIRST + timedelta(days=a), FIRST + timedelta(days=b)) for a, b in ((0, 39), (3, 11), (9, 30), (14, 43))
]


async def test_each_household_of_a_range_is_credited_to_the_village_of_its_first_day(db: Database) -> None:
    """As after a merge in its midst; approved and standing ones each by their own first day. Slowly, row by row."""
    world, dice = await build.world(db), random.Random(335)
    villages = [world.village.id or 0, world.next_village.id or 0]
    rows = [
        (home.id, FIRST + timedelta(days=day), dice.choice(villages), dice.choice((0, 0, 1, 2)), dice.choice((0, 1)))
        for home in world.households
        for day in sorted(dice.sample(range(DAYS), dice.randrange(8)))
    ]
    names = ("household_id", "starts_on", "village_id", "approved", "waiting")
    kept = {"kind": PeriodKind.DAY, "commune_id": world.commune.id, "returned": 1}
    async with db.write() as session:
        await session.execute(
            insert(HouseholdPeriod.__table__), [dict(zip(names, row, strict=True), **kept) for row in rows]
        )

    for span in RANGES:
        homes: dict[str, dict[UUID, int]] = {"approved": {}, "standing": {}}
        for home, day, village, approved, waiting in sorted(rows, key=lambda row: row[1]):
            if span.first <= day <= span.last:
                if approved:
                    homes["approved"].setdefault(home, village)
                if approved + waiting:
                    homes["standing"].setdefault(home, village)
        slow = {
            v: Households(*(list(homes[of].values()).count(v) for of in ("approved", "standing"))) for v in villages
        }
        async with db.read() as session:
            (whole,) = await count_households(session, world.commune, span)
            parts = [(await count_households(session, unit, span))[0] for unit in (world.village, world.next_village)]
        assert whole is not None
        assert whole.by_child == slow
        assert whole.total == Households(len(homes["approved"]), len(homes["standing"]))
        assert [part.total for part in parts if part] == [slow[village] for village in villages]
        assert whole.total.approved > 0 < slow[villages[0]].standing < whole.total.standing
