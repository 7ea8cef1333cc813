"""Part of Tôi and of the outbox: photos on Wi-Fi only by choice, and what the browser can tell of the network."""

import reflex as rx

from fieldapp.components.base import button, chip, icon
from fieldapp.components.words import t, tk
from fieldapp.device.store import outbox, sparing, wifi


def network_words() -> rx.Component:
    return rx.el.p(tk("wifi", wifi.network), class_name="soft small")


def send_photos_now() -> rx.Component:
    return button(icon("send"), t("wifi.send_now"), kind="wide", on_click=sparing.act("sendPhotos"))


def photo_network() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("wifi.title")),
        rx.el.div(
            chip(t("wifi.any"), ~wifi.only, sparing.act("choose", False)),
            chip(t("wifi.only"), wifi.only, sparing.act("choose", True)),
            class_name="chips",
            role="group",
            aria_label=t("wifi.title"),
        ),
        rx.el.p(t("wifi.records"), class_name="soft small"),
        rx.cond(
            wifi.only,
            rx.fragment(network_words(), rx.cond(outbox.photos_wifi, send_photos_now())),
        ),
        class_name="card stack",
    )
