"""Danh bạ: whom to call for help, one tap away, and the commune's common group on Zalo."""

from typing import Any

import reflex as rx

from fieldapp.components.base import empty, icon
from fieldapp.components.phone_shell import phone_page
from fieldapp.components.words import number, t, tk
from fieldapp.device.reading_slices import ContactLine
from fieldapp.device.store import contacts, some


def _line(line: ContactLine) -> rx.Component:
    call = rx.el.a(
        icon("phone"),
        t("contact.call"),
        rx.el.span(" ", line.name, class_name="sr"),
        href="tel:" + line.phone,
        class_name="button primary grow",
    )
    zalo = rx.el.a(
        icon("message-circle"),
        t("contact.on_zalo"),
        rx.el.span(" ", line.name, class_name="sr"),
        href=line.zalo,
        target="_blank",
        rel="noreferrer",
        class_name="button grow",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(line.name, class_name="strong"),
            rx.cond(line.about != "", rx.el.p(line.about, class_name="soft small")),
            rx.el.p(tk("contact.kind", line.kind), " · ", line.phone, class_name="small num"),
            class_name="stack tight",
        ),
        rx.el.div(call, rx.cond(line.zalo != "", zalo), class_name="row wrap"),
        class_name="card stack",
        key=line.id,
    )


def _part(title: Any, lines: Any) -> rx.Component:
    return rx.cond(
        some(lines),
        rx.fragment(
            rx.el.h2(title, class_name="section-title"), rx.el.ul(rx.foreach(lines, _line), class_name="stack")
        ),
    )


def _group() -> rx.Component:
    one = contacts.group
    way = rx.el.a(
        icon("external-link"),
        t("contact.group_open"),
        href=one.link,
        target="_blank",
        rel="noreferrer",
        class_name="button wide",
    )
    members = t(
        "contact.group_members",
        leaders=number(one.leaders),
        teams=number(one.teams),
        companies=number(one.companies),
    )
    return rx.el.section(
        rx.el.h2(t("contact.group")),
        rx.el.p(one.name, class_name="strong"),
        rx.el.p(members),
        rx.el.p(t("contact.group_counted", day=one.day), class_name="soft small"),
        rx.cond(one.link != "", way),
        class_name="card stack tight",
    )


def contacts_page() -> rx.Component:
    nobody = ~(some(contacts.ours) | some(contacts.provinces) | (contacts.group.name != ""))
    none = rx.el.div(empty("phone", t("contact.none_here"), then=t("contact.none_next")), class_name="card")
    return phone_page(
        t("contact.title"),
        _part(t("contact.ours"), contacts.ours),
        rx.cond(contacts.group.name != "", _group()),
        _part(t("contact.provinces"), contacts.provinces),
        rx.cond(contacts.ready & nobody, none),
        back="/m/",
    )
