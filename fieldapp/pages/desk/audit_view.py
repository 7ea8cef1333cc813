"""The audit as its table shows it: who, what, to what, what was changed, and from where."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import reflex as rx

from fieldapp.components.table import Column, cell, figure_cell, table
from fieldapp.components.words import t, tk
from fieldapp.device.store import some
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.reports.audit_list import AuditRow, Detail

COLUMNS = ("at", "by", "deed", "subject", "details", "network")


@dataclass
class DetailView:
    """`value` and `before` are keys of the catalogue where `coded`."""

    name: str = ""
    value: str = ""
    before: str = ""
    coded: bool = False


@dataclass
class AuditLine:
    id: int = 0
    at: str = ""
    by: str = ""
    username: str = ""
    role: str = ""
    deed: str = ""
    about: str = ""
    subject: str = ""
    unit: str = ""
    network: str = ""
    details: list[DetailView] = field(default_factory=list)


@dataclass
class DeedCount:
    deed: str = ""
    n: int = 0


def show_deed(row: AuditRow) -> AuditLine:
    return AuditLine(
        row.id,
        written_instant(row.at),
        row.by,
        row.username,
        row.role,
        row.deed,
        row.about,
        row.subject,
        row.unit,
        row.network,
        [_detail(detail) for detail in row.details],
    )


def _detail(detail: Detail) -> DetailView:
    def shown(value: str) -> str:
        if detail.words and value:
            return f"{detail.words}.{value}"
        with suppress(ValueError):
            return written_day(date.fromisoformat(value)) if "-" in value else value
        return value

    return DetailView(detail.name, shown(detail.value), shown(detail.before), bool(detail.words))


def _value(coded: Any, value: Any) -> Any:
    return rx.cond(coded & (value != ""), t(value), rx.cond(value != "", value, t("audit.empty")))


def _change(detail: DetailView) -> rx.Component:
    before = rx.fragment(rx.el.del_(_value(detail.coded, detail.before)), " → ")
    return rx.el.li(
        rx.el.span(tk("audit.detail", detail.name), ": ", class_name="soft"),
        rx.cond(detail.before != "", before),
        _value(detail.coded, detail.value),
        key=detail.name,
    )


def _who(line: AuditLine) -> rx.Component:
    named = rx.fragment(
        rx.el.span(line.by, class_name="strong block"),
        rx.el.span(
            tk("role", line.role), rx.cond(line.username != "", rx.fragment(" · ", line.username)),
            class_name="soft small",
        ),
    )  # fmt: skip
    return rx.cond(line.by != "", named, rx.el.span(t("audit.nobody"), class_name="soft"))


def _row(line: AuditLine) -> rx.Component:
    return rx.el.tr(
        cell(line.at, kind="num-left"),
        cell(_who(line)),
        cell(rx.el.span(tk("event", line.deed), class_name="strong block")),
        cell(
            rx.el.span(tk("audit.about", line.about), rx.cond(line.subject != "", rx.fragment(": ", line.subject))),
            rx.cond(line.unit != "", rx.el.span(line.unit, class_name="soft small block")),
        ),
        cell(rx.cond(some(line.details), rx.el.ul(rx.foreach(line.details, _change), class_name="changes"))),
        cell(line.network, kind="num-left soft small"),
        key=line.id,
    )


def audit_table(lines: Any) -> rx.Component:
    return table(t("desk.audit"), [Column(t(f"audit.col_{name}")) for name in COLUMNS], lines, _row)


def count_table(counts: Any) -> rx.Component:
    def row(one: DeedCount) -> rx.Component:
        return rx.el.tr(cell(tk("event", one.deed)), figure_cell(one.n), key=one.deed)

    heads = [Column(t("audit.col_deed")), Column(t("audit.col_count"), "num")]
    return table(t("audit.counts"), heads, counts, row)
