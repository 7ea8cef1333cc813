"""Hôm nay: my day, what came back to me, what I recorded."""

import reflex as rx

from fieldapp.components.base import button, empty, icon, pill, sheet
from fieldapp.components.hints import HintCard
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.visit_row import head_name, house_number, outcome_words, visit_row
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import DueLine, VisitLine
from fieldapp.device.store import act, draft, page, review, some, today
from fieldapp.pages.phone.more import more_ways


def _hero() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div(rx.el.b(today.households), rx.el.br(), rx.el.span(t("unit.households"))), class_name="ring"
        ),
        rx.el.div(
            rx.el.p(tk("weekday", today.weekday), ", ", today.date, class_name="small"),
            rx.el.h2(t("today.households", n=today.households)),
            rx.el.p(t("today.visits", n=today.visits), class_name="small"),
            class_name="grow stack tight",
        ),
        class_name="hero",
        aria_label=t("today.mine"),
    )


def _ways_in() -> rx.Component:
    return rx.el.div(
        link(icon("scan-line"), t("today.scan"), to="/m/scan/", class_name="button primary grow"),
        link(icon("users"), t("today.pick"), to="/m/households/", class_name="button grow"),
        class_name="row wrap",
    )


def _open_draft() -> rx.Component:
    return rx.cond(
        draft.id != "",
        rx.el.section(
            rx.el.p(t("today.draft", number=draft.household.number), class_name="strong grow"),
            link(icon("pencil"), t("today.go_on"), to="/m/record/", class_name="button compact"),
            class_name="card wait row wrap",
        ),
    )


def _said() -> rx.Component:
    """What was said of one's day and not opened yet; of a leader's words the answers."""
    title = rx.cond(today.said_answer, t("today.answers", n=today.said), t("today.comments", n=today.said))
    return rx.cond(
        today.said > 0,
        rx.el.section(
            rx.el.div(
                rx.el.p(title, class_name="strong grow"),
                link(icon("message-circle"), t("today.read"), to="/m/logs/", class_name="button compact"),
                class_name="row",
            ),
            rx.el.p(today.said_text),
            rx.el.p(today.said_by, class_name="soft small"),
            class_name="card wait stack tight",
        ),
    )


def _told() -> rx.Component:
    """What the commune or the province announced and was not opened yet."""
    return rx.cond(
        today.told > 0,
        rx.el.section(
            rx.el.div(
                rx.el.p(t("today.told", n=today.told), class_name="strong grow"),
                link(icon("bell"), t("today.read"), to="/m/announcements/", class_name="button compact"),
                class_name="row",
            ),
            rx.el.p(today.told_title),
            class_name="card wait stack tight",
        ),
    )


def _to_mend(visit: VisitLine, why: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            house_number(visit.household),
            rx.el.div(
                rx.el.p(head_name(visit.household), class_name="strong"),
                rx.el.p(outcome_words(visit), class_name="soft small"),
                rx.el.p(why, class_name="error"),
                class_name="grow stack tight",
            ),
            class_name="row top",
        ),
        button(icon("pencil"), t("today.mend"), kind="wide", on_click=act("mendVisit", visit.id)),
        class_name="card need stack",
        key=visit.id,
    )


def _returned(visit: VisitLine) -> rx.Component:
    words = rx.fragment(tk("reason", visit.reason_code), rx.cond(visit.reason != "", rx.fragment(": ", visit.reason)))
    return _to_mend(visit, words)


def _refused(visit: VisitLine) -> rx.Component:
    """Why the server would not take it, in the commune's words where it was the commune."""
    said = (visit.code == "held_refused") & (visit.reason != "")
    return rx.fragment(tk("problem", visit.code), rx.cond(said, rx.fragment(": ", visit.reason)))


def _parked(visit: VisitLine) -> rx.Component:
    return _to_mend(visit, _refused(visit))


def _due(line: DueLine) -> rx.Component:
    """A household that waits for another visit; a tap opens the form for it."""
    since = rx.cond(line.late, pill(t("today.due_since", day=line.day), "need"), pill(t("today.due"), "wait"))
    return rx.el.li(
        rx.el.button(
            house_number(line.household),
            rx.el.span(
                rx.el.span(head_name(line.household), class_name="strong"),
                rx.el.span(line.title, class_name="soft small"),
                rx.el.span(since, class_name="row"),
                class_name="grow stack tight",
            ),
            icon("chevron-right"),
            type="button",
            class_name="line",
            on_click=act("comeBack", line.id),
        ),
        key=line.id,
    )


def _mine(visit: VisitLine) -> rx.Component:
    row = rx.el.button(
        visit_row(visit), type="button", class_name="wide-button", on_click=act("openSheet", "visit", visit.id)
    )
    return rx.el.li(rx.cond(visit.mendable, row, visit_row(visit)), key=visit.id)


def _visit_sheet() -> rx.Component:
    return sheet(
        page.sheet == "visit",
        t("visit.change"),
        act("closeSheet"),
        button(icon("pencil"), t("visit.mend"), kind="wide", on_click=act("mendVisit", page.target)),
        button(icon("trash-2"), t("visit.withdraw"), kind="wide danger", on_click=act("withdrawVisit", page.target)),
    )


def today_page() -> rx.Component:
    return phone_page(
        t("tab.today"),
        _hero(),
        _ways_in(),
        _open_draft(),
        _said(),
        rx.foreach(today.parked, _parked),
        rx.cond(some(today.returned), rx.el.h2(t("today.returned"), class_name="section-title")),
        rx.foreach(today.returned, _returned),
        rx.cond(some(today.returned) | (review.count > 0), HintCard.create(only="notices")),
        rx.cond(
            some(today.due),
            rx.fragment(
                rx.el.h2(t("today.come_back"), class_name="section-title"),
                rx.el.ul(rx.foreach(today.due, _due), class_name="list"),
            ),
        ),
        _told(),
        more_ways(),
        rx.el.h2(t("today.recorded"), class_name="section-title"),
        rx.cond(
            some(today.lines),
            rx.el.ul(rx.foreach(today.lines, _mine), class_name="list"),
            rx.cond(today.ready, rx.el.div(empty("house", t("today.none")), class_name="card")),
        ),
        rx.cond(some(today.lines), HintCard.create(only="install")),
        _visit_sheet(),
        current="/m/",
    )
