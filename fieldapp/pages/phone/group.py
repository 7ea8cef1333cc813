"""Nhóm Zalo thôn: how many of the village's households are in its group, the way into it, and what is said anew."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, empty, icon, state_pill
from fieldapp.components.counter import counter
from fieldapp.components.phone_shell import phone_page
from fieldapp.components.words import t, tk
from fieldapp.components.work import choices, refused, save_bar, village_choice
from fieldapp.device.store import group, group_form, grouping

form = group_form
MANAGERS = ("village_head", "party_secretary", "team_leader", "team_deputy", "team_member", "other")


def _field(name: str, label: Any, value: Any, most: int, **props: Any) -> rx.Component:
    control = rx.el.input(
        name=name,
        value=value,
        on_change=grouping.act("set", name, value=True),
        max_length=most,
        auto_complete="off",
        **props,
    )
    return rx.el.label(rx.el.span(label), control, class_name="field")


def _wrong(*codes: str) -> list[rx.Component]:
    return [
        rx.cond(form.missing == code, rx.el.p(t(f"group.missing.{code}"), class_name="error", role="alert"))
        for code in codes
    ]


def _form() -> rx.Component:
    managers = [
        chip(t(f"group.manager.{manager}"), form.manager == manager, grouping.act("set", "manager", manager))
        for manager in MANAGERS
    ]
    day = rx.el.input(
        type="date",
        name="counted_on",
        value=form.counted_on,
        max=form.today,
        on_change=grouping.act("set", "counted_on", value=True),
    )
    return rx.fragment(
        rx.el.section(
            counter("households", t("group.households"), form.households, grouping, "addHouseholds", "setHouseholds"),
            rx.el.label(rx.el.span(t("group.counted_on")), day, class_name="field"),
            *_wrong("day"),
            class_name="card stack",
        ),
        rx.el.section(
            _field("name", t("group.name"), form.name, 120),
            *_wrong("identity"),
            _field("link", t("group.link"), form.link, 200, input_mode="url", placeholder="https://zalo.me/"),
            *_wrong("link"),
            rx.el.p(t("group.link_hint"), class_name="soft small"),
            class_name="card stack",
        ),
        choices(t("group.manager"), *managers),
        save_bar(form.missing, grouping),
    )


def _coverage() -> rx.Component:
    """The ring is drawn where a roster says how many households there are."""
    ring = rx.el.div(
        rx.el.div(rx.el.b(group.percent, "%"), rx.el.br(), rx.el.span(t("unit.households"))),
        class_name="ring part",
        style={"--part": rx.Var.create(group.percent).to(str)},
    )
    words = rx.el.div(
        rx.el.p(t("group.covered", n=group.households, total=group.total), class_name="strong"),
        rx.cond(
            group.over,
            rx.el.p(t("group.over"), class_name="error small"),
            rx.cond(
                group.left > 0,
                rx.el.p(t("group.left", n=group.left), class_name="small"),
                rx.el.p(t("group.all"), class_name="small"),
            ),
        ),
        rx.el.p(t("group.counted", day=group.counted), class_name="soft small"),
        class_name="grow stack tight",
    )
    unknown = rx.el.div(
        rx.el.p(t("group.n_households", n=group.households), class_name="strong"),
        rx.el.p(t("group.no_roster"), class_name="soft small"),
        class_name="stack tight",
    )
    return rx.cond(group.total > 0, rx.el.div(ring, words, class_name="row"), unknown)


def _known() -> rx.Component:
    way = rx.el.a(
        icon("external-link"),
        t("group.open"),
        href=group.link,
        target="_blank",
        rel="noreferrer",
        class_name="button wide",
    )
    return rx.el.section(
        _coverage(),
        rx.el.div(
            rx.el.h2(group.name),
            rx.el.p(tk("group.manager", group.manager), class_name="soft small"),
            rx.el.div(
                rx.cond(group.sync != "sent", state_pill(group.sync)),
                rx.el.span(t("group.by", name=group.by), class_name="soft small"),
                class_name="row wrap",
            ),
            class_name="stack tight",
        ),
        rx.cond(group.link != "", way),
        class_name="card stack",
    )


def _shown() -> rx.Component:
    words = rx.cond(group.found, t("group.update"), t("group.new"))
    return rx.fragment(
        rx.foreach(group.refused, lambda line: refused(line, line.name, grouping)),
        village_choice(group.village, grouping, "choose", asks=False),
        rx.cond(
            group.found,
            _known(),
            rx.cond(
                group.ready,
                rx.el.div(empty("messages-square", t("group.none"), then=t("group.none_next")), class_name="card"),
            ),
        ),
        button(icon("pencil"), words, kind="primary wide", on_click=grouping.act("begin")),
    )


def group_page() -> rx.Component:
    return phone_page(t("group.title"), rx.cond(form.open, _form(), _shown()), back="/m/", bar=~form.open)
