"""Doanh nghiệp phối hợp: the directory of partner companies, and the panel in which one is kept."""

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.components.base import button, empty, icon
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import said
from fieldapp.components.table import pager
from fieldapp.components.words import t
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.given import Key
from fieldapp.domain.partner import PartnerForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.pages.desk.partners_view import PartnerLine, partner_panel, partner_table, show_partner
from fieldapp.permissions import Action, Principal, Reach, reach_of
from fieldapp.reports.partner_list import PartnerFilter, PartnerStanding, get_partner, list_partners
from fieldapp.reports.unit_tree import get_own_unit, list_below
from fieldapp.services import partners, pull_rows, shared_links
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.base import utc_now
from models.partner import PartnerKind


class PartnersState(DeskState):
    """`panel` is open for a new company too; `done` says what was done just now; `drawn` draws the filter anew."""

    asked: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    drawn: int = 0
    lines: rx.Field[list[PartnerLine]] = rx.field(default_factory=list)
    total: int = 0
    page: int = 0
    pages: int = 1
    panel: bool = False
    open: PartnerLine = PartnerLine()
    communes: rx.Field[list[Option]] = rx.field(default_factory=list)
    platforms: rx.Field[list[Option]] = rx.field(default_factory=list)
    of_commune: bool = False
    shared_until: str = ""
    """Up to which day the company's percentages are open to whoever has their address."""
    today: str = ""
    done: str = ""

    @needs(Action.READ_PARTNER)
    async def load(self, who: Principal) -> None:
        self.panel, self.open, self.done = False, PartnerLine(), ""
        today = vn_day(utc_now())
        self.today, self.of_commune = today.isoformat(), reach_of(who, Action.READ_PARTNER) is not Reach.PROVINCE
        async with database().read() as db:
            known = [p for p in await pull_rows.platforms(db) if not p["gone"]]
            self.platforms = [Option(p["code"], p["short_vi"], p["short_en"]) for p in known]
            if not self.of_commune:
                province = await get_own_unit(db, who, Action.READ_PARTNER)
                found = await list_below(db, province, DayRange(today, today))
                self.communes = [Option(str(unit.id), unit.name) for unit in found]
        await self._list(who, PartnerFilter())
        self.drawn += 1

    @needs(Action.READ_PARTNER)
    async def search(self, who: Principal, form: PartnerFilter) -> None:
        self.done = ""
        await self._list(who, form)

    @needs(Action.READ_PARTNER)
    async def clear(self, who: Principal) -> None:
        await self._list(who, PartnerFilter())
        self.drawn += 1

    @needs(Action.READ_PARTNER)
    async def turn(self, who: Principal, page: int) -> None:
        await self._list(who, PartnerFilter.model_validate({**self.asked, "page": max(0, min(page, 100_000))}))

    @needs(Action.READ_PARTNER)
    async def open_one(self, who: Principal, partner: Key) -> None:
        self.done = ""
        async with database().read() as db:
            self.open = show_partner(await get_partner(db, who, partner, vn_day(utc_now())))
            await self._show_link(db, partner)
        self.panel = True

    @needs(Action.KEEP_PARTNER)
    async def shared(self, who: Principal, partner: Key) -> None:
        async with database().read() as db:
            await partners.get_kept(db, who, partner)
            await self._show_link(db, partner)

    @needs(Action.KEEP_PARTNER)
    async def unshare(self, who: Principal, partner: Key) -> None:
        async with database().write() as db:
            await shared_links.end_percentages(db, who, partner)
        self.shared_until, self.done = "", "unshared"

    async def _show_link(self, db: AsyncSession, partner: int) -> None:
        last = await shared_links.last_day_of(db, partner, vn_day(utc_now()))
        self.shared_until = written_day(last) if last else ""

    @needs(Action.KEEP_PARTNER)
    async def begin(self, who: Principal) -> None:
        self.done, self.open, self.panel, self.shared_until = "", PartnerLine(), True, ""

    @needs(Action.READ_PARTNER)
    async def close(self, who: Principal) -> None:
        self.panel, self.open = False, PartnerLine()

    @needs(Action.KEEP_PARTNER)
    async def save(self, who: Principal, form: PartnerForm) -> None:
        self.done = ""
        async with database().write() as db:
            await partners.save(db, who, form)
        self.panel, self.open = False, PartnerLine()
        await self._list(who, PartnerFilter.model_validate({**self.asked, "page": self.page}))
        self.done = "changed" if form.partner else "added"

    async def _list(self, who: Principal, asked: PartnerFilter) -> None:
        async with database().read() as db:
            found = await list_partners(db, who, asked, vn_day(utc_now()))
        self.lines = [show_partner(row) for row in found.rows]
        self.total, self.page, self.pages = found.total, found.page, found.pages
        self.asked = asked.chosen()


def _filters() -> rx.Component:
    state = PartnersState

    def choice(name: str, values: type[PartnerKind] | type[PartnerStanding]) -> rx.Component:
        lines = [rx.el.option(t(f"partner.{name}.{value}"), value=str(value)) for value in values]
        first = rx.el.option(t("visits.all"), value="")
        control = rx.el.select(first, *lines, name=name, default_value=state.asked.get(name, ""))
        return rx.el.label(rx.el.span(t(f"partner.col_{name}")), control, class_name="field")

    words = rx.el.input(
        type="search", name="query", default_value=state.asked.get("query", ""), max_length=80,
        placeholder=t("partner.query_hint"), auto_complete="off",
    )  # fmt: skip
    return rx.el.form(
        rx.el.label(rx.el.span(t("visits.query")), words, class_name="field grow"),
        choice("kind", PartnerKind),
        choice("standing", PartnerStanding),
        rx.el.button(icon("search"), t("visits.find"), type="submit", class_name="button primary compact"),
        button(t("visits.clear"), kind="compact", on_click=state.clear),
        on_submit=state.search,
        key=state.drawn,
        class_name="filters panel",
    )


def partners_page() -> rx.Component:
    state = PartnersState
    may_keep = state.allowed.contains(str(Action.KEEP_PARTNER))
    found = rx.fragment(
        partner_table(state.lines, state.open_one, state.open.id, state.of_commune),
        pager(state.page, state.pages, state.total, state.turn, "partner.page"),
    )
    none = empty("building-2", t("partner.none"), then=rx.cond(may_keep, t("partner.none_then"), ""))
    words = ("added", "changed", "unshared")
    done = rx.match(state.done, *((word, t(f"partner.{word}")) for word in words), "")
    return desk_page(
        t("desk.partners"),
        said(done),
        _filters(),
        rx.el.section(rx.cond(some(state.lines), found, none), class_name="panel"),
        rx.cond(state.panel, partner_panel(state, may_keep)),
        current="partners",
        tools=rx.cond(may_keep, button(t("partner.add"), kind="primary compact", on_click=state.begin)),
    )
