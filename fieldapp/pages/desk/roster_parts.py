"""The parts of the page of lists: the form that brings one, the one that is open, and those of before."""

from typing import Any

import reflex as rx

from fieldapp.components.base import button, chip, empty, figure, pill
from fieldapp.components.desk_shell import UploadForm, desk_link
from fieldapp.components.form import folded
from fieldapp.components.table import Column, cell, figure_cell, pager, table
from fieldapp.components.words import locale, number, t, tk, told
from fieldapp.device.store import some
from fieldapp.domain.roster import COLUMNS
from fieldapp.domain.sheet import MAX_FILE_BYTES
from fieldapp.pages.desk.roster_view import FaultView, LineView, ListView
from fieldapp.reports.import_list import Part
from models.roster_import import ImportKind, ImportState, RowDeed, Twins

TYPES = ".xlsx,.csv,.txt,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATE_KINDS = {"staged": "wait", "applied": "done", "undone": ""}


def _kind(kind: ImportKind, chosen: bool) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="kind", value=str(kind), default_checked=chosen),
        rx.el.span(
            rx.el.span(t(f"roster.kind.{kind}"), class_name="strong block"),
            rx.el.span(t(f"roster.kind_means.{kind}"), class_name="soft small"),
        ),
        class_name="option",
    )


def bring_form(on_done: Any) -> rx.Component:
    kinds = [_kind(kind, kind == ImportKind.HOUSEHOLDS) for kind in reversed(ImportKind)]
    form = UploadForm.create(
        rx.el.fieldset(rx.el.legend(t("roster.what"), class_name="strong"), *kinds, class_name="stack tight"),
        rx.el.p(t("roster.limits"), class_name="soft small"),
        to="imports",
        accept=TYPES,
        choose=t("roster.choose"),
        submit=t("roster.send"),
        most=MAX_FILE_BYTES,
        optional=False,
        on_done=on_done,
    )
    return rx.el.section(rx.el.h2(t("roster.bring")), form, class_name="panel stack")


def templates() -> rx.Component:
    def one(kind: ImportKind) -> rx.Component:
        address = f"/api/v1/imports/template/{kind}.xlsx?slot=desk&locale=" + locale()
        words = t(f"roster.template.{kind}")
        return desk_link(words, to=address, reload_document=True, download=True, class_name="button compact")

    return rx.el.div(*(one(kind) for kind in ImportKind), class_name="row wrap")


def _fault(line: Any, fault: FaultView) -> rx.Component:
    words = told("roster.fault", fault.code, fault.params)
    column = tk("roster.column", fault.column)
    return rx.el.li(t("roster.fault_at", line=number(line), column=column, fault=words))


def _note(line: LineView) -> rx.Component:
    kind = rx.match(line.deed, (str(RowDeed.STAYS), "wait"), (str(RowDeed.ADDED), "done"), "")
    why = rx.el.span(tk("roster.reason", line.reason), class_name="soft small block")
    return rx.fragment(
        rx.cond(
            some(line.faults),
            rx.el.ul(rx.foreach(line.faults, lambda fault: _fault(line.line, fault)), class_name="faults"),
        ),
        rx.cond(line.deed != "", pill(tk("roster.deed", line.deed), kind)),
        rx.cond(line.reason != "", why),
        rx.cond((line.deed == "") & line.is_twin, pill(t("roster.twin"), "wait")),
    )


def lines_table(kind: ImportKind, lines: Any) -> rx.Component:
    heads = [Column(t("roster.line"), "num"), Column(t("roster.note"))]
    columns = [heads[0], *(Column(t(f"roster.column.{column.name}")) for column in COLUMNS[kind]), heads[1]]

    def row(line: LineView) -> rx.Component:
        cells = [cell(line.cells[place]) for place in range(len(COLUMNS[kind]))]
        return rx.el.tr(figure_cell(line.line), *cells, cell(_note(line)), key=line.line)

    return table(t("roster.parts"), columns, lines, row)


def _figures(shown: ListView) -> rx.Component:
    return rx.el.div(
        figure(number(shown.lines), t("roster.lines")),
        figure(number(shown.new), t("roster.new"), "done"),
        figure(number(shown.twins), t("roster.twins"), "wait"),
        figure(number(shown.faulty), t("roster.faulty"), "need"),
        class_name="figures",
    )


