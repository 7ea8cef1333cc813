"""Báo cáo nhanh: the numbers of a day or of some days as a text and a picture, one tap from Zalo."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, icon, pill
from fieldapp.components.phone_shell import phone_page
from fieldapp.components.words import t
from fieldapp.device.store import report, reporting

RANGES = ("today", "week", "month")


def _ranges() -> rx.Component:
    named = [(name, t(f"range.{name}")) for name in RANGES]
    dated = [("half", report.half), ("last_half", report.last_half)]

    def one(name: str, words: Any) -> rx.Component:
        shown = chip(words, report.span == name, reporting.act("setRange", name))
        return rx.cond(report.ready, shown)

    rows = [rx.el.div(*[one(*choice) for choice in row], class_name="chips even") for row in (named, dated)]
    return rx.el.div(*rows, class_name="stack tight")


def _whose() -> rx.Component:
    return rx.fragment(
        rx.cond(report.own, rx.el.p(t("report.own"), class_name="soft small")),
        rx.cond(report.unsent > 0, rx.el.div(pill(t("report.unsent", n=report.unsent), "wait"))),
    )


def _words(name: str, value: Any) -> rx.Component:
    area = rx.el.textarea(
        name=name, value=value, on_change=reporting.act("write", name, value=True), max_length=140, rows="2"
    )
    return rx.el.label(rx.el.span(t(f"report.{name}")), area, class_name="field")


def _said() -> rx.Component:
    return rx.el.section(
        _words("difficulty", report.difficulty),
        _words("next", report.next),
        rx.el.p(t("report.words_hint"), class_name="soft small"),
        rx.cond(report.error != "", rx.el.p(t(report.error), class_name="error", role="alert")),
        class_name="card stack",
    )


def _text() -> rx.Component:
    copying = button(icon("copy"), t("share.copy"), kind="wide", on_click=reporting.act("copy"))
    return rx.el.section(
        rx.el.h2(t("report.text")),
        rx.el.p(report.text, class_name="message"),
        rx.cond(report.shares, copying),
        class_name="card stack",
    )


def _picture() -> rx.Component:
    return rx.cond(
        report.picture != "",
        rx.el.section(
            rx.el.h2(t("report.picture")),
            rx.el.img(src=report.picture, alt=t("report.picture_is", text=report.text), class_name="report-picture"),
            button(icon("download"), t("report.save_picture"), kind="wide", on_click=reporting.act("save")),
            class_name="card stack",
        ),
    )


def send_button(shares: Any, share: Any, copy: Any, refused: Any, kind: str = "primary wide") -> rx.Component:
    """The one way out: the share sheet, or where the phone has none the clipboard."""
    return rx.cond(
        shares,
        button(icon("share-2"), t("share.zalo"), kind=kind, on_click=share, disabled=refused),
        button(icon("copy"), t("share.copy"), kind=kind, on_click=copy, disabled=refused),
    )


def _bar() -> rx.Component:
    send = send_button(report.shares, reporting.act("share"), reporting.act("copy"), report.error != "")
    return rx.cond(report.ready, rx.el.div(rx.el.div(send), class_name="save-bar"))


def report_page() -> rx.Component:
    return phone_page(
        t("report.title"),
        _ranges(),
        _whose(),
        _text(),
        _said(),
        _picture(),
        _bar(),
        back="/m/",
        bar=False,
    )
