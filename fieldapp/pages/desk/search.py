"""Tìm: one field over units under all their names, teams, members and households; each row leads to its page."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import reflex as rx
from pydantic import BaseModel, Field

from fieldapp.components.base import desk_icon, empty
from fieldapp.components.desk_shell import desk_link, desk_page
from fieldapp.components.words import number, t, tk
from fieldapp.db import database
from fieldapp.device.store import count, some
from fieldapp.domain.given import PlainText
from fieldapp.domain.search_rank import MAX_TYPED
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.permissions import Action, Principal
from fieldapp.reports.search import MOST, Found, Hit, Kind, search
from fieldapp.services.reference import old_commune_names
from fieldapp.states.session import DeskState, needs
from models.base import utc_now

ICONS = {
    Kind.COMMUNE: "building-2",
    Kind.VILLAGE: "map",
    Kind.TEAM: "users",
    Kind.MEMBER: "contact",
    Kind.HOUSEHOLD: "house",
}
TYPING_MS = 250
"""A pause in typing after which the search begins by itself."""


class SearchForm(BaseModel):
    query: PlainText = Field(default="", max_length=MAX_TYPED)


@dataclass
class HitLine:
    id: str = ""
    kind: str = ""
    name: str = ""
    beneath: str = ""
    once: str = ""
    ended: str = ""
    into: str = ""
    address: str = ""


@dataclass
class Group:
    kind: str = ""
    hits: list[HitLine] = field(default_factory=list)


class SearchState(DeskState):
    """`asked` is what the results are of."""

    asked: str = ""
    groups: rx.Field[list[Group]] = rx.field(default_factory=list)
    total: int = 0
    more: bool = False

    @needs(Action.SEARCH)
    async def load(self, who: Principal) -> None:
        """The words in the address, or those of before: whoever comes back finds what they left."""
        await self._find(who, self.router.url.query_parameters.get("q", "")[:MAX_TYPED] or self.asked)

    @needs(Action.SEARCH)
    async def find(self, who: Principal, form: SearchForm) -> None:
        await self._find(who, form.query)

    @needs(Action.SEARCH)
    async def typed(self, who: Principal, query: PlainText) -> None:
        await self._find(who, query[:MAX_TYPED])

    async def _find(self, who: Principal, query: str) -> None:
        async with database().read() as db:
            found = await search(db, who, query.replace("\x00", ""), vn_day(utc_now()), old_commune_names())
        self.asked = query.strip()
        self.groups, self.total, self.more = _groups(found), found.total, found.more


def _groups(found: Found) -> list[Group]:
    return [Group(str(kind), [_line(hit) for hit in hits]) for kind, hits in found.groups]


def _line(hit: Hit) -> HitLine:
    return HitLine(
        id=f"{hit.kind}-{hit.id}",
        kind=str(hit.kind),
        name=hit.name,
        beneath=", ".join(part for part in (hit.head, hit.beneath) if part),
        once=hit.once,
        ended=written_day(hit.ended + timedelta(days=1)) if hit.ended else "",
        into=hit.into,
        address=_address(hit),
    )


def _address(hit: Hit) -> str:
    """The page of what was found."""
    match hit.kind:
        case Kind.COMMUNE:
            return "/desk/?" + urlencode({"unit": hit.id})
        case Kind.VILLAGE:
            return "/desk/units/?" + urlencode({"unit": hit.id})
        case Kind.TEAM | Kind.MEMBER:
            return "/desk/teams/?" + urlencode({"commune": hit.unit_id})
        case Kind.HOUSEHOLD:
            return "/desk/visits/?" + urlencode({"village": hit.unit_id, "query": hit.name})


def _hit(line: HitLine) -> rx.Component:
    household = line.kind == str(Kind.HOUSEHOLD)
    name = rx.cond(household, t("search.number", number=line.name), line.name)
    once = rx.cond(household, t("search.number_once", number=line.once), t("search.once", name=line.once))
    ended = rx.cond(
        line.into != "",
        t("search.ended_into", day=line.ended, name=line.into),
        t("search.ended", day=line.ended),
    )
    return rx.el.li(
        desk_link(
            rx.match(line.kind, *((str(kind), desk_icon(name)) for kind, name in ICONS.items()), desk_icon("search")),
            rx.el.span(
                rx.el.span(name, class_name="strong block"),
                rx.cond(line.beneath != "", rx.el.span(line.beneath, class_name="soft small block")),
                rx.cond(line.once != "", rx.el.span(once, class_name="small block")),
                rx.cond(line.ended != "", rx.el.span(ended, class_name="small block")),
            ),
            to=line.address,
            class_name="hit",
        ),
        key=line.id,
    )


def _group(group: Group) -> rx.Component:
    return rx.el.section(
        rx.el.h2(tk("search", group.kind), " ", rx.el.span(number(count(group.hits)), class_name="soft")),
        rx.el.ul(rx.foreach(group.hits, _hit), class_name="hits"),
        class_name="panel",
        key=group.kind,
    )


def search_page() -> rx.Component:
    state = SearchState
    typing: Any = state.typed
    words = rx.el.input(
        type="search", name="query", max_length=MAX_TYPED, auto_focus=True, auto_complete="off",
        default_value=state.asked, on_change=typing.debounce(TYPING_MS),
    )  # fmt: skip
    find = rx.el.button(desk_icon("search"), t("search.find"), type="submit", class_name="button primary compact")
    fields = rx.el.form(
        rx.el.div(
            rx.el.label(rx.el.span(t("search.what")), words, class_name="field grow"), find, class_name="filters"
        ),
        rx.el.p(t("search.what_hint"), class_name="soft small"),
        on_submit=state.find,
        reset_on_submit=False,
        class_name="panel",
        role="search",
    )
    told = rx.cond(state.more, t("search.most", n=number(MOST)), t("search.found", n=number(state.total)))
    found = rx.fragment(rx.el.p(told, class_name="soft", role="status"), rx.foreach(state.groups, _group))
    nothing = rx.cond(
        state.asked != "",
        empty("search", t("search.none", query=state.asked), then=t("search.none_then")),
        empty("search", t("search.first")),
    )
    return desk_page(t("desk.search"), fields, rx.cond(some(state.groups), found, nothing), current="search")
