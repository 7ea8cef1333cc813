"""What the page of platforms holds and does."""

from typing import Literal

import reflex as rx

from fieldapp.db import database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.platform_form import PlatformForm, StepForm, Way
from fieldapp.domain.visit import PlatformCode
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.platforms_view import PillarView, PlatformView, by_pillar, show_platform
from fieldapp.permissions import Action, Principal, may
from fieldapp.problems import Problem
from fieldapp.reports.platform_list import list_platforms
from fieldapp.reports.unit_tree import get_own_unit, list_below
from fieldapp.services import platforms
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now

Part = Literal["used", "retired"]


class PlatformsState(DeskState):
    """`panel` is "new", "change" or empty; `chosen` is what it is about. `done` says what was done just now."""

    part: str = "used"
    pillars: rx.Field[list[PillarView]] = rx.field(default_factory=list)
    retired: rx.Field[list[PlatformView]] = rx.field(default_factory=list)
    used: int = 0
    communes: rx.Field[list[Option]] = rx.field(default_factory=list)
    of_commune: bool = False
    panel: str = ""
    chosen: PlatformView = PlatformView()
    drawn: int = 0
    """Changes when the panel's forms are to be shown anew."""
    done: str = ""
    done_name: str = ""

    @needs(Action.READ_PLATFORM)
    async def load(self, who: Principal) -> None:
        self.part, self.panel, self.of_commune = "used", "", who.commune_id is not None
        await self._done(who)

    @needs(Action.READ_PLATFORM)
    async def choose_part(self, who: Principal, part: Part) -> None:
        self.part, self.panel = part, ""
        await self._done(who)

    @needs(Action.READ_PLATFORM)
    async def close(self, who: Principal) -> None:
        self.panel = ""

    @needs(Action.KEEP_PLATFORM)
    async def open_new(self, who: Principal) -> None:
        self.panel, self.chosen, self.done = "new", PlatformView(icon="globe", approved=True), ""
        self.drawn += 1

    @needs(Action.KEEP_PLATFORM)
    async def open_one(self, who: Principal, code: PlatformCode) -> None:
        self.panel, self.done = "change", ""
        self._choose(code)

    @needs(Action.KEEP_PLATFORM)
    async def keep(self, who: Principal, form: PlatformForm) -> None:
        async with database().write() as db:
            await platforms.keep(db, who, form)
        self.panel = ""
        await self._done(who, "changed" if form.platform else "added", form.short_vi)

    @needs(Action.KEEP_PLATFORM)
    async def move(self, who: Principal, code: PlatformCode, way: Way) -> None:
        async with database().write() as db:
            await platforms.move(db, who, code, way)
        await self._done(who)

    @needs(Action.KEEP_PLATFORM)
    async def retire(self, who: Principal, code: PlatformCode) -> None:
        async with database().write() as db:
            row = await platforms.retire(db, who, code)
        self.panel = ""
        await self._done(who, "retired", row.short_vi)

    @needs(Action.KEEP_PLATFORM)
    async def restore(self, who: Principal, code: PlatformCode) -> None:
        async with database().write() as db:
            row = await platforms.restore(db, who, code)
        await self._done(who, "restored", row.short_vi)

    @needs(Action.KEEP_PLATFORM)
    async def keep_step(self, who: Principal, form: StepForm) -> None:
        async with database().write() as db:
            await platforms.keep_step(db, who, form)
        await self._done(who, "step_kept", form.name_vi)

    @needs(Action.KEEP_PLATFORM)
    async def move_step(self, who: Principal, code: PlatformCode, step: str, way: Way) -> None:
        async with database().write() as db:
            await platforms.move_step(db, who, code, step, way)
        await self._done(who)

    @needs(Action.KEEP_PLATFORM)
    async def use_step(self, who: Principal, code: PlatformCode, step: str, used: bool) -> None:
        async with database().write() as db:
            await platforms.use_step(db, who, code, step, used)
        await self._done(who)

    def _choose(self, code: str) -> None:
        every = [line for pillar in self.pillars for line in pillar.lines] + list(self.retired)
        found = next((line for line in every if line.code == code), None)
        if found is None:
            raise Problem("not_found")
        self.chosen = found
        self.drawn += 1

    async def _done(self, who: Principal, done: str = "", name: str = "") -> None:
        self.done, self.done_name = done, name
        today = vn_day(utc_now())
        async with database().read() as db:
            used, retired = await list_platforms(db, who)
            if may(who, Action.KEEP_PLATFORM) and not self.communes:
                province = await get_own_unit(db, who, Action.KEEP_PLATFORM)
                found = await list_below(db, province, DayRange(today, today))
                self.communes = [Option(str(unit.id), unit.name) for unit in found]
        self.pillars, self.used = by_pillar(used), len(used)
        self.retired = [show_platform(row) for row in retired]
        if self.panel == "change":
            self._choose(self.chosen.code)
