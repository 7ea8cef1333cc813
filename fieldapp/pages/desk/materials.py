"""Tài liệu: guiding papers of the province and the commune, good practice, which the province approves for all, and
links to online courses."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, desk_icon, empty, joined, pill
from fieldapp.components.desk_shell import UploadForm, desk_link, desk_page
from fieldapp.components.form import area_field, date_field, folded, form, hidden_field, said, side_panel, text_field
from fieldapp.components.table import pager
from fieldapp.components.words import number, t, tk
from fieldapp.device.store import some
from fieldapp.domain.material import MAX_ISSUER, MAX_NUMBER, MAX_REASON, MAX_TEXT, MAX_TITLE
from fieldapp.domain.paper import MAX_PAPER_BYTES
from fieldapp.pages.desk.materials_links import link_about, link_form, link_read, link_state
from fieldapp.pages.desk.materials_state import MAX_QUERY, MaterialsState, MaterialView
from fieldapp.permissions import Action
from models.material import MaterialKind, MaterialState

State = MaterialsState
KINDS = {"waiting": "wait", "at_commune": "wait", "returned": "need"}


def _may(action: Action) -> Any:
    return State.allowed.contains(str(action))


def _about(one: MaterialView) -> rx.Component:
    """Of a paper its number, who issued it, and when; of a good practice whose it is."""
    paper = rx.fragment(
        rx.cond(one.number != "", t("material.number_of", number=one.number), ""),
        rx.cond((one.number != "") & (one.issued != ""), " · ", ""),
        one.issued,
        rx.cond((one.issuer != "") & ((one.number != "") | (one.issued != "")), " · ", ""),
        one.issuer,
    )
    whose = rx.fragment(
        rx.cond(one.commune != "", one.commune, t("material.of_province")),
        rx.cond(one.author != "", rx.fragment(" · ", t("material.by_member", name=one.author))),
    )
    about = rx.match(one.kind, (str(MaterialKind.PAPER), paper), (str(MaterialKind.LINK), link_about(one)), whose)
    return rx.el.p(about, class_name="soft small")


def _state(one: MaterialView) -> rx.Component:
    words = pill(tk("material.state", one.state), rx.match(one.state, *KINDS.items(), ""))
    return rx.fragment(rx.cond(one.state != str(MaterialState.APPROVED), words), link_state(one))


def _download(one: MaterialView) -> rx.Component:
    address = joined("/api/v1/materials/", one.id) + "/file?slot=desk"
    words = (desk_icon("download"), t("material.download"), rx.el.span(" ", one.title, class_name="sr"))
    way = desk_link(*words, to=address, reload_document=True, download=True, class_name="button compact")
    return rx.cond(one.has_file, way)


def _line(line: MaterialView) -> rx.Component:
    opening = button(
        t("material.open"),
        rx.el.span(" ", line.title, class_name="sr"),
        kind="compact",
        on_click=State.open_one(line.id),
    )
    return rx.el.li(
        rx.el.div(rx.el.p(line.title, class_name="strong"), _about(line), class_name="person stack tight"),
        rx.el.div(_state(line), opening, _download(line), class_name="row wrap"),
        class_name="seat",
        key=line.id,
    )


def _ruling() -> rx.Component:
    """The province's word on what a commune proposes to all."""
    approve = button(t("material.approve"), kind="primary", on_click=State.approve(State.open.id))
    back = form(
        area_field("reason", t("material.reason"), max_length=MAX_REASON, rows="3", required=True),
        send=t("material.send_back"),
        on_submit=State.send_back,
        kind="",
    )
    waits = State.open.state == str(MaterialState.WAITING)
    return rx.cond(waits & _may(Action.APPROVE_PRACTICE), rx.fragment(approve, folded(t("material.send_back"), back)))


def _passing_on() -> rx.Component:
    """The commune's word on what a member wrote."""
    onward = button(t("material.pass_on"), kind="primary", on_click=State.pass_on(State.open.id))
    back = form(
        area_field("reason", t("material.reason"), max_length=MAX_REASON, rows="3", required=True),
        send=t("material.give_back"),
        on_submit=State.give_back,
        kind="",
    )
    means = rx.el.p(t("material.pass_on_means"), class_name="soft small")
    ways = rx.fragment(means, onward, folded(t("material.give_back"), back))
    waits = State.open.own & (State.open.state == "at_commune")
    return rx.cond(waits & _may(Action.KEEP_MATERIAL), ways)


