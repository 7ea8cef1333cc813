"""Danh bạ: whom teams may call for help, and the commune's common group on Zalo."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from fieldapp.components.base import button, empty, joined, pill
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import (
    date_field,
    field,
    folded,
    form,
    hidden_field,
    number_field,
    said,
    text_field,
    tick_field,
)
from fieldapp.components.words import number, t, tk
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.given import Key
from fieldapp.domain.support_contact import (
    MAX_ABOUT,
    MAX_LINK,
    MAX_NAME,
    MAX_WRITTEN,
    MOST_MEMBERS,
    CommuneGroupForm,
    ContactForm,
)
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.permissions import Action, Principal
from fieldapp.reports.contact_list import list_contacts
from fieldapp.services import support_contacts
from fieldapp.states.session import DeskState, needs
from models.base import utc_now
from models.support_contact import ContactKind
from models.unit import Region


@dataclass
class ContactView:
    id: int = 0
    kind: str = ""
    name: str = ""
    about: str = ""
    phone: str = ""
    zalo: bool = False
    region: str = ""
    own: bool = False
    of_province: bool = False


@dataclass
class GroupView:
    """Numbers as a form takes them, empty where there is no group yet; `day` as people write it."""

    name: str = ""
    link: str = ""
    leaders: str = ""
    teams: str = ""
    companies: str = ""
    counted_on: str = ""
    day: str = ""


class ContactsState(DeskState):
    """`changing` is the contact in the form, with id 0 a new one; `drawn` rises where the form begins anew."""

    lines: rx.Field[list[ContactView]] = rx.field(default_factory=list)
    group: GroupView = GroupView()
    changing: ContactView = ContactView()
    by_province: bool = False
    grouped: int = 0
    communes: int = 0
    today: str = ""
    drawn: int = 0
    done: str = ""

    @needs(Action.READ_CONTACT)
    async def load(self, who: Principal) -> None:
        self.done = ""
        await self._show(who)

    @needs(Action.KEEP_CONTACT)
    async def change(self, who: Principal, contact: int) -> None:
        self.changing = next((line for line in self.lines if line.id == contact and line.own), ContactView())
        self.drawn, self.done = self.drawn + 1, ""

    @needs(Action.KEEP_CONTACT)
    async def keep(self, who: Principal, form: ContactForm) -> None:
        self.done = ""
        async with database().write() as db:
            await support_contacts.keep(db, who, form)
        await self._show(who)
        self.drawn, self.done = self.drawn + 1, "kept"

    @needs(Action.KEEP_CONTACT)
    async def discard(self, who: Principal, contact: Key) -> None:
        self.done = ""
        async with database().write() as db:
            await support_contacts.discard(db, who, contact)
        await self._show(who)
        self.drawn, self.done = self.drawn + 1, "discarded"

    @needs(Action.KEEP_CONTACT)
    async def keep_group(self, who: Principal, form: CommuneGroupForm) -> None:
        self.done = ""
        async with database().write() as db:
            await support_contacts.keep_group(db, who, form)
        await self._show(who)
        self.done = "group_kept"

    async def _show(self, who: Principal) -> None:
        async with database().read() as db:
            found = await list_contacts(db, who)
        self.by_province, self.changing = who.commune_id is None, ContactView()
        self.today = vn_day(utc_now()).isoformat()
        self.lines = [
            ContactView(
                row.id, row.kind, row.name, row.about, row.phone, row.zalo, row.region or "",
                row.commune_id == who.commune_id, row.commune_id is None,
            )
            for row in found.rows
        ]  # fmt: skip
        self.group, self.grouped, self.communes = _group(found.group), found.grouped, found.communes


def _group(row: Any) -> GroupView:
    if row is None:
        return GroupView()
    counts = (str(row.leaders), str(row.teams), str(row.companies))
    return GroupView(row.name, row.link, *counts, row.counted_on.isoformat(), written_day(row.counted_on))


def _may_keep() -> Any:
    return ContactsState.allowed.contains(str(Action.KEEP_CONTACT))


def _line(line: ContactView) -> rx.Component:
    where = rx.match(
        line.region,
        *[(str(region), t(f"contact.region.{region}")) for region in Region],
        t("contact.province"),
    )
    own = rx.fragment(
        button(
            t("contact.change"),
            rx.el.span(" ", line.name, class_name="sr"),
            kind="compact",
            on_click=ContactsState.change(line.id),
        ),
        folded(
            t("contact.discard"),
            button(t("contact.discard"), kind="compact danger", on_click=ContactsState.discard(line.id)),
        ),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(line.name, class_name="strong"),
            rx.cond(line.about != "", rx.el.p(line.about, class_name="soft small")),
            class_name="person stack tight",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.a(line.phone, href="tel:" + line.phone, class_name="link num"),
                pill(tk("contact.kind", line.kind)),
                rx.cond(line.zalo, pill("Zalo")),
                rx.cond(line.of_province, pill(where)),
                class_name="row wrap",
            ),
            rx.cond(line.own & _may_keep(), rx.el.div(own, class_name="row wrap")),
            class_name="grow stack tight",
        ),
        class_name="seat",
        key=line.id,
    )


def _contact_form() -> rx.Component:
    one = ContactsState.changing
    kinds = [rx.el.option(t(f"contact.kind.{kind}"), value=str(kind)) for kind in ContactKind]
    regions = [rx.el.option(t(f"contact.region.{region}"), value=str(region)) for region in Region]
    region = field(
        t("contact.region"),
        rx.el.select(
            rx.el.option(t("contact.everywhere"), value=""), *regions, name="region", default_value=one.region
        ),
    )
    fields = form(
        rx.cond(one.id > 0, hidden_field("contact", one.id)),
        field(
            t("contact.kind"),
            rx.el.select(*kinds, name="kind", default_value=rx.cond(one.kind != "", one.kind, str(ContactKind.OFFICE))),
        ),
        text_field("name", t("contact.name"), max_length=MAX_NAME, default_value=one.name, required=True),
        text_field("about", t("contact.about"), t("contact.about_hint"), max_length=MAX_ABOUT, default_value=one.about),
        text_field(
            "phone", t("contact.phone"), type="tel", max_length=MAX_WRITTEN, default_value=one.phone, required=True
        ),
        tick_field("zalo", t("contact.zalo"), default_checked=one.zalo),
        rx.cond(ContactsState.by_province, region),
        send=t("contact.keep"),
        on_submit=ContactsState.keep,
        reset_on_submit=False,
        key=ContactsState.drawn,
    )
    title = rx.cond(one.id > 0, t("contact.change"), t("contact.new"))
    return rx.el.section(rx.el.h2(title), fields, class_name="panel stack")


def _group_panel() -> rx.Component:
    """A commune's own group; of all communes the province is told how many have one."""
    one = ContactsState.group
    known = rx.el.div(
        rx.el.p(one.name, class_name="strong"),
        rx.el.p(
            t("contact.group_members", leaders=one.leaders, teams=one.teams, companies=one.companies),
        ),
        rx.el.p(t("contact.group_counted", day=one.day), class_name="soft small"),
        rx.cond(
            one.link != "",
            rx.el.a(t("contact.group_open"), href=one.link, target="_blank", rel="noreferrer", class_name="link"),
        ),
        class_name="stack tight",
    )
    most = {"max": MOST_MEMBERS, "required": True}
    fields = form(
        text_field("name", t("contact.group_name"), max_length=MAX_NAME, default_value=one.name, required=True),
        text_field(
            "link", t("contact.group_link"), type="url", max_length=MAX_LINK, default_value=one.link,
            placeholder="https://zalo.me/",
        ),
        number_field("leaders", t("contact.group_leaders"), default_value=one.leaders, **most),
        number_field("teams", t("contact.group_teams"), default_value=one.teams, **most),
        number_field("companies", t("contact.group_companies"), default_value=one.companies, **most),
        date_field(
            "counted_on", t("contact.group_counted_on"), max=ContactsState.today, default_value=one.counted_on,
            required=True,
        ),
        send=t("contact.group_keep"),
        on_submit=ContactsState.keep_group,
        reset_on_submit=False,
        key=joined("group ", one.name),
    )  # fmt: skip
    none = rx.el.p(t("contact.group_none"), class_name="soft")
    words = rx.cond(one.name != "", t("contact.group_change"), t("contact.group_new"))
    ours = rx.fragment(rx.cond(one.name != "", known, none), rx.cond(_may_keep(), folded(words, fields)))
    all_of_them = rx.el.p(
        t("contact.grouped", n=number(ContactsState.grouped), total=number(ContactsState.communes)), class_name="strong"
    )
    return rx.el.section(
        rx.el.h2(t("contact.group")), rx.cond(ContactsState.by_province, all_of_them, ours), class_name="panel stack"
    )


def contacts_page() -> rx.Component:
    codes = ("kept", "discarded", "group_kept")
    done = rx.match(ContactsState.done, *[(code, t(f"contact.said.{code}")) for code in codes], "")
    listed = rx.el.section(
        rx.cond(
            some(ContactsState.lines),
            rx.el.ul(rx.foreach(ContactsState.lines, _line), class_name="bars"),
            empty("phone", t("contact.none")),
        ),
        class_name="panel stack",
    )
    beside = rx.el.div(_group_panel(), rx.cond(_may_keep(), _contact_form()), class_name="stack")
    return desk_page(
        t("desk.contacts"), said(done), rx.el.div(listed, beside, class_name="columns"), current="contacts"
    )
