"""How long the numbers of a province, a commune and a village take: at 10,000, 100,000 and a million visits.

BENCH_LARGEST=1 fills and reads five million too, which takes long.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import median

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.permissions import Principal
from fieldapp.reports.summary import read_summary
from models.account import Role
from tests.load.figures import Figure, p95, print_figures, print_table
from tests.load.filling import YEAR, Shape

MILLION = 1_000_000
SIZES = (10_000, 100_000, MILLION, *([5 * MILLION] if os.environ.get("BENCH_LARGEST") else []))
TIMES, WARM = 30, 3
MOST_GROWTH = 1.3
WHO = Principal(role=Role.PROVINCE_OFFICER, session_id="load", account_id=1)


@dataclass(frozen=True)
class Asked:
    name: str
    unit_id: int
    days: DayRange
    budget: float | None = None


_year = DayRange(date(YEAR, 1, 1), date(YEAR, 12, 31))
_quarter = DayRange(date(YEAR, 7, 1), date(YEAR, 9, 30))
_month = DayRange(date(YEAR, 8, 1), date(YEAR, 8, 31))
_VILLAGE = 2 + Shape(0).communes
ASKED = (
    Asked("province, year", 1, _year, budget=50),
    Asked("province, quarter", 1, _quarter),
    Asked("commune, year", 2, _year),
    Asked("commune, month", 2, _month),
    Asked("village, month", _VILLAGE, _month),
)
FLAT = ("province, year", "province, quarter")
GROWING = ("commune, month",)
"""These read the days of their own villages, of which ten times the visits fill more; nobody else's are read."""


def measure(databases: dict[str, dict[int, str]]) -> list[Figure]:
    """Prints a table for each database; gives the figures that have budgets."""
    figures = []
    for kind, addresses in databases.items():
        waits = {size: asyncio.run(_waits(address)) for size, address in addresses.items()}
        rows = [[asked.name, *(_written(waits[size][asked.name]) for size in SIZES)] for asked in ASKED]
        print_table(f"Summaries on {kind}, ms: p50 and p95", ("visits", *(f"{size:,}" for size in SIZES)), rows)
        for asked in ASKED:
            budget = asked.budget if kind == "PostgreSQL" else None
            longest = p95(waits[MILLION][asked.name])
            figures += [Figure(f"{asked.name}, a million visits, {kind}, p95", longest, "ms", budget)]
        for name in (*FLAT, *GROWING):
            most, fewer = (median(waits[size][name]) for size in (MILLION, MILLION // 10))
            bound = MOST_GROWTH if name in FLAT else None
            figures.append(Figure(f"{name}, {kind}, a million by a hundred thousand", most / fewer, "", bound))
    print_figures("Summaries against their budgets", figures)
    return figures


async def _waits(address: str) -> dict[str, list[float]]:
    """Milliseconds of each reading, by what was asked; in rounds, so that a noise falls on all alike."""
    db, waits = Database(address), {asked.name: [] for asked in ASKED}
    for number in range(WARM + TIMES):
        for asked in ASKED:
            async with db.read() as session:
                started = time.perf_counter()
                await read_summary(session, WHO, asked.unit_id, asked.days, datetime.now(UTC))
                spent = 1000 * (time.perf_counter() - started)
            waits[asked.name] += [spent] if number >= WARM else []
    await db.close()
    return waits


def _written(waits: Sequence[float]) -> str:
    return f"{median(waits):.0f} · {p95(waits):.0f}"