def _read() -> rx.Component:
    one = State.open
    own = rx.fragment(
        button(t("material.change"), kind="compact", on_click=State.write(one.id)),
        folded(
            t("material.withdraw"),
            rx.el.p(t("material.withdraw_means"), class_name="soft small"),
            button(t("material.withdraw"), kind="compact danger", on_click=State.withdraw(one.id)),
        ),
    )
    returned = rx.el.p(t("material.why", reason=one.reason), class_name="notice need")
    return side_panel(
        one.title,
        State.close,
        _about(one),
        rx.el.div(_state(one), class_name="row"),
        rx.cond(one.reason != "", returned),
        rx.cond(one.text != "", rx.el.p(one.text, class_name="note message")),
        rx.cond(one.kind == str(MaterialKind.LINK), link_read(one, _may(Action.KEEP_MATERIAL))),
        _download(one),
        _passing_on(),
        _ruling(),
        rx.cond(one.own & _may(Action.KEEP_MATERIAL), own),
    )


def _write() -> rx.Component:
    one = State.open
    is_paper = one.kind == str(MaterialKind.PAPER)
    of_paper = rx.fragment(
        text_field("number", t("material.number"), max_length=MAX_NUMBER, default_value=one.number),
        text_field("issuer", t("material.issuer"), max_length=MAX_ISSUER, default_value=one.issuer),
        date_field("issued_on", t("material.issued_on"), default_value=one.issued_on),
    )
    fields = [
        rx.cond(one.id > 0, hidden_field("material", one.id)),
        hidden_field("kind", one.kind),
        text_field(
            "title",
            rx.cond(is_paper, t("material.about"), t("material.title_of_practice")),
            max_length=MAX_TITLE,
            default_value=one.title,
            required=True,
        ),
        rx.cond(is_paper, of_paper),
        area_field(
            "text",
            rx.cond(is_paper, t("material.text"), t("material.text_of_practice")),
            t("material.text_hint"),
            max_length=MAX_TEXT,
            rows="10",
            default_value=one.text,
            required=True,
        ),
    ]
    title = rx.cond(one.id > 0, t("material.change"), tk("material.new", one.kind))
    form_with_file = UploadForm.create(
        *fields,
        to="materials",
        accept=".pdf,application/pdf",
        choose=rx.cond(one.has_file, t("material.choose_other"), t("material.choose")),
        submit=t("material.keep"),
        most=MAX_PAPER_BYTES,
        optional=True,
        on_done=State.kept,
        key=State.drawn,
    )
    is_link = one.kind == str(MaterialKind.LINK)
    return side_panel(title, State.close, rx.cond(is_link, link_form(one), form_with_file))


def _search() -> rx.Component:
    return rx.el.form(
        text_field("query", t("material.query"), max_length=MAX_QUERY, default_value=State.query, type="search"),
        rx.el.button(t("material.find"), type="submit", class_name="button"),
        on_submit=State.search,
        reset_on_submit=False,
        class_name="panel filters",
        role="search",
    )


def materials_page() -> rx.Component:
    kinds = [
        chip(t(f"material.kind.{kind}"), State.kind == str(kind), State.choose_kind(str(kind))) for kind in MaterialKind
    ]
    codes = ("kept", "waiting", "withdrawn", "approved", "returned", "passed_on", "given_back", "dead", "alive")
    done = rx.match(State.done, *[(code, t(f"material.said.{code}")) for code in codes], "")
    to_rule = _may(Action.APPROVE_PRACTICE)
    words = rx.cond(
        to_rule, t("material.n_waiting", n=number(State.waiting)), t("material.n_at_commune", n=number(State.waiting))
    )
    waits = rx.el.p(words, class_name="notice wait")
    of_links = State.kind == str(MaterialKind.LINK)
    new = button(desk_icon("plus"), tk("material.new", State.kind), kind="primary compact", on_click=State.write(0))
    listed = rx.el.section(
        rx.el.div(*kinds, class_name="chips", role="group", aria_label=t("material.kind")),
        rx.cond(
            some(State.lines),
            rx.el.ul(rx.foreach(State.lines, _line), class_name="bars"),
            empty("book-open", t("material.none")),
        ),
        rx.cond(State.pages > 1, pager(State.page, State.pages, State.total, State.turn, "material.page")),
        class_name="panel stack",
    )
    return desk_page(
        t("desk.materials"),
        said(done),
        rx.cond((State.waiting > 0) & (to_rule | _may(Action.KEEP_MATERIAL)), waits),
        _search(),
        listed,
        rx.cond(State.opened, rx.cond(State.writing, _write(), _read())),
        current="materials",
        tools=rx.cond(_may(Action.KEEP_MATERIAL) & (~of_links | to_rule), new),
    )
