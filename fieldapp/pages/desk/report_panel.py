"""The panel of one version of a report: its numbers by section, its words, its versions, and what becomes of it."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, desk_icon, pill
from fieldapp.components.desk_shell import desk_link
from fieldapp.components.form import area_field, folded, form, hidden_field, side_panel
from fieldapp.components.words import local, locale, number, t, tk
from fieldapp.pages.desk.report_view import FigureLine, TextLine, VersionLine
from fieldapp.pages.desk.reports_state import ReportsState
from fieldapp.services.report_decisions import MAX_REASON

KINDS = {
    "waiting": "wait",
    "approved": "done",
    "returned": "need",
    "replaced": "",
    "late": "need",
    "owed": "wait",
    "running": "",
}


def stands_pill(state: Any) -> rx.Component:
    return pill(tk("reports.stands", state), rx.match(state, *KINDS.items(), ""))


def paper_links(report: Any) -> rx.Component:
    """The paper of this version, to be edited, printed or counted with."""

    def one(kind: str) -> rx.Component:
        address = f"/api/v1/papers/report.{kind}?slot=desk&locale=" + locale() + "&report=" + report.to(str)
        words = rx.fragment(desk_icon("file-text"), t(f"reports.paper_{kind}"))
        return desk_link(words, to=address, reload_document=True, download=True, class_name="button compact")

    return rx.el.div(*(one(kind) for kind in ("docx", "pdf", "xlsx", "csv")), class_name="row wrap")


def _value(line: FigureLine) -> rx.Component:
    said = rx.cond(line.value != "", rx.el.b(line.value), rx.el.span(t("reports.unsaid"), class_name="soft"))
    unit = rx.cond((line.value != "") & (line.unit != "percent"), rx.fragment(" ", tk("reports.unit", line.unit)))
    return rx.el.p(said, unit, class_name="num")


def _line(line: FigureLine) -> rx.Component:
    """Whether it is the first of its section says whether that is named above it."""

    def beside(name: str, value: Any) -> rx.Component:
        return rx.cond(
            value != "", rx.fragment(t(f"reports.col.{name}"), " ", rx.el.span(value, class_name="strong"), " ")
        )

    plan = rx.cond(line.reached != "", line.plan + " (" + line.reached + ")", line.plan)
    marks = rx.fragment(
        rx.cond(line.waiting > 0, pill(t("reports.waiting_beside", n=number(line.waiting)), "wait")),
        rx.cond(line.since != 0, pill(t("reports.since", n=number(line.since)), "wait")),
        rx.cond(line.warning != "", pill(tk("reports.odd", line.warning), "need")),
    )
    return rx.fragment(
        rx.cond(line.first, rx.el.h3(tk("reports.section", line.section))),
        rx.el.div(
            rx.el.div(
                rx.el.p(rx.el.span(line.code, " ", class_name="soft"), local(line.name_vi, line.name_en)),
                rx.el.p(
                    beside("plan", plan), beside("year", line.year), beside("previous", line.previous),
                    class_name="soft small",
                ),
                rx.cond(line.reason != "", rx.el.p(line.reason, class_name="note")),
                rx.el.div(marks, class_name="row wrap"),
                class_name="grow stack tight",
            ),
            _value(line),
            class_name="row top",
        ),
    )  # fmt: skip


def _figures() -> rx.Component:
    return rx.el.section(
        rx.foreach(ReportsState.detail.lines, _line), class_name="stack tight", aria_label=t("reports.figures")
    )


def _text(line: TextLine) -> rx.Component:
    return rx.el.div(
        rx.el.h3(tk("reports.text", line.part)), rx.el.p(line.text, class_name="message"), class_name="stack tight"
    )


def _version(line: VersionLine) -> rx.Component:
    name = t("reports.version", n=number(line.number))
    press = button(name, kind="link", on_click=ReportsState.open(line.id), disabled=line.id == ReportsState.detail.id)
    return rx.el.li(
        rx.el.div(press, stands_pill(line.state), class_name="row wrap"),
        rx.el.p(line.received, rx.cond(line.reason != "", " · " + line.reason, ""), class_name="soft small"),
        key=line.id,
    )


def _deeds() -> rx.Component:
    detail = ReportsState.detail
    approve = button(
        desk_icon("check"),
        rx.cond(detail.level == "commune", t("reports.sign"), t("reports.approve")),
        kind="primary",
        on_click=ReportsState.approve(detail.id),
    )
    back = form(
        hidden_field("report", detail.id),
        area_field(
            "reason", t("reports.reason"), t("reports.reason_hint"), max_length=MAX_REASON, rows="2", required=True
        ),
        send=t("reports.send_back"),
        on_submit=ReportsState.send_back,
        kind="danger",
    )
    return rx.fragment(
        rx.cond(detail.may_approve, approve),
        rx.cond(detail.may_return, folded(t("reports.send_back"), back)),
    )


def report_panel() -> rx.Component:
    detail = ReportsState.detail
    told = rx.el.div(
        stands_pill(detail.state),
        rx.cond(detail.late, pill(t("reports.came_late"), "need")),
        rx.cond(detail.differs > 0, pill(t("reports.differs", n=number(detail.differs)), "wait")),
        class_name="row wrap",
    )
    return side_panel(
        t("reports.of", unit=detail.unit, n=number(detail.number)),
        ReportsState.close,
        told,
        rx.el.p(t("reports.received", at=detail.received, by=detail.by), class_name="soft small"),
        rx.cond(detail.decided != "", rx.el.p(t("reports.decided", what=detail.decided), class_name="soft small")),
        rx.cond(detail.reason != "", rx.el.p(detail.reason, class_name="note")),
        rx.cond(
            detail.missing > 0,
            rx.el.p(
                t("reports.missing", n=number(detail.missing), names=detail.missing_names), class_name="notice wait"
            ),
        ),
        _deeds(),
        paper_links(detail.id),
        _figures(),
        rx.foreach(detail.texts, _text),
        rx.cond(
            detail.number > 1,
            rx.el.section(
                rx.el.h3(t("reports.versions")), rx.el.ul(rx.foreach(detail.versions, _version), class_name="bars")
            ),
        ),
    )
