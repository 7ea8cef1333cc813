"""Hoạt động chung: what teams did for many at once, with its photos, and what was said of day logs; read only."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import reflex as rx
from pydantic import ValidationError

from fieldapp.components.base import button, chip, empty, figure, icon
from fieldapp.components.choice import options
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import field as form_field
from fieldapp.components.table import Column, cell, pager, table
from fieldapp.components.words import local, number, t, tk
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.permissions import Action, Principal
from fieldapp.problems import Problem
from fieldapp.reports.activity_list import ActivityFilter, ActivityRow, CommentRow, list_activities, list_comments
from fieldapp.reports.unit_tree import get_own_unit, list_below
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.activity import ActivityKind
from models.base import utc_now


class Part(StrEnum):
    ACTIVITIES = "activities"
    COMMENTS = "comments"


@dataclass
class ActivityLine:
    """`people` is -1 where nobody could count them."""

    id: str = ""
    kind: str = ""
    day: str = ""
    village: str = ""
    author: str = ""
    people: int = -1
    platforms_vi: str = ""
    platforms_en: str = ""
    note: str = ""
    photos: list[str] = field(default_factory=list)


@dataclass
class CommentLine:
    id: str = ""
    day: str = ""
    village: str = ""
    author: str = ""
    about: str = ""
    text: str = ""
    answer: str = ""


class ActivitiesState(DeskState):
    """`asked` is the filter as its form shows it; `drawn` changes when the form must be shown anew."""

    part: str = str(Part.ACTIVITIES)
    asked: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    drawn: int = 0
    villages: rx.Field[list[Option]] = rx.field(default_factory=list)
    lines: rx.Field[list[ActivityLine]] = rx.field(default_factory=list)
    comments: rx.Field[list[CommentLine]] = rx.field(default_factory=list)
    total: int = 0
    people: int = 0
    page: int = 0
    pages: int = 1

    @needs(Action.READ_ACTIVITY)
    async def load(self, who: Principal) -> None:
        today = vn_day(utc_now())
        async with database().read() as db:
            commune = await get_own_unit(db, who, Action.READ_ACTIVITY)
            self.villages = [Option(str(v.id), v.name) for v in await list_below(db, commune, DayRange(today, today))]
        await self._show(who)

    @needs(Action.READ_ACTIVITY)
    async def choose_part(self, who: Principal, part: Part) -> None:
        self.part = str(part)
        await self._show(who)

    @needs(Action.READ_ACTIVITY)
    async def search(self, who: Principal, form: dict[str, str]) -> None:
        self.asked = {name: form.get(name, "") for name in ("kind", "village", "first", "last")}
        await self._show(who)

    @needs(Action.READ_ACTIVITY)
    async def clear(self, who: Principal) -> None:
        self.asked = {}
        self.drawn += 1
        await self._show(who)

    @needs(Action.READ_ACTIVITY)
    async def turn(self, who: Principal, page: int) -> None:
        await self._show(who, page)

    async def _show(self, who: Principal, page: int = 0) -> None:
        asked = _filter({**self.asked, "page": page})
        listing = list_comments if self.part == str(Part.COMMENTS) else list_activities
        async with database().read() as db:
            found = await listing(db, who, asked)
        is_comments = listing is list_comments
        self.comments = [_comment(row) for row in found.rows] if is_comments else []
        self.lines = [] if is_comments else [_line(row) for row in found.rows]
        self.total, self.people, self.page, self.pages = found.total, found.people, found.page, found.pages


def _filter(given: dict[str, Any]) -> ActivityFilter:
    try:
        return ActivityFilter.model_validate(given)
    except ValidationError as error:
        raise Problem("invalid", ".".join(map(str, error.errors()[0]["loc"])) or None) from None


def _line(row: ActivityRow) -> ActivityLine:
    return ActivityLine(
        id=str(row.id),
        kind=str(row.kind),
        day=written_day(row.done_on),
        village=row.village,
        author=row.author,
        people=-1 if row.people is None else row.people,
        platforms_vi=", ".join(vi for vi, _ in row.platforms),
        platforms_en=", ".join(en for _, en in row.platforms),
        note=row.note,
        photos=[f"/api/v1/visits/{row.id}/photos/{sha256}?slot=desk" for sha256 in row.photos],
    )


def _comment(row: CommentRow) -> CommentLine:
    day = written_day(row.day)
    return CommentLine(str(row.id), day, row.village, row.author, row.about, row.text, row.answer)


def _filters() -> rx.Component:
    state = ActivitiesState

    def choice(name: str, *lines: Any) -> rx.Component:
        none = rx.el.option(t("activities.all"), value="")
        control = rx.el.select(none, *lines, name=name, default_value=state.asked.get(name, ""))
        return form_field(t(f"activities.{name}"), control)

    def day(name: str) -> rx.Component:
        control = rx.el.input(type="date", name=name, default_value=state.asked.get(name, ""))
        return form_field(t(f"desk.{name}_day"), control)

    kinds = [rx.el.option(t(f"activity.kind.{kind}"), value=str(kind)) for kind in ActivityKind]
    return rx.el.form(
        day("first"),
        day("last"),
        choice("village", options(state.villages)),
        rx.cond(state.part == str(Part.ACTIVITIES), choice("kind", *kinds)),
        rx.el.button(icon("search"), t("activities.find"), type="submit", class_name="button primary compact"),
        button(t("activities.clear"), kind="compact", on_click=state.clear),
        on_submit=state.search,
        key=state.drawn,
        class_name="filters panel",
    )


def _photo(address: Any) -> rx.Component:
    picture = rx.el.img(src=address + "&size=thumb", alt=t("activity.photo"), loading="lazy")
    return rx.el.a(picture, href=address, target="_blank", rel="noopener", class_name="thumb", key=address)


def _activities() -> rx.Component:
    def row(line: ActivityLine) -> rx.Component:
        people = rx.cond(line.people >= 0, number(line.people), "–")
        return rx.el.tr(
            cell(line.day, kind="num-left"),
            cell(
                rx.el.span(tk("activity.kind", line.kind), class_name="block strong"),
                rx.el.span(local(line.platforms_vi, line.platforms_en), class_name="block soft small"),
                rx.el.span(line.note, class_name="block"),
            ),
            cell(rx.el.span(line.village, class_name="block strong"), rx.el.span(line.author, class_name="soft small")),
            rx.el.td(people, class_name="num"),
            cell(rx.el.div(rx.foreach(line.photos, _photo), class_name="row wrap")),
            key=line.id,
        )

    names = (("day", ""), ("what", ""), ("where", ""), ("people", "num"), ("photos", ""))
    heads = [Column(t(f"activities.col_{name}"), kind) for name, kind in names]
    return table(t("desk.activities"), heads, ActivitiesState.lines, row)


def _comments() -> rx.Component:
    def row(line: CommentLine) -> rx.Component:
        return rx.el.tr(
            cell(line.day, kind="num-left"),
            cell(rx.el.span(line.about, class_name="block strong"), rx.el.span(line.village, class_name="soft small")),
            cell(rx.el.span(line.text, class_name="block"), rx.el.span(line.author, class_name="soft small")),
            cell(line.answer),
            key=line.id,
        )

    heads = [Column(t(f"activities.col_{name}")) for name in ("log_day", "member", "comment", "answer")]
    return table(t("activities.part.comments"), heads, ActivitiesState.comments, row)


def activities_page() -> rx.Component:
    state = ActivitiesState
    ways = [chip(t(f"activities.part.{part}"), state.part == str(part), state.choose_part(str(part))) for part in Part]
    is_comments = state.part == str(Part.COMMENTS)
    turn = pager(state.page, state.pages, state.total, state.turn, "activities.page")
    figures = rx.el.div(
        figure(number(state.total), t("activities.number")),
        figure(number(state.people), t("activities.people")),
        class_name="figures",
    )
    activities = rx.cond(some(state.lines), rx.fragment(_activities(), turn), empty("megaphone", t("activities.none")))
    comments = rx.cond(
        some(state.comments),
        rx.fragment(_comments(), turn),
        empty("message-circle", t("activities.no_comment")),
    )
    return desk_page(
        t("desk.activities"),
        rx.el.div(*ways, class_name="chips", role="group", aria_label=t("activities.parts")),
        rx.el.p(rx.cond(is_comments, t("activities.comments_mean"), t("activities.means")), class_name="soft"),
        _filters(),
        rx.cond(is_comments, rx.fragment(), figures),
        rx.el.section(rx.cond(is_comments, comments, activities), class_name="panel"),
        current="activities",
    )
