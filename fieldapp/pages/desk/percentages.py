"""Kết quả theo tỷ lệ: all that a partner company sees, percentages of the communes in which it works."""

from dataclasses import dataclass, field
from typing import Annotated

import reflex as rx
from pydantic import Field

from fieldapp.components.base import chip, empty
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.table import Column, cell, pager, table
from fieldapp.components.words import local, number, t, tk
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.given import PlainText
from fieldapp.domain.percentage import SMALLEST, Percentage, Word
from fieldapp.domain.written_time import written_day, written_days
from fieldapp.permissions import Action, Principal
from fieldapp.services.percentages import read_percentages
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now


@dataclass
class PercentageView:
    """`width` is of the bar, and nothing where no percentage may be said."""

    word: str = str(Word.NONE)
    percent: int = 0
    width: str = "0%"


@dataclass
class CommuneView:
    name: str = ""
    reached: PercentageView = field(default_factory=PercentageView)
    target: PercentageView = field(default_factory=PercentageView)
    sent_on: str = ""


class PercentagesState(DeskState):
    company: str = ""
    everywhere: bool = False
    platforms: rx.Field[list[Option]] = rx.field(default_factory=list)
    platform: str = ""
    lines: rx.Field[list[CommuneView]] = rx.field(default_factory=list)
    target_days: str = ""
    measure: str = ""
    page: int = 0
    pages: int = 1
    total: int = 0

    @needs(Action.READ_PERCENTAGE)
    async def load(self, who: Principal) -> None:
        await self._show(who, "", 0)

    @needs(Action.READ_PERCENTAGE)
    async def choose_platform(self, who: Principal, platform: Annotated[PlainText, Field(max_length=20)]) -> None:
        await self._show(who, platform, 0)

    @needs(Action.READ_PERCENTAGE)
    async def turn(self, who: Principal, page: int) -> None:
        await self._show(who, self.platform, page)

    async def _show(self, who: Principal, platform: str, page: int) -> None:
        self.lines, self.total = [], 0
        async with database().read() as db:
            found = await read_percentages(db, who, platform, page, utc_now())
        self.company, self.everywhere = found.company.name, found.company.everywhere
        self.platforms = [Option(row.code, row.short_vi, row.short_en) for row in found.platforms]
        self.platform, self.page, self.pages, self.total = found.platform, found.page, found.pages, found.total
        self.target_days = written_days(found.target_days) if found.target_days else ""
        self.measure = str(found.measure or "")
        self.lines = [
            CommuneView(
                row.name, _view(row.reached), _view(row.target), written_day(row.sent_on) if row.sent_on else ""
            )
            for row in found.rows
        ]


def _view(told: Percentage) -> PercentageView:
    return PercentageView(str(told.word), told.percent, f"{min(100, told.percent)}%")


def _platforms() -> rx.Component:
    def one(platform: Option) -> rx.Component:
        here = PercentagesState.platform == platform.value
        name = local(platform.label, platform.english)
        return chip(name, here, PercentagesState.choose_platform(platform.value), key=platform.value)

    return rx.el.div(
        rx.foreach(PercentagesState.platforms, one), class_name="chips", role="group",
        aria_label=t("percentage.platform"),
    )  # fmt: skip


def _told(column: str, told: PercentageView) -> rx.Component:
    """A bar where a percentage may be said, else the word that stands for it."""
    exact = told.word == str(Word.PERCENT)
    said = rx.fragment(
        rx.el.span(number(told.percent), " %", class_name="strong"),
        rx.el.div(rx.el.i(style={"width": told.width}), class_name="bar"),
    )
    return cell(rx.cond(exact, said, rx.el.span(tk(f"percentage.{column}", told.word), class_name="soft")))


def _row(line: CommuneView) -> rx.Component:
    sent = rx.cond(line.sent_on != "", line.sent_on, t("percentage.never"))
    name, when = cell(line.name, kind="strong"), cell(sent, kind="num-left")
    return rx.el.tr(name, _told("reached", line.reached), _told("target", line.target), when, key=line.name)


def _table() -> rx.Component:
    state = PercentagesState
    heads = [t("desk.commune"), *(t(f"percentage.col_{name}") for name in ("reached", "target", "sent"))]
    found = rx.fragment(
        table(t("desk.percentages"), [Column(words) for words in heads], state.lines, _row),
        rx.cond(state.pages > 1, pager(state.page, state.pages, state.total, state.turn, "percentage.page")),
    )
    none = empty("chart-column", t("percentage.none"), then=t("percentage.none_then"))
    return rx.el.section(rx.cond(some(state.lines), found, none), class_name="panel stack")


def _reading() -> rx.Component:
    """What the columns mean, and why some say no percentage."""
    state = PercentagesState
    target = t("percentage.target_means", days=state.target_days)
    return rx.el.section(
        rx.el.h2(t("percentage.reading")),
        rx.el.ul(
            rx.el.li(t("percentage.reached_means")),
            rx.cond(
                state.target_days != "",
                rx.el.li(target, " ", tk("percentage.measure", state.measure)),
                rx.el.li(t("percentage.target_none")),
            ),
            rx.el.li(t("percentage.few_means", n=str(SMALLEST))),
            class_name="plain-list small",
        ),
        class_name="panel",
    )


def percentages_page() -> rx.Component:
    state = PercentagesState
    where = rx.cond(
        state.everywhere, t("percentage.of_all", company=state.company), t("percentage.of", company=state.company)
    )
    shown = rx.fragment(rx.el.p(where, class_name="soft"), _platforms(), _table(), _reading())
    return desk_page(t("desk.percentages"), rx.cond(state.company != "", shown), current="percentages")
