"""Kỳ báo cáo: which periods are reported and when they are due, reports asked for besides, and pauses of communes."""

import reflex as rx

from fieldapp.components.base import button, desk_icon, empty, joined
from fieldapp.components.desk_shell import desk_link, desk_page
from fieldapp.components.form import folded, said
from fieldapp.components.words import t
from fieldapp.device.store import some
from fieldapp.pages.desk.periods_parts import ask_part, calendar_part, pause_part, rules_part
from fieldapp.pages.desk.periods_state import PeriodLine, PeriodsState
from fieldapp.pages.desk.reports import may, period_words
from fieldapp.permissions import Action

__all__ = ["PeriodsState", "periods_page"]


def _line(line: PeriodLine) -> rx.Component:
    to = joined("/desk/reports/?period=", line.choice.id)
    dues = t("reports.dues", village=line.village_due, commune=line.commune_due, province=line.province_due)
    taking = folded(
        t("reports.cancel"),
        rx.el.p(t("reports.cancel_means"), class_name="soft small"),
        button(t("reports.cancel"), kind="compact danger", on_click=PeriodsState.cancel(line.id)),
    )
    return rx.el.li(
        rx.el.div(
            desk_link(period_words(line.choice), to=to, class_name="strong"),
            rx.el.p(line.choice.days, class_name="soft small"),
            rx.el.p(dues, class_name="soft small"),
            class_name="person stack tight",
        ),
        rx.cond(line.own, taking),
        class_name="seat",
        key=line.id,
    )


def periods_page() -> rx.Component:
    state = PeriodsState
    words = ("ruled", "asked", "cancelled", "paused", "lifted", "unshared")
    done = rx.match(state.done, *((word, t(f"reports.said.{word}")) for word in words), "")
    listed = rx.el.section(
        rx.el.h2(t("reports.periods")),
        rx.cond(
            some(state.lines),
            rx.el.ul(rx.foreach(state.lines, _line), class_name="bars"),
            empty("calendar", t("reports.no_period"), then=t("reports.no_period_then")),
        ),
        class_name="panel stack",
    )
    side = rx.el.div(
        rx.cond(may(Action.RULE_PERIOD), rules_part()),
        rx.cond(may(Action.ASK_REPORT), ask_part()),
        pause_part(),
        calendar_part(),
        class_name="stack",
    )
    return desk_page(
        t("desk.periods"),
        said(done),
        rx.el.div(listed, side, class_name="columns"),
        current="periods",
        tools=desk_link(desk_icon("file-text"), t("desk.reports"), to="/desk/reports/", class_name="button compact"),
    )
