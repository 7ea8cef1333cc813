"""Parts of the page of training classes: a class's form, the roster on which is ticked who came, the untaught."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, empty, icon, joined
from fieldapp.components.choice import commune_choice, options
from fieldapp.components.desk_shell import downloads
from fieldapp.components.form import date_field, field, folded, form, hidden_field, side_panel, text_field, tick_field
from fieldapp.components.table import Column, cell, figure_cell, pager, table
from fieldapp.components.words import local, number, t, tk, told
from fieldapp.device.store import some
from fieldapp.domain.training_form import MAX_PLACE, MAX_TOPIC, MAX_TRAINER
from fieldapp.pages.desk.classes_state import ClassesState, ClassView, CommuneView, TraineeView
from fieldapp.permissions import Action
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState


def keeps() -> rx.Var:
    return DeskState.allowed.contains(str(Action.KEEP_CLASS))


def class_facts(line: ClassView) -> rx.Component:
    """When and where it was, whose it is, who taught, and which platforms."""
    where = rx.cond(line.place != "", rx.fragment(" · ", line.place))
    taught = rx.cond(line.trainer != "", rx.el.p(t("classes.by", name=line.trainer), class_name="soft small"))
    kept = rx.cond(line.commune != "", line.commune, t("classes.of_province"))
    return rx.el.div(
        rx.el.p(line.when, where, class_name="small"),
        rx.el.p(kept, rx.cond(line.organiser != "", rx.fragment(" · ", line.organiser)), class_name="soft small"),
        taught,
        rx.cond(line.platforms_vi != "", rx.el.p(local(line.platforms_vi, line.platforms_en), class_name="soft small")),
        class_name="stack tight",
    )


def _wrong() -> rx.Component:
    """The page's own word on what went wrong may be covered by the panel."""
    wrong = told("problem", ClassesState.problem, ClassesState.problem_params)
    return rx.cond(ClassesState.problem != "", rx.el.p(wrong, class_name="error"))


def class_panel() -> rx.Component:
    one = ClassesState.chosen
    stop = folded(
        t("classes.withdraw"),
        rx.el.p(t("classes.withdraw_means"), class_name="soft small"),
        button(t("classes.withdraw"), kind="danger", on_click=ClassesState.withdraw(one.id)),
    )
    fields = form(
        rx.cond(one.id > 0, hidden_field("training", one.id)),
        _text("topic", MAX_TOPIC, one.topic, required=True),
        date_field("held_on", t("classes.held_on"), required=True, default_value=one.day),
        _text("place", MAX_PLACE, one.place),
        _text("organiser", MAX_PLACE, one.organiser),
        _text("trainer", MAX_TRAINER, one.trainer),
        _platforms(),
        send=t("classes.keep"),
        on_submit=ClassesState.keep,
        reset_on_submit=False,
    )
    title = rx.cond(one.id > 0, t("classes.change"), t("classes.new"))
    return side_panel(
        title,
        ClassesState.close,
        rx.fragment(_wrong(), fields, rx.cond(one.id > 0, stop), key=ClassesState.drawn),
    )


def _text(name: str, most: int, value: Any, **props: Any) -> rx.Component:
    return text_field(name, t(f"classes.{name}"), max_length=most, default_value=value, **props)


def _platforms() -> rx.Component:
    def one(platform: Option) -> rx.Component:
        ticked = rx.Var.create(ClassesState.chosen.codes).to(list[str]).contains(platform.value)
        name = local(platform.label, platform.english)
        return tick_field(joined("platform_", platform.value), name, default_checked=ticked, key=platform.value)

    return rx.el.fieldset(
        rx.el.legend(t("classes.platforms")),
        rx.el.div(rx.foreach(ClassesState.platforms, one), class_name="ticks"),
    )


def roster_panel() -> rx.Component:
    one, state = ClassesState.chosen, ClassesState
    done = rx.cond(
        (state.done == "noted") & (state.problem == ""),
        rx.el.p(t("classes.said.noted", n=number(state.done_count)), class_name="notice"),
    )
    came = rx.el.div(
        rx.el.p(t("classes.came", n=number(one.people)), class_name="strong"),
        rx.cond(one.people > 0, downloads("class", joined("training=", one.id))),
        class_name="stack tight",
    )
    ticking = rx.cond(
        one.keeps & keeps(),
        rx.cond(one.over, _ticking(), rx.el.p(t("problem.class_to_come"), class_name="soft")),
        _names(),
    )
    return side_panel(
        one.topic,
        state.close,
        class_facts(one),
        _wrong(),
        rx.el.div(done, role="status"),
        came,
        commune_choice(state.communes, state.commune, state.choose_commune),
        _team(),
        ticking,
    )


