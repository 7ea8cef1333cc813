"""Báo cáo kỳ: who has reported for a period, what waits to be checked, what is late, and the sum of it all."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, desk_icon, empty, icon, pill
from fieldapp.components.desk_shell import desk_link, desk_page
from fieldapp.components.form import area_field, folded, form, said
from fieldapp.components.table import pager
from fieldapp.components.words import number, t
from fieldapp.device.store import some
from fieldapp.domain.report_form import MAX_TEXT, TextPart
from fieldapp.pages.desk.bundle_part import bundle_part
from fieldapp.pages.desk.report_panel import paper_links, report_panel, stands_pill
from fieldapp.pages.desk.reports_state import PeriodChoice, ReportsState, UnitLine
from fieldapp.permissions import Action
from fieldapp.services.report_standing import Stands
from fieldapp.states.session import DeskState
from models.unit import Region

__all__ = ["ReportsState", "reports_page"]


def may(action: Action) -> Any:
    return DeskState.allowed.contains(str(action))


def period_words(one: PeriodChoice) -> Any:
    """What a period is called: by its title, or by its kind and what it is counted to."""
    return rx.match(
        one.kind,
        ("month", t("reports.period.month", n=one.month, year=one.year)),
        ("quarter", t("reports.period.quarter", n=one.quarter, year=one.year)),
        (
            "half_year",
            rx.cond(
                one.month > 6,
                t("reports.period.half_year_2", year=one.year),
                t("reports.period.half_year_1", year=one.year),
            ),
        ),
        ("year", t("reports.period.year", year=one.year)),
        ("week", t("reports.period.week", days=one.days)),
        one.title,
    )


def _period_option(one: PeriodChoice) -> rx.Component:
    return rx.el.option(period_words(one), " (", one.days, ")", value=one.id)


def _choice() -> rx.Component:
    state = ReportsState
    select = rx.el.select(
        rx.foreach(state.periods, _period_option), value=state.period, on_change=state.choose_period, name="period"
    )
    dues = rx.cond(
        state.of_commune,
        t("reports.due_commune", village=state.below_due, own=state.own_due),
        t("reports.due_province", own=state.own_due),
    )
    return rx.el.div(
        rx.el.label(rx.el.span(t("reports.period")), select, class_name="field"),
        rx.el.p(dues, class_name="soft small"),
        class_name="row wrap end",
    )


def _own() -> rx.Component:
    """The sum: a commune's own report, or the province's."""
    state = ReportsState
    fields = [area_field(str(part), t(f"reports.text.{part}"), max_length=MAX_TEXT, rows="2") for part in TextPart]
    adding = form(*fields, send=t("reports.consolidate"), on_submit=state.consolidate)
    count = state.counts.get("approved", 0)
    there = rx.el.div(
        rx.el.p(
            t("reports.version", n=number(state.own.number)), " ", stands_pill(state.own.stands), class_name="row wrap"
        ),
        rx.el.p(t("reports.received", at=state.own.received, by=state.own.by), class_name="soft small"),
        rx.cond(state.own.reason != "", rx.el.p(state.own.reason, class_name="note")),
        rx.cond(
            state.own.missing > 0,
            rx.el.p(
                t("reports.missing", n=number(state.own.missing), names=state.own.missing_names), class_name="small"
            ),
        ),
        rx.el.div(
            button(t("reports.open"), kind="compact", on_click=state.open(state.own.report)), class_name="row wrap"
        ),
        paper_links(state.own.report),
        class_name="stack tight",
    )
    return rx.el.section(
        rx.el.h2(rx.cond(state.of_commune, t("reports.own_commune"), t("reports.own_province"))),
        rx.cond(
            state.own.asked != "", rx.el.p(t("reports.was_reminded", at=state.own.asked), class_name="notice wait")
        ),
        rx.cond(
            state.own.report != "",
            there,
            rx.el.p(t("reports.none_yet", n=number(count), of=number(state.expected)), class_name="soft"),
        ),
        rx.cond(
            may(Action.CONSOLIDATE_REPORT),
            folded(
                t("reports.consolidate_fold"), rx.el.p(t("reports.consolidate_means"), class_name="soft small"), adding
            ),
        ),
        class_name="panel stack",
    )


def _line(line: UnitLine) -> rx.Component:
    facts = rx.cond(
        line.report != "",
        t("reports.received", at=line.received, by=line.by),
        t("reports.due", day=line.due),
    )
    looking = button(
        t("reports.open"),
        rx.el.span(" ", line.name, class_name="sr"),
        kind="compact",
        on_click=ReportsState.open(line.report),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(line.name, class_name="strong"),
            rx.el.p(facts, class_name="soft small"),
            rx.cond((line.stands == "returned") & (line.reason != ""), rx.el.p(line.reason, class_name="note")),
            rx.cond(line.asked != "", rx.el.p(t("reports.reminded_at", at=line.asked), class_name="soft small")),
            rx.cond(line.missing > 0, rx.el.p(t("reports.lacks", n=number(line.missing)), class_name="soft small")),
            class_name="person stack tight",
        ),
        rx.el.div(
            rx.el.div(
                stands_pill(line.stands),
                rx.cond(line.late, pill(t("reports.came_late"), "need")),
                rx.cond(
                    line.warnings > 0, pill(t("reports.warnings", n=number(line.warnings)), "wait", "triangle-alert")
                ),
                rx.cond(line.report != "", looking),
                class_name="row wrap",
            ),
            class_name="grow",
        ),
        class_name="seat report",
        key=line.unit,
    )


def _remind() -> rx.Component:
    """A notice to phones, and the same as text for Zalo."""
    state = ReportsState
    text = t("reports.zalo", names=state.owing_names, period=period_words(state.chosen), due=state.below_due)
    return folded(
        t("reports.remind_fold", n=number(state.owing)),
        rx.el.p(text, class_name="message"),
        rx.el.div(
            button(desk_icon("bell"), t("reports.remind"), kind="primary compact", on_click=state.remind),
            button(icon("copy"), t("reports.copy"), kind="compact", on_click=[rx.set_clipboard(text), state.copied]),
            class_name="row wrap",
        ),
    )


def _units() -> rx.Component:
    state = ReportsState
    group: dict[str, Any] = {"class_name": "chips", "role": "group"}
    states = [
        rx.cond(
            state.counts.get(str(one), 0).to(int) > 0,
            chip(
                rx.fragment(t(f"reports.stands.{one}"), " · ", number(state.counts.get(str(one), 0))),
                state.only == str(one),
                state.choose_state(str(one)),
            ),
        )
        for one in Stands
    ]
    regions = [
        chip(t(f"reports.region.{one}"), state.region == str(one), state.choose_region(str(one))) for one in Region
    ]
    approve = button(
        desk_icon("check-check"),
        t("reports.approve_clean", n=number(state.clean)),
        kind="primary",
        on_click=state.approve_clean,
    )
    return rx.el.section(
        rx.el.h2(rx.cond(state.of_commune, t("reports.villages"), t("reports.communes"))),
        rx.el.div(*states, aria_label=t("reports.states"), **group),
        rx.cond(state.of_commune, rx.fragment(), rx.el.div(*regions, aria_label=t("reports.regions"), **group)),
        rx.cond(state.of_commune & may(Action.CHECK_REPORT) & (state.clean > 0), approve),
        rx.cond(may(Action.REMIND_REPORT) & (state.owing > 0), _remind()),
        rx.cond(
            some(state.lines),
            rx.el.ul(rx.foreach(state.lines, _line), class_name="bars"),
            empty("inbox", t("reports.none_so")),
        ),
        rx.cond(state.pages > 1, pager(state.page, state.pages, state.total, state.turn, "reports.page")),
        class_name="panel stack",
    )


def reports_page() -> rx.Component:
    state = ReportsState
    done = rx.match(
        state.done,
        ("approved", t("reports.said.approved", n=number(state.done_count))),
        ("returned", t("reports.said.returned")),
        ("reminded", t("reports.said.reminded", n=number(state.done_count))),
        ("consolidated", t("reports.said.consolidated")),
        ("copied", t("reports.said.copied")),
        ("bundled", t("reports.said.bundled")),
        "",
    )
    way = desk_link(desk_icon("calendar-clock"), t("desk.periods"), to="/desk/periods/", class_name="button compact")
    return desk_page(
        t("desk.reports"),
        rx.cond(
            some(state.periods),
            rx.fragment(
                _choice(),
                said(done),
                rx.el.div(_units(), rx.el.div(_own(), bundle_part(), class_name="stack"), class_name="columns"),
            ),
            empty("calendar", t("reports.no_period"), then=t("reports.no_period_then")),
        ),
        rx.cond(state.detail.id != "", report_panel()),
        current="reports",
        tools=way,
    )
