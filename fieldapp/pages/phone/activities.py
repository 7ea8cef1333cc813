"""Hoạt động chung: what the team did for many at once, and one form on one screen. Nobody's name is asked for."""

import reflex as rx

from fieldapp.components.base import button, empty, icon, pill, sheet, state_pill
from fieldapp.components.counter import counter
from fieldapp.components.phone_shell import phone_page
from fieldapp.components.words import t, tk
from fieldapp.components.work import choices, refused, save_bar, tile, village_choice, when_and_who, written
from fieldapp.device.shapes import Tile
from fieldapp.device.store import act, acting, activities, activity_form, page, some
from fieldapp.device.work_slices import ActivityLine
from fieldapp.pages.phone.picture import camera_and_sheet, photo_strip, shown_photos

form = activity_form
KINDS = {
    "talk": "megaphone",
    "class": "graduation-cap",
    "campaign": "flag",
    "loudspeaker": "volume-2",
    "group_post": "message-circle",
    "production": "sprout",
}


def _platform(line: Tile) -> rx.Component:
    return tile(line.icon, line.name, line.chosen, acting.act("togglePlatform", line.code), key=line.code)


def _form() -> rx.Component:
    kinds = [
        tile(symbol, t(f"activity.kind.{kind}"), form.kind == kind, acting.act("setKind", kind))
        for kind, symbol in KINDS.items()
    ]
    people = rx.cond(form.meeting, t("activity.people"), t("activity.people_if"))
    return rx.fragment(
        choices(t("activity.what"), *kinds, tiles=True),
        village_choice(form.village, acting),
        rx.el.section(
            counter("people", people, form.people, acting, "addPeople", "setPeople"),
            rx.el.p(t("activity.no_names"), class_name="soft small"),
            class_name="card stack",
        ),
        choices(t("activity.platforms"), rx.foreach(form.tiles, _platform), tiles=True),
        photo_strip(form.pictures, form.missing == "face"),
        written(t("record.note"), form.note, form.missing, acting, "setNote", 300),
        save_bar(form.missing, acting),
    )


def _words(line: ActivityLine) -> rx.Component:
    return rx.el.div(
        rx.el.p(tk("activity.kind", line.kind), class_name="strong"),
        rx.cond(line.people > 0, rx.el.p(t("activity.n_people", n=line.people), class_name="num")),
        rx.cond(line.platforms != "", rx.el.p(line.platforms, class_name="soft small")),
        rx.cond(line.note != "", rx.el.p(line.note, class_name="soft small")),
        when_and_who(line),
        shown_photos(line.pictures, t("activity.photo")),
        rx.el.div(
            rx.cond(line.sync == "sent", pill(t("visit.state.sent"), "done"), state_pill(line.sync)), class_name="row"
        ),
        class_name="grow stack tight",
    )


def _line(line: ActivityLine) -> rx.Component:
    """One's own opens the way to take it back."""
    symbol = rx.el.span(icon(rx.match(line.kind, *KINDS.items(), "users")), class_name="house")
    own = rx.el.button(
        symbol,
        _words(line),
        icon("chevron-right"),
        type="button",
        class_name="line top",
        on_click=acting.act("ask", line.id),
    )
    theirs = rx.el.div(symbol, _words(line), class_name="line top")
    return rx.el.li(rx.cond(line.mine, own, theirs), key=line.id)


def _list() -> rx.Component:
    return rx.fragment(
        button(icon("plus"), t("activity.new"), kind="primary wide", on_click=acting.act("begin")),
        rx.foreach(activities.refused, lambda line: refused(line, tk("activity.kind", line.kind), acting)),
        rx.cond(
            some(activities.lines),
            rx.el.ul(rx.foreach(activities.lines, _line), class_name="list"),
            rx.cond(
                activities.ready,
                rx.el.div(
                    empty("megaphone", t("activity.none"), then=t("activity.none_next")),
                    class_name="card",
                ),
            ),
        ),
        sheet(
            page.sheet == "activity",
            t("activity.this"),
            act("closeSheet"),
            button(icon("trash-2"), t("activity.withdraw"), kind="wide danger", on_click=acting.act("withdraw")),
        ),
    )


def activities_page() -> rx.Component:
    return phone_page(
        t("activity.title"), rx.cond(form.open, _form(), _list()), camera_and_sheet(), back="/m/", bar=~form.open
    )
