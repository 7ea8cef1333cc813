"""The forms of the page of reporting periods: rules, reports asked for besides, pauses."""

import reflex as rx

from fieldapp.components.base import button
from fieldapp.components.choice import options
from fieldapp.components.desk_shell import SecretForm
from fieldapp.components.form import date_field, folded, form, hidden_field, number_field, text_field, tick_field
from fieldapp.components.words import local, t, tk
from fieldapp.device.store import some
from fieldapp.pages.desk.periods_state import PauseLine, PeriodsState, RuleLine
from fieldapp.pages.desk.reports import may
from fieldapp.permissions import Action
from fieldapp.states.option import Option
from models.period import MonthStyle


def _rule_form(line: RuleLine) -> rx.Component:
    styles = [rx.el.option(t(f"reports.style.{style}"), value=str(style)) for style in MonthStyle]
    style = rx.el.label(
        rx.el.span(t("reports.month_style")),
        rx.el.select(*styles, name="month_style", default_value=line.style),
        class_name="field",
    )
    days = [
        number_field(f"{level}_days", t(f"reports.days.{level}"), default_value=value, min=1, max=30, required=True)
        for level, value in (
            ("village", line.village_days),
            ("commune", line.commune_days),
            ("province", line.province_days),
        )
    ]
    body = form(
        hidden_field("kind", line.kind),
        tick_field("on", t("reports.on"), default_checked=line.on),
        rx.cond(line.kind == "week", hidden_field("month_style", "calendar"), style),
        rx.el.div(*days, class_name="row wrap"),
        send=t("record.save"),
        on_submit=PeriodsState.rule,
        reset_on_submit=False,
        kind="compact",
    )
    state = rx.cond(line.on, t("reports.is_on"), t("reports.is_off"))
    return rx.el.li(folded(rx.fragment(tk("reports.kind", line.kind), " · ", state), body), key=line.kind)


def rules_part() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("reports.rules")),
        rx.el.p(t("reports.rules_mean"), class_name="soft small"),
        rx.el.ul(rx.foreach(PeriodsState.rules, _rule_form), class_name="bars", key=PeriodsState.drawn),
        class_name="panel stack",
    )


def ask_part() -> rx.Component:
    def tick(one: Option) -> rx.Component:
        box = rx.el.input(type="checkbox", name="code:" + one.value)
        return rx.el.label(box, rx.el.span(local(one.label, one.english)), class_name="option", key=one.value)

    body = form(
        text_field("title", t("reports.title"), max_length=160, required=True),
        rx.el.div(
            date_field("first_day", t("reports.first_day"), required=True),
            date_field("last_day", t("reports.last_day"), required=True),
            date_field("due_on", t("reports.due_on"), min=PeriodsState.today, required=True),
            class_name="row wrap",
        ),
        folded(t("reports.only_these"), rx.foreach(PeriodsState.indicators, tick)),
        send=t("reports.ask"),
        on_submit=PeriodsState.ask,
    )
    return rx.el.section(
        rx.el.h2(t("reports.ask_title")),
        rx.el.p(t("reports.ask_means"), class_name="soft small"),
        body,
        class_name="panel stack",
    )


def calendar_part() -> rx.Component:
    """Deadlines in a calendar elsewhere: the address is shown by the browser alone."""
    state = PeriodsState
    making = SecretForm.create(
        to="calendar",
        submit=t("reports.ical_make"),
        title=t("reports.ical_title"),
        explain=t("reports.ical_explain"),
        lists=[],
        on_done=state.shared,
    )
    there = rx.el.div(
        rx.el.p(t("reports.ical_since", at=state.calendar_since), class_name="small"),
        button(t("reports.ical_end"), kind="compact danger", on_click=state.unshare),
        class_name="row wrap",
    )
    return rx.el.section(
        rx.el.h2(t("reports.ical")),
        rx.el.p(t("reports.ical_means"), class_name="soft small"),
        rx.cond(state.calendar_since != "", there),
        making,
        class_name="panel stack",
    )


def pause_part() -> rx.Component:
    state = PeriodsState

    def line(one: PauseLine) -> rx.Component:
        lifting = button(
            t("reports.lift"),
            rx.el.span(" ", one.commune, class_name="sr"),
            kind="compact",
            on_click=state.lift(one.id),
        )
        words = rx.el.div(
            rx.el.p(one.commune, class_name="strong"),
            rx.el.p(one.days, " · ", one.reason, class_name="soft small"),
            class_name="person stack tight",
        )
        return rx.el.li(words, rx.cond(may(Action.PAUSE_PERIOD), lifting), class_name="seat", key=one.id)

    commune = rx.cond(
        some(state.communes),
        rx.el.label(
            rx.el.span(t("reports.commune")), rx.el.select(options(state.communes), name="commune"), class_name="field"
        ),
    )
    body = form(
        commune,
        rx.el.div(
            date_field("first_day", t("reports.first_day"), required=True),
            date_field("last_day", t("reports.last_day"), required=True),
            class_name="row wrap",
        ),
        text_field("reason", t("reports.pause_reason"), max_length=200, required=True),
        send=t("reports.pause"),
        on_submit=state.pause,
    )
    return rx.el.section(
        rx.el.h2(t("reports.pauses")),
        rx.el.p(t("reports.pauses_mean"), class_name="soft small"),
        rx.cond(
            some(state.pauses),
            rx.el.ul(rx.foreach(state.pauses, line), class_name="bars"),
            rx.el.p(t("reports.no_pauses"), class_name="soft"),
        ),
        rx.cond(may(Action.PAUSE_PERIOD), folded(t("reports.pause_fold"), body)),
        class_name="panel stack",
    )
