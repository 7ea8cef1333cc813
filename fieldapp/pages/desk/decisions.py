"""Quyết định: the commune's papers that found teams, which team has one, and a draft for the office that signs."""

import reflex as rx

from fieldapp.components.base import button, desk_icon, empty, icon, joined, pill
from fieldapp.components.choice import commune_choice, options
from fieldapp.components.desk_shell import UploadForm, desk_link, desk_page
from fieldapp.components.form import (
    area_field,
    date_field,
    field,
    hidden_field,
    said,
    side_panel,
    text_field,
    tick_field,
)
from fieldapp.components.table import Column, cell, pager, table
from fieldapp.components.words import number, t, told
from fieldapp.device.store import count, some
from fieldapp.domain.decision_form import MAX_NUMBER, MAX_SIGNER, MAX_SUMMARY
from fieldapp.domain.paper import MAX_PAPER_BYTES
from fieldapp.domain.team_form import MAX_REASON
from fieldapp.pages.desk.decisions_state import DecisionsState, DecisionView, TeamLine
from fieldapp.pages.desk.teams_parts import may, warning_words
from fieldapp.permissions import Action
from fieldapp.reports.decision_list import PAGE

COLUMNS = [
    Column(t("decision.number")),
    Column(t("decision.issued")),
    Column(t("decision.summary")),
    Column(t("decision.teams"), kind="num"),
    Column(t("decision.file")),
]


def _row(row: DecisionView) -> rx.Component:
    replaced = rx.cond(row.replaced_by != "", pill(t("decision.replaced_by", number=row.replaced_by), "wait"))
    address = joined("/api/v1/decisions/", row.id) + "/file?slot=desk"
    download = desk_link(
        t("decision.download"), rx.el.span(" ", row.number, class_name="sr"), to=address, reload_document=True,
        download=True, class_name="link",
    )  # fmt: skip
    missing = pill(t("decision.no_file"), "wait")
    change = rx.cond(
        may(Action.MANAGE_DECISION),
        button(
            t("teams.seat_change"),
            rx.el.span(" ", row.number, class_name="sr"),
            kind="compact",
            on_click=DecisionsState.write(row.id),
        ),
    )
    names = rx.el.details(
        rx.el.summary(t("decision.n_teams", n=number(count(row.teams))), class_name="link"),
        rx.el.ul(rx.foreach(row.teams, lambda name: rx.el.li(name, class_name="small"))),
    )
    return rx.el.tr(
        cell(rx.el.span(row.number, class_name="strong block"), replaced),
        cell(
            row.issued, rx.el.span(t("decision.in_force", day=row.effective), class_name="soft small block"),
            kind="num-left",
        ),
        cell(row.summary, rx.el.span(t("decision.signed", name=row.signer), class_name="soft small block")),
        cell(names),
        cell(rx.el.div(rx.cond(row.has_file, download, missing), change, class_name="row wrap")),
        key=row.id,
    )  # fmt: skip


def _tick(team: TeamLine) -> rx.Component:
    has = rx.cond(team.decision != "", t("teams.decision", number=team.decision), t("teams.undecided"))
    missing = rx.foreach(team.warnings, lambda w: pill(t("decision.warning", what=warning_words(w)), "need"))
    hint = rx.fragment(has, rx.cond(some(team.warnings), rx.el.span(missing, class_name="row wrap")))
    ticked = rx.Var.create(DecisionsState.open.team_ids).to(list[int]).contains(team.id) | (
        DecisionsState.all_ticked & (team.decision == "")
    )
    return tick_field(joined("tick_", team.id), team.name, hint, default_checked=ticked)


def _teams() -> rx.Component:
    every = button(
        t("decision.tick_all", n=number(DecisionsState.undecided)), kind="compact", on_click=DecisionsState.tick_all
    )
    boxes = rx.el.div(
        rx.foreach(DecisionsState.teams, _tick),
        class_name="ticks",
        key=rx.cond(DecisionsState.all_ticked, "all", "some"),
    )
    return rx.el.fieldset(
        rx.el.legend(t("decision.founds")),
        rx.cond((DecisionsState.open.id == 0) & (DecisionsState.undecided > 1), every),
        boxes,
        class_name="stack tight",
    )


