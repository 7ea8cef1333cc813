"""The parts of the page of units: what may be done to villages, one of them with its history, all that was done."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, pill
from fieldapp.components.desk_shell import desk_link
from fieldapp.components.form import (
    date_field,
    field,
    folded,
    form,
    hidden_field,
    number_field,
    side_panel,
    text_field,
    tick_field,
)
from fieldapp.components.words import number, t, tk
from fieldapp.device.store import some
from fieldapp.domain.unit_change import VILLAGE_DIVISIONS
from fieldapp.pages.desk.units_view import KINDS, ChangeLine, NumberLine, Relative
from fieldapp.permissions import Action
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState

PLAN_ID = "merge-plan"


def may_manage() -> rx.Var:
    return DeskState.allowed.contains(str(Action.MANAGE_UNIT))


def _soft(key: str, **params: Any) -> rx.Component:
    return rx.el.p(t(key, **params), class_name="soft small")


def _division(value: Any) -> rx.Component:
    kinds = [rx.el.option(t(f"division.{kind}"), value=str(kind)) for kind in VILLAGE_DIVISIONS]
    return field(t("units.division"), rx.el.select(*kinds, name="division", default_value=value, key=value))


def _named(state: Any, name: Any = "", division: Any = "thon") -> list[rx.Component]:
    text = text_field(
        "name", t("units.name"), t("units.name_hint"), required=True, min_length=2, max_length=120,
        default_value=name, key=name,
    )  # fmt: skip
    return [text, _division(division), *_dated(state)]


def _dated(state: Any) -> list[rx.Component]:
    on = date_field(
        "on", t("units.on"), t("units.on_hint"), required=True, default_value=state.today, max=state.today,
        key=state.today,
    )  # fmt: skip
    decision = text_field("decision", t("units.decision"), t("units.decision_hint"), max_length=200)
    return [on, decision]


def open_panel(state: Any) -> rx.Component:
    fields = form(hidden_field("commune", state.shown), *_named(state), send=t("units.open"), on_submit=state.add)
    return _folded_panel("units.open", fields)


def merge_panel(state: Any) -> rx.Component:
    def box(option: Option) -> rx.Component:
        return rx.el.label(
            rx.el.input(type="checkbox", name=option.value),
            rx.el.span(option.label),
            class_name="option",
            key=option.value,
        )

    boxes = rx.el.fieldset(
        rx.el.legend(t("units.merge_which"), class_name="strong"),
        rx.el.div(rx.foreach(state.choices, box), class_name="unit-boxes"),
    )
    fields = form(
        boxes,
        rx.el.h3(t("units.merge_into")),
        *_named(state),
        send=t("units.look"),
        on_submit=state.look,
        reset_on_submit=False,
    )
    return _folded_panel("units.merge", fields)


def _folded_panel(title: str, fields: rx.Component) -> rx.Component:
    summary = rx.el.summary(rx.el.h2(t(title)), rx.el.p(t(f"{title}_means"), class_name="soft small"))
    return rx.el.details(summary, fields, class_name="panel team")


def plan_panel(state: Any) -> rx.Component:
    """What the merge is about to do, before it is done."""
    plan = state.plan

    def numbered(line: NumberLine) -> rx.Component:
        return rx.el.li(t("units.plan_number", village=line.village, old=line.old, new=line.new), key=line.new)

    def team(option: Option) -> rx.Component:
        return tick_field(option.value, option.label, default_checked=True, key=option.value)

    more = rx.cond(plan.more > 0, rx.el.p(t("units.plan_more", n=number(plan.more)), class_name="soft small"))
    clashing = folded(
        t("units.plan_numbers", n=number(plan.renumbered)), rx.el.ul(rx.foreach(plan.numbers, numbered)), more
    )
    teams = rx.el.fieldset(
        rx.el.legend(t("units.plan_teams"), class_name="strong"),
        rx.el.div(rx.foreach(plan.teams, team), class_name="stack tight"),
        rx.el.p(t("units.plan_teams_hint"), class_name="soft small"),
    )
    facts = [
        rx.el.li(t("units.plan_households", n=number(plan.households))),
        rx.cond(plan.waiting > 0, rx.el.li(t("units.plan_waiting", n=number(plan.waiting)))),
        rx.el.li(t("units.plan_kept")),
    ]
    return rx.el.section(
        rx.el.h2(t("units.plan"), id=PLAN_ID, tab_index=-1),
        rx.el.p(t("units.plan_becomes", before=plan.before, name=plan.name, on=plan.on), class_name="strong"),
        rx.cond(plan.decision != "", rx.el.p(plan.decision, class_name="soft")),
        rx.el.ul(*facts, class_name="plain-list"),
        rx.cond(plan.renumbered > 0, clashing, _soft("units.plan_same")),
        form(
            rx.cond(some(plan.teams), teams, _soft("units.plan_no_teams")),
            _soft("units.plan_final"),
            send=t("units.confirm"),
            on_submit=state.merge,
            reset_on_submit=False,
        ),
        button(t("units.back"), on_click=state.back),
        class_name="panel stack",
    )


def _change(change: ChangeLine) -> rx.Component:
    words = rx.match(
        change.kind,
        *((kind, t(f"units.change_{kind}", name=change.name, before=change.before)) for kind in KINDS),
        change.name,
    )
    return rx.el.li(
        rx.el.p(rx.el.span(change.on, class_name="soft"), " · ", words, class_name="strong"),
        rx.cond(change.decision != "", rx.el.p(change.decision)),
        rx.el.p(t("units.by", by=change.by, at=change.at), class_name="soft small"),
        key=change.id,
    )


def history(changes: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(t("units.history")),
        rx.cond(some(changes), rx.el.ul(rx.foreach(changes, _change), class_name="bars"), _soft("units.no_history")),
        class_name="panel stack",
    )


def _relatives(title: str, state: Any, found: Any) -> rx.Component:
    def one(unit: Relative) -> rx.Component:
        span = rx.cond(
            unit.until != "",
            t("units.span", first=unit.since, last=unit.until),
            t("units.span_open", first=unit.since),
        )
        press = rx.el.button(unit.name, type="button", class_name="link", on_click=state.open_village(unit.id))
        return rx.el.li(press, " ", rx.el.span(span, class_name="soft small"), key=unit.id)

    return rx.cond(some(found), rx.fragment(rx.el.h3(t(title)), rx.el.ul(rx.foreach(found, one))))


def village_panel(state: Any) -> rx.Component:
    """One village: what it is, what it was, what it became; and what may be done to it while it stands."""
    view, village = state.open, state.open.village
    own = hidden_field("village", village.id)
    deeds = rx.fragment(
        folded(
            t("units.declare"),
            _soft("units.declare_means"),
            form(
                own,
                number_field(
                    "households", t("units.declared"), min=1, default_value=village.declared, key=village.declared
                ),
                send=t("units.declare"), on_submit=state.declare, reset_on_submit=False,
            ),
        ),
        folded(
            t("units.rename"),
            _soft("units.rename_means"),
            form(
                own, *_named(state, village.name, village.division), send=t("units.rename"), on_submit=state.rename,
                reset_on_submit=False,
            ),
        ),
        folded(
            t("units.stop"),
            _soft("units.stop_means"),
            form(own, *_dated(state), send=t("units.stop"), on_submit=state.stop, kind="danger", reset_on_submit=False),
        ),
    )  # fmt: skip
    stands = village.until == ""
    return side_panel(
        village.name,
        state.close_village,
        rx.cond(stands, rx.fragment(), rx.el.p(pill(t("units.ended")))),
        rx.el.p(
            tk("division", village.division), " · ", t("units.code"), " ", village.code, " · ",
            t("units.since", day=village.since),
            rx.cond(stands, "", rx.fragment(" · ", t("units.until", day=village.until))),
            class_name="soft small",
        ),
        rx.el.p(t("units.n_households", n=number(village.households))),
        rx.cond(village.declared != "", rx.el.p(t("units.n_declared", n=village.declared))),
        rx.cond(village.teams != "", rx.el.p(village.teams)),
        desk_link(t("units.numbers"), to="/desk/?unit=" + village.id, class_name="link"),
        _relatives("units.came_from", state, view.came_from),
        _relatives("units.went_to", state, view.went_to),
        rx.cond(some(view.changes), rx.el.ul(rx.foreach(view.changes, _change), class_name="bars")),
        rx.cond(may_manage() & stands, deeds),
    )  # fmt: skip
