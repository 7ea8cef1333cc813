"""One household in a panel beside the list: what is known, its cards, its history, and for the officer what to do."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, pill
from fieldapp.components.desk_shell import CardButton, desk_link
from fieldapp.components.form import date_field, folded, form, hidden_field, side_panel, text_field
from fieldapp.components.words import number, t, tk
from fieldapp.device.store import some
from fieldapp.pages.desk.homes_view import CardView, HistoryView, HomeView
from fieldapp.permissions import Action
from fieldapp.states.session import DeskState
from models.household import CardState

CARD_KINDS = {"bound": "done", "printed": "wait", "revoked": ""}


def may(action: Action) -> Any:
    return DeskState.allowed.contains(str(action))


def state_of(home: HomeView) -> rx.Component:
    """Whether it lives here, in words and colour."""
    here = rx.cond(
        home.state == "provisional",
        pill(t("homes.state.provisional"), "wait"),
        pill(t("homes.state.confirmed"), "done"),
    )
    merged = rx.cond(
        home.merged_into != "", pill(t("homes.state.merged", number=home.merged_into)), pill(t("homes.state.gone"))
    )
    gone = rx.cond(home.moved_on != "", pill(t("homes.state.moved", day=home.moved_on)), merged)
    return rx.cond(home.here, here, gone)


def _fact(name: str, *value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(t(f"homes.{name}"), class_name="soft small"), rx.el.dd(*value, class_name="strong"))


def _facts(home: HomeView) -> rx.Component:
    visits = rx.fragment(
        t("homes.n_visits", n=number(home.visits)),
        " · ",
        desk_link(
            t("homes.see_visits"),
            to="/desk/visits/?query=" + home.number + "&village=" + home.village_id.to(str),  # type: ignore[attr-defined]
            class_name="link",
        ),
    )
    return rx.el.dl(
        _fact("village", home.village),
        _fact("col.last", rx.cond(home.last != "", home.last, t("homes.never"))),
        _fact("visits", visits),
        class_name="facts",
    )


def _card(card: CardView, revoke: Any) -> rx.Component:
    end = folded(
        t("homes.revoke"),
        rx.el.p(t("homes.revoke_means"), class_name="soft small"),
        button(t("homes.revoke"), kind="compact danger", on_click=revoke(card.id)),
    )
    return rx.el.li(
        rx.el.p(
            rx.el.span(t("homes.card", code=card.code), class_name="strong grow"),
            pill(tk("homes.card_state", card.state), rx.match(card.state, *CARD_KINDS.items(), "")),
            class_name="row wrap",
        ),
        rx.cond(card.since != "", rx.el.p(t("homes.since", at=card.since), class_name="soft small")),
        rx.cond(may(Action.REVOKE_CARD) & (card.state == str(CardState.BOUND)), end),
        key=card.id,
    )


def _cards(home: HomeView, revoke: Any, printed: Any) -> rx.Component:
    new = rx.el.div(
        CardButton.create(household=home.id, village=home.village_id, on_done=printed),
        rx.el.p(t("homes.reissue_means"), class_name="soft small"),
        class_name="stack tight",
    )
    none = rx.el.p(t("homes.no_cards"), class_name="soft small")
    cards = rx.el.ul(rx.foreach(home.cards, lambda card: _card(card, revoke)), class_name="bars")
    return rx.el.section(
        rx.el.h3(t("homes.cards")),
        rx.cond(some(home.cards), cards, none),
        rx.cond(may(Action.PRINT_CARD) & home.here, new),
        class_name="stack tight",
    )


def _event(event: HistoryView) -> rx.Component:
    by = rx.cond(event.by != "", rx.fragment(" · ", event.by))
    return rx.el.li(
        rx.el.p(tk("homes.event", event.action), by), rx.el.p(event.at, class_name="soft small num"), key=event.at
    )


def _deeds(home: HomeView, state: Any) -> rx.Component:
    mine = hidden_field("household", home.id)
    change = folded(
        t("homes.change"),
        form(
            mine,
            text_field("number", t("homes.number"), default_value=home.number, max_length=20, required=True),
            text_field("head_name", t("homes.head"), t("homes.head_hint"), default_value=home.head, max_length=120),
            send=t("homes.save"),
            on_submit=state.change,
            reset_on_submit=False,
        ),
    )
    move = folded(
        t("homes.move"),
        rx.el.p(t("homes.move_means"), class_name="soft small"),
        form(
            mine,
            date_field("moved_on", t("homes.move_day"), default_value=state.today, max=state.today, required=True),
            send=t("homes.move_do"),
            on_submit=state.move,
            kind="danger",
            reset_on_submit=False,
        ),
    )
    merge = folded(
        t("homes.merge"),
        rx.el.p(t("homes.merge_means"), class_name="soft small"),
        form(
            mine,
            text_field("into", t("homes.merge_into"), max_length=20, required=True),
            send=t("homes.merge_do"),
            on_submit=state.merge,
            kind="danger",
            reset_on_submit=False,
        ),
    )
    back = rx.el.div(
        rx.el.p(t("homes.return_means"), class_name="soft small"),
        button(t("homes.return"), kind="primary", on_click=state.come_back(home.id)),
        class_name="stack tight",
    )
    deeds = rx.cond(home.here, rx.fragment(change, move, merge), rx.cond(home.moved_on != "", back))
    return rx.cond(may(Action.KEEP_HOUSEHOLD), rx.el.div(deeds, class_name="stack", key=home.drawn))


def home_panel(home: HomeView, state: Any) -> rx.Component:
    history = rx.el.ul(rx.foreach(home.history, _event), class_name="bars")
    return side_panel(
        t("household.numbered", number=home.number),
        state.close_home,
        rx.cond(home.head != "", rx.el.p(home.head, class_name="strong")),
        rx.el.div(state_of(home), class_name="row wrap"),
        _facts(home),
        _deeds(home, state),
        _cards(home, state.revoke_card, state.printed),
        rx.el.h3(t("homes.history")),
        rx.cond(some(home.history), history, rx.el.p(t("homes.no_history"), class_name="soft small")),
    )
