"""The panel beside the teams, in which one thing at a time changes: a team, a seat, or who served when."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, joined
from fieldapp.components.form import date_field, field, folded, form, hidden_field, side_panel, text_field, tick_field
from fieldapp.components.words import local, number, t, tk, told
from fieldapp.device.store import count, some
from fieldapp.domain.team_form import MAX_NAME, MAX_PERSON, MAX_PHONE
from fieldapp.pages.desk.teams_state import TeamsState
from fieldapp.pages.desk.teams_view import KnownView, ServedView, SkillView
from fieldapp.states.option import Option
from models.team import SeatKind, SeatRole, TeamLevel

COMMUNE_KINDS = (
    SeatKind.YOUTH_MEMBER, SeatKind.YOUTH_SECRETARY, SeatKind.POLICE, SeatKind.CULTURE_OFFICE, SeatKind.IT_TEACHER,
    SeatKind.COMMUNE_OFFICE, SeatKind.WOMENS_UNION, SeatKind.FARMERS_UNION, SeatKind.TEACHER, SeatKind.RESPECTED,
    SeatKind.OTHER,
)  # fmt: skip
VILLAGE_KINDS = (
    SeatKind.VILLAGE_HEAD, SeatKind.PARTY_SECRETARY, SeatKind.YOUTH_SECRETARY, SeatKind.POLICE, SeatKind.WOMENS_UNION,
    SeatKind.FARMERS_UNION, SeatKind.YOUTH_MEMBER, SeatKind.TEACHER, SeatKind.IT_TEACHER, SeatKind.RESPECTED,
    SeatKind.OTHER,
)  # fmt: skip
"""Whom teams of each level are made of, in the order of the letter."""


def teams_panel() -> rx.Component:
    team = TeamsState.team
    panels = {
        "found": side_panel(t("teams.found"), TeamsState.close, _about(), _missing(), _found()),
        "team": side_panel(t("teams.change"), TeamsState.close, _about(), _change_team(), _end_team()),
        "place": side_panel(t("teams.place"), TeamsState.close, _about(), _place()),
        "seat": side_panel(TeamsState.seat.name, TeamsState.close, _about(), _change_seat(), _end_seat()),
        "skills": side_panel(TeamsState.seat.name, TeamsState.close, _about(), _skills()),
        "history": side_panel(t("teams.history"), TeamsState.close, _about(), _history()),
    }
    shown = rx.match(TeamsState.panel, *panels.items(), rx.fragment())
    return rx.fragment(shown, key=joined(TeamsState.panel, team.id))


def _about() -> rx.Component:
    """Which team it is, and what went wrong: the page's own word on it may be covered by the panel."""
    wrong = told("problem", TeamsState.problem, TeamsState.problem_params)
    return rx.fragment(
        rx.cond(TeamsState.team.name != "", rx.el.p(TeamsState.team.name, class_name="soft")),
        rx.cond(TeamsState.problem != "", rx.el.p(wrong, class_name="error")),
    )


def _found() -> rx.Component:
    level = rx.el.select(
        rx.el.option(t("teams.level.village"), value=str(TeamLevel.VILLAGE)),
        rx.el.option(t("teams.level.commune"), value=str(TeamLevel.COMMUNE)),
        name="level",
        default_value=str(TeamLevel.VILLAGE),
    )
    return form(
        field(t("teams.level"), level),
        _team_name(""),
        rx.el.div(_villages([]), class_name="only-village"),
        date_field("first", t("teams.first"), required=True, default_value=TeamsState.today),
        send=t("teams.found"),
        on_submit=TeamsState.found_team,
        reset_on_submit=False,
    )


