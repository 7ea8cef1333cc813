"""The guiding papers that targets cite, as the page chooses and names them; and what is typed into its grid."""

from typing import Any

import reflex as rx
from pydantic import BaseModel

from fieldapp.components.form import choice_field, form
from fieldapp.components.words import t
from fieldapp.device.store import some
from fieldapp.domain.team_form import Maybe
from fieldapp.domain.written_time import written_day
from fieldapp.problems import Problem
from fieldapp.services.citations import Cited
from fieldapp.services.target_grid import Grid
from fieldapp.states.option import Option

MOST_DIGITS, MOST_SHOWN = 9, 90


class CiteForm(BaseModel):
    paper: Maybe = None


def name_of(paper: Cited) -> str:
    """Its number, or what it is about where it has none."""
    return paper.number or paper.about[:MOST_SHOWN]


def whole_name(paper: Cited) -> str:
    day = written_day(paper.issued_on) if paper.issued_on else ""
    return " · ".join(part for part in (paper.number, day, paper.about) if part)


def show_paper(paper: Cited) -> Option:
    return Option(str(paper.id), whole_name(paper)[:MOST_SHOWN])


def cited_in(grid: Grid) -> list[str]:
    """The papers that the numbers of a page cite, each once."""
    numbers = [column.above for column in grid.columns] + [n for line in grid.lines for n in line.numbers.values()]
    return list(dict.fromkeys(whole_name(number.cites) for number in numbers if number.cites))


def cited_papers(cited: Any) -> rx.Component:
    listed = rx.el.div(
        rx.el.p(t("allot.papers"), class_name="strong small"),
        rx.el.ul(rx.foreach(cited, lambda one: rx.el.li(one, key=one)), class_name="stack tight small"),
        class_name="stack tight",
    )
    return rx.cond(some(cited), listed)


def paper_choice(state: Any) -> rx.Component:
    """By which paper the numbers of this saving are given."""
    field = choice_field("paper", t("allot.paper"), state.papers, t("allot.paper_when"), first=t("allot.no_paper"))
    return rx.cond(some(state.papers), field)


def cite_form(state: Any) -> rx.Component:
    """Another paper, or none, for numbers that stand."""
    choice = choice_field("paper", t("allot.cite"), state.papers, first=t("allot.no_paper"))
    ways = form(choice, send=t("allot.cite_it"), on_submit=state.cite, kind="compact")
    return rx.cond(state.edits & some(state.papers), ways)


def read_amount(text: str) -> int | None:
    """What was typed; nothing is no number, and not zero. Raises `invalid`."""
    digits = text.strip().replace(".", "").replace(" ", "")
    if not digits:
        return None
    if not digits.isascii() or not digits.isdigit() or len(digits) > MOST_DIGITS:
        raise Problem("invalid", "amount")
    return int(digits)
