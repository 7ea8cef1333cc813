"""Nhật ký ngày: one's days (a leader's: everybody's), what was said of each, the answer, and that day's visits."""

import reflex as rx

from fieldapp.components.base import button, day_name, empty, icon, sheet, state_pill
from fieldapp.components.phone_shell import phone_page
from fieldapp.components.visit_row import visit_row
from fieldapp.components.words import t, tk
from fieldapp.components.work import refused
from fieldapp.device.log_slices import CommentLine, LogLine
from fieldapp.device.store import LOG_OPENED, answer_form, commenting, logs, some
from fieldapp.pages.phone.log_words import comment_sheet, identity_warning, save_button


class ReadMark(rx.Component):
    """Notes that what is new was seen; draws nothing."""

    library = LOG_OPENED
    tag = "ReadMark"


def _comment(line: CommentLine) -> rx.Component:
    unsent = rx.cond(line.sync != "sent", state_pill(line.sync))
    answer = rx.el.div(
        rx.el.p(t("log.answered", name=line.answer_by), class_name="small strong"),
        rx.el.p(line.answer),
        rx.cond(line.answer_sync != "sent", rx.el.div(state_pill(line.answer_sync), class_name="row")),
        class_name="inset stack tight",
    )
    change = button(icon("pencil"), t("log.change"), kind="compact", on_click=commenting.act("change", line.id))
    reply = button(
        icon("corner-up-left"),
        rx.cond(line.answer != "", t("log.answer_change"), t("log.answer")),
        kind="compact",
        on_click=commenting.act("beginAnswer", line.id),
    )
    return rx.el.article(
        rx.el.p(line.text),
        rx.el.div(
            rx.el.span(line.by, " · ", line.time, " ", line.day, class_name="soft small"), unsent, class_name="row wrap"
        ),
        rx.cond(line.answer != "", answer),
        rx.cond(line.own, rx.el.div(change, class_name="row")),
        rx.cond(line.may_answer, rx.el.div(reply, class_name="row")),
        class_name="note stack tight",
        key=line.id,
    )


def _log(log: LogLine) -> rx.Component:
    write = button(
        icon("message-circle"),
        t("log.comment"),
        kind="compact",
        aria_label=t("log.comment_on", name=log.name),
        on_click=commenting.act("begin", log.key),
    )
    visits = button(
        rx.cond(log.open, t("log.hide"), t("log.show", n=log.n)),
        kind="compact",
        on_click=commenting.act("toggle", log.key),
        custom_attrs={"aria-expanded": rx.cond(log.open, "true", "false")},
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2(day_name(log.label, log.weekday, log.date)),
            rx.cond(log.mine, rx.fragment(), rx.el.p(log.name, class_name="strong")),
            rx.el.p(t("log.n_visits", n=log.n), class_name="soft small"),
            class_name="stack tight",
        ),
        rx.foreach(log.comments, _comment),
        rx.el.div(rx.cond(log.may_comment, write), rx.cond(log.n > 0, visits), class_name="row wrap"),
        rx.cond(
            log.open, rx.el.ul(rx.foreach(log.visits, lambda v: rx.el.li(visit_row(v), key=v.id)), class_name="list")
        ),
        class_name="card stack",
        key=log.key,
    )


def _answer_sheet() -> rx.Component:
    form = answer_form
    line = rx.el.label(
        rx.el.span(t("log.answer_words")),
        rx.el.input(
            name="answer",
            value=form.text,
            on_change=commenting.act("setAnswer", value=True),
            max_length=150,
            auto_complete="off",
        ),
        class_name="field",
    )
    take_back = button(
        icon("trash-2"), t("log.answer_withdraw"), kind="wide danger", on_click=commenting.act("takeBackAnswer")
    )
    return sheet(
        form.open,
        t("log.answer"),
        commenting.act("dropAnswer"),
        rx.cond(form.about != "", rx.el.p(form.about, class_name="note")),
        line,
        identity_warning(form.missing),
        save_button(form.missing, "saveAnswer"),
        rx.cond(form.changes, take_back),
    )


def logs_page() -> rx.Component:
    return phone_page(
        t("log.title"),
        ReadMark.create(),
        rx.foreach(
            logs.refused,
            lambda line: refused(line, rx.fragment(tk("kind", line.kind), ": ", line.text), commenting),
        ),
        rx.cond(
            some(logs.lines),
            rx.foreach(logs.lines, _log),
            rx.cond(
                logs.ready,
                rx.el.div(
                    empty("calendar", t("log.none"), rx.el.p(t("log.none_next"), class_name="small")),
                    class_name="card",
                ),
            ),
        ),
        comment_sheet(),
        _answer_sheet(),
        back="/m/",
    )
