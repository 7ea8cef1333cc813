"""The panels of the overview. Each says its unit, and a commune's numbers lead to the visits behind them."""

from typing import Any

import reflex as rx

from fieldapp.components.base import empty, icon, joined
from fieldapp.components.desk_shell import desk_link
from fieldapp.components.table import Column, cell, figure_cell, table
from fieldapp.components.words import local, number, t, tk
from fieldapp.device.store import some
from fieldapp.pages.desk.overview_view import CountLine, Crumb, PlatformLine, SummaryView, UnitLine
from fieldapp.permissions import Action
from fieldapp.states.session import DeskState

VISITS = "/desk/visits/?first="


def _may_see_visits(view: SummaryView) -> Any:
    return DeskState.allowed.contains(str(Action.READ_VISIT)) & (view.kind != "province")


def _visits_of(view: SummaryView, narrowed: Any) -> Any:
    """The address of the visits behind a number of this view, narrowed by further words of the query."""
    village = rx.cond(view.kind == "village", joined("&village=", view.unit), "")
    return VISITS + view.first + "&last=" + view.last + village + narrowed


def crumbs(view: SummaryView, open_unit: Any) -> rx.Component:
    def step(crumb: Crumb) -> rx.Component:
        return rx.el.li(
            rx.el.button(crumb.name, type="button", on_click=open_unit(crumb.id)), icon("chevron-right"), key=crumb.id
        )

    return rx.el.nav(
        rx.el.ol(rx.foreach(view.crumbs, step), rx.el.li(view.name, class_name="strong"), class_name="crumbs"),
        aria_label=t("desk.path"),
    )


def range_words(view: SummaryView) -> rx.Component:
    """Which days these are, what they are held against, and how fresh they are."""
    fresh = rx.cond(
        view.kind == "village",
        rx.cond(view.last_at != "", t("fresh.village", at=view.last_at), t("fresh.village_never")),
        rx.cond(
            view.last_at != "",
            t("fresh.heard", heard=number(view.heard), villages=number(view.villages), at=view.last_at),
            t("fresh.never", villages=number(view.villages)),
        ),
    )
    return rx.el.div(
        rx.el.p(rx.el.span(view.days, class_name="strong num"), " · ", t("desk.before", days=view.before)),
        rx.el.p(icon("refresh-cw"), fresh, class_name="row small soft"),
        rx.cond(view.widened, rx.el.p(t("desk.widened"), class_name="notice wait")),
        rx.cond(view.unfinished, rx.el.p(t("desk.unfinished"), class_name="small soft")),
        class_name="stack tight",
    )


def _figure(value: Any, label: Any, before: Any, kind: str, link: tuple | None = None, note: Any = "") -> Any:
    """A number with its unit and the one before it; `link` is whether this person may follow it, and where to."""
    previously = rx.el.small(note, t("desk.previously", n=before), class_name="soft num")
    inner = rx.fragment(rx.el.b(value), rx.el.span(label), previously)
    plain = rx.el.div(inner, class_name=f"figure {kind}")
    if link is None:
        return plain
    seen, address = link
    return rx.cond(seen, desk_link(inner, to=address, class_name=f"figure {kind}"), plain)


def figures(view: SummaryView) -> rx.Component:
    seen = _may_see_visits(view)

    def count(state: str, kind: str) -> rx.Component:
        now, before = number(getattr(view.totals, state)), number(getattr(view.previous, state))
        return _figure(now, t(f"summary.{state}"), before, kind, (seen, _visits_of(view, f"&state={state}")))

    households = rx.cond(
        view.households.known,
        _figure(
            number(view.households.approved),
            t("desk.households"),
            rx.cond(view.previous_households.known, number(view.previous_households.approved), "–"),
            "",
            note=t("desk.households_standing", n=number(view.households.standing)) + " · ",
        ),
        rx.el.div(rx.el.b("–"), rx.el.span(t("desk.households_unknown")), class_name="figure"),
    )
    people = _figure(number(view.totals.approved_people), t("desk.people"), number(view.previous.approved_people), "")
    return rx.el.section(
        count("approved", "done"),
        count("waiting", "wait"),
        count("returned", "need"),
        households,
        people,
        class_name="figures",
        aria_label=t("desk.figures"),
    )


def _bar(line: Any) -> rx.Component:
    """Approved and waiting lượt, side by side; the numbers beside it say the same to those who see no bar."""
    return rx.el.div(
        rx.el.i(style={"width": line.counts.approved_width}),
        rx.el.i(style={"width": line.counts.waiting_width}, class_name="waits"),
        class_name="bar split",
        aria_hidden=True,
    )


def _numbers(line: Any) -> rx.Component:
    return rx.el.span(
        t("desk.approved_waiting", approved=number(line.counts.approved), waiting=number(line.counts.waiting)),
        class_name="num soft small",
    )


def _panel(title: Any, lines: Any, row: Any, note: Any = None) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title),
        *([rx.el.p(note, class_name="soft small")] if note is not None else []),
        rx.cond(
            some(lines),
            rx.el.ul(rx.foreach(lines, row), class_name="bars tall", tab_index=0, aria_label=title),
            empty("chart-column", t("summary.none")),
        ),
        class_name="panel",
    )


