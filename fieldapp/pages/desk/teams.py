"""Tổ và thành viên: who sits in which team, what it lacks, on which phones its people work, and changes to all that."""

import reflex as rx

from fieldapp.components.base import button, chip, desk_icon, empty, icon
from fieldapp.components.choice import commune_choice
from fieldapp.components.desk_shell import InvitationsButton, RescueButton, desk_page
from fieldapp.components.form import said
from fieldapp.components.table import pager
from fieldapp.components.words import number, t, told
from fieldapp.device.store import some
from fieldapp.pages.desk.teams_forms import teams_panel
from fieldapp.pages.desk.teams_parts import explained, may, team_panel
from fieldapp.pages.desk.teams_state import PAGE, TeamsState
from fieldapp.permissions import Action


def _ended() -> rx.Component:
    """How many people a phone was ended for; named are those whom this officer may know."""
    names = rx.fragment(" ", t("phone.ended_names", names=TeamsState.ended_names))
    named = rx.cond(TeamsState.ended_names != "", names)
    return rx.el.p(icon("check"), rx.el.span(t("phone.ended", n=number(TeamsState.ended)), named), class_name="notice")


def _place() -> rx.Component:
    """The commune's own switch; it is off until somebody turns it on."""
    ways = [
        chip(t("place.off"), ~TeamsState.asks_place, TeamsState.ask_place(False)),
        chip(t("place.on"), TeamsState.asks_place, TeamsState.ask_place(True)),
    ]
    return rx.el.section(
        rx.el.h2(t("place.asks")),
        explained("place.asks_means"),
        rx.el.div(*ways, class_name="chips", role="group", aria_label=t("place.asks")),
        class_name="panel stack",
    )


def _which() -> rx.Component:
    """The three lists with how many teams each has."""

    def one(name: str, total: int) -> rx.Component:
        words = t(f"teams.which.{name}", n=number(total))
        return chip(words, TeamsState.which == name, TeamsState.show(name))

    return rx.el.div(
        one("all", TeamsState.total),
        one("warned", TeamsState.warned),
        one("undecided", TeamsState.undecided),
        class_name="chips",
        role="group",
        aria_label=t("teams.which"),
    )


def _tools() -> rx.Component:
    """Those who manage teams do so in a commune of their own, and so its invitations are theirs."""
    found = button(desk_icon("plus"), t("teams.found"), kind="primary compact", on_click=TeamsState.open_founding)
    invite = rx.cond(TeamsState.total > 0, InvitationsButton.create(team=0, name=""))
    return rx.cond(may(Action.MANAGE_TEAM), rx.el.div(invite, found, class_name="row wrap"))


def _list() -> rx.Component:
    none = rx.match(
        TeamsState.which,
        ("warned", t("teams.none_warned")),
        ("undecided", t("teams.none_undecided")),
        rx.cond(some(TeamsState.communes) & (TeamsState.commune == ""), t("desk.choose_commune"), t("team.none")),
    )
    pages = (TeamsState.shown + PAGE - 1) // PAGE
    turns = pager(TeamsState.page, pages, TeamsState.shown, TeamsState.turn, words="teams.page")
    return rx.cond(
        some(TeamsState.teams),
        rx.el.div(
            rx.foreach(TeamsState.teams, team_panel), rx.cond(TeamsState.shown > PAGE, turns), class_name="stack"
        ),
        empty("users", none),
    )


def teams_page() -> rx.Component:
    without = rx.el.p(icon("triangle-alert"), t("teams.no_own_team"), class_name="notice wait")
    return desk_page(
        t("desk.teams"),
        commune_choice(TeamsState.communes, TeamsState.commune, TeamsState.choose_commune),
        rx.el.div(rx.cond(TeamsState.ended >= 0, _ended()), role="status"),
        said(rx.cond(TeamsState.done != "", told("teams.said", TeamsState.done, {"name": TeamsState.done_name}), "")),
        rx.cond(TeamsState.total > 0, rx.fragment(rx.cond(TeamsState.own_teams == 0, without), _which())),
        _list(),
        rx.cond(may(Action.ASK_PLACE), _place()),
        rx.cond(may(Action.RESCUE_RECORD), RescueButton.create()),
        rx.cond(TeamsState.panel != "", teams_panel()),
        current="teams",
        tools=_tools(),
    )
