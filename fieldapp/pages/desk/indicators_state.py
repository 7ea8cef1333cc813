"""What the page of report indicators holds and does."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

import reflex as rx

from fieldapp.db import database
from fieldapp.domain.indicator_form import IndicatorForm, RenameForm
from fieldapp.domain.platform_form import Way
from fieldapp.domain.report_form import Code
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.permissions import Action, Principal, may
from fieldapp.problems import Problem
from fieldapp.services import indicators
from fieldapp.services.indicator_list import IndicatorRow, list_parts, list_rows
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now
from models.indicator import Section

Part = Literal["used", "retired"]


@dataclass
class IndicatorView:
    """`words_vi`, `words_en` say what it counts; `day` is the first on which a period that has it may end."""

    code: str = ""
    section: str = ""
    name_vi: str = ""
    name_en: str = ""
    short_vi: str = ""
    short_en: str = ""
    unit: str = ""
    manual: bool = False
    stock: bool = False
    day: str = ""
    words_vi: str = ""
    words_en: str = ""
    first: bool = False
    last: bool = False


@dataclass
class SectionView:
    code: str = ""
    lines: list[IndicatorView] = field(default_factory=list)


class IndicatorsState(DeskState):
    """`panel` is "new", "change" or empty; `chosen` is what it is about. `done` says what was done just now."""

    part: str = "used"
    sections: rx.Field[list[SectionView]] = rx.field(default_factory=list)
    retired: rx.Field[list[IndicatorView]] = rx.field(default_factory=list)
    used: int = 0
    platforms: rx.Field[list[Option]] = rx.field(default_factory=list)
    steps: rx.Field[list[Option]] = rx.field(default_factory=list)
    of_commune: bool = False
    panel: str = ""
    chosen: IndicatorView = IndicatorView()
    earliest: str = ""
    drawn: int = 0
    """Changes when the panel's forms are to be shown anew."""
    done: str = ""
    done_name: str = ""

    @needs(Action.READ_REPORT)
    async def load(self, who: Principal) -> None:
        self.part, self.panel, self.of_commune = "used", "", who.commune_id is not None
        await self._done(who)

    @needs(Action.READ_REPORT)
    async def choose_part(self, who: Principal, part: Part) -> None:
        self.part, self.panel = part, ""
        await self._done(who)

    @needs(Action.READ_REPORT)
    async def close(self, who: Principal) -> None:
        self.panel = ""

    @needs(Action.KEEP_INDICATOR)
    async def open_new(self, who: Principal) -> None:
        async with database().read() as db:
            platforms, steps = await list_parts(db, who)
        self.platforms = [Option(code, name) for code, name in platforms.items()]
        self.steps = [Option(code, name) for code, name in steps.items()]
        self.panel, self.chosen, self.done = "new", IndicatorView(), ""
        self.earliest = (vn_day(utc_now()) + timedelta(days=1)).isoformat()
        self.drawn += 1

    @needs(Action.KEEP_INDICATOR)
    async def open_one(self, who: Principal, code: Code) -> None:
        found = next((line for section in self.sections for line in section.lines if line.code == code), None)
        if found is None:
            raise Problem("not_found")
        self.panel, self.chosen, self.done = "change", found, ""
        self.drawn += 1

    @needs(Action.KEEP_INDICATOR)
    async def add(self, who: Principal, form: IndicatorForm) -> None:
        async with database().write() as db:
            row = await indicators.add(db, who, form, utc_now())
        self.panel = ""
        await self._done(who, "added", row.name_vi)

    @needs(Action.KEEP_INDICATOR)
    async def rename(self, who: Principal, form: RenameForm) -> None:
        async with database().write() as db:
            row = await indicators.rename(db, who, form)
        self.panel = ""
        await self._done(who, "renamed", row.name_vi)

    @needs(Action.KEEP_INDICATOR)
    async def move(self, who: Principal, code: Code, way: Way) -> None:
        async with database().write() as db:
            await indicators.move(db, who, code, way)
        await self._done(who)

    @needs(Action.KEEP_INDICATOR)
    async def use(self, who: Principal, code: Code, used: bool) -> None:
        async with database().write() as db:
            row = await indicators.use(db, who, code, used, utc_now())
        self.panel = ""
        await self._done(who, "restored" if used else "retired", row.name_vi)

    async def _done(self, who: Principal, done: str = "", name: str = "") -> None:
        self.done, self.done_name = done, name
        async with database().read() as db:
            rows = await list_rows(db, who)
        used = [row for row in rows if row.used]
        self.sections, self.used = _by_section(used), len(used)
        self.retired = [_view(row) for row in rows if not row.used]
        if not may(who, Action.KEEP_INDICATOR):
            self.panel = ""


def _view(row: IndicatorRow) -> IndicatorView:
    one = row.counted
    return IndicatorView(
        code=one.code,
        section=str(one.section),
        name_vi=one.name_vi,
        name_en=one.name_en,
        short_vi=one.short_vi,
        short_en=one.short_en,
        unit=str(one.unit),
        manual=one.is_manual,
        stock=one.stock,
        day=written_day(row.first),
        words_vi=row.words["vi"],
        words_en=row.words["en"],
    )


def _by_section(rows: list[IndicatorRow]) -> list[SectionView]:
    """Rows stand in the order of the papers."""
    sections = [SectionView(str(section)) for section in Section]
    for view in map(_view, rows):
        next(section for section in sections if section.code == view.section).lines.append(view)
    found = [section for section in sections if section.lines]
    for section in found:
        section.lines[0].first = section.lines[-1].last = True
    return found
