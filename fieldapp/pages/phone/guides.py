"""Cẩm nang: how to show each platform, what can go wrong, what never to do; on the phone, without network. What the
commune recorded is heard here."""

import reflex as rx
from reflex.vars import NumberVar

from fieldapp.components.base import empty, icon, search_field
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.words import number, t
from fieldapp.device.guide_slices import GuideLine, Trouble
from fieldapp.device.store import guide, guiding, me, some
from fieldapp.pages.phone.narrations import narrations


def _line(line: GuideLine) -> rx.Component:
    return rx.el.li(
        link(
            icon(line.icon),
            rx.el.span(
                rx.el.span(line.name, class_name="strong block"),
                rx.el.span(line.about, class_name="soft small block"),
                rx.cond(
                    line.lacking > 0, rx.el.span(t("guide.lacking", n=number(line.lacking)), class_name="small block")
                ),
                class_name="grow",
            ),
            rx.cond(line.heard, rx.el.span(icon("volume-2"), rx.el.span(t("guide.heard"), class_name="sr"))),
            icon("chevron-right"),
            to="/m/guides/#" + line.code,
            class_name="line",
        ),
        key=line.code,
    )


def _list() -> rx.Component:
    return rx.fragment(
        _safety(),
        search_field("guide", t("guide.search"), guide.query, guiding.act("find", value=True)),
        rx.cond(
            some(guide.lines),
            rx.el.ul(rx.foreach(guide.lines, _line), class_name="list"),
            rx.cond(guide.ready, rx.el.div(empty("search", t("guide.none")), class_name="card", role="status")),
        ),
    )


def _safety() -> rx.Component:
    return rx.el.p(icon("shield-alert"), rx.el.span(t("guide.safety")), class_name="notice wait")


def _step(step: str, index: NumberVar) -> rx.Component:
    return rx.el.li(
        rx.el.span(index + 1, class_name="n", aria_hidden=True), rx.el.span(step, class_name="grow"), key=step
    )


def _trouble(trouble: Trouble) -> rx.Component:
    return rx.el.li(
        rx.el.p(trouble.when, class_name="strong"),
        rx.el.p(trouble.then),
        class_name="inset stack tight",
        key=trouble.when,
    )


def _opened() -> rx.Component:
    return rx.fragment(
        rx.el.section(
            rx.el.h2(icon(guide.icon), rx.el.span(guide.name), class_name="row"),
            rx.cond(guide.about != "", rx.el.p(guide.about)),
            class_name="card stack tight",
        ),
        narrations(),
        rx.cond(some(guide.steps), _steps()),
        _safety(),
        rx.cond(guide.safe != "", rx.el.p(guide.safe, class_name="strong")),
        rx.cond(some(guide.troubles), _troubles()),
    )


def _steps() -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("guide.steps")),
        rx.el.ol(rx.foreach(guide.steps, _step), class_name="steps"),
        class_name="card stack tight",
    )


def _troubles() -> rx.Component:
    return rx.fragment(
        rx.el.h2(t("guide.troubles"), class_name="section-title"),
        rx.el.ul(rx.foreach(guide.troubles, _trouble), class_name="list"),
    )


def _contact() -> rx.Component:
    calling = rx.el.a(icon("phone"), t("guide.call"), href="tel:" + guide.call, class_name="button wide")
    return rx.el.section(
        rx.el.h2(t("guide.contact")),
        rx.el.p(rx.cond(me.contact != "", rx.fragment(me.commune, " · ", me.contact), t("guide.no_contact"))),
        rx.cond(guide.call != "", calling),
        class_name="card stack tight",
    )


def guides_page() -> rx.Component:
    asked = guide.code != ""
    unknown = rx.cond(guide.ready, rx.el.div(empty("book-open", t("guide.unknown")), class_name="card"))
    return phone_page(
        t("guide.title"),
        rx.cond(asked, rx.cond(guide.found, _opened(), unknown), _list()),
        _contact(),
        back=guide.back,
    )
