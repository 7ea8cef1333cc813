"""The indicators of a report: those that the product ships, and those that the province added or took out.

Nothing is deleted, and no formula is changed: what is counted in another way is another indicator. A version that is
locked keeps the indicators that it was locked with.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.indicator import Formula, read_formula
from fieldapp.domain.indicator_form import UNITS as UNITS_OF
from fieldapp.domain.indicator_form import IndicatorForm, RenameForm, next_code
from fieldapp.domain.platform_form import Way, moved
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.periods import tell_all
from fieldapp.services.scopes import PROVINCE, raise_versions
from models.base import utc_now
from models.indicator import Indicator, IndicatorPast, IndicatorUnit, Section, Source

INDICATORS, PAST = Indicator.__table__, IndicatorPast.__table__
WORDS = ("code", "name_vi", "name_en", "short_vi", "short_en", "position")
STEP = 10
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


async def list_told(session: AsyncSession, codes: Collection[str], at: datetime) -> Sequence[Counted]:
    """These, whatever became of them, by the names and in the order of that moment: those of a version locked then."""
    query = select(INDICATORS).where(INDICATORS.c.code.in_(list(codes)))
    rows = {row.code: dict(row._mapping) for row in await session.execute(query)}
    past = select(PAST.c.words).where(PAST.c.until > at).order_by(PAST.c.until, PAST.c.id).limit(1)
    for words in (await session.execute(past)).scalar_one_or_none() or ():
        if words["code"] in rows:
            rows[words["code"]] |= words
    return [_counted(SimpleNamespace(**row)) for row in sorted(rows.values(), key=lambda row: row["position"])]


async def list_all(session: AsyncSession, who: Principal) -> Sequence[tuple[Counted, date, datetime | None]]:
    """Every one, with the day from which it applies and when it was taken out. Raises `forbidden`."""
    require(who, Action.READ_REPORT)
    rows = await session.execute(select(INDICATORS).order_by(INDICATORS.c.position))
    return [(_counted(row), row.applies_from, row.discarded_at) for row in rows]


async def add(session: AsyncSession, who: Principal, form: IndicatorForm, now: datetime) -> Indicator:
    """The last one of its section. Raises `forbidden`, `name_taken`, `indicators_full`, and `invalid` for a first day
    that has come: reports of a period that is over may be locked already."""
    every = await _begin(session, who)
    if form.first <= vn_day(now):
        raise Problem("invalid", "first")
    _require_free(every, form.name_vi)
    code = next_code([row.code for row in every])
    if code is None:
        raise Problem("indicators_full")
    said: dict[str, Any] = {"unit": form.unit, "stock": form.stock, "formula": None}
    if formula := form.formula:
        counted = formula.model_dump(mode="json", exclude_defaults=True)
        said = {"unit": UNITS_OF[form.counts], "stock": False, "formula": counted}
    said |= {"section": form.section, "source": form.source, "applies_from": form.first, "position": _after(every)}
    row = Indicator(code=code, **said, **form.names)  # pyright: ignore[reportArgumentType]
    session.add(row)
    _number([*every, row])
    await _told(session, who, "indicator.add", row)
    return row


async def rename(session: AsyncSession, who: Principal, form: RenameForm) -> Indicator:
    """Raises `forbidden`, `not_found`, `name_taken`."""
    every = await _begin(session, who)
    row = _named(every, form.code)
    _require_free([one for one in every if one is not row], form.name_vi)
    row.sqlmodel_update(form.names)
    await _told(session, who, "indicator.rename", row)
    return row


async def move(session: AsyncSession, who: Principal, code: str, way: Way) -> None:
    """A place further up or down in its section. Raises `forbidden`, `not_found`."""
    every = await _begin(session, who)
    row = _named(every, code)
    beside = [one for one in every if one.section == row.section and one.discarded_at is None]
    if row not in beside:
        raise Problem("not_found")
    places, known = [one.position for one in beside], {one.code: one for one in beside}
    for place, one in zip(places, moved([one.code for one in beside], code, way), strict=True):
        known[one].position = place
    await _told(session, who, "indicator.order", row)


async def use(session: AsyncSession, who: Principal, code: str, used: bool, now: datetime) -> Indicator:
    """Takes it out of the reports of periods that end today or later, or back in; again it changes nothing.

    Raises `forbidden`, `not_found`.
    """
    row = _named(await _begin(session, who), code)
    if used != (row.discarded_at is None):
        row.discarded_at = None if used else now
        await _told(session, who, "indicator.restore" if used else "indicator.retire", row)
    return row


async def _begin(session: AsyncSession, who: Principal) -> Sequence[Indicator]:
    """Every one, in order, and what they were until now kept for what is locked by now; two officers change them one
    after the other: the province's scope is their lock.
    """
    require(who, Action.KEEP_INDICATOR)
    await raise_versions(session, [PROVINCE])
    query = select(Indicator).order_by(INDICATORS.c.position)
    every = (await session.execute(query.execution_options(populate_existing=True))).scalars().all()
    session.add(IndicatorPast(until=utc_now(), words=[{name: getattr(one, name) for name in WORDS} for one in every]))
    return every


def _named(every: Sequence[Indicator], code: str) -> Indicator:
    row = next((one for one in every if one.code == code), None)
    if row is None:
        raise Problem("not_found")
    return row


def _require_free(every: Sequence[Indicator], name: str) -> None:
    if any(one.name_vi.lower() == name.lower() and one.discarded_at is None for one in every):
        raise Problem("name_taken", "name_vi", name=name)


def _after(every: Sequence[Indicator]) -> int:
    return max((one.position for one in every), default=0) + STEP


def _number(every: Sequence[Indicator]) -> None:
    """Section by section, with room between them for those that a later program brings."""
    order = list(Section)
    for place, one in enumerate(sorted(every, key=lambda row: (order.index(Section(row.section)), row.position)), 1):
        one.position = place * STEP


async def _told(session: AsyncSession, who: Principal, deed: str, row: Indicator) -> None:
    """Leaders' phones learn of it with their next pull."""
    await session.flush()
    await tell_all(session)
    await audit.write(session, [audit.event(who, deed, "indicator", row.code, who.unit_id, name=row.name_vi)])


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
