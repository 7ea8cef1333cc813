"""What Kết nối hệ thống looks like."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from fieldapp.components.base import button, empty, pill
from fieldapp.components.desk_shell import SecretForm
from fieldapp.components.form import folded, hidden_field, number_field, side_panel, text_field
from fieldapp.components.words import number, t, tk
from fieldapp.device.store import some
from fieldapp.domain.webhook import MAX_ADDRESS, Topic
from fieldapp.services.api_tokens import LONGEST_DAYS, SCOPES
from fieldapp.states.session import DeskState
from models.webhook import DeliveryState, WebhookState

USUAL_DAYS = 180


@dataclass
class TokenView:
    id: str = ""
    name: str = ""
    scopes: list[str] = field(default_factory=list)
    until: str = ""
    used: str = ""


@dataclass
class WebhookView:
    id: str = ""
    address: str = ""
    topics: list[str] = field(default_factory=list)
    state: str = ""
    waiting: int = 0
    delivered: int = 0
    given_up: int = 0


@dataclass
class DeliveryView:
    """`status` is 0 where no answer came; `due` is empty where nothing more is tried."""

    id: str = ""
    action: str = ""
    at: str = ""
    state: str = ""
    tries: int = 0
    status: int = 0
    due: str = ""


def _ticks(name: str, prefix: str, values: Any, allowed: Any = None) -> rx.Component:
    """Boxes of one question; a box that somebody may not tick is not there."""

    def tick(value: str) -> rx.Component:
        box = rx.el.input(type="checkbox", name=name, value=value)
        option = rx.el.label(box, rx.el.span(t(f"{prefix}.{value}")), class_name="option")
        return option if allowed is None else rx.cond(allowed(value), option)

    return rx.el.fieldset(
        rx.el.legend(t(f"connect.{name}"), class_name="strong"),
        *(tick(str(value)) for value in values),
        class_name="stack tight plain",
    )


def _chips(prefix: str, values: Any) -> rx.Component:
    return rx.el.div(rx.foreach(values, lambda value: pill(tk(prefix, value))), class_name="row wrap")


def token_section(tokens: Any, done: Any, end: Any) -> rx.Component:
    def token(one: TokenView) -> rx.Component:
        used = rx.cond(one.used != "", t("connect.used", at=one.used), t("connect.unused"))
        return rx.el.li(
            rx.el.div(
                rx.el.p(one.name, class_name="strong agent"),
                rx.el.p(t("connect.until", at=one.until), " · ", used, class_name="soft small"),
                _chips("scope", one.scopes),
                class_name="person stack tight",
            ),
            button(t("connect.end_token"), rx.el.span(" ", one.name, class_name="sr"), kind="compact danger",
                   on_click=end(one.id)),
            class_name="seat",
            key=one.id,
        )  # fmt: skip

    make = SecretForm.create(
        text_field("name", t("connect.token_name"), t("connect.token_name_hint"), required=True, max_length=60),
        _ticks("scopes", "scope", SCOPES, lambda value: DeskState.allowed.contains(value)),
        number_field("days", t("connect.days"), default_value=USUAL_DAYS, min=1, max=LONGEST_DAYS, required=True),
        to="tokens",
        submit=t("connect.make_token"),
        title=t("connect.token_made"),
        explain=t("connect.secret_once"),
        lists=["scopes"],
        on_done=done,
    )
    return rx.el.section(
        rx.el.h2(t("connect.tokens")),
        rx.el.p(t("connect.tokens_explain"), class_name="soft small"),
        rx.cond(
            some(tokens),
            rx.el.ul(rx.foreach(tokens, token), class_name="bars"),
            rx.el.p(t("connect.no_tokens"), class_name="soft"),
        ),
        folded(t("connect.make_token"), make),
        class_name="panel stack",
    )


def webhook_section(webhooks: Any, unit: Any, done: Any, turn: Any, open_: Any, remove: Any) -> rx.Component:
    def webhook(one: WebhookView) -> rx.Component:
        paused, active = str(WebhookState.PAUSED), str(WebhookState.ACTIVE)
        state = rx.match(one.state, (active, "done"), (str(WebhookState.GONE), "need"), "wait")
        switch = rx.cond(
            one.state == active,
            button(t("connect.pause"), kind="compact", on_click=turn(one.id, paused)),
            button(t("connect.resume"), kind="compact", on_click=turn(one.id, active)),
        )
        renew = SecretForm.create(
            hidden_field("webhook", one.id),
            to="webhooks/secret",
            submit=t("connect.renew"),
            title=t("connect.webhook_made"),
            explain=t("connect.webhook_secret"),
            lists=[],
            on_done=done,
        )
        return rx.el.li(
            rx.el.div(
                rx.el.p(one.address, class_name="strong agent"),
                rx.el.div(pill(tk("webhook", one.state), state), _chips("topic", one.topics), class_name="row wrap"),
                rx.el.p(
                    t("connect.delivered", n=number(one.delivered)),
                    " · ",
                    t("connect.waiting", n=number(one.waiting)),
                    " · ",
                    t("connect.given_up", n=number(one.given_up)),
                    class_name="soft small",
                ),
                class_name="person stack tight",
            ),
            rx.el.div(
                button(t("connect.log"), kind="compact", on_click=open_(one.id)),
                switch,
                folded(
                    t("connect.more"),
                    renew,
                    button(t("connect.remove"), kind="compact danger", on_click=remove(one.id)),
                ),
                class_name="row wrap top",
            ),
            class_name="seat",
            key=one.id,
        )

    add = SecretForm.create(
        hidden_field("unit", unit),
        text_field(
            "address", t("connect.address"), t("connect.address_hint"), required=True, max_length=MAX_ADDRESS,
            type="url", placeholder="https://"
        ),
        _ticks("topics", "topic", Topic),
        to="webhooks",
        submit=t("connect.add"),
        title=t("connect.webhook_made"),
        explain=t("connect.webhook_secret"),
        lists=["topics"],
        on_done=done,
    )  # fmt: skip
    return rx.el.section(
        rx.el.h2(t("connect.webhooks")),
        rx.el.p(t("connect.webhooks_explain"), class_name="soft small"),
        rx.cond(
            some(webhooks),
            rx.el.ul(rx.foreach(webhooks, webhook), class_name="bars"),
            rx.el.p(t("connect.no_webhooks"), class_name="soft"),
        ),
        folded(t("connect.add"), add),
        class_name="panel stack",
    )


def delivery_panel(webhook: Any, deliveries: Any, close: Any, replay: Any) -> rx.Component:
    def delivery(one: DeliveryView) -> rx.Component:
        delivered, given_up = str(DeliveryState.DELIVERED), str(DeliveryState.GIVEN_UP)
        kind = rx.match(one.state, (delivered, "done"), (given_up, "need"), "wait")
        answer = rx.cond(
            one.tries > 0,
            rx.cond(
                one.status > 0,
                t("connect.answered", n=number(one.tries), status=one.status),
                t("connect.unanswered", n=number(one.tries)),
            ),
            t("connect.untried"),
        )
        again = rx.cond(
            one.state != str(DeliveryState.WAITING),
            button(t("connect.replay"), kind="compact", on_click=replay(webhook, one.id)),
        )
        return rx.el.li(
            rx.el.div(
                rx.el.p(one.action, class_name="strong num"),
                rx.el.p(one.at, " · ", answer, class_name="soft small num"),
                rx.cond(one.due != "", rx.el.p(t("connect.next_try", at=one.due), class_name="soft small num")),
                class_name="person",
            ),
            pill(tk("delivery", one.state), kind),
            again,
            class_name="seat",
            key=one.id,
        )

    return side_panel(
        t("connect.log"),
        close,
        button(t("connect.replay_all"), kind="compact", on_click=replay(webhook, None)),
        rx.cond(
            some(deliveries),
            rx.el.ul(rx.foreach(deliveries, delivery), class_name="bars"),
            empty("inbox", t("connect.no_deliveries")),
        ),
    )
