"""Tài khoản: officers' accounts, from the making to the end; their passwords are nobody else's."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, empty, icon
from fieldapp.components.choice import options
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.form import said
from fieldapp.components.table import pager
from fieldapp.components.words import t, tk
from fieldapp.db import database
from fieldapp.device.store import some
from fieldapp.domain.account_rule import STANDS_IN, given_by
from fieldapp.domain.given import Key
from fieldapp.pages.desk.accounts_view import (
    AccountForm,
    AccountLine,
    NewAccountForm,
    account_panel,
    account_table,
    new_account,
    show_account,
)
from fieldapp.permissions import Action, Principal
from fieldapp.reports.account_list import AccountFilter, AccountState, get_account, list_accounts, list_units
from fieldapp.services import account_care
from fieldapp.services.partners import list_names
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.account import Role
from models.unit import UnitKind


class AccountsState(DeskState):
    """`done` says what was done just now, as a word of `accounts.done`; `drawn` changes when the filter must be drawn
    anew."""

    asked: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    drawn: int = 0
    lines: rx.Field[list[AccountLine]] = rx.field(default_factory=list)
    total: int = 0
    page: int = 0
    pages: int = 1
    roles: rx.Field[list[str]] = rx.field(default_factory=list)
    communes: rx.Field[list[Option]] = rx.field(default_factory=list)
    companies: rx.Field[list[Option]] = rx.field(default_factory=list)
    open: AccountLine = AccountLine()
    done: str = ""
    _province: int = 0

    @needs(Action.MANAGE_ACCOUNT)
    async def load(self, who: Principal) -> None:
        self.roles = [str(role) for role in given_by(who.role)]
        async with database().read() as db:
            self._province, communes = await list_units(db)
            self.companies = [Option(str(value), name) for value, name in await list_names(db)]
        self.communes = [Option(str(value), name) for value, name in communes]
        self.open, self.done = AccountLine(), ""
        await self._list(who, AccountFilter())
        self.drawn += 1

    @needs(Action.MANAGE_ACCOUNT)
    async def search(self, who: Principal, form: AccountFilter) -> None:
        self.done = ""
        await self._list(who, form)

    @needs(Action.MANAGE_ACCOUNT)
    async def clear(self, who: Principal) -> None:
        await self._list(who, AccountFilter())
        self.drawn += 1

    @needs(Action.MANAGE_ACCOUNT)
    async def turn(self, who: Principal, page: int) -> None:
        await self._list(who, AccountFilter.model_validate({**self.asked, "page": max(0, min(page, 100_000))}))

    @needs(Action.MANAGE_ACCOUNT)
    async def open_account(self, who: Principal, account: Key) -> None:
        self.done = ""
        await self._open(who, account)

    @needs(Action.MANAGE_ACCOUNT)
    async def close_account(self, who: Principal) -> None:
        self.open = AccountLine()

    @needs(Action.MANAGE_ACCOUNT)
    async def make(self, who: Principal, form: NewAccountForm) -> None:
        self.done = ""
        async with database().write() as db:
            unit = self._unit(form.role, form.commune)
            made = await account_care.make(db, who, form.username, form.full_name, form.role, unit, form.partner)
        await self._show(who, "made", made.id or 0)

    @needs(Action.MANAGE_ACCOUNT)
    async def change(self, who: Principal, form: AccountForm) -> None:
        self.done = ""
        async with database().write() as db:
            unit, known_as = self._unit(form.role, form.commune), form.provider_name
            await account_care.change(db, who, form.account, form.full_name, form.role, unit, known_as, form.partner)
        await self._show(who, "changed", form.account)

    @needs(Action.MANAGE_ACCOUNT)
    async def block(self, who: Principal, account: Key) -> None:
        await self._do(who, account_care.block, account, "blocked")

    @needs(Action.MANAGE_ACCOUNT)
    async def unblock(self, who: Principal, account: Key) -> None:
        await self._do(who, account_care.unblock, account, "unblocked")

    @needs(Action.MANAGE_ACCOUNT)
    async def drop_second_step(self, who: Principal, account: Key) -> None:
        await self._do(who, account_care.drop_second_step, account, "step_dropped")

    @needs(Action.MANAGE_ACCOUNT)
    async def discard(self, who: Principal, account: Key) -> None:
        await self._do(who, account_care.discard, account, "discarded")

    async def _do(self, who: Principal, deed: Any, account: int, done: str) -> None:
        self.done = ""
        async with database().write() as db:
            await deed(db, who, account)
        await self._show(who, done, 0 if done == "discarded" else account)

    async def _show(self, who: Principal, done: str, account: int) -> None:
        await self._list(who, AccountFilter.model_validate({**self.asked, "page": self.page}))
        self.open = AccountLine()
        if account:
            await self._open(who, account)
        self.done = done

    async def _open(self, who: Principal, account: int) -> None:
        async with database().read() as db:
            self.open = show_account(await get_account(db, who, account), who.account_id)

    async def _list(self, who: Principal, asked: AccountFilter) -> None:
        async with database().read() as db:
            found = await list_accounts(db, who, asked)
        self.lines = [show_account(row, who.account_id) for row in found.rows]
        self.total, self.page, self.pages = found.total, found.page, found.pages
        self.asked = asked.chosen()

    def _unit(self, role: Role, commune: int | None) -> int:
        return (commune or 0) if STANDS_IN.get(role) is UnitKind.COMMUNE else self._province


def _choice(name: str, label: Any, *lines: Any) -> rx.Component:
    control = rx.el.select(
        rx.el.option(t("visits.all"), value=""), *lines, name=name, default_value=AccountsState.asked.get(name, "")
    )
    return rx.el.label(rx.el.span(label), control, class_name="field")


def _filters() -> rx.Component:
    words = rx.el.input(
        type="search", name="query", default_value=AccountsState.asked.get("query", ""), max_length=80,
        placeholder=t("accounts.query_hint"), auto_complete="off",
    )  # fmt: skip
    roles = rx.foreach(AccountsState.roles, lambda role: rx.el.option(tk("role", role), value=role, key=role))
    states = [rx.el.option(t(f"accounts.state.{state}"), value=str(state)) for state in AccountState]
    return rx.el.form(
        rx.el.label(rx.el.span(t("visits.query")), words, class_name="field grow"),
        _choice("role", t("accounts.col_role"), roles),
        _choice("unit", t("desk.commune"), options(AccountsState.communes)),
        _choice("state", t("accounts.col_state"), *states),
        rx.el.button(icon("search"), t("visits.find"), type="submit", class_name="button primary compact"),
        button(t("visits.clear"), kind="compact", on_click=AccountsState.clear),
        on_submit=AccountsState.search,
        key=AccountsState.drawn,
        class_name="filters panel",
    )


def accounts_page() -> rx.Component:
    state = AccountsState
    found = rx.fragment(
        account_table(state.lines, state.open_account, state.open.id),
        pager(state.page, state.pages, state.total, state.turn, "accounts.page"),
    )
    none = empty("users", t("accounts.none"))
    return desk_page(
        t("desk.accounts"),
        said(rx.cond(state.done != "", tk("accounts.done", state.done), "")),
        new_account(state),
        _filters(),
        rx.el.section(rx.cond(some(state.lines), found, none), class_name="panel"),
        rx.cond(state.open.id > 0, account_panel(state.open, state)),
        current="accounts",
    )
