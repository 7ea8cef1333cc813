"""Thông báo: what the commune and the province tell their people, the newest first; whoever opens one has read it."""

import reflex as rx

from fieldapp.components.base import empty, icon, pill
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.words import t
from fieldapp.device.reading_slices import AnnouncementLine
from fieldapp.device.store import ANNOUNCEMENT_OPENED, announcements, some


class OpenMark(rx.Component):
    """Notes that what stands here was opened; draws nothing."""

    library = ANNOUNCEMENT_OPENED
    tag = "OpenMark"


def _when(line: AnnouncementLine) -> rx.Component:
    return rx.el.span(line.by, " · ", line.time, " ", line.day, class_name="soft small block")


def _due(line: AnnouncementLine) -> rx.Component:
    shown = rx.cond(
        line.over, pill(t("announcement.was_due", day=line.due)), pill(t("announcement.due", day=line.due), "wait")
    )
    return rx.cond(line.due != "", rx.el.span(shown, class_name="row"))


def _line(line: AnnouncementLine) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(
                rx.el.span(line.title, class_name=rx.cond(line.fresh, "strong block", "block")),
                _when(line),
                _due(line),
                class_name="grow stack tight",
            ),
            rx.cond(line.fresh, pill(t("announcement.fresh"), "wait")),
            icon("chevron-right"),
            to="/m/announcements/#" + line.id,
            class_name="line",
        ),
        key=line.id,
    )


def _list() -> rx.Component:
    none = empty("bell", t("announcement.none_here"), then=t("announcement.none_next"))
    return rx.cond(
        some(announcements.lines),
        rx.el.ul(rx.foreach(announcements.lines, _line), class_name="list"),
        rx.cond(announcements.ready, rx.el.div(none, class_name="card")),
    )


def _opened() -> rx.Component:
    line = announcements.open
    return rx.el.article(
        OpenMark.create(),
        rx.el.h2(line.title),
        _when(line),
        _due(line),
        rx.el.p(line.text, class_name="message"),
        class_name="card stack",
    )


def announcements_page() -> rx.Component:
    gone = rx.cond(announcements.ready, rx.el.div(empty("bell", t("announcement.gone")), class_name="card"))
    asked = announcements.at != ""
    return phone_page(
        t("announcement.title"),
        rx.cond(asked, rx.cond(announcements.found, _opened(), gone), _list()),
        back=rx.cond(asked, "/m/announcements/", "/m/"),
    )
