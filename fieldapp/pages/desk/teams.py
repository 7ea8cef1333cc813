"""Tổ và thành viên: who sits in which team, on which phones, and how phones come and go."""

from dataclasses import dataclass, field
from uuid import UUID

import reflex as rx

from fieldapp.components.base import button, chip, empty, icon, pill
from fieldapp.components.choice import commune_choice
from fieldapp.components.desk_shell import InviteButton, RescueButton, desk_page
from fieldapp.components.words import number, t, tk
from fieldapp.db import database
from fieldapp.device.store import count, some
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.permissions import Action, Principal
from fieldapp.reports.team_list import SeatRow, TeamRow, list_teams
from fieldapp.services import visit_places
from fieldapp.services.devices import end_phone
from fieldapp.states.commune import CommuneState
from fieldapp.states.session import DeskState, needs
from models.base import utc_now
from models.session import SessionState


@dataclass
class PhoneView:
    """`unsent` is -1 where the phone never said; `until` is the day to which a closing one may send."""

    id: str = ""
    label: str = ""
    last_at: str = ""
    unsent: int = -1
    state: str = ""
    until: str = ""


@dataclass
class SeatView:
    member: int = 0
    name: str = ""
    role: str = ""
    position: str = ""
    reviews_until: str = ""
    phones: list[PhoneView] = field(default_factory=list)


@dataclass
class TeamView:
    """`last_at` is the newest push of any of its phones, `unsent` what they said they held at their last ones."""

    id: int = 0
    name: str = ""
    villages: str = ""
    phones: int = 0
    last_at: str = ""
    unsent: int = 0
    seats: list[SeatView] = field(default_factory=list)


class TeamsState(CommuneState):
    teams: rx.Field[list[TeamView]] = rx.field(default_factory=list)
    ended: int = -1
    """How many people the phone was ended for just now; -1 where none was."""
    ended_names: str = ""
    asks_place: bool = False
    """Whether phones of the commune may name where a visit was made."""

    @needs(Action.READ_TEAM)
    async def load(self, who: Principal) -> None:
        self.ended = -1
        self._choose_by_address()
        await self._show(who)

    @needs(Action.READ_TEAM)
    async def choose_commune(self, who: Principal, commune: int) -> None:
        self.ended = -1
        self._choose(commune)
        await self._show(who)

    @needs(Action.END_PHONE)
    async def end_phone(self, who: Principal, phone: UUID, way: SessionState) -> None:
        """`closing` lets this person's phone send what it holds, `closed` refuses it everything, whoever uses it."""
        self.ended = -1
        async with database().write() as db:
            ended = await end_phone(db, who, phone, way)
        self.ended, self.ended_names = ended.people, ", ".join(ended.names)
        await self._show(who)

    @needs(Action.ASK_PLACE)
    async def ask_place(self, who: Principal, asks: bool) -> None:
        async with database().write() as db:
            await visit_places.ask(db, who, who.commune_id or 0, asks)
        await self._show(who)

    async def _show(self, who: Principal) -> None:
        async with database().read() as db:
            commune = await self._commune(db, who, Action.READ_TEAM)
            found = await list_teams(db, who, commune, vn_day(utc_now())) if commune else []
            self.asks_place = await visit_places.is_asked(db, commune) if commune else False
        self.teams = [_team(team) for team in found]


def _team(team: TeamRow) -> TeamView:
    phones = [phone for seat in team.seats for phone in seat.phones]
    contacts = [phone.last_contact_at for phone in phones if phone.last_contact_at]
    return TeamView(
        id=team.id,
        name=team.name,
        villages=", ".join(team.villages),
        phones=len(phones),
        last_at=written_instant(max(contacts, default=None)),
        unsent=sum(phone.unsent or 0 for phone in phones),
        seats=[_seat(seat) for seat in team.seats],
    )


def _seat(seat: SeatRow) -> SeatView:
    phones = [
        PhoneView(
            str(p.id),
            p.label,
            written_instant(p.last_contact_at),
            -1 if p.unsent is None else p.unsent,
            str(p.state),
            written_day(vn_day(p.sends_until)) if p.sends_until else "",
        )
        for p in seat.phones
    ]
    until = written_day(seat.reviews_until) if seat.reviews_until else ""
    return SeatView(seat.member_id, seat.name, str(seat.role), seat.position or "", until, phones)


