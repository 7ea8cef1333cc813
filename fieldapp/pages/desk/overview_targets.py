"""What the period asks for beside what was reached: each platform in its own unit, never added up."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import reflex as rx

from fieldapp.components.base import icon
from fieldapp.components.desk_shell import desk_link
from fieldapp.components.table import Column, cell, figure_cell, table
from fieldapp.components.words import local, number, t, tk
from fieldapp.device.store import some
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.target import days_left, lacking, percent
from fieldapp.domain.written_time import written_days
from fieldapp.services.target_progress import Progress


@dataclass
class ProgressLine:
    code: str = ""
    name_vi: str = ""
    name_en: str = ""
    icon: str = ""
    measure: str = ""
    amount: int = 0
    done: int = 0
    lacking: int = 0
    percent: int = 0
    given_to: int = 0
    width: str = "0%"


@dataclass
class ProgressView:
    """`gone` is how much of the period has passed, in percent: `gone_at` is where a bar says so."""

    days: str = ""
    gone: int = 0
    gone_at: str = "0%"
    reached: int = 0
    of: int = 0
    summed: bool = False
    lines: list[ProgressLine] = field(default_factory=list)


def show_progress(progress: Progress | None, today: date) -> ProgressView:
    if progress is None:
        return ProgressView()
    lines = [
        ProgressLine(
            row.code,
            row.name_vi,
            row.name_en,
            row.icon,
            str(row.measure),
            row.amount,
            row.done,
            lacking(row.done, row.amount),
            percent(row.done, row.amount),
            row.given_to,
            f"{min(100, percent(row.done, row.amount))}%",
        )
        for row in progress.rows
    ]
    gone = gone_of(progress.span, today)
    summed = any(line.given_to for line in lines)
    reached = sum(line.done >= line.amount for line in lines)
    return ProgressView(written_days(progress.span), gone, f"{gone}%", reached, len(lines), summed, lines)


def gone_of(span: DayRange, today: date) -> int:
    """Percent of the period's days that are over, today not among them."""
    return 100 * (span.days - days_left(span, today)) // span.days


def _bar(view: ProgressView, line: ProgressLine) -> rx.Component:
    """How far, with a stroke where the time stands."""
    return rx.el.svg(
        rx.el.svg.rect(width="100%", height="100%", class_name="bar-ground"),
        rx.el.svg.rect(width=line.width, height="100%", class_name="filled"),
        rx.el.svg.line(x1=view.gone_at, x2=view.gone_at, y1="0", y2="100%", class_name="time-mark"),
        class_name="bar-drawn",
        custom_attrs={"aria-hidden": "true"},
    )


def targets(view: ProgressView) -> Any:
    def row(line: ProgressLine) -> rx.Component:
        name = rx.el.span(icon(line.icon), local(line.name_vi, line.name_en), class_name="row")
        summed = rx.el.small(t("overview.given_to", n=number(line.given_to)), class_name="soft block")
        return rx.el.tr(
            cell(name, rx.cond(line.given_to > 0, summed), _bar(view, line)),
            cell(tk("overview.measure", line.measure)),
            figure_cell(line.amount),
            figure_cell(line.done),
            cell(rx.el.span(number(line.percent), " %", class_name="strong"), kind="num"),
            figure_cell(line.lacking),
            key=line.code + line.measure,
        )

    heads = [
        Column(t("overview.platform")),
        Column(t("overview.col_measure")),
        *(Column(t(f"overview.col_{name}"), "num") for name in ("amount", "done", "percent", "lacking")),
    ]
    title = t("overview.targets")
    panel = rx.el.section(
        rx.el.h2(title),
        rx.el.p(
            rx.el.span(view.days, class_name="strong num"),
            " · ",
            t("overview.gone", n=number(view.gone)),
            " · ",
            t("overview.reached_targets", n=number(view.reached), of=number(view.of)),
            class_name="small",
        ),
        rx.el.p(
            t("overview.targets_note"),
            rx.cond(view.summed, rx.fragment(" ", t("overview.summed_note"))),
            class_name="soft small",
        ),
        table(title, heads, view.lines, row),
        rx.el.p(desk_link(t("overview.open_targets"), to="/desk/targets/", class_name="link"), class_name="no-print"),
        class_name="panel",
    )
    return rx.cond(some(view.lines), panel)
