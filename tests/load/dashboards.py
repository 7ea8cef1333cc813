"""The desk's read path, asked again and again while phones send, and how long each answer took."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.db import Database
from fieldapp.domain.day_range import Preset, named_range
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal
from fieldapp.reports.summary import read_summary
from fieldapp.reports.unit_tree import get_own_unit
from fieldapp.reports.visit_filter import VisitFilter
from fieldapp.reports.visit_list import list_to_look_at, list_visits
from models.base import utc_now

Ask = Callable[[AsyncSession], Awaitable[Any]]


@dataclass
class Dashboards:
    """What two officers look at; waits are in seconds."""

    province: Principal
    commune: Principal
    waits: dict[str, list[float]] = field(default_factory=dict)

    async def look(self, db: Database) -> None:
        """Each screen once."""
        for name, ask in self._screens().items():
            started = time.perf_counter()
            async with db.read() as session:
                await ask(session)
            self.waits.setdefault(name, []).append(time.perf_counter() - started)

    def _screens(self) -> dict[str, Ask]:
        return {
            "overview of the province, year": lambda session: self._overview(session, self.province, Preset.YEAR),
            "overview of a commune, month": lambda session: self._overview(session, self.commune, Preset.MONTH),
            "overview of a commune, today": lambda session: self._overview(session, self.commune, Preset.TODAY),
            "visits of a commune": lambda session: list_visits(session, self.commune, VisitFilter()),
            "visits to look at again": lambda session: list_to_look_at(session, self.commune),
        }

    @staticmethod
    async def _overview(session: AsyncSession, who: Principal, preset: Preset) -> None:
        now = utc_now()
        unit = await get_own_unit(session, who, Action.READ_SUMMARY)
        await read_summary(session, who, unit.id or 0, named_range(preset, vn_day(now)), now)

    @property
    def slowest(self) -> float:
        return max(max(waits) for waits in self.waits.values())

    def rows(self) -> list[tuple[str, ...]]:
        """Screen, times asked, median, 95th percentile and slowest in milliseconds."""
        return [
            (
                name,
                str(len(waits)),
                *(f"{1000 * n:.0f}" for n in (median(waits), quantiles(waits, n=20)[18], max(waits))),
            )
            for name, waits in self.waits.items()
            if len(waits) > 1
        ]