def _may(action: Action) -> rx.Var:
    return DeskState.allowed.contains(str(action))


def _endings(phone: PhoneView) -> rx.Component:
    """Both ways to end a phone, behind a fold so that no slip of the hand ends one."""
    closing, closed = str(SessionState.CLOSING), str(SessionState.CLOSED)
    revoke = button(t("phone.revoke"), kind="compact", on_click=TeamsState.end_phone(phone.id, closing))
    lost = button(t("phone.lost"), kind="compact danger", on_click=TeamsState.end_phone(phone.id, closed))
    return rx.el.details(
        rx.el.summary(t("phone.end"), class_name="link"),
        rx.el.div(
            rx.cond(phone.state == str(SessionState.OPEN), rx.fragment(revoke, _explained("phone.revoke_means"))),
            lost,
            _explained("phone.lost_means"),
            class_name="stack tight",
        ),
    )


def _ended() -> rx.Component:
    """How many people a phone was ended for; named are those whom this officer may know."""
    names = rx.fragment(" ", t("phone.ended_names", names=TeamsState.ended_names))
    named = rx.cond(TeamsState.ended_names != "", names)
    return rx.el.p(icon("check"), rx.el.span(t("phone.ended", n=number(TeamsState.ended)), named), class_name="notice")


def _explained(key: str) -> rx.Component:
    return rx.el.p(t(key), class_name="soft small")


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
        rx.cond(_may(Action.END_PHONE) & (phone.state != str(SessionState.CLOSED)), _endings(phone)),
        key=phone.id,
    )


def _seat_row(seat: SeatView) -> rx.Component:
    phones = rx.el.ul(rx.foreach(seat.phones, _phone), class_name="stack tight")
    return rx.el.li(
        rx.el.div(
            rx.el.p(seat.name, class_name="strong"),
            rx.el.p(
                tk("role", seat.role),
                rx.cond(seat.position != "", rx.fragment(" · ", seat.position)),
                rx.cond(seat.reviews_until != "", rx.fragment(" · ", t("seat.reviews_until", day=seat.reviews_until))),
                class_name="soft small",
            ),
            class_name="person",
        ),
        rx.el.div(
            rx.cond(some(seat.phones), phones, rx.el.p(t("phone.none"), class_name="soft small")),
            class_name="grow",
        ),
        rx.cond(_may(Action.INVITE_MEMBER), InviteButton.create(member=seat.member, name=seat.name)),
        class_name="seat",
        key=seat.member,
    )


def _team_panel(team: TeamView) -> rx.Component:
    """A team folded up: what is wrong with it shows without opening it."""
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
            rx.cond(team.unsent > 0, pill(t("phone.unsent", n=number(team.unsent)), "wait")),
        ),
        rx.el.ul(rx.foreach(team.seats, _seat_row), class_name="bars"),
        class_name="panel team",
        key=team.id,
    )


def _place() -> rx.Component:
    """The commune's own switch; it is off until somebody turns it on."""
    ways = [
        chip(t("place.off"), ~TeamsState.asks_place, TeamsState.ask_place(False)),
        chip(t("place.on"), TeamsState.asks_place, TeamsState.ask_place(True)),
    ]
    return rx.el.section(
        rx.el.h2(t("place.asks")),
        _explained("place.asks_means"),
        rx.el.div(*ways, class_name="chips", role="group", aria_label=t("place.asks")),
        class_name="panel stack",
    )


def teams_page() -> rx.Component:
    none = rx.cond(some(TeamsState.communes) & (TeamsState.commune == ""), t("desk.choose_commune"), t("team.none"))
    return desk_page(
        t("desk.teams"),
        commune_choice(TeamsState.communes, TeamsState.commune, TeamsState.choose_commune),
        rx.el.div(rx.cond(TeamsState.ended >= 0, _ended()), role="status"),
        rx.cond(
            some(TeamsState.teams),
            rx.el.div(rx.foreach(TeamsState.teams, _team_panel), class_name="stack"),
            empty("users", none),
        ),
        rx.cond(_may(Action.ASK_PLACE), _place()),
        rx.cond(_may(Action.RESCUE_RECORD), RescueButton.create()),
        current="teams",
    )
