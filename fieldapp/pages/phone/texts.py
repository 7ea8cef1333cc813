"""Tin nhóm Zalo: our own texts for the village's group, with places to fill in."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, icon, sheet
from fieldapp.components.phone_shell import phone_page
from fieldapp.components.words import t, tk
from fieldapp.device.store import act, message, messaging, page
from fieldapp.pages.phone.report import send_button

MESSAGES = {
    "session": "megaphone",
    "duty": "calendar",
    "vneid": "id-card",
    "services": "landmark",
    "scam": "shield-alert",
    "links": "lock",
    "group": "message-circle",
    "thanks": "users",
}
"""Code of a text -> its icon, in the order of the list."""


def _line(code: str, symbol: str) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            icon(symbol),
            rx.el.span(t(f"message.{code}.title"), class_name="grow strong"),
            icon("chevron-right"),
            type="button",
            class_name="line",
            on_click=messaging.act("choose", code),
        )
    )


def _place(name: str, is_asked: Any, value: Any) -> rx.Component:
    typed = rx.el.input(
        name=name,
        value=value,
        on_change=messaging.act("fill", name, value=True),
        placeholder=t(f"message.{name}_hint"),
        max_length=80,
        auto_complete="off",
    )
    return rx.cond(is_asked, rx.el.label(rx.el.span(t(f"message.{name}")), typed, class_name="field"))


def _sheet() -> rx.Component:
    copying = button(icon("copy"), t("share.copy"), kind="wide", on_click=messaging.act("copy"))
    return sheet(
        page.sheet == "message",
        tk("message", message.code + ".title"),
        act("closeSheet"),
        _place("day", message.asks_day, message.day),
        _place("place", message.asks_place, message.place),
        rx.el.p(message.text, class_name="message"),
        rx.cond(message.error != "", rx.el.p(t(message.error), class_name="error", role="alert")),
        send_button(message.shares, messaging.act("share"), messaging.act("copy"), False),
        rx.cond(message.shares, copying),
    )


def texts_page() -> rx.Component:
    return phone_page(
        t("message.title"),
        rx.el.p(t("message.choose"), class_name="soft"),
        rx.el.ul(*[_line(code, symbol) for code, symbol in MESSAGES.items()], class_name="list"),
        _sheet(),
        back="/m/",
    )
