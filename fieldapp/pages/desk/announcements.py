"""Thông báo: what the commune or the province tells its people, and who has opened it."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, empty, pill
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import (
    area_field,
    date_field,
    field,
    folded,
    form,
    said,
    side_panel,
    text_field,
    tick_field,
)
from fieldapp.components.table import pager
from fieldapp.components.words import number, t, tk, told
from fieldapp.device.store import count, some
from fieldapp.domain.announcement import MAX_TEXT, MAX_TITLE
from fieldapp.pages.desk.announcements_state import AnnouncementsState, AnnouncementView, PlaceView
from fieldapp.permissions import Action
from fieldapp.reports.announcement_list import Part
from models.announcement import Audience

State = AnnouncementsState


def _may_write() -> Any:
    return State.allowed.contains(str(Action.WRITE_ANNOUNCEMENT))


def _bar(width: Any) -> rx.Component:
    return rx.el.div(rx.el.i(style={"width": width}), class_name="bar", aria_hidden="true")


def _read(line: AnnouncementView) -> rx.Component:
    """How far it has come; what is for officers alone is read by no member."""
    people = rx.fragment(
        rx.el.p(t("announcement.read_of", read=number(line.read), total=number(line.total)), class_name="small strong"),
        _bar(line.width),
    )
    offices = rx.el.p(
        t("announcement.offices_of", read=number(line.offices), total=number(line.communes)), class_name="small"
    )
    only = rx.el.p(t("announcement.officers_only"), class_name="small")
    return rx.fragment(
        rx.cond(line.audience == str(Audience.OFFICERS), only, people), rx.cond(State.by_province, offices)
    )


def _line(line: AnnouncementView) -> rx.Component:
    reach = rx.cond(
        line.everywhere, t("announcement.everywhere"), t("announcement.n_communes", n=number(line.communes))
    )
    above = State.part == str(Part.ABOVE)
    seen = rx.cond(line.seen, pill(t("announcement.seen"), "done"), pill(t("announcement.fresh"), "wait"))
    return rx.el.li(
        rx.el.div(
            rx.el.p(line.title, class_name="strong"),
            rx.el.p(
                t("announcement.sent_at", at=line.sent),
                " · ",
                tk("announcement.audience", line.audience),
                rx.cond(State.by_province, rx.fragment(" · ", reach)),
                class_name="soft small",
            ),
            rx.el.div(
                rx.cond(line.withdrawn, pill(t("announcement.withdrawn"), "need")),
                rx.cond(line.due != "", pill(t("announcement.due", day=line.due), "wait")),
                rx.cond(above, seen),
                class_name="row wrap",
            ),
            class_name="person stack tight",
        ),
        rx.el.div(
            _read(line),
            rx.el.div(
                button(
                    rx.cond(above, t("announcement.open"), t("announcement.who")),
                    rx.el.span(" ", line.title, class_name="sr"),
                    kind="compact",
                    on_click=State.open_one(line.id, 0),
                ),
                class_name="row",
            ),
            class_name="grow stack tight",
        ),
        class_name="seat",
        key=line.id,
    )  # fmt: skip


def _place(place: PlaceView) -> rx.Component:
    """A team with the names of those who have not opened it; a commune with its numbers alone."""
    names = rx.cond(
        some(place.unread),
        rx.el.details(
            rx.el.summary(t("announcement.unread", n=number(count(place.unread))), class_name="link"),
            rx.el.ul(rx.foreach(place.unread, lambda name: rx.el.li(name, class_name="small"))),
        ),
        rx.el.p(pill(t("announcement.all_read"), "done")),
    )
    office = rx.cond(
        place.office, pill(t("announcement.office_seen"), "done"), pill(t("announcement.office_unseen"), "wait")
    )
    figure = t("announcement.place_read", read=number(place.read), total=number(place.total))
    return rx.el.li(
        rx.el.p(
            rx.el.span(place.name, class_name="strong grow"),
            rx.cond(place.total > 0, rx.el.span(figure, class_name="small num")),
            class_name="row wrap",
        ),
        rx.cond(place.total > 0, _bar(place.width)),
        rx.cond(State.by_province, rx.el.p(office), names),
        key=place.name,
    )


def _panel() -> rx.Component:
    one = State.open
    taking = folded(
        t("announcement.withdraw"),
        rx.el.p(t("announcement.withdraw_means"), class_name="soft small"),
        button(t("announcement.withdraw"), kind="compact danger", on_click=State.withdraw(one.id)),
    )
    title = rx.cond(State.by_province, t("announcement.by_commune"), t("announcement.by_team"))
    turns = pager(
        one.page, one.pages, one.count, lambda page: State.open_one(one.id, page), words="announcement.place_page"
    )
    own = (State.part == str(Part.OWN)) & ~one.withdrawn
    return side_panel(
        one.title,
        State.close,
        rx.cond(one.due != "", rx.el.p(pill(t("announcement.due", day=one.due), "wait"))),
        rx.el.p(one.text, class_name="note message"),
        rx.cond(
            one.total > 0,
            rx.el.p(t("announcement.read_of", read=number(one.read), total=number(one.total)), class_name="strong"),
        ),
        rx.cond(
            some(one.places),
            rx.fragment(rx.el.h3(title), rx.el.ul(rx.foreach(one.places, _place), class_name="bars")),
        ),
        rx.cond(one.pages > 1, turns),
        rx.cond(own & _may_write(), taking),
    )


def _new() -> rx.Component:
    def audience(*words: Audience) -> list[rx.Component]:
        return [rx.el.option(t(f"announcement.audience.{word}"), value=str(word)) for word in words]

    chosen = folded(
        t("announcement.choose_communes"),
        rx.el.p(t("announcement.communes_hint"), class_name="soft small"),
        rx.el.div(
            rx.foreach(State.communes, lambda one: tick_field("tick_" + one.value, one.label, key=one.value)),
            class_name="ticks",
            role="group",
            aria_label=t("announcement.communes"),
        ),
    )
    ours = rx.cond(
        State.by_province,
        rx.el.select(*audience(*Audience), name="audience"),
        rx.el.select(*audience(Audience.MEMBERS, Audience.LEADERS), name="audience"),
    )
    fields = form(
        text_field("title", t("announcement.heading"), max_length=MAX_TITLE, required=True),
        area_field(
            "text", t("announcement.text"), t("announcement.text_hint"), max_length=MAX_TEXT, rows="8", required=True
        ),
        field(t("announcement.to"), ours),
        date_field("due_on", t("announcement.due_on"), min=State.today),
        rx.cond(State.by_province, chosen),
        send=t("announcement.send"),
        on_submit=State.send,
        reset_on_submit=False,
        key=State.drawn,
    )
    return rx.el.section(rx.el.h2(t("announcement.new")), fields, class_name="panel stack")


def announcements_page() -> rx.Component:
    parts = [
        chip(t(f"announcement.part.{part}"), State.part == str(part), State.choose_part(str(part))) for part in Part
    ]
    done = rx.cond(State.done != "", told("announcement.said", State.done, State.done_params), "")
    listed = rx.el.section(
        rx.cond(
            State.by_province,
            rx.fragment(),
            rx.el.div(*parts, class_name="chips", role="group", aria_label=t("announcement.part")),
        ),
        said(done),
        rx.cond(
            some(State.lines),
            rx.el.ul(rx.foreach(State.lines, _line), class_name="bars"),
            empty("bell", t("announcement.none")),
        ),
        rx.cond(State.pages > 1, pager(State.page, State.pages, State.total, State.turn, "announcement.page")),
        class_name="panel stack",
    )
    return desk_page(
        t("desk.announcements"),
        rx.el.div(listed, rx.cond(_may_write(), _new()), class_name="columns"),
        rx.cond(State.open.id != "", _panel()),
        current="announcements",
    )