def _team() -> rx.Component:
    all_teams = rx.el.option(t("classes.all_teams"), value="")
    control = rx.el.select(
        all_teams,
        options(ClassesState.teams),
        name="team",
        value=ClassesState.team,
        on_change=ClassesState.choose_team,
    )
    return rx.cond(some(ClassesState.teams), field(t("classes.team"), control))


def _ticking() -> rx.Component:
    """Many at once: everybody of a team with one press, or each by their box."""

    def one(line: TraineeView) -> rx.Component:
        hint = rx.fragment(tk("role", line.role), " · ", line.team, _courses(line))
        return tick_field(joined("tick_", line.id), line.name, hint, default_checked=line.came, key=line.id)

    every = button(
        icon("check-check"),
        t("classes.all_came", n=number(ClassesState.roster_total)),
        kind="compact",
        on_click=ClassesState.note_all,
    )
    ticks = form(
        rx.el.fieldset(
            rx.el.legend(t("classes.who_came")),
            rx.el.div(rx.foreach(ClassesState.roster, one), class_name="stack tight"),
        ),
        send=t("classes.note"),
        on_submit=ClassesState.note,
        reset_on_submit=False,
        key=ClassesState.drawn,
    )
    return rx.cond(some(ClassesState.roster), rx.fragment(every, ticks, _turn()), _nobody())


def _names() -> rx.Component:
    """The same roster to read."""

    def one(line: TraineeView) -> rx.Component:
        mark = rx.cond(line.came, t("classes.was_there"), t("classes.was_not_there"))
        return rx.el.li(
            rx.el.p(line.name, class_name="strong"),
            rx.el.p(mark, " · ", line.team, _courses(line), class_name="soft small"),
            key=line.id,
        )

    listed = rx.el.ul(rx.foreach(ClassesState.roster, one), class_name="bars")
    return rx.cond(some(ClassesState.roster), rx.fragment(listed, _turn()), _nobody())


def _courses(line: TraineeView) -> rx.Component:
    """By their own word; it is no attendance."""
    return rx.cond(line.courses != "", rx.fragment(" · ", t("classes.courses", names=line.courses)))


def _nobody() -> rx.Component:
    waits = some(ClassesState.communes) & (ClassesState.commune == "")
    return rx.el.p(rx.cond(waits, t("desk.choose_commune"), t("classes.nobody")), class_name="soft")


def _turn() -> rx.Component:
    state = ClassesState
    turn = pager(state.roster_page, state.roster_pages, state.roster_total, state.turn_roster, "classes.people_page")
    return rx.cond(state.roster_pages > 1, turn)


def _commune_link(line: CommuneView) -> rx.Component:
    open_it: Any = ClassesState.choose_commune(line.id)
    return rx.el.button(line.name, type="button", class_name="link", on_click=open_it)


def untaught_part() -> rx.Component:
    """Each commune's share, and by name those who came to no class."""
    state = ClassesState

    def row(line: CommuneView) -> rx.Component:
        name = rx.cond(
            some(state.communes),
            _commune_link(line),
            rx.el.span(line.name, class_name="strong"),
        )
        return rx.el.tr(
            cell(name), figure_cell(line.members), figure_cell(line.taught), figure_cell(line.untaught), key=line.id
        )

    heads = [
        Column(t("classes.col_commune")),
        *(Column(t(f"classes.col_{n}"), "num") for n in ("members", "taught", "untaught")),
    ]
    counts = rx.fragment(
        table(t("classes.part.untaught"), heads, state.taught, row),
        rx.cond(
            state.taught_pages > 1,
            pager(
                state.taught_page, state.taught_pages, state.taught_total, state.turn_taught, "classes.communes_page"
            ),
        ),
    )

    def person(line: TraineeView) -> rx.Component:
        return rx.el.li(
            rx.el.p(line.name, class_name="strong"),
            rx.el.p(tk("role", line.role), " · ", line.team, _courses(line), class_name="soft small"),
            key=line.id,
        )

    people = rx.fragment(
        rx.el.p(t("classes.untaught_people", n=number(state.roster_total)), class_name="strong"),
        rx.el.ul(rx.foreach(state.roster, person), class_name="bars"),
        _turn(),
    )
    waits = some(state.communes) & (state.commune == "")
    none = empty("badge-check", rx.cond(waits, t("classes.choose_for_names"), t("classes.all_taught")))
    return rx.el.div(
        rx.el.section(
            rx.cond(some(state.taught), counts, empty("users", t("classes.nobody"))), class_name="panel stack"
        ),
        rx.el.section(
            rx.el.h2(t("classes.untaught")),
            commune_choice(state.communes, state.commune, state.choose_commune),
            rx.cond(some(state.roster), people, none),
            class_name="panel stack",
        ),
        class_name="columns",
    )
