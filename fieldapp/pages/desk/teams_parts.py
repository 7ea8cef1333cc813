"""The list of teams: each folded up with what is wrong with it in sight, opened with its people and their phones."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, desk_icon, icon, joined, pill
from fieldapp.components.desk_shell import InvitationsButton, InviteButton, desk_link
from fieldapp.components.form import area_field, folded, form, hidden_field
from fieldapp.components.words import local, locale, number, t, tk
from fieldapp.device.store import count, some
from fieldapp.domain.team_form import MAX_REASON
from fieldapp.pages.desk.teams_state import TeamsState
from fieldapp.pages.desk.teams_view import PhoneView, SeatView, TeamView, WarningView
from fieldapp.permissions import Action
from fieldapp.states.session import DeskState
from models.session import SessionState


def may(action: Action) -> rx.Var:
    return DeskState.allowed.contains(str(action))


def explained(key: str) -> rx.Component:
    return rx.el.p(t(key), class_name="soft small")


def warning_words(warning: WarningView) -> Any:
    """What is missing, with how many people."""
    words = tk("shortfall", warning.kind)
    return rx.cond(warning.people > 1, words + " " + t("teams.people", n=number(warning.people)), words)


def team_panel(team: TeamView) -> rx.Component:
    heard = rx.cond(team.last_at != "", t("phone.heard", at=team.last_at), t("phone.never"))
    return rx.el.details(
        rx.el.summary(
            rx.el.h2(team.name),
            rx.cond(team.villages != "", rx.el.p(team.villages, class_name="soft small")),
            rx.el.p(
                t("team.size", n=number(count(team.seats))),
                " · ",
                t("team.phones", n=number(team.phones)),
                " · ",
                heard,
                class_name="soft small",
            ),
            rx.el.div(
                rx.foreach(team.heard, _warning_pill),
                _decision_pill(team),
                rx.cond(team.unsent > 0, pill(t("phone.unsent", n=number(team.unsent)), "wait")),
                rx.cond(team.until != "", pill(t("teams.until", day=team.until), "wait")),
                class_name="row wrap",
            ),
        ),
        rx.cond(may(Action.MANAGE_TEAM), _deeds(team)),
        rx.cond(some(team.heard) | some(team.silenced), _warnings(team)),
        _unmastered(team),
        rx.el.ul(rx.foreach(team.seats, lambda seat: _seat_row(team, seat)), class_name="bars"),
        class_name="panel team",
        key=team.id,
    )


def _unmastered(team: TeamView) -> rx.Component:
    """The platforms for which this team has nobody, once anybody's skills were said."""
    lacking = rx.el.p(
        rx.el.span(t("teams.unmastered"), " ", class_name="strong"),
        local(team.unmastered_vi, team.unmastered_en),
        class_name="note small",
    )
    return rx.cond(team.skilled & (team.unmastered_vi != ""), lacking)


def _warning_pill(warning: WarningView) -> rx.Component:
    return pill(warning_words(warning), "need", "triangle-alert")


def _decision_pill(team: TeamView) -> rx.Component:
    return rx.cond(
        team.decision != "", pill(t("teams.decision", number=team.decision)), pill(t("teams.undecided"), "wait")
    )


def _deeds(team: TeamView) -> rx.Component:
    return rx.el.div(
        button(desk_icon("user-plus"), t("teams.place"), kind="compact", on_click=TeamsState.open_place(team.id)),
        button(desk_icon("pencil"), t("teams.change"), kind="compact", on_click=TeamsState.open_team(team.id)),
        button(desk_icon("history"), t("teams.history"), kind="compact", on_click=TeamsState.open_history(team.id)),
        rx.cond(may(Action.INVITE_MEMBER), InvitationsButton.create(team=team.id, name=team.name)),
        rx.cond(some(team.seats), _cards(team)),
        class_name="row wrap",
    )


def _cards(team: TeamView) -> rx.Component:
    """A card for each member, to cut and sign; the browser itself fetches the paper."""
    address = joined("/api/v1/teams/", team.id) + "/cards?slot=desk&locale=" + locale()
    words = desk_icon("printer"), t("teams.cards")
    return desk_link(*words, to=address, reload_document=True, download=True, class_name="button compact")


def _warnings(team: TeamView) -> rx.Component:
    """What the letter asks for and this team lacks; a reason keeps it from being said again and again."""
    return rx.el.section(
        rx.el.h3(t("teams.warnings")),
        rx.el.ul(
            rx.foreach(team.heard, lambda warning: _heard(team, warning)),
            rx.foreach(team.silenced, lambda warning: _silenced(team, warning)),
            class_name="bars",
        ),
        class_name="note stack tight",
    )


