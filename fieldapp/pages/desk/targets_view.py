"""How the desk shows targets: the choice of a period, the grid of numbers, the history of a unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from fieldapp.components.words import local, number, t, tk, told
from fieldapp.device.store import some
from fieldapp.domain.target import percent
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.pages.desk.targets_papers import name_of
from fieldapp.services.target_grid import Column, Line, Number
from fieldapp.services.targets import WHOLE

NONE, GIVEN, ACCEPTED, PROPOSED = "none", "given", "accepted", "proposed"


@dataclass
class CellView:
    """One number: `text` stands in its field, `amount` is -1 where none was given, `share` where it has no percent."""

    name: str = ""
    holder: int = 0
    platform: str = ""
    vi: str = ""
    en: str = ""
    amount: int = -1
    text: str = ""
    state: str = NONE
    on: str = ""
    by: str = ""
    done: int = 0
    share: int = -1
    paper: str = ""
    key: str = ""


@dataclass
class LineView:
    id: int = 0
    name: str = ""
    households: int = 0
    cells: list[CellView] = field(default_factory=list)


@dataclass
class ColumnView:
    """`left` holds only where `has_left`."""

    code: str = ""
    vi: str = ""
    en: str = ""
    above: CellView = field(default_factory=CellView)
    given: int = 0
    left: int = 0
    has_left: bool = False


@dataclass
class ChangeView:
    """`before` and `after` are -1 where there was or is no number."""

    at: str = ""
    vi: str = ""
    en: str = ""
    step: str = ""
    before: int = -1
    after: int = -1
    reason: str = ""
    by: str = ""


def show_column(column: Column, platform: Mapping[str, Any], drawn: str) -> ColumnView:
    above = _cell(WHOLE, platform, column.above, None, drawn)
    left = column.left
    return ColumnView(
        column.code, platform["short_vi"], platform["short_en"], above, column.given, left or 0, left is not None
    )


def show_line(
    line: Line,
    columns: Sequence[Column],
    platforms: Mapping[str, Mapping[str, Any]],
    proposals: Mapping[tuple[int, str], int],
    drawn: str,
) -> LineView:
    cells = [
        _cell(line.id, platforms[c.code], line.numbers[c.code], proposals.get((line.id, c.code)), drawn)
        for c in columns
    ]
    return LineView(line.id, line.name, line.households, cells)


def _cell(holder: int, platform: Mapping[str, Any], shown: Number, proposal: int | None, drawn: str) -> CellView:
    amount, at = shown.amount, shown.accepted_at
    state = ACCEPTED if at else GIVEN if amount is not None else PROPOSED if proposal is not None else NONE
    text = amount if amount is not None else proposal
    return CellView(
        name=f"c{holder}_{platform['code']}",
        holder=holder,
        platform=platform["code"],
        vi=platform["short_vi"],
        en=platform["short_en"],
        amount=-1 if amount is None else amount,
        text="" if text is None else str(text),
        state=state,
        on=written_day(vn_day(at)) if at else "",
        by=shown.accepted_by,
        done=shown.done,
        paper=name_of(shown.cites) if shown.cites else "",
        share=-1 if amount is None else percent(shown.done, amount),
        key=f"{holder} {platform['code']} {drawn} {text}",
    )


def typed_number(cell: CellView, name: Any) -> rx.Component:
    """A field of the grid; arrows and Enter go from one to the next (`grid-keys.js`)."""
    return rx.el.input(
        name=cell.name,
        default_value=cell.text,
        input_mode="numeric",
        auto_complete="off",
        max_length=9,
        pattern="[0-9. ]*",
        aria_label=rx.Var.create(name).to(str) + ", " + local(cell.vi, cell.en),
        class_name=rx.cond(cell.state == PROPOSED, "grid-field proposed", "grid-field"),
        key=cell.key,
    )


def plain_number(cell: CellView) -> rx.Component:
    return rx.el.b(rx.cond(cell.amount >= 0, number(cell.amount), "–"), class_name="num block")


def said_of(cell: CellView, measure: Any) -> rx.Component:
    """Where a number stands, and how far it has come."""
    state = rx.match(
        cell.state,
        (ACCEPTED, rx.el.span(t("allot.accepted_on", day=cell.on), class_name="good", title=cell.by)),
        (GIVEN, rx.el.span(t("allot.given"))),
        (PROPOSED, rx.el.span(t("allot.proposed"))),
        rx.el.span(t("allot.not_given")),
    )
    done = rx.el.span(told("allot.done", measure, {"n": number(cell.done)}))
    share = rx.cond(cell.share >= 0, rx.el.span(t("allot.share", n=number(cell.share))))
    paper = rx.cond(cell.paper != "", rx.el.span(t("allot.by_paper", paper=cell.paper)))
    return rx.el.div(state, rx.el.span(done, " ", share), paper, class_name="grid-said")


def change_line(change: ChangeView, measure: Any) -> rx.Component:
    """One line of a unit's history."""
    after = told("target.n", measure, {"n": number(change.after)})
    before = told("target.n", measure, {"n": number(change.before)})
    numbers = rx.match(
        change.step,
        ("changed", t("allot.from_to", before=number(change.before), after=after)),
        ("withdrawn", before),
        after,
    )
    return rx.el.li(
        rx.el.p(
            rx.el.span(local(change.vi, change.en), class_name="strong"), " · ", tk("allot.step", change.step), " ",
            rx.el.b(numbers, class_name="num"),
        ),
        rx.cond(change.reason != "", rx.el.p(t("allot.because", reason=change.reason))),
        rx.el.p(change.at, rx.cond(change.by != "", rx.fragment(" · ", change.by)), class_name="soft small"),
    )  # fmt: skip


def history_list(state: Any) -> rx.Component:
    """What became of a unit's numbers."""

    def line(change: ChangeView) -> rx.Component:
        return change_line(change, state.measure)

    none = rx.el.p(t("allot.no_history"), class_name="soft")
    return rx.cond(some(state.history), rx.el.ul(rx.foreach(state.history, line), class_name="bars"), none)
