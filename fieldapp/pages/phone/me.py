"""Tôi: who this phone belongs to, how it speaks, what it keeps, and the way out."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, icon, pill, sheet
from fieldapp.components.hints import OwnHints
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.pin import PinSettings
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import PhonePerson, Village
from fieldapp.device.store import act, leaving, me, outbox, page, people, rescue, rescuing, some, text, writing
from fieldapp.pages.phone.photo_network import photo_network
from fieldapp.pages.phone.rescue_parts import bring_files, export_unsent

TEXT_SIZES = ("medium", "large", "largest")


def _fact(label, value) -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="soft small"), rx.el.dd(value, class_name="strong"), class_name="stack tight"
    )


def _storage() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("me.storage")),
        rx.el.p(rx.cond(me.persisted, t("me.persisted"), t("me.not_persisted"))),
        rx.cond(me.free != "", rx.el.p(t("me.free", gb=me.free), class_name="soft small")),
        _kept(),
        class_name="card stack tight",
    )


def _kept() -> rx.Component:
    """What is still on this phone alone; that all is sent is said only where nothing is left to see or to send."""

    def line(n: Any, key: str) -> rx.Component:
        return rx.cond(n > 0, rx.el.p(t(key, n=n), class_name="soft small"))

    return rx.fragment(
        line(outbox.count, "me.unsent"),
        line(outbox.look_count, "pill.look"),
        line(outbox.photos, "outbox.photos"),
        line(outbox.photos_held, "outbox.photos_held"),
        rx.cond(outbox.all_sent, rx.el.p(t("me.all_sent"), class_name="soft small")),
    )


def _person(person: PhonePerson) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(person.name, class_name="strong"),
            rx.el.p(person.team, class_name="soft small"),
            class_name="grow stack tight",
        ),
        rx.cond(
            person.active,
            pill(t("me.in_use"), "done"),
            button(t("me.switch"), kind="compact", on_click=act("switchPerson", person.slot)),
        ),
        class_name="line",
        key=person.slot,
    )


def _people() -> rx.Component:
    """The people of this phone: each with their own records, which nobody else sees."""
    return rx.el.section(
        rx.el.h2(t("me.people")),
        rx.el.p(t("me.people_apart"), class_name="soft small"),
        rx.el.ul(rx.foreach(people.lines, _person), class_name="list"),
        rx.cond(
            people.full,
            rx.el.p(t("join.full"), class_name="soft small"),
            link(icon("plus"), t("me.add_person"), to="/m/join/?add=1", class_name="button wide"),
        ),
        class_name="card stack",
    )


def _classes() -> rx.Component:
    """Training classes that this person came to, as the commune or the province noted it."""
    lines = rx.foreach(
        me.classes,
        lambda one, i: rx.el.li(
            rx.el.p(one.topic, class_name="strong"), rx.el.p(one.day, class_name="soft small"), key=i
        ),
    )
    listed = rx.el.section(
        rx.el.h2(t("taught.title")), rx.el.ul(lines, class_name="stack tight"), class_name="card stack"
    )
    return rx.cond(some(me.classes), listed)


def _text_size() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("text.title")),
        rx.el.div(
            *[chip(t(f"text.{s}"), text.size == s, writing.act("setTextSize", s)) for s in TEXT_SIZES],
            class_name="chips",
        ),
        class_name="card stack",
    )


def _leaving() -> rx.Component:
    """Why nobody may sign out yet, or what is lost here where all of it is in a file."""
    return sheet(
        page.sheet == "leaving",
        rx.cond(leaving.saved, t("rescue.leave_title"), t("me.unsent_first")),
        act("closeSheet"),
        rx.cond(leaving.records > 0, rx.el.p(t("me.unsent", n=leaving.records))),
        rx.cond(leaving.parked > 0, rx.el.p(t("pill.look", n=leaving.parked))),
        rx.cond(leaving.photos > 0, rx.el.p(t("outbox.photos", n=leaving.photos))),
        rx.cond(leaving.held > 0, rx.el.p(t("outbox.photos_held", n=leaving.held))),
        rx.cond(leaving.draft > 0, rx.el.p(t("me.open_draft"))),
        rx.cond(
            leaving.saved,
            rx.fragment(
                rx.el.p(t("rescue.leave_warning", at=rescue.saved_at), class_name="error"),
                button(icon("log-out"), t("rescue.leave"), kind="wide danger", on_click=rescuing.act("leaveWithFile")),
            ),
            link(icon("send"), t("outbox.title"), to="/m/outbox/", class_name="button wide"),
        ),
    )


def me_page() -> rx.Component:
    return phone_page(
        t("tab.me"),
        rx.el.section(
            rx.cond(me.name != "", rx.el.h2(me.name)),
            rx.el.dl(
                _fact(t("me.team"), me.team),
                _fact(t("me.role"), tk("role", me.role)),
                _fact(t("me.villages"), rx.foreach(me.villages, lambda v: _village(v))),
                _fact(
                    t("me.commune"), rx.fragment(me.commune, rx.cond(me.contact != "", rx.fragment(" · ", me.contact)))
                ),
                class_name="stack",
            ),
            class_name="card stack",
        ),
        link(icon("chart-column"), t("tab.team"), to="/m/team/", class_name="button wide"),
        _classes(),
        rx.el.section(
            rx.el.h2(t("me.language")),
            rx.el.div(
                chip(t("language.vi"), me.locale == "vi", act("setLocale", "vi")),
                chip(t("language.en"), me.locale == "en", act("setLocale", "en")),
                class_name="chips",
            ),
            class_name="card stack",
        ),
        _text_size(),
        photo_network(),
        _people(),
        rx.cond(me.joined, PinSettings.create()),
        _storage(),
        rx.cond(me.joined, OwnHints.create()),
        export_unsent(),
        rx.cond(me.leads, bring_files()),
        button(icon("log-out"), t("me.sign_out"), kind="wide danger", on_click=act("signOut")),
        _leaving(),
        current="/m/me/",
    )


def _village(village: Village) -> rx.Component:
    return rx.el.span(village.name, class_name="block", key=village.id)
