"""The frame of every desk page: the ways that this role has, what went wrong, and the marks that must be seen."""

from functools import reduce
from operator import or_
from typing import Any

import reflex as rx
from reflex.vars import Var
from reflex_components_core.core.banner import has_connection_errors
from reflex_components_core.react_router.dom import ReactRouterLink

from fieldapp.components.base import desk_icon, icon
from fieldapp.components.desk_ways import ACTIONS, WAYS
from fieldapp.components.words import locale, t, tk, told
from fieldapp.device.store import DESK, DESK_ACCOUNT, DESK_KEYS, GRID_KEYS
from fieldapp.permissions import Action
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState

TITLE_ID = "desk-title"


class LeaveButton(rx.Component):
    """Signs out at the API, so that the cookie goes."""

    library = DESK
    tag = "LeaveButton"


class SkipLink(rx.Component):
    """The first stop of the Tab key: past the list of pages."""

    library = DESK_KEYS
    tag = "SkipLink"


class EmptySent(rx.Component):
    """Empties the form that was sent last, where it is to be (`form.EMPTIED`), each time that one was taken."""

    library = DESK_KEYS
    tag = "EmptySent"

    taken: Var[int]


class InSight(rx.Component):
    """Scrolls the list of ways to this page's own."""

    library = DESK_KEYS
    tag = "InSight"

    ways: Var[int]


class CardsButton(rx.Component):
    """Downloads the cards that the form around it asks for."""

    library = DESK
    tag = "CardsButton"


class CardButton(rx.Component):
    """Prints a new card for one household; `on_done` hears that the paper is there."""

    library = DESK
    tag = "CardButton"

    household: Var[str]
    village: Var[int]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]


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


class UploadForm(rx.Component):
    """A form with a file that goes past the socket: its fields are its children, `to` is the address below /api/v1/.

    `on_done` is given the answer. Field names are those of the API's form, the file's is `file`.
    """

    library = DESK
    tag = "UploadForm"

    to: Var[str]
    accept: Var[str]
    choose: Var[str]
    submit: Var[str]
    most: Var[int]
    """Bytes; a larger file is refused here already."""
    optional: Var[bool]
    on_done: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


class SecretForm(rx.Component):
    """A form whose answer holds a secret: it is shown once, by the browser alone. Its fields are its children.

    `to` is the address below /api/v1/; fields of the same name are a list where `lists` says so.
    """

    library = DESK
    tag = "SecretForm"

    to: Var[str]
    submit: Var[str]
    title: Var[str]
    explain: Var[str]
    lists: Var[list[str]]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]


class AccountLinkButton(rx.Component):
    """Makes the link by which an officer sets a password, and shows it; its secret never reaches a state."""

    library = DESK_ACCOUNT
    tag = "AccountLinkButton"

    account: Var[int]
    name: Var[str]


class OwnPassword(rx.Component):
    """Changes one's own password, past the socket."""

    library = DESK_ACCOUNT
    tag = "OwnPassword"


class OwnSecondStep(rx.Component):
    """Sets the second step of signing in up, or ends it, past the socket; `on_done` hears that it is done."""

    library = DESK_ACCOUNT
    tag = "OwnSecondStep"

    on: Var[bool]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]


class GridKeys(rx.Component):
    """Lets arrows and Enter go from field to field of a table of numbers; draws nothing."""

    library = GRID_KEYS
    tag = "GridKeys"


class InviteButton(rx.Component):
    """Makes an invitation and shows it; its secret never reaches a state."""

    library = DESK
    tag = "InviteButton"

    member: Var[int]
    name: Var[str]


class InvitationsButton(rx.Component):
    """Downloads the invitations of a team as a sheet to cut, or (team 0) those of the commune."""

    library = DESK
    tag = "InvitationsButton"

    team: Var[int]
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
    way = desk_link(desk_icon(symbol), t(f"desk.{name}"), to=to, custom_attrs=here)
    return rx.cond(DeskState.allowed.contains(str(action)), rx.el.li(way))


def _group(name: str, pages: list[tuple[str, str, str, Action]], current: str) -> rx.Component:
    """Pages of one kind under their heading; nothing of a group in which this role has no page."""
    has_any = reduce(or_, (DeskState.allowed.contains(str(action)) for *_, action in pages))
    title = t(f"desk.group_{name}")
    ways = rx.el.ul(*(_way(*page, current) for page in pages), aria_label=title)
    return rx.cond(has_any, rx.el.div(rx.el.p(title, class_name="soft small strong desk-group"), ways))


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
        rx.el.div(*(_group(name, pages, current) for name, *pages in WAYS), class_name="desk-ways"),
        who,
        LeaveButton.create(),
        InSight.create(ways=DeskState.allowed.length()),
        EmptySent.create(taken=DeskState.taken),
        class_name="desk-nav",
        aria_label=t("desk.pages"),
    )


def desk_page(title: Any, *children: Any, current: str, tools: Any = None) -> rx.Component:
    """A desk page; `tools` stand beside its title. Who may not use it, or is not known yet, sees neither."""
    words = told("problem", DeskState.problem, DeskState.problem_params)
    wrong = rx.el.p(icon("triangle-alert"), words, class_name="notice need", role="alert")
    lost = rx.el.p(icon("cloud-off"), t("desk.lost"), class_name="notice wait", role="status")
    allowed = DeskState.allowed.contains(ACTIONS[current])
    loading = rx.el.p(t("loading"), class_name="soft", role="status")
    head = [rx.el.h1(title, id=TITLE_ID), *([rx.cond(allowed, tools)] if tools is not None else [])]
    return rx.el.div(
        SkipLink.create(),
        _nav(current),
        rx.el.main(
            rx.el.header(*head, class_name="desk-head"),
            rx.cond(has_connection_errors, lost),
            rx.cond(DeskState.problem != "", wrong),
            rx.cond(DeskState.name == "", loading, rx.cond(allowed, rx.fragment(*children))),
            class_name="desk-main",
            id="desk-main",
            tab_index=-1,
        ),
        class_name="desk",
    )
