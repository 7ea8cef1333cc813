"""Tài khoản của tôi: one's own password and the second step of signing in."""

import reflex as rx

from fieldapp.components.base import icon, pill
from fieldapp.components.desk_shell import OwnPassword, OwnSecondStep, desk_page
from fieldapp.components.words import number, t
from fieldapp.db import database
from fieldapp.permissions import Action, Principal
from fieldapp.services import second_steps
from fieldapp.states.session import DeskState, needs


class OwnAccountState(DeskState):
    """`owes` where this role must give a code at sign-in and nothing else is open before it is set up."""

    second_step: bool = False
    owes: bool = False
    codes_left: int = 0

    @needs(Action.OWN_ACCOUNT)
    async def load(self, who: Principal) -> None:
        async with database().read() as db:
            self.second_step = await second_steps.is_on(db, who.account_id or 0)
            self.codes_left = await second_steps.codes_left(db, who.account_id or 0)
        self.owes = who.owes_second_step
        self._allow(who)


def account_page() -> rx.Component:
    state = OwnAccountState
    is_on = rx.el.p(
        pill(t("account.step_on"), "done", "check"),
        rx.el.span(t("account.codes_left", n=number(state.codes_left)), class_name="soft small"),
        class_name="row wrap",
    )
    owes = rx.el.p(icon("triangle-alert"), t("account.owes"), class_name="notice wait", role="status")
    return desk_page(
        t("desk.account"),
        rx.cond(state.owes, owes),
        rx.el.div(
            rx.el.section(
                rx.el.h2(t("account.step_title")),
                rx.el.p(t("account.step_means"), class_name="soft"),
                rx.cond(state.second_step, is_on),
                OwnSecondStep.create(on=state.second_step, on_done=state.load),
                class_name="panel",
            ),
            rx.el.section(
                rx.el.h2(t("account.password_title")),
                rx.el.p(t("account.password_means"), class_name="soft"),
                OwnPassword.create(),
                class_name="panel",
            ),
            class_name="columns",
        ),
        current="account",
    )
