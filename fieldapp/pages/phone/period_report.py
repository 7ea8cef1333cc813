"""Báo cáo kỳ: what is due for one's villages; one of them is filled in, looked at and submitted, without network.

What only people know stands first and open; what was worked out is folded, and each number opens its visits.
"""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, empty, icon, pill, sheet
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.words import t, tk, told
from fieldapp.device.period_slices import Addition, OpenReport, ReportLine
from fieldapp.device.store import act, me, page, period, periods, some, submitting
from fieldapp.pages.phone.period_parts import asked, figure_words, numbers, visits_sheet, written
from fieldapp.pages.phone.report import send_button

KINDS = {"due": "wait", "unsent": "wait", "sent": "wait", "held": "wait", "waiting": "wait", "approved": "done"}
SYMBOLS = {"approved": "circle-check", "returned": "corner-up-left", "running": "clock", "due": "pencil"}


def _title(line: ReportLine | OpenReport) -> Any:
    return rx.cond(line.title != "", line.title, told("period.kind", line.kind, {"n": line.n, "year": line.year}))


def _state(line: ReportLine | OpenReport) -> rx.Component:
    kind = rx.match(line.state, *KINDS.items(), ("returned", "need"), "")
    return pill(tk("period.state", line.state), kind)


def _due(line: ReportLine | OpenReport) -> rx.Component:
    """Until when, for what is still to be submitted."""
    days = rx.cond(
        line.late > 0,
        pill(t("period.late", n=line.late), "need"),
        rx.cond(line.left == 0, pill(t("period.due_today"), "wait"), pill(t("period.left", n=line.left))),
    )
    by = rx.el.span(t("period.due", day=line.due), class_name="small strong")
    return rx.cond(line.asks | (line.state == "running"), rx.el.span(by, days, class_name="row wrap"))


def _place(line: ReportLine | OpenReport) -> Any:
    return rx.fragment(line.days, rx.cond(line.village != "", rx.fragment(" · ", line.village)))


def _line(line: ReportLine) -> rx.Component:
    more = rx.cond(line.more, pill(t("period.since"), "wait"))
    return rx.el.li(
        link(
            icon(rx.match(line.state, *SYMBOLS.items(), "send")),
            rx.el.span(
                rx.el.span(_title(line), class_name="strong block"),
                rx.el.span(_place(line), class_name="soft small block"),
                rx.el.span(_state(line), more, class_name="row wrap"),
                _due(line),
                class_name="grow stack tight",
            ),
            icon("chevron-right"),
            to="/m/period/#" + line.id,
            class_name="line",
        ),
        key=line.id,
    )


def _list() -> rx.Component:
    words = rx.cond(me.leads, t("period.none"), t("period.only_leaders"))
    none = empty("file-spreadsheet", words, then=rx.cond(me.leads, t("period.none_next"), ""))
    return rx.cond(
        some(periods.lines),
        rx.el.ul(rx.foreach(periods.lines, _line), class_name="list"),
        rx.cond(periods.ready, rx.el.div(none, class_name="card")),
    )


def _head() -> rx.Component:
    version = rx.cond(period.locked, pill(t("period.version", n=period.number)))
    return rx.el.section(
        rx.el.h2(_title(period)),
        rx.el.p(_place(period), class_name="soft"),
        rx.el.div(_state(period), version, class_name="row wrap"),
        _due(period),
        rx.cond(period.locked, rx.el.p(t("period.received", at=period.received), " · ", period.by, class_name="small")),
        rx.cond(
            period.locked,
            rx.el.p(t("period.locked"), class_name="soft small"),
            rx.el.p(t("period.as_of", at=period.as_of), class_name="soft small"),
        ),
        class_name="card stack tight",
    )


def _news() -> rx.Component:
    """What came of it, and what its reader is to know before going on."""
    gone = rx.el.section(
        rx.el.p(t("period.superseded"), class_name="strong"),
        rx.el.p(period.superseded_by, " · ", period.superseded_at, class_name="small"),
        button(t("outbox.seen"), kind="compact", on_click=act("dismissRecord", period.superseded)),
        class_name="card need stack tight",
    )
    refused = rx.el.section(
        rx.el.p(t("period.parked"), tk("problem", period.refused), class_name="error"),
        rx.cond(period.refused_reason != "", rx.el.p(period.refused_reason)),
        class_name="card need stack tight",
        role="alert",
    )
    returned = rx.el.section(
        rx.el.p(icon("corner-up-left"), t("period.returned", reason=period.reason), class_name="error row top"),
        rx.el.p(t("period.returned_next", n=period.number), class_name="small"),
        class_name="card need stack tight",
    )
    kept = rx.el.p(
        icon("clock"),
        rx.match(period.state, ("held", t("period.held_next")), t("period.on_its_way")),
        class_name="notice wait",
    )
    on_its_way = (period.state == "unsent") | (period.state == "held")
    return rx.fragment(
        rx.cond(period.superseded != "", gone),
        rx.cond(period.refused != "", refused),
        rx.cond(period.reason != "", returned),
        rx.cond(on_its_way, kept),
        _uncounted(),
        _moved(),
    )


