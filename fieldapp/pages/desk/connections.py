"""Kết nối hệ thống: tokens with which programs read, and webhooks that tell other systems what happened."""

from uuid import UUID

import reflex as rx

from fieldapp.components.desk_shell import desk_page
from fieldapp.components.words import t
from fieldapp.db import database
from fieldapp.domain.written_time import written_instant
from fieldapp.pages.desk.connections_view import (
    DeliveryView,
    TokenView,
    WebhookView,
    delivery_panel,
    token_section,
    webhook_section,
)
from fieldapp.permissions import Action, Principal, may
from fieldapp.reports.unit_tree import get_own_unit
from fieldapp.services import api_tokens, webhooks
from fieldapp.states.session import DeskState, needs
from models.base import utc_now
from models.webhook import DeliveryState, WebhookState

SHOWN = 50


class ConnectionsState(DeskState):
    tokens: rx.Field[list[TokenView]] = rx.field(default_factory=list)
    webhooks: rx.Field[list[WebhookView]] = rx.field(default_factory=list)
    unit: int = 0
    """The unit over which a webhook is made."""
    opened: str = ""
    deliveries: rx.Field[list[DeliveryView]] = rx.field(default_factory=list)

    @needs(Action.MANAGE_TOKEN)
    async def load(self, who: Principal) -> None:
        self.opened = ""
        await self._show(who)

    @needs(Action.MANAGE_TOKEN)
    async def end_token(self, who: Principal, token: UUID) -> None:
        async with database().write() as db:
            await api_tokens.end_own(db, who, token)
        await self._show(who)

    @needs(Action.MANAGE_HOOK)
    async def turn(self, who: Principal, webhook: UUID, state: WebhookState) -> None:
        """Pauses a webhook or has it told again."""
        async with database().write() as db:
            await webhooks.change_state(db, who, webhook, state)
        await self._show(who)

    @needs(Action.MANAGE_HOOK)
    async def remove(self, who: Principal, webhook: UUID) -> None:
        self.opened = ""
        async with database().write() as db:
            await webhooks.remove(db, who, webhook)
        await self._show(who)

    @needs(Action.MANAGE_HOOK)
    async def open(self, who: Principal, webhook: UUID) -> None:
        self.opened = str(webhook)
        await self._show(who)

    @needs(Action.MANAGE_HOOK)
    async def close(self, who: Principal) -> None:
        self.opened = ""

    @needs(Action.MANAGE_HOOK)
    async def replay(self, who: Principal, webhook: UUID, delivery: UUID | None) -> None:
        """Sends one telling again, or with none named all that were given up."""
        async with database().write() as db:
            await webhooks.replay(db, who, webhook, delivery)
        await self._show(who)

    async def _show(self, who: Principal) -> None:
        async with database().read() as db:
            own = await api_tokens.list_own(db, who)
            hooks = await webhooks.list_of(db, who) if may(who, Action.MANAGE_HOOK) else []
            counts = await webhooks.counts_of(db, [hook.id for hook in hooks])
            if may(who, Action.MANAGE_HOOK):
                self.unit = (await get_own_unit(db, who, Action.MANAGE_HOOK)).id or 0
            sent = await webhooks.list_deliveries(db, who, UUID(self.opened), SHOWN) if self.opened else []
        self.tokens = [
            TokenView(
                str(row.id), row.name, list(row.scopes), written_instant(row.ends_at), written_instant(row.used_at)
            )
            for row in own
        ]
        self.webhooks = [
            WebhookView(
                str(hook.id),
                hook.address,
                list(hook.topics),
                str(hook.state),
                *(counts.get((hook.id, state), 0) for state in DeliveryState),
            )
            for hook in hooks
        ]
        self.deliveries = [
            DeliveryView(
                str(row.id),
                row.action,
                written_instant(row.at),
                str(row.state),
                row.tries,
                row.status or 0,
                written_instant(row.due_at if row.due_at and row.due_at > utc_now() else None),
            )
            for row in sent
        ]


def connections_page() -> rx.Component:
    allowed = DeskState.allowed.contains(str(Action.MANAGE_HOOK))
    return desk_page(
        t("desk.connections"),
        rx.el.p(
            t("connect.explain"),
            " ",
            rx.el.a(t("connect.document"), href="/api/v1/openapi.json", class_name="link inline"),
            class_name="soft",
        ),
        token_section(ConnectionsState.tokens, ConnectionsState.load, ConnectionsState.end_token),
        rx.cond(
            allowed,
            webhook_section(
                ConnectionsState.webhooks,
                ConnectionsState.unit,
                ConnectionsState.load,
                ConnectionsState.turn,
                ConnectionsState.open,
                ConnectionsState.remove,
            ),
        ),
        rx.cond(
            ConnectionsState.opened != "",
            delivery_panel(
                ConnectionsState.opened, ConnectionsState.deliveries, ConnectionsState.close, ConnectionsState.replay
            ),
        ),
        current="connections",
    )