def _row(name: Any, line: Any, *more: Any) -> rx.Component:
    return rx.el.li(rx.el.div(name, _numbers(line), class_name="row wrap between"), _bar(line), *more, key=line.name)


def platforms(view: SummaryView) -> rx.Component:
    def row(line: PlatformLine) -> rx.Component:
        name = rx.fragment(icon(line.icon), local(line.name_vi, line.name_en))
        linked = desk_link(name, to=_visits_of(view, "&platform=" + line.code), class_name="row link")
        named = rx.cond(_may_see_visits(view), linked, rx.el.span(name, class_name="row"))
        independent = rx.el.span(" · ", t("desk.independent", n=number(line.independent)), class_name="soft small num")
        numbers = rx.el.span(_numbers(line), independent)
        return rx.el.li(rx.el.div(named, numbers, class_name="row wrap between"), _bar(line), key=line.code)

    return _panel(t("summary.by_platform"), view.platforms, row, t("desk.in_supports"))


def results(view: SummaryView) -> rx.Component:
    def row(line: CountLine) -> rx.Component:
        return _row(rx.el.span(tk("result", line.name), class_name="strong"), line)

    return _panel(t("desk.by_result"), view.results, row, t("desk.in_supports"))


def pillars(view: SummaryView) -> rx.Component:
    def row(line: CountLine) -> rx.Component:
        return _row(rx.el.span(tk("pillar", line.name), class_name="strong"), line)

    return _panel(t("desk.by_pillar"), view.pillars, row, t("desk.in_supports"))


def _people(title: Any, lines: Any) -> Any:
    def row(line: CountLine) -> rx.Component:
        return _row(rx.el.span(line.name, class_name="strong"), line)

    return rx.cond(some(lines), _panel(title, lines, row, t("desk.in_supports")))


def teams(view: SummaryView) -> Any:
    return _people(t("desk.by_team"), view.teams)


def members(view: SummaryView) -> Any:
    return _people(t("summary.by_member"), view.members)


def line(view: SummaryView) -> rx.Component:
    """The counts over time as columns, in the order of days."""

    def mark(point: CountLine) -> rx.Component:
        words = rx.el.span(point.name, ": ", _numbers(point), class_name="sr")
        return rx.el.li(
            rx.el.i(style={"height": point.counts.waiting_width}, class_name="waits"),
            rx.el.i(style={"height": point.counts.approved_width}),
            words,
            title=point.name + " · " + number(point.counts.approved),
            key=point.name,
        )

    marks = rx.fragment(
        rx.el.ol(rx.foreach(view.line, mark), class_name="line-chart"),
        rx.el.div(
            rx.el.span(view.line[0].name), rx.el.span(view.line[-1].name), class_name="row between soft small num"
        ),
        rx.el.p(t("desk.peak", n=number(view.peak)), class_name="soft small"),
        rx.el.p(
            rx.el.span(class_name="key"),
            t("desk.key_approved"),
            rx.el.span(class_name="key waits"),
            t("desk.key_waiting"),
            class_name="row wrap soft small",
        ),
    )
    return rx.el.section(
        rx.el.h2(t("desk.over_time")),
        rx.cond(some(view.line), marks, empty("calendar", t("summary.none"))),
        class_name="panel",
    )


def units(view: SummaryView, open_unit: Any, sort: Any, sorted_by: Any, descending: Any, pages: Any) -> rx.Component:
    """Communes of a province, villages of a commune: a name opens its own overview."""
    columns = [
        Column(rx.cond(view.kind == "province", t("desk.commune"), t("desk.village")), sort="name"),
        Column(t("desk.col_approved"), "num", "approved"),
        Column(t("desk.col_waiting"), "num", "waiting"),
        Column(t("desk.col_returned"), "num", "returned"),
        Column(t("desk.col_households"), "num", "households"),
        Column(t("desk.col_previous"), "num", "previous"),
        Column(t("desk.col_fresh")),
    ]

    def fresh(unit: UnitLine) -> Any:
        heard = t("fresh.of", heard=number(unit.heard), villages=number(unit.villages))
        last = rx.el.span(rx.cond(unit.last_at != "", unit.last_at, t("fresh.none")), class_name="block num")
        return rx.cond(view.kind == "province", rx.cond(unit.villages > 0, rx.fragment(heard, last), "–"), last)

    def row(unit: UnitLine) -> rx.Component:
        households = rx.cond(unit.households.known, number(unit.households.approved), "–")
        return rx.el.tr(
            cell(rx.el.button(unit.name, type="button", class_name="link", on_click=open_unit(unit.id)), _bar(unit)),
            figure_cell(unit.counts.approved),
            figure_cell(unit.counts.waiting),
            figure_cell(unit.counts.returned),
            cell(households, kind="num"),
            figure_cell(unit.previous),
            cell(fresh(unit), kind="small soft"),
            key=unit.id,
        )

    title = rx.cond(view.kind == "province", t("desk.by_commune"), t("desk.by_village"))
    return rx.el.section(
        rx.el.h2(title),
        rx.el.p(t("desk.units_note"), class_name="soft small"),
        table(title, columns, view.units, row, sort, sorted_by, descending),
        pages,
        class_name="panel",
    )
