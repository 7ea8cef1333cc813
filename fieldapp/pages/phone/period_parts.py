"""Parts of Báo cáo kỳ: what is asked of its author, its numbers by section, its words, the visits behind a number."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, icon, icon_button, pill, sheet
from fieldapp.components.visit_row import visit_row
from fieldapp.components.words import number, t, tk, told
from fieldapp.device.period_slices import FigureLine, ReportSection, ReportText
from fieldapp.device.store import behind, count, period, some, submitting


def figure_words(line: FigureLine) -> Any:
    """A number with its unit; what nobody knows is no zero."""
    shared = t("period.share", percent=line.percent, n=number(line.value), over=number(line.over))
    known = rx.cond(line.shared, shared, told("period.n", line.unit, {"n": number(line.value)}))
    empty = rx.cond(line.manual, t("period.not_entered"), t("period.unknown"))
    return rx.cond(line.known, known, empty)


def _beside(key: str, line: FigureLine, value: Any) -> rx.Component:
    unit = rx.cond(line.shared, "percent", line.unit)
    return rx.fragment(t(key, n=told("period.n", unit, {"n": number(value)})))


def _compared(line: FigureLine) -> rx.Component:
    parts = rx.fragment(
        rx.cond(line.has_previous, _beside("period.previous", line, line.previous)),
        rx.cond(line.has_previous & line.has_year, rx.fragment(" · ")),
        rx.cond(line.has_year, _beside("period.year", line, line.year)),
    )
    return rx.cond(line.has_previous | line.has_year, rx.el.span(parts, class_name="soft small block"))


def _planned(line: FigureLine) -> rx.Component:
    goal = told("period.n", line.unit, {"n": number(line.plan)})
    return rx.cond(
        line.plan > 0,
        rx.el.span(
            rx.el.span(t("period.plan", n=goal, percent=line.reached), class_name="small block"),
            rx.el.span(rx.el.i(style={"width": line.width}), class_name="bar block", aria_hidden="true"),
            class_name="stack tight",
        ),
    )


def _shown(line: FigureLine) -> rx.Component:
    waits = rx.cond(line.waiting > 0, pill(t("period.waiting", n=number(line.waiting)), "wait"))
    value = rx.el.span(figure_words(line), class_name=rx.cond(line.known | ~line.manual, "strong num", "strong error"))
    why = rx.cond(line.reason != "", rx.el.span(t("period.reason"), ": ", line.reason, class_name="small block"))
    return rx.el.span(
        rx.el.span(line.name, class_name="block"),
        rx.el.span(value, waits, class_name="row wrap"),
        _planned(line),
        _compared(line),
        why,
        class_name="grow stack tight",
    )


def _figure(line: FigureLine) -> rx.Component:
    """A number; where visits stand behind it, a tap shows them."""
    opens = rx.el.button(
        _shown(line),
        icon("chevron-right"),
        type="button",
        class_name="line",
        on_click=submitting.act("look", line.code),
    )
    return rx.el.li(rx.cond(line.opens, opens, rx.el.div(_shown(line), class_name="line")), key=line.code)


def _section(section: ReportSection) -> rx.Component:
    head = rx.el.summary(
        rx.el.span(tk("period.section", section.code), class_name="strong"),
        class_name="line",
    )
    return rx.el.details(
        head, rx.el.ul(rx.foreach(section.lines, _figure), class_name="list"), class_name="fold", key=section.code
    )


def numbers() -> rx.Component:
    return rx.fragment(
        rx.el.h2(t("period.numbers"), class_name="section-title"),
        rx.el.p(t("period.numbers_hint"), class_name="soft small"),
        rx.el.div(rx.foreach(period.sections, _section), class_name="list"),
    )


def _stepper(line: FigureLine) -> rx.Component:
    field = rx.el.input(
        name="number",
        value=line.typed,
        on_change=submitting.act("setNumber", line.code, value=True),
        input_mode="numeric",
        auto_complete="off",
        aria_label=line.name,
        custom_attrs=_lacking((line.missing == "empty") | (line.missing == "zero")),
    )
    return rx.el.div(
        icon_button("minus", t("period.fewer", name=line.name), on_click=submitting.act("addNumber", line.code, -1)),
        field,
        icon_button("plus", t("period.one_more", name=line.name), on_click=submitting.act("addNumber", line.code, 1)),
        class_name="stepper",
    )


def _lacking(lacks: Any) -> dict[str, Any]:
    """Where the eye is led when something is still to be filled in."""
    return {"data-lacks": rx.cond(lacks, "true", rx.Var("undefined"))}


def _entered(line: FigureLine) -> rx.Component:
    zero = button(t("period.confirm_zero"), kind="compact", on_click=submitting.act("confirmZero", line.code))
    asks = (line.missing == "empty") | (line.missing == "zero")
    return rx.fragment(
        rx.el.div(
            _stepper(line), rx.cond(line.typed == "", pill(t("period.not_entered"), "need")), class_name="row wrap"
        ),
        rx.cond(asks, zero, rx.cond(line.zero, rx.el.div(pill(t("period.zero"), "done"), class_name="row"))),
    )


def _why(line: FigureLine) -> rx.Component:
    question = rx.match(
        line.odd,
        ("above_households", t("period.odd.above_households")),
        t("period.odd.jump", n=told("period.n", line.unit, {"n": number(line.previous)})),
    )
    area = rx.el.textarea(
        name="reason",
        value=line.reason,
        on_change=submitting.act("setReason", line.code, value=True),
        max_length=300,
        rows="2",
        aria_label=t("period.reason_of", name=line.name),
        custom_attrs=_lacking((line.missing == "reason") | (line.missing == "identity")),
    )
    return rx.cond(
        line.odd != "",
        rx.el.div(
            rx.el.p(icon("triangle-alert"), question, class_name="row top strong"),
            rx.el.div(area, class_name="field"),
            rx.cond(~line.manual, rx.el.p(t("period.reason_free"), class_name="soft small")),
            rx.cond(line.missing == "reason", rx.el.p(t("period.reason_missing"), class_name="error")),
            rx.cond(line.missing == "identity", rx.el.p(t("record.note_identity"), class_name="error", role="alert")),
            class_name="stack tight",
        ),
    )


def _asked(line: FigureLine) -> rx.Component:
    value = rx.cond(line.manual, _entered(line), rx.el.p(figure_words(line), class_name="strong num"))
    return rx.el.section(
        rx.el.p(line.name, class_name="strong"),
        value,
        _compared(line),
        _why(line),
        class_name="card stack",
        key=line.code,
    )


def asked() -> rx.Component:
    """The numbers that only people know, and those that look odd."""
    title = rx.el.h2(t("period.asked"), class_name="section-title")
    return rx.cond(some(period.asked), rx.fragment(title, rx.foreach(period.asked, _asked)))


def _text(line: ReportText) -> rx.Component:
    area = rx.el.textarea(
        name=line.part,
        value=line.text,
        on_change=submitting.act("setText", line.part, value=True),
        max_length=2000,
        rows="2",
        custom_attrs=_lacking(line.missing != ""),
    )
    said = rx.el.div(
        rx.el.p(tk("period.text", line.part), class_name="strong"),
        rx.el.p(line.text, class_name="message"),
        class_name="stack tight",
    )
    field = rx.fragment(
        rx.el.label(rx.el.span(tk("period.text", line.part)), area, class_name="field"),
        rx.cond(line.missing != "", rx.el.p(t("record.note_identity"), class_name="error", role="alert")),
    )
    return rx.el.div(rx.cond(period.writes, field, said), class_name="stack tight", key=line.part)


def written() -> rx.Component:
    hint = rx.cond(period.writes, rx.el.p(t("period.words_hint"), class_name="soft small"))
    return rx.cond(
        count(period.texts) > 0,
        rx.el.section(rx.el.h2(t("period.words")), rx.foreach(period.texts, _text), hint, class_name="card stack"),
    )


def visits_sheet() -> rx.Component:
    """The visits that a number came from; they are read here and changed elsewhere."""
    some_of = rx.el.p(
        rx.cond(behind.approved > 0, rx.fragment(t("period.behind_approved", n=behind.approved))),
        rx.cond((behind.approved > 0) & (behind.waiting > 0), rx.fragment(" · ")),
        rx.cond(behind.waiting > 0, rx.fragment(t("period.behind_waiting", n=behind.waiting))),
        class_name="strong",
    )
    return sheet(
        behind.open,
        behind.name,
        submitting.act("lookAway"),
        rx.cond(behind.since != "", rx.el.p(t("period.behind_since", day=behind.since), class_name="small")),
        rx.cond(some(behind.lines), some_of, rx.el.p(t("period.behind_none"))),
        rx.el.ul(
            rx.foreach(behind.lines, lambda visit: rx.el.li(visit_row(visit, dated=True), key=visit.id)),
            class_name="list",
        ),
        rx.cond(behind.more > 0, rx.el.p(t("period.behind_more", n=behind.more), class_name="soft")),
    )