def _way(twins: Twins) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="twins", value=str(twins), default_checked=twins == Twins.SKIP),
        rx.el.span(
            rx.el.span(t(f"roster.twins.{twins}"), class_name="strong block"),
            rx.el.span(t(f"roster.twins_means.{twins}"), class_name="soft small"),
        ),
        class_name="option",
    )


def staged(shown: ListView, apply: Any, discard: Any) -> rx.Component:
    """What can be done with a list that is looked at: nothing while it has faults, else bring it in."""
    ways = rx.el.fieldset(
        rx.el.legend(t("roster.twins_how", n=number(shown.twins)), class_name="strong"),
        *(_way(twins) for twins in Twins),
        class_name="stack tight",
    )
    good = rx.el.form(
        rx.el.p(t("roster.clean", n=number(shown.new)), class_name="notice"),
        rx.el.input(type="hidden", name="list", value=shown.id, read_only=True),
        rx.cond(shown.twins > 0, ways, rx.el.input(type="hidden", name="twins", value="skip", read_only=True)),
        rx.el.button(t("roster.apply"), type="submit", class_name="button primary"),
        on_submit=apply,
        class_name="stack",
        key=shown.id,
    )
    mend = rx.el.p(t("roster.mend", n=number(shown.faulty)), class_name="notice need")
    return rx.fragment(
        _figures(shown),
        rx.cond(shown.faulty > 0, mend, good),
        rx.el.div(button(t("roster.discard"), kind="compact", on_click=discard(shown.id)), class_name="row"),
    )


def finished(shown: ListView, undo: Any) -> rx.Component:
    """What came of a list that was brought in, and the way back."""
    counts = {name: number(getattr(shown, name)) for name in ("added", "updated", "skipped")}
    back = folded(
        t("roster.undo"),
        rx.el.p(t("roster.undo_means"), class_name="soft small"),
        button(t("roster.undo"), kind="compact danger", on_click=undo(shown.id)),
    )
    undone = rx.el.p(t("roster.undone", n=number(shown.undone), stay=number(shown.stay)), class_name="notice")
    return rx.fragment(
        rx.el.p(t("roster.applied", **counts), class_name="notice"),
        rx.cond(shown.state == str(ImportState.UNDONE), undone, back),
    )


def part_chips(shown: ListView, part: Any, choose: Any) -> rx.Component:
    counts = {Part.ALL: shown.lines, Part.FAULTY: shown.faulty, Part.TWINS: shown.twins, Part.STAYS: shown.stay}

    def one(of: Part, n: Any) -> rx.Component:
        words = rx.fragment(t(f"roster.part.{of}"), " · ", number(n))
        return rx.cond((n > 0) | (of == Part.ALL), chip(words, part == str(of), choose(str(of))))

    chips = (one(of, n) for of, n in counts.items())
    return rx.el.div(*chips, class_name="chips", role="group", aria_label=t("roster.parts"))


def lines_of(shown: ListView, lines: Any, page: Any, pages: Any, total: Any, turn: Any) -> rx.Component:
    of_members = shown.kind == str(ImportKind.MEMBERS)
    tables = rx.cond(of_members, lines_table(ImportKind.MEMBERS, lines), lines_table(ImportKind.HOUSEHOLDS, lines))
    found = rx.fragment(tables, rx.cond(pages > 1, pager(page, pages, total, turn, "roster.page")))
    return rx.cond(some(lines), found, empty("check", t("roster.no_lines")))


def past_lists(lists: Any, opened: Any, open_list: Any) -> rx.Component:
    names = ("at", "kind", "file", "by", "lines", "state")
    columns = [Column(t(f"roster.col.{name}"), "num" if name == "lines" else "") for name in names]

    def row(one: ListView) -> rx.Component:
        press = rx.el.button(one.at, type="button", class_name="link", on_click=open_list(one.id))
        return rx.el.tr(
            cell(press, kind="num-left"),
            cell(tk("roster.kind", one.kind)),
            cell(one.file),
            cell(one.by),
            figure_cell(one.lines),
            cell(pill(tk("roster.state", one.state), rx.match(one.state, *STATE_KINDS.items(), ""))),
            class_name=rx.cond(opened == one.id, "opened", ""),
            key=one.id,
        )

    none = empty("file-text", t("roster.none"), then=t("roster.none_next"))
    return rx.el.section(
        rx.el.h2(t("roster.past")),
        rx.cond(some(lists), table(t("roster.past"), columns, lists, row), none),
        class_name="panel",
    )
