"""The indicators of a report: those that the product ships, and those that the province added or took out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.indicator import Formula, read_formula
from fieldapp.domain.vn_time import vn_day
from models.indicator import Indicator, IndicatorUnit, Section, Source

INDICATORS = Indicator.__table__
FILE = Path(__file__).with_name("data") / "indicators.json"
APPLIES_FROM = date(2025, 7, 1)
"""Since when teams report by them: the letter is of that month."""


@dataclass(frozen=True)
class Counted:
    """An indicator as a report needs it; `formula` is None for a number that its author says."""

    code: str
    section: Section
    name_vi: str
    name_en: str
    short_vi: str
    short_en: str
    unit: IndicatorUnit
    formula: Formula | None
    stock: bool

    @property
    def is_manual(self) -> bool:
        return self.formula is None

    def name(self, locale: str) -> str:
        return self.name_en if locale == "en" else self.name_vi

    def short(self, locale: str) -> str:
        return self.short_en if locale == "en" else self.short_vi


@cache
def indicator_catalogue() -> list[dict[str, Any]]:
    """The indicators that the product ships, in the order of the papers."""
    return json.loads(FILE.read_text("utf-8"))


async def load_indicators(session: AsyncSession) -> int:
    """Adds those that are missing and leaves alone what is there; gives their number."""
    present = set((await session.execute(select(INDICATORS.c.code))).scalars())
    missing = [row | {"applies_from": APPLIES_FROM} for row in indicator_catalogue() if row["code"] not in present]
    if missing:
        await session.execute(insert(INDICATORS), missing)
    return len(missing)


async def list_indicators(session: AsyncSession, last_day: date, only: str = "") -> Sequence[Counted]:
    """Those that a report of a period with this last day has, in order; `only` narrows them to codes with commas."""
    query = select(INDICATORS).where(INDICATORS.c.applies_from <= last_day).order_by(INDICATORS.c.position)
    if codes := [code for code in only.split(",") if code]:
        query = query.where(INDICATORS.c.code.in_(codes))
    rows = (await session.execute(query)).all()
    # One that was taken out since belongs to the periods before that.
    return [_counted(row) for row in rows if row.discarded_at is None or vn_day(row.discarded_at) > last_day]


def _counted(row: Any) -> Counted:
    return Counted(
        code=row.code,
        section=Section(row.section),
        name_vi=row.name_vi,
        name_en=row.name_en,
        short_vi=row.short_vi,
        short_en=row.short_en,
        unit=IndicatorUnit(row.unit),
        formula=read_formula(row.formula) if row.source == Source.AUTO and row.formula else None,
        stock=row.stock,
    )
