"""Part of Ghi nhận: who did the visit, where somebody else of the team only enters it (Nhập giúp)."""

import reflex as rx

from fieldapp.components.base import button, icon, sheet
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import Person
from fieldapp.device.store import act, doer, entering, page, some


def doer_line() -> rx.Component:
    """One small line; nothing at all where there is nobody else in the team."""
    name = rx.cond(doer.id > 0, doer.name, t("doer.myself"))
    helped = rx.cond(doer.id > 0, rx.el.span(t("doer.entered_by_me"), class_name="soft small block"))
    line = rx.el.div(
        rx.el.p(t("doer.title"), ": ", rx.el.span(name, class_name="strong"), helped, class_name="grow"),
        button(t("doer.change"), kind="compact", on_click=act("openSheet", "doer")),
        class_name="row",
    )
    return rx.cond(some(doer.people) | (doer.id > 0), line)


def doer_sheet() -> rx.Component:
    def choice(name, id_, role: rx.Component | None = None, **props) -> rx.Component:
        return rx.el.li(
            rx.el.button(
                icon("user-round"),
                rx.el.span(rx.el.span(name, class_name="strong"), *([role] if role else []), class_name="grow"),
                rx.cond(doer.id == id_, icon("check")),
                type="button",
                class_name="line",
                on_click=entering.act("setDoer", id_),
                custom_attrs={"aria-pressed": rx.cond(doer.id == id_, "true", "false")},
            ),
            **props,
        )

    def person(somebody: Person) -> rx.Component:
        role = rx.el.span(tk("role", somebody.role), class_name="soft small block")
        return choice(somebody.name, somebody.id, role, key=somebody.id)

    return sheet(
        page.sheet == "doer",
        t("doer.who"),
        act("closeSheet"),
        rx.el.p(t("doer.means"), class_name="soft small"),
        rx.el.ul(choice(t("doer.myself"), 0), rx.foreach(doer.people, person), class_name="list"),
    )
