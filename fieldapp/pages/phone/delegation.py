"""Part of Tổ của tôi: reviewing that the leader hands over for some days, and takes back."""

import reflex as rx

from fieldapp.components.base import button, icon, sheet
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import CrewMember
from fieldapp.device.store import act, crew, handing, leading, outbox, page


def delegation_of(person: CrewMember) -> rx.Component:
    """Everybody sees who reviews and until when; only the leader changes it. A deputy reviews anyway."""
    stands = t("delegation.stands", first=person.first, last=person.last_day)
    ask = leading.act("askHanding", person.id)
    change = rx.cond(
        person.delegation > 0,
        button(t("delegation.take_back"), kind="compact", on_click=ask),
        button(icon("list-checks"), t("delegation.give"), kind="compact", on_click=ask),
    )
    return rx.fragment(
        rx.cond(person.delegation > 0, rx.el.p(icon("list-checks"), stands, class_name="row small strong")),
        rx.cond(crew.delegates & (person.role == "member"), rx.el.div(change, class_name="row")),
    )


def _day(key: str, name: str, value: str, least: str) -> rx.Component:
    return rx.el.label(
        rx.el.span(t(key)),
        rx.el.input(
            type="date", name=name, value=value, min=least, on_change=leading.act("setHanding", name, value=True)
        ),
        class_name="field",
    )


def _trouble() -> rx.Component:
    words = rx.cond(handing.code == "days_wrong", t("delegation.days_wrong"), tk("problem", handing.code))
    return rx.fragment(
        rx.cond(outbox.online, rx.fragment(), rx.el.p(t("delegation.needs_network"), class_name="error", role="alert")),
        rx.cond(handing.code != "", rx.el.p(words, class_name="error", role="alert")),
    )


def delegation_sheets() -> rx.Component:
    still = ~outbox.online | handing.busy
    return rx.fragment(
        sheet(
            page.sheet == "delegate",
            t("delegation.title", name=handing.name),
            act("closeSheet"),
            rx.el.p(t("delegation.means"), class_name="soft small"),
            _day("delegation.first", "first", handing.first, handing.today),
            _day("delegation.last", "last", handing.last, handing.first),
            _trouble(),
            button(t("delegation.confirm"), kind="primary wide", disabled=still, on_click=leading.act("handOver")),
        ),
        sheet(
            page.sheet == "take_back",
            t("delegation.take_back_title", name=handing.name),
            act("closeSheet"),
            rx.el.p(t("delegation.take_back_means"), class_name="soft small"),
            _trouble(),
            button(t("delegation.take_back"), kind="wide danger", disabled=still, on_click=leading.act("takeBack")),
        ),
    )