def _heard(team: TeamView, warning: WarningView) -> rx.Component:
    give = form(
        hidden_field("team", team.id),
        hidden_field("shortfall", warning.kind),
        area_field("reason", t("teams.reason"), t("teams.reason_hint"), required=True, max_length=MAX_REASON, rows=2),
        send=t("teams.reason_give"),
        on_submit=TeamsState.give_reason,
        kind="compact",
    )
    words = rx.el.p(icon("triangle-alert"), rx.el.span(warning_words(warning)), class_name="row strong")
    return rx.el.li(
        words,
        explained_warning(warning),
        rx.cond(may(Action.MANAGE_TEAM), folded(t("teams.reason_why"), give)),
        key=warning.kind,
    )


def explained_warning(warning: WarningView) -> rx.Component:
    return rx.el.p(tk("shortfall_means", warning.kind), class_name="soft small")


def _silenced(team: TeamView, warning: WarningView) -> rx.Component:
    back = button(
        t("teams.reason_take_back"), kind="compact", on_click=TeamsState.take_reason_back(team.id, warning.kind)
    )
    return rx.el.li(
        rx.el.p(warning_words(warning)),
        rx.el.p(warning.reason, class_name="small"),
        rx.el.p(t("teams.reason_by", name=warning.by, day=warning.on), class_name="soft small"),
        rx.cond(may(Action.MANAGE_TEAM), back),
        key=warning.kind,
    )


def _seat_row(team: TeamView, seat: SeatView) -> rx.Component:
    phones = rx.el.ul(rx.foreach(seat.phones, _phone), class_name="stack tight")
    skills = button(
        desk_icon("graduation-cap"),
        t("teams.skills"),
        rx.el.span(" ", seat.name, class_name="sr"),
        kind="compact",
        on_click=TeamsState.open_skills(team.id, seat.id),
    )
    change = button(
        desk_icon("pencil"),
        t("teams.seat_change"),
        rx.el.span(" ", seat.name, class_name="sr"),
        kind="compact",
        on_click=TeamsState.open_seat(team.id, seat.id),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.p(seat.name, class_name="strong"),
            rx.el.p(
                tk("role", seat.role),
                " · ",
                tk("seat_kind", seat.kind),
                rx.cond(seat.position != "", rx.fragment(" · ", seat.position)),
                rx.cond(seat.reviews_until != "", rx.fragment(" · ", t("seat.reviews_until", day=seat.reviews_until))),
                rx.cond(seat.until != "", rx.fragment(" · ", t("teams.until", day=seat.until))),
                class_name="soft small",
            ),
            rx.cond(
                seat.mastered_vi != "",
                rx.el.p(t("teams.masters", names=local(seat.mastered_vi, seat.mastered_en)), class_name="small"),
            ),
            rx.cond(seat.number != "", rx.el.a(seat.number, href="tel:" + seat.number, class_name="link small num")),
            class_name="person",
        ),
        rx.el.div(
            rx.cond(some(seat.phones), phones, rx.el.p(t("phone.none"), class_name="soft small")),
            class_name="grow",
        ),
        rx.cond(may(Action.MANAGE_TEAM), rx.fragment(skills, change)),
        rx.cond(may(Action.INVITE_MEMBER), InviteButton.create(member=seat.member, name=seat.name)),
        class_name="seat",
        key=seat.id,
    )


def _phone(phone: PhoneView) -> rx.Component:
    heard = rx.cond(phone.last_at != "", t("phone.heard", at=phone.last_at), t("phone.never"))
    unsent = rx.cond(phone.unsent > 0, pill(t("phone.unsent", n=number(phone.unsent)), "wait"))
    return rx.el.li(
        rx.el.p(icon("smartphone"), rx.el.span(phone.label, class_name="grow"), class_name="row"),
        rx.el.p(heard, class_name="soft small"),
        rx.el.div(
            unsent,
            rx.match(
                phone.state,
                (str(SessionState.CLOSING), pill(t("phone.closing"), "wait")),
                (str(SessionState.CLOSED), pill(t("phone.closed"))),
                rx.fragment(),
            ),
            rx.cond(phone.until != "", rx.el.span(t("phone.sends_until", day=phone.until), class_name="soft small")),
            class_name="row wrap",
        ),
        rx.cond(may(Action.END_PHONE) & (phone.state != str(SessionState.CLOSED)), _endings(phone)),
        key=phone.id,
    )


def _endings(phone: PhoneView) -> rx.Component:
    """Both ways to end a phone, behind a fold so that no slip of the hand ends one."""
    closing, closed = str(SessionState.CLOSING), str(SessionState.CLOSED)
    revoke = button(t("phone.revoke"), kind="compact", on_click=TeamsState.end_phone(phone.id, closing))
    lost = button(t("phone.lost"), kind="compact danger", on_click=TeamsState.end_phone(phone.id, closed))
    return rx.el.details(
        rx.el.summary(t("phone.end"), class_name="link"),
        rx.el.div(
            rx.cond(phone.state == str(SessionState.OPEN), rx.fragment(revoke, explained("phone.revoke_means"))),
            lost,
            explained("phone.lost_means"),
            class_name="stack tight",
        ),
    )