def _change_team() -> rx.Component:
    team = TeamsState.team
    served = rx.fragment(
        _villages(team.village_ids),
        date_field("first", t("teams.serves_first"), required=True, min=team.first, default_value=TeamsState.today),
    )
    return form(
        hidden_field("team", team.id),
        hidden_field("level", team.level),
        _team_name(team.name),
        rx.cond(team.level == str(TeamLevel.VILLAGE), served, hidden_field("first", TeamsState.today)),
        send=t("teams.keep"),
        on_submit=TeamsState.change_team,
        reset_on_submit=False,
    )


def _missing() -> rx.Component:
    """The usual beginning: every village gets a team at one press."""
    names = TeamsState.without
    every = form(
        rx.el.p(names.join(", "), class_name="soft small"),
        date_field("first", t("teams.first"), required=True, default_value=TeamsState.today),
        send=t("teams.found_missing", n=number(count(names))),
        on_submit=TeamsState.found_missing,
        kind="primary",
    )
    title = rx.el.h3(t("teams.without", n=number(count(names))))
    return rx.cond(some(names), rx.el.section(title, every, class_name="note stack"))


def _team_name(value: Any) -> rx.Component:
    return text_field(
        "name", t("teams.name"), t("teams.name_hint"), required=True, max_length=MAX_NAME, default_value=value
    )


def _villages(served: Any) -> rx.Component:
    def one(village: Option) -> rx.Component:
        ticked = rx.Var.create(served).to(list[str]).contains(village.value)
        return tick_field("tick_" + village.value, village.label, default_checked=ticked, key=village.value)

    return rx.el.fieldset(
        rx.el.legend(t("teams.villages")),
        rx.el.div(rx.foreach(TeamsState.villages, one), class_name="ticks"),
    )


def _end_team() -> rx.Component:
    team = TeamsState.team
    last = form(
        rx.el.p(t("teams.end_means"), class_name="soft small"),
        hidden_field("id", team.id),
        date_field("last", t("teams.last_day"), required=True, min=team.first, default_value=TeamsState.today),
        send=t("teams.end"),
        on_submit=TeamsState.end_team,
        kind="danger",
        reset_on_submit=False,
    )
    return folded(t("teams.end"), last)


def _place() -> rx.Component:
    """Somebody who is known here already comes first: a person is written down once."""
    look = form(
        text_field("words", t("teams.find"), t("teams.find_hint"), type="search", max_length=80),
        send=t("teams.find_press"),
        on_submit=TeamsState.find_member,
        kind="compact",
        reset_on_submit=False,
    )
    none = rx.cond(TeamsState.searched, rx.el.p(t("teams.find_none"), class_name="soft", role="status"))
    found = rx.el.ul(rx.foreach(TeamsState.known, _known), class_name="stack tight", aria_label=t("teams.find"))
    new = rx.fragment(_person_name(""), _phone_number(""))
    chosen = rx.el.p(
        rx.el.span(TeamsState.member.name, class_name="strong grow"),
        button(t("teams.somebody_new"), kind="compact", on_click=TeamsState.choose_member(0)),
        class_name="row wrap",
    )
    return rx.fragment(
        look,
        rx.cond(some(TeamsState.known), found, none),
        form(
            hidden_field("team", TeamsState.team.id),
            rx.cond(TeamsState.member.id > 0, rx.fragment(hidden_field("member", TeamsState.member.id), chosen), new),
            _role(str(SeatRole.MEMBER)),
            _kind(""),
            _position(""),
            date_field("first", t("teams.seat_first"), required=True, default_value=TeamsState.today),
            send=t("teams.place"),
            on_submit=TeamsState.place_member,
            reset_on_submit=False,
        ),
    )


def _known(member: KnownView) -> rx.Component:
    teams = rx.cond(member.teams != "", member.teams, t("teams.no_seat"))
    words = rx.fragment(rx.el.span(member.name, class_name="strong block"), rx.el.span(teams, class_name="soft small"))
    return rx.el.li(chip(words, TeamsState.member.id == member.id, TeamsState.choose_member(member.id)), key=member.id)


