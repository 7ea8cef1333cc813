"""Tài liệu: guiding papers and good practice, whole on the phone; only a paper's own file needs network."""

import reflex as rx

from fieldapp.components.base import chip, empty, icon, joined, search_field
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.words import number, t
from fieldapp.device.reading_slices import MaterialLine
from fieldapp.device.store import materials, shelving, some
from models.material import MaterialKind


def _about(line: MaterialLine) -> rx.Component:
    paper = rx.fragment(
        rx.cond(line.number != "", t("material.number_of", number=line.number), ""),
        rx.cond((line.number != "") & (line.day != ""), " · ", ""),
        line.day,
        rx.cond((line.issuer != "") & ((line.number != "") | (line.day != "")), " · ", ""),
        line.issuer,
    )
    whose = rx.cond(line.by != "", line.by, t("material.of_province"))
    has_number = (line.number != "") | (line.issuer != "") | (line.day != "")
    return rx.el.span(rx.cond(has_number, paper, whose), class_name="soft small block")


def _line(line: MaterialLine) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(rx.el.span(line.title, class_name="strong block"), _about(line), class_name="grow"),
            icon("chevron-right"),
            to=joined("/m/materials/#", line.id),
            class_name="line",
        ),
        key=line.id,
    )


def _list() -> rx.Component:
    kinds = [
        chip(t(f"material.kind.{kind}"), materials.kind == str(kind), shelving.act("setKind", str(kind)))
        for kind in MaterialKind
    ]
    none = empty("book-open", t("material.none"), then=t("material.none_next"))
    return rx.fragment(
        rx.el.div(*kinds, class_name="chips", role="group", aria_label=t("material.kind")),
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
        rx.el.p(line.text, class_name="message"),
        rx.cond(line.file != "", rx.fragment(file, rx.el.p(t("material.file_online"), class_name="soft small"))),
        class_name="card stack",
    )


def materials_page() -> rx.Component:
    gone = rx.cond(materials.ready, rx.el.div(empty("book-open", t("material.gone")), class_name="card"))
    asked = materials.at > 0
    return phone_page(
        t("material.title"),
        rx.cond(asked, rx.cond(materials.found, _opened(), gone), _list()),
        back=rx.cond(asked, "/m/materials/", "/m/"),
    )
