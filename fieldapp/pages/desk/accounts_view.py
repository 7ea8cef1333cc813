"""Accounts as their list and their panel show them, and the forms that make and change one."""

from dataclasses import dataclass
from typing import Annotated, Any

import reflex as rx
from pydantic import BaseModel, Field

from fieldapp.components.base import button, pill
from fieldapp.components.desk_shell import AccountLinkButton
from fieldapp.components.form import choice_field, folded, form, hidden_field, side_panel, text_field
from fieldapp.components.table import Column, cell, table
from fieldapp.components.words import t, tk
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.written_time import written_instant
from fieldapp.reports.account_list import AccountRow, AccountState
from fieldapp.reports.visit_filter import Chosen
from models.account import Role

COLUMNS = ("name", "role", "unit", "state", "step", "seen")
STATE_KINDS = {
    str(AccountState.ACTIVE): "done",
    str(AccountState.WAITING): "wait",
    str(AccountState.PAUSED): "wait",
    str(AccountState.BLOCKED): "need",
}
Name = Annotated[PlainText, Field(max_length=120)]


@dataclass
class AccountLine:
    id: int = 0
    username: str = ""
    name: str = ""
    role: str = ""
    unit_id: str = ""
    unit: str = ""
    state: str = ""
    second_step: bool = False
    provider_name: str = ""
    seen_at: str = ""
    own: bool = False
    partner_id: str = ""
    partner: str = ""


class NewAccountForm(BaseModel):
    """`commune` counts for the roles of a commune alone, `partner` for a partner company's."""

    username: PlainText = Field(max_length=60)
    full_name: Name
    role: Role
    commune: Annotated[Key | None, Chosen] = None
    partner: Annotated[Key | None, Chosen] = None


class AccountForm(BaseModel):
    account: Key
    full_name: Name
    role: Role
    commune: Annotated[Key | None, Chosen] = None
    partner: Annotated[Key | None, Chosen] = None
    provider_name: PlainText = Field(default="", max_length=200)


def show_account(row: AccountRow, own_id: int | None) -> AccountLine:
    return AccountLine(
        row.id,
        row.username,
        row.full_name,
        str(row.role),
        str(row.unit_id),
        row.unit,
        str(row.state),
        row.second_step,
        row.provider_name,
        written_instant(row.seen_at),
        row.id == own_id,
        str(row.partner_id or ""),
        row.partner,
    )


def account_pill(state: Any) -> rx.Component:
    return pill(tk("accounts.state", state), rx.match(state, *STATE_KINDS.items(), ""))


def _has_step(account: Any) -> Any:
    return rx.cond(account.second_step, t("accounts.step_on"), t("accounts.step_off"))


def _seen(account: Any) -> Any:
    return rx.cond(account.seen_at != "", account.seen_at, t("accounts.never"))


def account_table(lines: Any, open_account: Any, opened: Any) -> rx.Component:
    def row(line: AccountLine) -> rx.Component:
        name = rx.el.button(line.name, type="button", class_name="link", on_click=open_account(line.id))
        return rx.el.tr(
            cell(name, rx.el.span(line.username, class_name="soft small block")),
            cell(tk("role", line.role)),
            cell(line.unit, rx.cond(line.partner != "", rx.el.span(line.partner, class_name="soft small block"))),
            cell(account_pill(line.state)),
            cell(_has_step(line)),
            cell(_seen(line), kind="num-left"),
            class_name=rx.cond(opened == line.id, "opened", ""),
            key=line.id,
        )

    return table(t("desk.accounts"), [Column(t(f"accounts.col_{name}")) for name in COLUMNS], lines, row)