def _change_seat() -> rx.Component:
    seat = TeamsState.seat
    return form(
        hidden_field("seat", seat.id),
        _person_name(seat.name),
        _phone_number(seat.number),
        _role(seat.role),
        _kind(rx.cond(seat.kind == "none", "", seat.kind)),
        _position(seat.position),
        send=t("teams.keep"),
        on_submit=TeamsState.change_seat,
        reset_on_submit=False,
    )


def _end_seat() -> rx.Component:
    seat = TeamsState.seat
    last = form(
        rx.el.p(t("teams.seat_end_means"), class_name="soft small"),
        hidden_field("id", seat.id),
        date_field("last", t("teams.last_day"), required=True, min=seat.first, default_value=TeamsState.today),
        send=t("teams.seat_end"),
        on_submit=TeamsState.end_seat,
        kind="danger",
        reset_on_submit=False,
    )
    return folded(t("teams.seat_end"), last)


def _skills() -> rx.Component:
    """A class that somebody came to is a hint beside the box, no more: being taught is not yet mastering."""

    def one(skill: SkillView) -> rx.Component:
        name = local(skill.name_vi, skill.name_en)
        hint = rx.cond(skill.taught != "", t("teams.skill_taught", day=skill.taught), "")
        return tick_field(joined("platform_", skill.code), name, hint, default_checked=skill.mastered, key=skill.code)

    courses = rx.fragment(
        rx.el.p(t("teams.courses"), class_name="strong"),
        rx.el.ul(rx.foreach(TeamsState.courses, lambda one: rx.el.li(one, key=one)), class_name="stack tight"),
    )
    return form(
        rx.cond(some(TeamsState.courses), courses),
        rx.el.p(t("teams.skills_mean"), class_name="soft small"),
        hidden_field("member", TeamsState.seat.member),
        rx.el.fieldset(rx.el.legend(t("teams.skills_of")), rx.foreach(TeamsState.skills, one)),
        send=t("teams.keep"),
        on_submit=TeamsState.keep_skills,
        reset_on_submit=False,
    )


def _history() -> rx.Component:
    return rx.el.ul(rx.foreach(TeamsState.served, _served), class_name="bars")


def _served(row: ServedView) -> rx.Component:
    days = rx.cond(
        row.until != "", t("teams.served", since=row.since, until=row.until), t("teams.serves_since", since=row.since)
    )
    return rx.el.li(
        rx.el.p(row.name, class_name="strong"),
        rx.el.p(tk("role", row.role), " · ", tk("seat_kind", row.kind), class_name="soft small"),
        rx.el.p(days, class_name="small"),
    )


def _person_name(value: Any) -> rx.Component:
    return text_field("name", t("teams.full_name"), required=True, max_length=MAX_PERSON, default_value=value)


def _phone_number(value: Any) -> rx.Component:
    given = {"type": "tel", "input_mode": "tel", "max_length": MAX_PHONE, "default_value": value}
    return text_field("phone", t("teams.number"), t("teams.number_hint"), **given)


def _position(value: Any) -> rx.Component:
    return text_field(
        "position", t("teams.position"), t("teams.position_hint"), max_length=MAX_PERSON, default_value=value
    )


def _role(value: Any) -> rx.Component:
    roles = [rx.el.option(t(f"role.{role}"), value=str(role)) for role in SeatRole]
    return field(t("teams.role"), rx.el.select(*roles, name="role", default_value=value))


def _kind(value: Any) -> rx.Component:
    def of(kinds: tuple[SeatKind, ...]) -> rx.Component:
        lines = [rx.el.option(t(f"seat_kind.{kind}"), value=str(kind)) for kind in kinds]
        first = rx.el.option(t("teams.kind_choose"), value="", disabled=True)
        return rx.el.select(first, *lines, name="kind", required=True, default_value=value)

    choice = rx.cond(TeamsState.team.level == str(TeamLevel.COMMUNE), of(COMMUNE_KINDS), of(VILLAGE_KINDS))
    return field(t("teams.kind"), choice)
