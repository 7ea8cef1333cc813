"""Chỉ số báo cáo: what periodic reports count, and how; the province adds, renames, orders, stops and restores."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, desk_icon, empty, pill
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import said
from fieldapp.components.words import local, number, t, tk, told
from fieldapp.device.store import count, some
from fieldapp.domain.platform_form import Way
from fieldapp.pages.desk.indicators_panel import indicator_panel
from fieldapp.pages.desk.indicators_state import IndicatorsState, IndicatorView, SectionView
from fieldapp.permissions import Action
from fieldapp.states.session import DeskState

__all__ = ["IndicatorsState", "indicators_page"]


def _keeps() -> rx.Var:
    return DeskState.allowed.contains(str(Action.KEEP_INDICATOR))


def _words(line: IndicatorView) -> rx.Component:
    source = rx.cond(line.manual, pill(t("indicators.source.manual"), "wait"), pill(t("indicators.source.auto"), ""))
    return rx.el.div(
        rx.el.p(
            rx.el.span(line.code, " ", class_name="soft"),
            rx.el.span(local(line.name_vi, line.name_en), class_name="strong"),
        ),
        rx.el.p(local(line.words_vi, line.words_en), class_name="soft small"),
        rx.el.div(
            source,
            pill(t("indicators.in_unit", unit=tk("reports.unit", line.unit)), ""),
            rx.cond(line.stock, pill(t("indicators.stock"), "")),
            class_name="row wrap",
        ),
        rx.el.p(t("indicators.from", day=line.day), class_name="soft small"),
        class_name="person stack tight grow",
    )


def _arrow(way: Way, line: IndicatorView, at_end: Any) -> rx.Component:
    words = rx.el.span(t(f"indicators.{way}", name=local(line.short_vi, line.short_en)), class_name="sr")
    symbol = desk_icon("chevron-up" if way is Way.UP else "chevron-down")
    return button(symbol, words, kind="compact", on_click=IndicatorsState.move(line.code, str(way)), disabled=at_end)


def _line(line: IndicatorView) -> rx.Component:
    name = rx.el.span(" ", local(line.short_vi, line.short_en), class_name="sr")
    change = button(
        desk_icon("pencil"), t("indicators.change"), name, kind="compact",
        on_click=IndicatorsState.open_one(line.code),
    )  # fmt: skip
    deeds = rx.el.div(
        _arrow(Way.UP, line, line.first), _arrow(Way.DOWN, line, line.last), change, class_name="row"
    )  # fmt: skip
    return rx.el.li(_words(line), rx.cond(_keeps(), deeds), class_name="seat", key=line.code)


def _retired(line: IndicatorView) -> rx.Component:
    name = rx.el.span(" ", local(line.short_vi, line.short_en), class_name="sr")
    back = button(t("indicators.restore"), name, kind="compact", on_click=IndicatorsState.use(line.code, True))
    return rx.el.li(_words(line), rx.cond(_keeps(), back), class_name="seat", key=line.code)


def _section(section: SectionView) -> rx.Component:
    return rx.el.section(
        rx.el.h2(tk("reports.section", section.code)),
        rx.el.ul(rx.foreach(section.lines, _line), class_name="bars"),
        class_name="panel",
        key=section.code,
    )


def _parts() -> rx.Component:
    def one(part: str, total: Any) -> rx.Component:
        words = t(f"indicators.part.{part}", n=number(total))
        return chip(words, IndicatorsState.part == part, IndicatorsState.choose_part(part))

    chips = one("used", IndicatorsState.used), one("retired", count(IndicatorsState.retired))
    return rx.el.div(*chips, class_name="chips", role="group", aria_label=t("indicators.parts"))


def indicators_page() -> rx.Component:
    add = button(desk_icon("plus"), t("indicators.new"), kind="primary compact", on_click=IndicatorsState.open_new)
    done = told("indicators.said", IndicatorsState.done, {"name": IndicatorsState.done_name})
    retired = rx.el.section(
        rx.el.p(t("indicators.retired_mean"), class_name="soft"),
        rx.cond(
            some(IndicatorsState.retired),
            rx.el.ul(rx.foreach(IndicatorsState.retired, _retired), class_name="bars"),
            empty("inbox", t("indicators.none_retired")),
        ),
        class_name="panel stack",
    )
    used = rx.cond(
        some(IndicatorsState.sections),
        rx.el.div(rx.foreach(IndicatorsState.sections, _section), class_name="panels"),
        empty("inbox", t("indicators.none")),
    )
    return desk_page(
        t("desk.indicators"),
        rx.el.p(rx.cond(IndicatorsState.of_commune, t("indicators.read"), t("indicators.explain")), class_name="soft"),
        _parts(),
        said(rx.cond(IndicatorsState.done != "", done, "")),
        rx.cond(IndicatorsState.part == "used", used, retired),
        rx.cond(IndicatorsState.panel != "", indicator_panel()),
        current="indicators",
        tools=rx.cond(_keeps(), add),
    )
