"""The two lists of the page about personal data: the register of requests with its form, and the consent log."""

from typing import Any

import reflex as rx
from reflex.event import EventChain
from reflex.vars import FunctionVar, Var

from fieldapp.components.base import button, desk_icon, empty, pill
from fieldapp.components.desk_shell import downloads
from fieldapp.components.form import area_field, choice_field, date_field, field, form, text_field
from fieldapp.components.table import Column, cell, pager, table
from fieldapp.components.words import number, t, tk
from fieldapp.device.store import some
from fieldapp.domain.data_request import MAX_WORDS
from fieldapp.pages.desk.rights_panel import household_of, late_pill, state_of
from fieldapp.pages.desk.rights_view import ConsentLine, RequestLine
from models.data_request import RequestKind

PRINT = Var("(() => window.print())").to(FunctionVar, EventChain)


def new_request(villages: Any, today: Any, drawn: Any, take_in: Any) -> rx.Component:
    kinds = [rx.el.option(t(f"rights.kind.{kind}"), value=str(kind)) for kind in RequestKind]
    return rx.el.details(
        rx.el.summary(rx.el.h2(t("rights.new"))),
        form(
            rx.el.div(
                field(t("rights.kind"), rx.el.select(*kinds, name="kind")),
                date_field("received_on", t("rights.received_on"), required=True, default_value=today),
                class_name="columns",
            ),
            area_field("asked", t("rights.asked"), t("rights.asked_hint"), required=True, max_length=MAX_WORDS),
            rx.el.div(
                choice_field("village", t("rights.village"), villages, first=t("rights.choose")),
                text_field("number", t("rights.number"), t("rights.number_hint"), max_length=20),
                class_name="columns",
            ),
            send=t("rights.take_in"),
            on_submit=take_in,
        ),
        class_name="panel team",
        key=drawn,
    )


def request_list(state: Any) -> rx.Component:
    def row(line: RequestLine) -> rx.Component:
        press = rx.el.button(
            tk("rights.kind", line.kind), type="button", class_name="link", on_click=state.open_one(line.id)
        )
        first = rx.cond(line.answered != "", t("rights.answered_on", day=line.answered), t("rights.by", day=line.first))
        return rx.el.tr(
            cell(press, rx.el.span(line.received, class_name="block soft small num")),
            cell(household_of(line)),
            cell(rx.el.span(first, class_name="block"), rx.cond(line.first_late, late_pill())),
            cell(rx.el.span(line.due, class_name="block num"), rx.cond(line.late, late_pill())),
            cell(state_of(line)),
            class_name=rx.cond(state.open.id == line.id, "opened", ""),
            key=line.id,
        )

    heads = [Column(t(f"rights.col_{name}")) for name in ("kind", "household", "first", "due", "state")]
    found = rx.fragment(
        table(t("rights.table"), heads, state.lines, row),
        pager(state.page, state.pages, state.total, state.turn, "rights.page"),
    )
    none = empty("shield-check", t("rights.none"), then=t("rights.none_next"))
    words = rx.cond(state.all_of_them, t("rights.show_open"), t("rights.show_all"))
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("rights.table"), class_name="grow"),
            button(words, kind="compact", on_click=state.show_all(~state.all_of_them)),
            class_name="row wrap",
        ),
        rx.cond(some(state.lines), found, none),
        class_name="panel",
    )


def consent_list(state: Any) -> rx.Component:
    def row(line: ConsentLine) -> rx.Component:
        taken = pill(t("consents.withdrawn", at=line.withdrawn), "need")
        return rx.el.tr(
            cell(line.at, kind="num-left"),
            cell(
                rx.el.span(line.village, class_name="block strong"),
                rx.cond(line.household != "", t("household.numbered", number=line.household), ""),
            ),
            cell(tk("consents.scope", line.scope)),
            cell(
                rx.cond(line.way != "", rx.fragment(tk("consent", line.way)), rx.fragment(t("consents.no_consent"))),
                rx.cond(
                    line.text > 0, rx.el.span(t("consents.text_n", n=number(line.text)), class_name="block soft small")
                ),
            ),
            cell(line.collector),
            cell(rx.cond(line.withdrawn != "", taken, pill(t("consents.standing"), "done"))),
            key=line.key,
        )

    names = ("consented_at", "village", "scope", "way", "collector", "standing")
    heads = [Column(t(f"consents.col_{name}")) for name in names]
    found = rx.fragment(
        table(t("consents.title"), heads, state.consents, row),
        pager(state.consent_page, state.consent_pages, state.consent_total, state.turn_consents, "consents.page"),
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("consents.title"), class_name="grow"),
            downloads("consents", ""),
            button(desk_icon("printer"), t("rights.print"), kind="compact", on_click=PRINT),
            class_name="row wrap no-print",
        ),
        rx.el.p(t("consents.means"), class_name="soft"),
        rx.cond(some(state.consents), found, empty("shield-check", t("consents.none"))),
        class_name="panel",
    )