def _form() -> rx.Component:
    one = DecisionsState.open
    needed = {"required": True}
    replaces = rx.el.select(
        rx.el.option(t("decision.replaces_none"), value=""), options(DecisionsState.older), name="replaces"
    )
    fields = [
        rx.cond(one.id > 0, hidden_field("decision", one.id)),
        text_field(
            "number", t("decision.number"), t("decision.number_hint"), max_length=MAX_NUMBER, default_value=one.number,
            **needed,
        ),
        date_field("issued_on", t("decision.issued"), default_value=one.issued_on, **needed),
        date_field("effective_on", t("decision.effective"), default_value=one.effective_on, **needed),
        text_field("signer", t("decision.signer"), max_length=MAX_SIGNER, default_value=one.signer, **needed),
        area_field(
            "summary", t("decision.summary"), max_length=MAX_SUMMARY, rows=3, default_value=one.summary, **needed
        ),
        _teams(),
        area_field("reason", t("decision.reason"), t("decision.reason_hint"), max_length=MAX_REASON, rows=2),
        rx.cond(some(DecisionsState.older), field(t("decision.replaces"), replaces)),
    ]  # fmt: skip
    return UploadForm.create(
        *fields,
        to="decisions",
        accept=".pdf,application/pdf",
        choose=rx.cond(one.has_file, t("decision.choose_other"), t("decision.choose")),
        submit=t("decision.keep"),
        most=MAX_PAPER_BYTES,
        optional=True,
        on_done=DecisionsState.kept,
        key=DecisionsState.drawn,
    )


def _drafts() -> rx.Component:
    def one(level: str) -> rx.Component:
        address = f"/api/v1/decisions/draft?slot=desk&level={level}"
        words = t(f"decision.draft_{level}")
        return desk_link(
            desk_icon("file-text"), words, to=address, reload_document=True, download=True, class_name="button compact"
        )

    return rx.el.section(
        rx.el.h2(t("decision.drafts")),
        rx.el.p(t("decision.drafts_mean"), class_name="soft small"),
        rx.el.div(one("village"), one("commune"), class_name="row wrap"),
        class_name="panel stack",
    )


def decisions_page() -> rx.Component:
    new = button(desk_icon("plus"), t("decision.new"), kind="primary compact", on_click=DecisionsState.write(0))
    without = rx.el.p(
        icon("triangle-alert"), t("decision.undecided", n=number(DecisionsState.undecided)), class_name="notice wait"
    )
    pages = (DecisionsState.total + PAGE - 1) // PAGE
    turns = pager(DecisionsState.page, pages, DecisionsState.total, DecisionsState.turn, words="decision.page")
    found = rx.fragment(
        table(t("desk.decisions"), COLUMNS, DecisionsState.decisions, _row),
        rx.cond(DecisionsState.total > PAGE, turns),
    )
    none = rx.cond(
        some(DecisionsState.communes) & (DecisionsState.commune == ""), t("desk.choose_commune"), t("decision.none")
    )
    title = rx.cond(DecisionsState.open.id > 0, t("decision.change"), t("decision.new"))
    done = told("decision.said", DecisionsState.done, DecisionsState.done_params)
    return desk_page(
        t("desk.decisions"),
        commune_choice(DecisionsState.communes, DecisionsState.commune, DecisionsState.choose_commune),
        said(rx.cond(DecisionsState.done != "", done, "")),
        rx.cond(DecisionsState.undecided > 0, without),
        rx.el.section(rx.cond(some(DecisionsState.decisions), found, empty("scroll-text", none)), class_name="panel"),
        rx.cond(may(Action.MANAGE_DECISION), _drafts()),
        rx.cond(DecisionsState.writing, side_panel(title, DecisionsState.close, _form())),
        current="decisions",
        tools=rx.cond(may(Action.MANAGE_DECISION), new),
    )
