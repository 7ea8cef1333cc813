"""The outbox: what waits to be sent, what the server would not take, and the way to send now."""

import reflex as rx

from fieldapp.components.base import button, empty, icon, state_pill
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.visit_row import house_number
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import QueuedRecord, SupersededRecord
from fieldapp.device.store import act, outbox
from fieldapp.pages.phone.photo_network import network_words, send_photos_now


def _line(record: QueuedRecord) -> list[rx.Component]:
    return [
        rx.cond(
            record.household.id != "", house_number(record.household), rx.el.span(icon("send"), class_name="house")
        ),
        rx.el.div(
            rx.el.p(tk("kind", record.kind), class_name="strong"),
            rx.el.p(record.title, class_name="soft small"),
            rx.el.p(record.day, " ", record.time, class_name="soft small num"),
            class_name="grow stack tight",
        ),
    ]


def _queued(record: QueuedRecord) -> rx.Component:
    return rx.el.li(*_line(record), icon("clock"), class_name="line", key=record.id)


def _parked(record: QueuedRecord) -> rx.Component:
    return rx.el.section(
        rx.el.div(*_line(record), class_name="row top"),
        rx.el.p(
            tk("problem", record.code),
            rx.cond(record.reason != "", rx.fragment(": ", record.reason)),
            class_name="error",
        ),
        rx.el.div(
            rx.cond(
                record.mendable,
                button(icon("pencil"), t("outbox.mend"), kind="primary compact", on_click=act("mendVisit", record.id)),
            ),
            rx.cond(
                record.mend_at != "",
                link(icon("pencil"), t("outbox.mend"), to=record.mend_at, class_name="button primary compact"),
            ),
            button(t("outbox.seen"), kind="compact", on_click=act("dismissRecord", record.id)),
            class_name="row wrap",
        ),
        class_name="card need stack",
        key=record.id,
    )


def _superseded(record: SupersededRecord) -> rx.Component:
    """What this phone sent and somebody else's word came before: whose and when."""
    return rx.el.section(
        rx.el.div(*_line(record), class_name="row top"),
        rx.el.p(t("outbox.superseded"), rx.cond(record.n > 1, rx.fragment(" (", t("outbox.n", n=record.n), ")"))),
        rx.el.div(
            rx.cond(record.state != "", state_pill(record.state)),
            rx.el.span(record.by, rx.cond(record.by != "", " · ", ""), record.at, class_name="small"),
            class_name="row wrap",
        ),
        rx.el.div(button(t("outbox.seen"), kind="compact", on_click=act("dismissRecord", record.id)), class_name="row"),
        class_name="card need stack",
        key=record.id,
    )


def _held_photos() -> rx.Component:
    """Photos that wait with their visit until the commune has sorted it."""
    return rx.el.section(
        rx.el.p(icon("clock"), t("outbox.photos_held", n=outbox.photos_held), class_name="row strong"),
        rx.el.p(t("outbox.photos_held_next"), class_name="soft"),
        class_name="card wait stack tight",
    )


def _photos_for_wifi() -> rx.Component:
    """Photos that wait for Wi-Fi by the person's own choice, and the way to send them all the same."""
    return rx.el.section(
        rx.el.p(icon("image"), t("outbox.photos_wifi", n=outbox.photos), class_name="row strong"),
        network_words(),
        send_photos_now(),
        class_name="card wait stack",
    )


def _send(kind: str) -> rx.Component:
    """What there is to do first, where anything is left to send; it fetches what is new too."""
    return button(icon("refresh-cw"), t("outbox.send_now"), kind=f"{kind} wide".strip(), on_click=act("sendNow"))


def outbox_page() -> rx.Component:
    return phone_page(
        t("outbox.title"),
        rx.cond(
            outbox.phase == "paused",
            rx.el.section(
                rx.el.h2(t("outbox.paused")),
                rx.el.p(t("outbox.paused_next"), class_name="soft"),
                link(t("outbox.join_again"), to="/m/join/?add=1", class_name="button wide"),
                class_name="card need stack",
            ),
        ),
        rx.cond(
            outbox.phase == "closing",
            rx.el.section(
                rx.el.h2(t("outbox.closing")),
                rx.el.p(t("outbox.closing_next"), class_name="soft"),
                class_name="card wait stack",
            ),
        ),
        rx.foreach(outbox.parked, _parked),
        rx.foreach(outbox.superseded, _superseded),
        rx.cond(
            outbox.count > 0,
            rx.fragment(
                rx.el.p(t("outbox.safe"), class_name="soft"),
                rx.el.ul(rx.foreach(outbox.lines, _queued), class_name="list"),
            ),
            rx.cond(
                outbox.all_sent,
                rx.el.div(empty("check-check", t("outbox.empty"), then=t("outbox.empty_next")), class_name="card"),
            ),
        ),
        rx.cond(
            outbox.photos_wifi,
            _photos_for_wifi(),
            rx.cond(
                outbox.photos > 0,
                rx.el.p(icon("image"), t("outbox.photos", n=outbox.photos), class_name="row soft"),
            ),
        ),
        rx.cond(outbox.photos_held > 0, _held_photos()),
        rx.cond(outbox.all_sent, _send(""), _send("primary")),
        rx.el.p(
            rx.cond(
                outbox.phase == "sending",
                t("outbox.sending"),
                rx.cond(outbox.pulled_at != "", t("outbox.fresh", at=outbox.pulled_at), ""),
            ),
            class_name="soft small",
            role="status",
        ),
        current="",
        back="/m/",
    )