def _uncounted() -> rx.Component:
    waits = (period.unsent > 0) | (period.undecided > 0)
    return rx.cond(
        waits,
        rx.el.section(
            rx.cond(period.unsent > 0, rx.el.p(t("period.unsent", n=period.unsent), class_name="strong")),
            rx.cond(period.undecided > 0, rx.el.p(t("period.undecided", n=period.undecided), class_name="strong")),
            rx.el.p(t("period.recount"), class_name="small"),
            class_name="card wait stack tight",
        ),
    )


def _changes(title: Any, lines: Any, *after: rx.Component) -> rx.Component:
    def one(line: Addition) -> rx.Component:
        more = told("period.n", line.unit, {"n": line.n})
        words = rx.el.span(line.name, class_name="grow"), rx.el.span(more, class_name="num strong")
        return rx.el.li(*words, class_name="row", key=line.code)

    rows = rx.el.ul(rx.foreach(lines, one), class_name="stack tight")
    return rx.cond(some(lines), rx.el.section(rx.el.h2(title), rows, *after, class_name="card wait stack"))


def _moved() -> rx.Component:
    """Numbers that were locked otherwise than they were seen, and what has come to them since."""
    waits = rx.cond(period.state == "waiting", rx.el.p(t("period.since_waits"), class_name="soft small"))
    return rx.fragment(_changes(t("period.moved"), period.moved), _changes(t("period.since"), period.since, waits))


def _message() -> rx.Component:
    """The same numbers as a text for the village's group."""
    send = send_button(
        period.shares, submitting.act("share"), submitting.act("copy"), period.text_error != "", kind="wide"
    )
    return rx.cond(
        period.text != "",
        rx.el.section(
            rx.el.h2(t("period.share_title")),
            rx.el.p(period.text, class_name="message"),
            send,
            class_name="card stack",
        ),
    )


def _bar() -> rx.Component:
    words = rx.match(
        period.state, ("returned", t("period.resubmit")), ("approved", t("period.supplement")), t("period.submit")
    )
    control = button(
        icon("send"),
        words,
        kind="primary grow",
        on_click=submitting.act("ask"),
        custom_attrs={"data-ready": rx.cond(period.lacks > 0, "false", "true")},
    )
    return rx.cond(period.asks | (period.more & period.leads), rx.el.div(rx.el.div(control), class_name="save-bar"))


def _sure_sheet() -> rx.Component:
    def one(line: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(line.name, class_name="grow"), rx.el.span(figure_words(line), class_name="num strong"),
            class_name="row", key=line.code,
        )  # fmt: skip

    return sheet(
        page.sheet == "submit_report",
        t("period.sure"),
        act("closeSheet"),
        rx.el.ul(rx.foreach(period.totals, one), class_name="stack tight"),
        rx.cond(period.unsent > 0, rx.el.p(t("period.unsent", n=period.unsent), class_name="strong")),
        rx.el.p(t("period.sure_next")),
        button(icon("send"), t("period.submit"), kind="primary wide", on_click=submitting.act("submit")),
        button(t("period.look_again"), kind="wide", on_click=act("closeSheet")),
    )


def _drop_sheet() -> rx.Component:
    return sheet(
        page.sheet == "drop_report",
        t("period.drop_sure"),
        act("closeSheet"),
        rx.el.p(t("period.drop_next")),
        button(icon("trash-2"), t("period.drop"), kind="wide danger", on_click=submitting.act("drop")),
        button(t("period.look_again"), kind="wide", on_click=act("closeSheet")),
    )


def _opened() -> rx.Component:
    opens = rx.el.p(icon("clock"), t("period.opens_on", day=period.opens_on), class_name="notice")
    return rx.fragment(
        _head(),
        _news(),
        rx.cond(period.leads, rx.cond(period.state == "running", opens), rx.el.p(t("period.not_yours"))),
        asked(),
        numbers(),
        written(),
        rx.cond(period.draft, button(t("period.drop"), kind="wide", on_click=submitting.act("askToDrop"))),
        _message(),
        _bar(),
        _sure_sheet(),
        _drop_sheet(),
        visits_sheet(),
    )


def period_report_page() -> rx.Component:
    gone = rx.cond(period.ready, rx.el.div(empty("file-spreadsheet", t("period.gone")), class_name="card"))
    opened = period.at != ""
    return phone_page(
        t("period.title"),
        rx.cond(opened, rx.cond(period.found, _opened(), gone), _list()),
        back=rx.cond(opened, "/m/period/", "/m/"),
        bar=~opened,
    )