def _role_and_place(state: Any, role: Any = "", commune: Any = "", partner: Any = "") -> rx.Component:
    """Only the roles of a commune are asked for one, and only a partner for its company."""
    chosen = rx.el.select(
        rx.el.option(t("accounts.choose_role"), value="", disabled=True),
        rx.foreach(state.roles, lambda one: rx.el.option(tk("role", one), value=one, key=one)),
        name="role",
        default_value=role,
        required=True,
    )
    return rx.fragment(
        rx.el.label(rx.el.span(t("accounts.col_role")), chosen, class_name="field"),
        rx.el.div(
            choice_field(
                "commune", t("desk.commune"), state.communes, first=t("desk.choose_commune"), default_value=commune
            ),
            class_name="of-commune",
        ),
        rx.el.div(
            choice_field(
                "partner",
                t("accounts.company"),
                state.companies,
                t("accounts.company_hint"),
                first=t("accounts.choose_company"),
                default_value=partner,
            ),
            class_name="of-partner",
        ),
        rx.el.p(t("accounts.of_province"), class_name="soft small no-commune"),
    )


def new_account(state: Any) -> rx.Component:
    fields = (
        text_field("full_name", t("accounts.full_name"), required=True, max_length=120),
        text_field(
            "username", t("accounts.username"), t("accounts.username_hint"), required=True, max_length=60,
            auto_capitalize="off", spell_check=False,
        ),
        _role_and_place(state),
    )  # fmt: skip
    made = rx.el.div(
        form(*fields, send=t("accounts.make"), on_submit=state.make), class_name="account-form narrow-form"
    )
    return rx.el.section(folded(t("accounts.new"), made), class_name="panel")


def _fact(label: Any, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(label, class_name="soft small"), rx.el.dd(value, class_name="strong"))


def account_panel(account: AccountLine, state: Any) -> rx.Component:
    """`state` is the page's own: its handlers do what the panel offers. One's own account offers less."""
    facts = rx.el.dl(
        _fact(t("accounts.username"), account.username),
        _fact(t("accounts.col_unit"), account.unit),
        rx.cond(account.partner != "", _fact(t("accounts.company"), account.partner)),
        _fact(t("accounts.col_state"), account_pill(account.state)),
        _fact(t("accounts.col_step"), _has_step(account)),
        _fact(t("accounts.col_seen"), _seen(account)),
        class_name="facts",
    )
    return side_panel(
        account.name,
        state.close_account,
        facts,
        rx.cond(account.own, rx.el.p(t("accounts.own"), class_name="note")),
        rx.cond(
            (account.state != str(AccountState.BLOCKED)) & ~account.own,
            rx.el.div(
                rx.el.p(
                    rx.cond(
                        account.state == str(AccountState.WAITING), t("accounts.first_link"), t("accounts.reset_link")
                    ),
                    class_name="soft small",
                ),
                AccountLinkButton.create(account=account.id, name=account.name),
                class_name="stack tight",
            ),
        ),
        _change(account, state),
        rx.cond(~account.own, _ending(account, state)),
    )


def _change(account: AccountLine, state: Any) -> rx.Component:
    fields = (
        hidden_field("account", account.id),
        text_field(
            "full_name", t("accounts.full_name"), required=True, max_length=120, default_value=account.name
        ),
        _role_and_place(state, account.role, account.unit_id, account.partner_id),
        text_field(
            "provider_name", t("accounts.provider_name"), t("accounts.provider_hint"), max_length=200,
            default_value=account.provider_name, auto_capitalize="off", spell_check=False,
        ),
        rx.el.p(t("accounts.change_means"), class_name="soft small"),
    )  # fmt: skip
    changed = form(*fields, send=t("accounts.change"), on_submit=state.change, reset_on_submit=False)
    return folded(t("accounts.change"), rx.el.div(changed, class_name="account-form", key=account.id))


def _deed(words: str, on_click: Any, kind: str = "compact danger") -> rx.Component:
    """A deed behind a fold that says what it means."""
    return folded(
        t(f"accounts.{words}"),
        rx.el.p(t(f"accounts.{words}_means"), class_name="soft small"),
        button(t(f"accounts.{words}"), kind=kind, on_click=on_click),
    )


def _ending(account: AccountLine, state: Any) -> rx.Component:
    shut = (account.state == str(AccountState.BLOCKED)) | (account.state == str(AccountState.PAUSED))
    return rx.fragment(
        rx.cond(
            shut,
            _deed("unblock", state.unblock(account.id), "compact"),
            _deed("block", state.block(account.id)),
        ),
        rx.cond(account.second_step, _deed("drop_step", state.drop_second_step(account.id))),
        _deed("discard", state.discard(account.id)),
    )
