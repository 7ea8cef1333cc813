"""Links to online courses on the page of the library: whom each is for, whether it still leads there, its form."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, desk_icon, pill
from fieldapp.components.form import area_field, form, hidden_field, text_field
from fieldapp.components.words import number, t
from fieldapp.domain.course import MAX_ADDRESS, MAX_MEANT_FOR, MAX_WORDS
from fieldapp.domain.material import MAX_TITLE
from fieldapp.pages.desk.materials_state import MaterialsState, MaterialView

State = MaterialsState


def link_about(one: MaterialView) -> rx.Component:
    """For whom, and how many say that they finished it."""
    whom = rx.cond(one.meant_for != "", rx.fragment(t("material.for", whom=one.meant_for), " · "))
    return rx.fragment(whom, t("material.finished", n=number(one.finished)))


def link_state(one: MaterialView) -> rx.Component:
    return rx.cond(one.dead, pill(t("material.dead"), "need"))


def link_read(one: MaterialView, keeps: Any) -> rx.Component:
    """Its address, which only a person's own press opens; who found that it leads nowhere, and when."""
    way = rx.el.a(
        desk_icon("link"), t("material.visit"), href=one.url, target="_blank", rel="noopener noreferrer",
        class_name="button compact",
    )  # fmt: skip
    wrong = rx.el.p(t("material.dead_said", who=one.dead_said), class_name="notice need")
    dead = button(t("material.say_dead"), kind="compact", on_click=State.flag_link(one.id, True))
    alive = button(t("material.say_alive"), kind="compact", on_click=State.flag_link(one.id, False))
    return rx.fragment(
        rx.cond(one.dead, wrong),
        rx.el.p(one.url, class_name="soft small message"),
        rx.el.div(way, rx.cond(keeps, rx.cond(one.dead, alive, dead)), class_name="row wrap"),
    )


def link_form(one: MaterialView) -> rx.Component:
    return form(
        rx.cond(one.id > 0, hidden_field("material", one.id)),
        text_field(
            "title", t("material.course"), max_length=MAX_TITLE, default_value=one.title, required=True
        ),
        text_field(
            "url", t("material.url"), t("material.url_hint"), max_length=MAX_ADDRESS, default_value=one.url,
            required=True, type="url", placeholder="https://",
        ),
        text_field(
            "meant_for", t("material.meant_for"), t("material.meant_for_hint"), max_length=MAX_MEANT_FOR,
            default_value=one.meant_for,
        ),
        area_field("text", t("material.note"), max_length=MAX_WORDS, rows="4", default_value=one.text),
        send=t("material.keep"),
        on_submit=State.keep_link,
        reset_on_submit=False,
        key=State.drawn,
    )  # fmt: skip
