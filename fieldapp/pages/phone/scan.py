"""Quét: the camera opens at once; whatever goes wrong, the next way is on the screen."""

import reflex as rx

from fieldapp.components.base import button, icon
from fieldapp.components.phone_shell import PhoneRoot, Scanner, link, not_joined, notices
from fieldapp.components.visit_row import house_number
from fieldapp.components.words import t, tk
from fieldapp.device.store import act, me, scan


def _verdict() -> rx.Component:
    """A card was read, but it does not lead straight on."""
    revoked = rx.el.div(
        house_number(scan.household, big=True), rx.el.p(scan.household.head, class_name="strong"), class_name="row"
    )
    return rx.el.section(
        rx.el.h2(tk("scan.verdict", scan.verdict)),
        rx.cond((scan.verdict == "revoked") & (scan.household.id != ""), revoked),
        rx.el.p(tk("scan.next", scan.verdict), class_name="soft"),
        rx.match(
            scan.verdict,
            ("not_ours", rx.fragment()),
            (
                "revoked",
                button(icon("pencil"), t("scan.record_anyway"), kind="primary wide", on_click=act("recordRevoked")),
            ),
            button(icon("users"), t("scan.pick_household"), kind="primary wide", on_click=act("pickForCard")),
        ),
        button(icon("scan-line"), t("scan.again"), kind="wide", on_click=act("startScan")),
        class_name="scan-result",
        role="alert",
    )


def _keypad() -> rx.Component:
    return rx.el.form(
        rx.el.h2(t("scan.keypad")),
        rx.el.label(
            rx.el.span(t("scan.short_code")),
            rx.el.input(
                name="short_code",
                value=scan.typed,
                on_change=act("setTyped", value=True),
                auto_focus=True,
                auto_complete="off",
                placeholder="K7M2-9QXA",
                custom_attrs={"autocapitalize": "characters"},
            ),
            class_name="field",
        ),
        rx.cond(scan.verdict == "not_ours", rx.el.p(t("scan.typed_wrong"), class_name="error", role="alert")),
        button(t("scan.find"), kind="primary wide", on_click=act("submitTyped")),
        button(icon("scan-line"), t("scan.back_to_camera"), kind="wide", on_click=act("stopTyping")),
        class_name="scan-result",
        on_submit=act("submitTyped"),
    )


def _failed() -> rx.Component:
    return rx.el.section(
        rx.el.h2(tk("scan.error", scan.error)),
        rx.el.p(tk("scan.error_next", scan.error), class_name="soft"),
        button(icon("keyboard"), t("scan.keypad"), kind="primary wide", on_click=act("askTyping")),
        link(icon("users"), t("today.pick"), to="/m/households/", class_name="button wide"),
        class_name="scan-result",
        role="alert",
    )


def _found() -> rx.Component:
    hint = rx.el.p(t("scan.hint"), class_name="scan-hint")
    stopped = (scan.verdict != "") & (scan.verdict != "right")
    return rx.cond(scan.typing, _keypad(), rx.cond(scan.error != "", _failed(), rx.cond(stopped, _verdict(), hint)))


def scan_page() -> rx.Component:
    return rx.el.div(
        PhoneRoot.create(),
        rx.el.header(
            link(icon("chevron-left"), to="/m/", class_name="icon-button", aria_label=t("back")),
            rx.el.h1(t("scan.title")),
            link(icon("users"), to="/m/households/", class_name="icon-button", aria_label=t("today.pick")),
        ),
        rx.el.main(
            rx.cond(me.joined & ~scan.typing & (scan.error == ""), Scanner.create()),
            rx.cond(me.ready & ~me.joined, rx.el.div(not_joined(), class_name="scan-result"), _found()),
        ),
        notices(),
        class_name="scan-screen",
    )
