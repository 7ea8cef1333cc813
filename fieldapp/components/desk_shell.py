"""The frame of every desk page: the ways that this role has, what went wrong, and the marks that must be seen."""

from typing import Any

import reflex as rx
from reflex.vars import Var
from reflex_components_core.core.banner import has_connection_errors
from reflex_components_core.react_router.dom import ReactRouterLink

from fieldapp.components.base import icon
from fieldapp.components.words import locale, t, tk
from fieldapp.device.store import DESK
from fieldapp.permissions import Action
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState

PAGES = (
    ("/desk/", "layout-dashboard", "overview", Action.READ_SUMMARY),
    ("/desk/sorting/", "check-check", "sorting", Action.SORT_RECORD),
    ("/desk/visits/", "inbox", "visits", Action.READ_VISIT),
    ("/desk/teams/", "users", "teams", Action.READ_TEAM),
    ("/desk/cards/", "printer", "cards", Action.PRINT_CARD),
    ("/desk/guides/", "book-open", "guides", Action.NARRATE_GUIDE),
    ("/desk/sessions/", "lock", "sessions", Action.MANAGE_SESSION),
)
ACTIONS = {name: str(action) for _, _, name, action in PAGES}
TITLE_ID = "desk-title"


class LeaveButton(rx.Component):
    """Signs out at the API, so that the cookie goes."""

    library = DESK
    tag = "LeaveButton"


class CardsButton(rx.Component):
    """Downloads the cards that the form around it asks for."""

    library = DESK
    tag = "CardsButton"


class RescueButton(rx.Component):
    """Brings a rescue file, past the socket."""

    library = DESK
    tag = "RescueButton"


class AddNarration(rx.Component):
    """Brings a recording, past the socket; `on_done` hears that it is there."""

    library = DESK
    tag = "AddNarration"

    platforms: Var[list[Option]]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]


class InviteButton(rx.Component):
    """Makes an invitation and shows it; its secret never reaches a state."""

    library = DESK
    tag = "InviteButton"

    member: Var[int]
    name: Var[str]


def desk_link(*children: Any, to: Any, **props: Any) -> rx.Component:
    """A link between desk pages: the socket stays."""
    return ReactRouterLink.create(*children, to=to, **props)


def downloads(name: str, query: Any) -> rx.Component:
    """The table on this page as a file, in the language of the screen; the browser itself fetches it."""

    def one(kind: str) -> rx.Component:
        address = f"/api/v1/exports/{name}.{kind}?slot=desk&locale=" + locale() + "&" + query
        words = t(f"desk.download_{kind}")
        return desk_link(words, to=address, reload_document=True, download=True, class_name="button compact")

    return rx.el.div(one("xlsx"), one("csv"), class_name="row wrap")


def _way(to: str, symbol: str, name: str, action: Action, current: str) -> rx.Component:
    here = {"aria-current": "page"} if name == current else {}
    way = desk_link(icon(symbol), t(f"desk.{name}"), to=to, custom_attrs=here)
    return rx.cond(DeskState.allowed.contains(str(action)), rx.el.li(way))


def _nav(current: str) -> rx.Component:
    who = rx.el.p(
        rx.el.span(DeskState.name, class_name="strong block"),
        rx.cond(DeskState.role != "", tk("role", DeskState.role), ""),
        rx.cond(DeskState.unit_name != "", rx.fragment(" · ", DeskState.unit_name)),
        class_name="soft small who",
    )
    return rx.el.nav(
        rx.el.p(t("app.name"), class_name="brand"),
        rx.cond(DeskState.sample, rx.el.p(t("desk.sample"), class_name="sample")),
        rx.el.ul(*(_way(*page, current) for page in PAGES), class_name="desk-ways"),
        who,
        LeaveButton.create(),
        class_name="desk-nav",
        aria_label=t("desk.pages"),
    )


def desk_page(title: Any, *children: Any, current: str, tools: Any = None) -> rx.Component:
    """A desk page; `tools` stand beside its title. Who may not use it, or is not known yet, sees neither."""
    wrong = rx.el.p(icon("triangle-alert"), tk("problem", DeskState.problem), class_name="notice need", role="alert")
    lost = rx.el.p(icon("cloud-off"), t("desk.lost"), class_name="notice wait", role="status")
    allowed = DeskState.allowed.contains(ACTIONS[current])
    loading = rx.el.p(t("loading"), class_name="soft", role="status")
    head = [rx.el.h1(title, id=TITLE_ID), *([rx.cond(allowed, tools)] if tools is not None else [])]
    return rx.el.div(
        _nav(current),
        rx.el.main(
            rx.el.header(*head, class_name="desk-head"),
            rx.cond(has_connection_errors, lost),
            rx.cond(DeskState.problem != "", wrong),
            rx.cond(DeskState.name == "", loading, rx.cond(allowed, rx.fragment(*children))),
            class_name="desk-main",
        ),
        class_name="desk",
    )
