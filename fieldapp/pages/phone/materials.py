"""Tài liệu: papers, good practice and links to courses, whole on the phone; a paper's file and a course need network.

What somebody found to work is written here and waits for the commune; its author sees what became of it.
"""

import reflex as rx

from fieldapp.components.base import button, chip, empty, icon, joined, pill, search_field, state_pill
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.words import number, t, tk
from fieldapp.components.work import refused, save_bar, village_choice, written
from fieldapp.device.reading_slices import MaterialLine, PracticeLine, RefusedPractice
from fieldapp.device.store import materials, practice_form, practices, practising, shelving, some
from fieldapp.domain.material import MAX_TEXT, MAX_TITLE
from models.material import MaterialKind

form = practice_form
MINE_KINDS = {"approved": "done", "returned": "need", "withdrawn": ""}


def _about(line: MaterialLine) -> rx.Component:
    paper = rx.fragment(
        rx.cond(line.number != "", t("material.number_of", number=line.number), ""),
        rx.cond((line.number != "") & (line.day != ""), " · ", ""),
        line.day,
        rx.cond((line.issuer != "") & ((line.number != "") | (line.day != "")), " · ", ""),
        line.issuer,
    )
    whose = rx.cond(line.by != "", line.by, t("material.of_province"))
    whom = rx.cond(line.meant_for != "", t("material.for", whom=line.meant_for), t("material.of_province"))
    has_number = (line.number != "") | (line.issuer != "") | (line.day != "")
    return rx.el.span(
        rx.cond(line.kind == str(MaterialKind.LINK), whom, rx.cond(has_number, paper, whose)),
        class_name="soft small block",
    )


def _course_state(line: MaterialLine) -> rx.Component:
    return rx.fragment(
        rx.cond(line.dead, pill(t("material.dead"), "need")),
        rx.cond(line.finished, pill(t("material.is_finished"), "done")),
    )


def _course(line: MaterialLine) -> rx.Component:
    """The way there, and one's own word that it was finished."""
    way = rx.el.a(
        icon("external-link"), t("material.visit"), href=line.url, target="_blank", rel="noopener noreferrer",
        class_name="button primary wide",
    )  # fmt: skip
    finish = button(icon("check"), t("material.finish"), kind="wide", on_click=shelving.act("finish", line.id))
    opens = rx.cond(line.dead | (line.url == ""), rx.el.p(t("material.dead_means"), class_name="error"), way)
    return rx.fragment(
        rx.cond(line.dead | line.finished, rx.el.div(_course_state(line), class_name="row wrap")),
        opens,
        rx.cond(line.finished, rx.fragment(), finish),
        rx.el.p(t("material.visit_online"), class_name="soft small"),
    )


def _line(line: MaterialLine) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(
                rx.el.span(line.title, class_name="strong block"), _about(line), _course_state(line), class_name="grow"
            ),
            icon("chevron-right"),
            to=joined("/m/materials/#", line.id),
            class_name="line",
        ),
        key=line.id,
    )


def _own(line: PracticeLine) -> rx.Component:
    """What became of it; one that was sent back is written anew."""
    shown = pill(tk("material.mine", line.state), rx.match(line.state, *MINE_KINDS.items(), "wait"))
    waits = (line.sync == "shown") | (line.sync == "sent")
    again = button(icon("pencil"), t("material.again"), kind="compact", on_click=practising.act("again", line.id))
    reason = rx.el.p(t("material.mine_why", reason=line.reason), class_name="error")
    return rx.el.li(
        rx.el.p(line.title, class_name="strong"),
        rx.el.div(rx.cond(waits, shown, state_pill(line.sync)), class_name="row wrap"),
        rx.cond(line.reason != "", reason),
        rx.cond(line.state == "returned", rx.el.div(again, class_name="row")),
        class_name="stack tight",
        key=line.id,
    )


def _mine() -> rx.Component:
    lines = rx.el.section(
        rx.el.h2(t("material.mine")),
        rx.el.ul(rx.foreach(practices.lines, _own), class_name="stack"),
        class_name="card stack",
    )

    def not_taken(line: RefusedPractice) -> rx.Component:
        return refused(line, line.title, practising)

    return rx.fragment(
        button(icon("pencil"), t("material.write"), kind="primary wide", on_click=practising.act("begin")),
        rx.foreach(practices.refused, not_taken),
        rx.cond(some(practices.lines), lines),
    )


def _form() -> rx.Component:
    control = rx.el.input(
        name="title",
        value=form.title,
        on_change=practising.act("setTitle", value=True),
        max_length=MAX_TITLE,
        auto_complete="off",
    )
    identity = rx.el.p(t("record.note_identity"), class_name="error", role="alert")
    return rx.fragment(
        rx.el.p(t("material.write_means"), class_name="soft small"),
        village_choice(form.village, practising),
        rx.el.section(
            rx.el.label(rx.el.span(t("material.title_of_practice")), control, class_name="field"),
            rx.cond(form.missing == "identity_title", identity),
            class_name="card stack",
        ),
        written(t("material.text_of_practice"), form.text, form.missing, practising, "setText", MAX_TEXT, "8"),
        save_bar(form.missing, practising),
    )


def _list() -> rx.Component:
    kinds = [
        chip(t(f"material.kind.{kind}"), materials.kind == str(kind), shelving.act("setKind", str(kind)))
        for kind in MaterialKind
    ]
    none = empty("book-open", t("material.none"), then=t("material.none_next"))
    return rx.fragment(
        rx.el.div(*kinds, class_name="chips", role="group", aria_label=t("material.kind")),
        rx.cond(materials.kind == str(MaterialKind.PRACTICE), _mine()),
        search_field("material", t("material.query"), materials.query, shelving.act("find", value=True)),
        rx.cond(
            some(materials.lines),
            rx.el.ul(rx.foreach(materials.lines, _line), class_name="list"),
            rx.cond(materials.ready, rx.el.div(none, class_name="card", role="status")),
        ),
    )


def _opened() -> rx.Component:
    line = materials.open
    file = rx.el.a(
        icon("download"),
        t("material.file", size=number(line.size)),
        href=line.file,
        download=True,
        class_name="button wide",
    )
    return rx.el.article(
        rx.el.h2(line.title),
        _about(line),
        rx.cond(line.text != "", rx.el.p(line.text, class_name="message")),
        rx.cond(line.kind == str(MaterialKind.LINK), _course(line)),
        rx.cond(line.file != "", rx.fragment(file, rx.el.p(t("material.file_online"), class_name="soft small"))),
        class_name="card stack",
    )


def materials_page() -> rx.Component:
    gone = rx.cond(materials.ready, rx.el.div(empty("book-open", t("material.gone")), class_name="card"))
    asked = materials.at > 0
    shown = rx.cond(asked, rx.cond(materials.found, _opened(), gone), _list())
    return phone_page(
        rx.cond(form.open, t("material.write"), t("material.title")),
        rx.cond(form.open, _form(), shown),
        back=rx.cond(asked, "/m/materials/", "/m/"),
        bar=~form.open,
    )
