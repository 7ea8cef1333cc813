"""Chỉ số báo cáo: what periodic reports count, and how; the province adds, renames, orders, stops and restores."""

import reflex as rx

from fieldapp.components.base import pill
from fieldapp.components.kept_list import group_panel, kept_line, kept_page, retired_line
from fieldapp.components.words import local, t, tk
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


def _line(line: IndicatorView) -> rx.Component:
    return kept_line("indicators", IndicatorsState, _words(line), _keeps(), line)


def _retired(line: IndicatorView) -> rx.Component:
    return retired_line("indicators", _words(line), _keeps(), line, IndicatorsState.use(line.code, True))


def _section(section: SectionView) -> rx.Component:
    return group_panel(tk("reports.section", section.code), section.lines, _line, section.code)


def indicators_page() -> rx.Component:
    return kept_page(
        "indicators", IndicatorsState, IndicatorsState.sections, _section, _retired, _keeps(), indicator_panel()
    )
