"""Phiên đăng nhập: where one is signed in, and the way to end that."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from fieldapp.components.base import button, icon, pill
from fieldapp.components.desk_shell import desk_page
from fieldapp.components.words import t
from fieldapp.db import database
from fieldapp.domain.browser import named
from fieldapp.domain.written_time import written_instant
from fieldapp.permissions import Action, Principal
from fieldapp.services.sessions import end_own, list_own
from fieldapp.states.session import DeskState, needs


@dataclass
class SessionView:
    id: str = ""
    label: str = ""
    since: str = ""
    until: str = ""
    here: bool = False


class SessionsState(DeskState):
    sessions: rx.Field[list[SessionView]] = rx.field(default_factory=list)

    @needs(Action.MANAGE_SESSION)
    async def load(self, who: Principal) -> None:
        await self._show(who)

    @needs(Action.MANAGE_SESSION)
    async def end(self, who: Principal, session_id: UUID) -> None:
        async with database().write() as db:
            await end_own(db, who, session_id)
        await self._show(who)

    async def _show(self, who: Principal) -> None:
        async with database().read() as db:
            found = await list_own(db, who)
        self.sessions = [
            SessionView(
                str(s.id),
                named(s.label),
                written_instant(s.created_at),
                written_instant(s.expires_at),
                str(s.id) == who.session_id,
            )
            for s in found
        ]


def _session(session: SessionView) -> rx.Component:
    end = button(t("sessions.end"), kind="compact danger", on_click=SessionsState.end(session.id))
    return rx.el.li(
        icon("lock"),
        rx.el.div(
            rx.el.p(session.label, class_name="strong agent"),
            rx.el.p(t("sessions.times", since=session.since, until=session.until), class_name="soft small"),
            class_name="grow",
        ),
        rx.cond(session.here, pill(t("sessions.here"), "done"), end),
        class_name="seat",
        key=session.id,
    )


def sessions_page() -> rx.Component:
    return desk_page(
        t("desk.sessions"),
        rx.el.section(
            rx.el.p(t("sessions.explain"), class_name="soft"),
            rx.el.ul(rx.foreach(SessionsState.sessions, _session), class_name="bars"),
            class_name="panel",
        ),
        current="sessions",
    )
