"""Part of Tôi: what could not be sent goes into a file here, and a leader brings the file of a member."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, icon
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import BroughtRecord
from fieldapp.device.store import brought, rescue, rescuing


def export_unsent() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("rescue.title")),
        rx.cond(
            (rescue.records > 0) | (rescue.photos > 0),
            rx.fragment(
                rx.el.p(t("rescue.holds", records=rescue.records, photos=rescue.photos), class_name="strong"),
                rx.el.p(t("rescue.how"), class_name="soft small"),
                button(
                    icon("download"), t("rescue.export"), kind="wide", on_click=rescuing.act("exportUnsent"),
                    disabled=rescue.phase == "writing",
                ),
                rx.el.p(
                    rx.match(
                        rescue.phase,
                        ("writing", t("rescue.writing")),
                        ("no_key", t("rescue.no_key")),
                        ("failed", t("rescue.failed")),
                        rx.cond(rescue.saved_at != "", _last_file(), ""),
                    ),
                    role="status",
                ),
            ),
            rx.el.p(t("rescue.none"), class_name="soft small"),
        ),
        class_name="card stack tight",
    )  # fmt: skip


def _last_file() -> Any:
    return rx.cond(rescue.saved_all, t("rescue.saved", at=rescue.saved_at), t("rescue.made_since", at=rescue.saved_at))


def bring_files() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("rescue.bring_title")),
        rx.el.p(t("rescue.bring_how"), class_name="soft small"),
        button(
            icon("cloud-upload"), t("rescue.bring"), kind="wide", on_click=rescuing.act("chooseFiles"),
            disabled=brought.phase == "bringing",
        ),
        rx.el.div(
            rx.cond(brought.phase == "bringing", rx.el.p(t("rescue.bringing"))),
            rx.cond(brought.author != "", _came_of_it()),
            rx.cond(brought.phase == "failed", rx.el.p(tk("problem", brought.code), class_name="error", role="alert")),
            class_name="stack tight",
            role="status",
        ),
        class_name="card stack tight",
    )  # fmt: skip


def _came_of_it() -> rx.Component:
    return rx.fragment(
        rx.el.p(t("rescue.of", name=brought.author), class_name="strong"),
        rx.el.p(t("rescue.records", n=brought.records)),
        rx.cond(brought.known > 0, rx.el.p(t("rescue.known", n=brought.known))),
        rx.cond(brought.look > 0, rx.el.p(t("rescue.look", n=brought.look))),
        rx.el.ul(rx.foreach(brought.lines, _line), class_name="stack tight"),
        rx.cond(brought.photos > 0, rx.el.p(t("rescue.photos", n=brought.photos))),
        rx.cond(brought.photos_left > 0, rx.el.p(t("rescue.photos_left", n=brought.photos_left))),
    )


def _line(record: BroughtRecord) -> rx.Component:
    return rx.el.li(
        rx.cond(record.kind != "", rx.fragment(tk("kind", record.kind), ": ")),
        rx.cond(record.held, t("rescue.held"), tk("problem", record.code)),
        class_name="soft small",
        key=record.id,
    )
