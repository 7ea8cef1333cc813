"""First run, by the leader's QR, link or code: who you are, one tap to join, put it on the home screen."""

import reflex as rx

from fieldapp.components.base import button, icon
from fieldapp.components.phone_shell import InvitationScanner, PhoneRoot, link, notices
from fieldapp.components.words import t, tk
from fieldapp.device.store import act, enrol, join


def _steps(*keys: str) -> rx.Component:
    return rx.el.ol(
        *[rx.el.li(rx.el.span(str(n), class_name="n"), rx.el.span(t(key))) for n, key in enumerate(keys, 1)],
        class_name="steps",
    )


def _install() -> rx.Component:
    iphone = _steps("join.ios_1", "join.ios_2", "join.ios_3")
    android = _steps("join.android_1", "join.android_2")
    return rx.cond(
        ~join.standalone,
        rx.el.section(rx.el.h2(t("join.install")), rx.cond(join.ios, iphone, android), class_name="card stack tight"),
    )


def _ready() -> rx.Component:
    return rx.fragment(
        rx.el.section(
            rx.el.p(t("join.hello"), class_name="soft"),
            rx.el.h2(join.name, class_name="big"),
            rx.el.p(join.team, class_name="strong"),
            button(icon("check"), t("join.join"), kind="primary wide", on_click=act("join")),
            rx.el.p(t("join.not_me"), class_name="soft small"),
            class_name="card stack",
        ),
        _install(),
    )


def _other_ways() -> rx.Component:
    """For whom no link opens this page: the QR before the page's own camera, or the short code under it."""
    return rx.fragment(
        button(icon("scan-line"), t("join.scan"), kind="primary wide", on_click=act("scanInvitation")),
        rx.cond(enrol.camera != "", rx.el.p(tk("scan.error", enrol.camera), class_name="error", role="alert")),
        rx.el.form(
            rx.el.label(
                rx.el.span(t("join.code")),
                rx.el.input(
                    name="code",
                    value=enrol.typed,
                    on_change=act("typeCode", value=True),
                    auto_complete="off",
                    max_length=200,
                    placeholder="K7M2-9QXA",
                    custom_attrs={"autocapitalize": "characters", "spellcheck": "false"},
                ),
                class_name="field",
            ),
            rx.cond(enrol.error != "", rx.el.p(tk("problem", enrol.error), class_name="error", role="alert")),
            button(t("join.take_code"), kind="wide", on_click=act("submitCode")),
            on_submit=act("submitCode"),
            class_name="stack",
        ),
    )


def _busy(words) -> rx.Component:
    return rx.el.section(
        rx.el.p(words, class_name="strong", role="status"),
        rx.el.div(rx.el.i(), class_name="bar busy"),
        class_name="card stack",
    )


def join_page() -> rx.Component:
    return rx.el.div(
        PhoneRoot.create(),
        rx.el.main(
            rx.el.h1(t("app.name"), class_name="brand big-brand"),
            rx.match(
                join.phase,
                ("ready", _ready()),
                ("looking", _busy(t("join.looking"))),
                ("joining", _busy(t("join.joining"))),
                ("downloading", _busy(t("join.downloading"))),
                (
                    "joined",
                    rx.el.section(
                        rx.el.h2(t("join.already")),
                        link(t("join.open"), to="/m/", class_name="button primary wide"),
                        class_name="card stack",
                    ),
                ),
                (
                    "adding",
                    rx.el.section(
                        rx.el.h2(t("join.add_person")),
                        rx.el.p(t("join.ask_leader"), class_name="soft"),
                        _other_ways(),
                        link(t("back"), to="/m/me/", class_name="button wide"),
                        class_name="card stack",
                    ),
                ),
                (
                    "full",
                    rx.el.section(
                        rx.el.h2(t("join.full")),
                        rx.el.p(t("join.full_next"), class_name="soft"),
                        class_name="card need stack",
                    ),
                ),
                (
                    "failed",
                    rx.el.section(
                        rx.el.h2(tk("problem", join.code)),
                        rx.el.p(t("join.ask_again"), class_name="soft"),
                        _other_ways(),
                        class_name="card need stack",
                        role="alert",
                    ),
                ),
                (
                    "no_link",
                    rx.el.section(
                        rx.el.h2(t("join.not_yet")),
                        rx.el.p(t("join.ask_leader"), class_name="soft"),
                        _other_ways(),
                        class_name="card stack",
                    ),
                ),
                rx.fragment(),
            ),
        ),
        rx.cond(enrol.scanning, InvitationScanner.create()),
        notices(),
        class_name="gate",
    )
