"""The panels of the overview. Each says its unit, and a commune's numbers lead to the visits behind them."""

from typing import Any

import reflex as rx

from fieldapp.components.base import empty, icon, joined
from fieldapp.components.chart import HATCHED, Mark, bar, columns, hidden_table, keys
from fieldapp.components.desk_shell import desk_link
from fieldapp.components.table import Column, cell, figure_cell, table
from fieldapp.components.words import local, number, t, tk
from fieldapp.device.store import some
from fieldapp.pages.desk.overview_view import CountLine, Crumb, PlatformLine, SummaryView
from fieldapp.permissions import Action
from fieldapp.states.session import DeskState

VISITS = "/desk/visits/?first="


def _may_see_visits(view: SummaryView) -> Any:
    return DeskState.allowed.contains(str(Action.READ_VISIT)) & (view.kind != "province")


def _visits_of(view: SummaryView, narrowed: Any) -> Any:
    """The address of the visits behind a number of this view, narrowed by further words of the query."""
    village = rx.cond(view.kind == "village", joined("&village=", view.unit), "")
    return VISITS + view.first + "&last=" + view.last + village + narrowed


def crumbs(view: SummaryView, inside: Any) -> rx.Component:
    def step(crumb: Crumb) -> rx.Component:
        to = joined("/desk/?unit=", crumb.id) + inside
        return rx.el.li(desk_link(crumb.name, to=to), icon("chevron-right"), key=crumb.id)

    return rx.el.nav(
        rx.el.ol(rx.foreach(view.crumbs, step), rx.el.li(view.name, class_name="strong"), class_name="crumbs"),
        aria_label=t("desk.path"),
    )


def freshness(view: SummaryView) -> Any:
    """Which villages are in these numbers, and how late the newest came."""
    return rx.cond(
        view.kind == "village",
        rx.cond(view.last_at != "", t("fresh.village", at=view.last_at), t("fresh.village_never")),
        rx.cond(
            view.last_at != "",
            t("fresh.heard", heard=number(view.heard), villages=number(view.villages), at=view.last_at),
            t("fresh.never", villages=number(view.villages)),
        ),
    )


def range_words(view: SummaryView) -> rx.Component:
    """Which days these are, what they are held against, and how fresh they are."""
    return rx.el.div(
        rx.el.p(rx.el.span(view.days, class_name="strong num"), " · ", t("desk.before", days=view.before)),
        rx.el.p(
            icon("refresh-cw"),
            rx.el.span(freshness(view), " · ", t("overview.as_of", at=view.at)),
            class_name="row small soft num",
        ),
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
    year = rx.el.div(
        rx.el.b(number(view.year_approved)),
        rx.el.span(t("overview.year")),
        rx.el.small(view.year, class_name="soft num"),
        class_name="figure",
    )
    return rx.el.section(
        count("approved", "done"),
        count("waiting", "wait"),
        count("returned", "need"),
        households,
        people,
        year,
        class_name="figures",
        aria_label=t("desk.figures"),
    )


def _numbers(line: Any) -> rx.Component:
    return rx.el.span(
        t("desk.approved_waiting", approved=number(line.counts.approved), waiting=number(line.counts.waiting)),
        class_name="num soft small",
    )


def _drawn(name: Any, line: Any) -> rx.Component:
    return cell(name, bar(line.counts.approved_width, line.counts.waiting_width))


def _table(view: SummaryView, title: Any, columns: list[Column], lines: Any, row: Any, note: Any) -> rx.Component:
    """Bars with their numbers beside them: a drawing that is its own table."""
    return rx.el.section(
        rx.el.h2(title),
        rx.el.p(note, class_name="soft small"),
        rx.cond(some(lines), table(title, columns, lines, row), empty("chart-column", t("summary.none"))),
        keys(("", t("desk.key_approved")), (HATCHED, t("desk.key_waiting"))),
        _fresh(view),
        class_name="panel",
    )


def _fresh(view: SummaryView) -> rx.Component:
    return rx.el.p(freshness(view), class_name="soft small num")


def platforms(view: SummaryView) -> rx.Component:
    def row(line: PlatformLine) -> rx.Component:
        name = rx.fragment(icon(line.icon), local(line.name_vi, line.name_en))
        linked = desk_link(name, to=_visits_of(view, "&platform=" + line.code), class_name="row link")
        return rx.el.tr(
            _drawn(rx.cond(_may_see_visits(view), linked, rx.el.span(name, class_name="row")), line),
            *(figure_cell(n) for n in (line.counts.approved, line.counts.waiting, line.independent)),
            *(figure_cell(n) for n in (line.before, line.year)),
            key=line.code,
        )

    numbers = (
        "desk.col_approved",
        "desk.col_waiting",
        "overview.col_independent",
        "desk.col_previous",
        "overview.col_year",
    )
    heads = [Column(t("overview.platform")), *(Column(t(head), "num") for head in numbers)]
    return _table(view, t("summary.by_platform"), heads, view.platforms, row, t("desk.in_supports"))


def _by_word(view: SummaryView, title: Any, prefix: str, lines: Any) -> rx.Component:
    def row(line: CountLine) -> rx.Component:
        name = rx.el.span(tk(prefix, line.name), class_name="strong")
        numbers = (figure_cell(n) for n in (line.counts.approved, line.counts.waiting))
        return rx.el.tr(_drawn(name, line), *numbers, key=line.name)

    heads = [Column(title), Column(t("desk.col_approved"), "num"), Column(t("desk.col_waiting"), "num")]
    return _table(view, title, heads, lines, row, t("desk.in_supports"))


def results(view: SummaryView) -> rx.Component:
    return _by_word(view, t("desk.by_result"), "result", view.results)


def pillars(view: SummaryView) -> rx.Component:
    return _by_word(view, t("desk.by_pillar"), "pillar", view.pillars)


def _people(title: Any, lines: Any) -> Any:
    def row(line: CountLine) -> rx.Component:
        name = rx.el.div(rx.el.span(line.name, class_name="strong"), _numbers(line), class_name="row wrap between")
        return rx.el.li(name, bar(line.counts.approved_width, line.counts.waiting_width), key=line.name)

    listed = rx.el.ul(rx.foreach(lines, row), class_name="bars tall", tab_index=0, aria_label=title)
    note = rx.el.p(t("desk.in_supports"), class_name="soft small")
    return rx.cond(some(lines), rx.el.section(rx.el.h2(title), note, listed, class_name="panel long"))


def teams(view: SummaryView) -> Any:
    return _people(t("desk.by_team"), view.teams)


def members(view: SummaryView) -> Any:
    return _people(t("summary.by_member"), view.members)


def over_time(view: SummaryView) -> rx.Component:
    """Days, weeks or half-months as columns, as far as today."""

    def row(mark: Mark) -> rx.Component:
        numbers = (rx.el.td(number(n)) for n in (mark.solid, mark.hatched))
        return rx.el.tr(rx.el.th(mark.name, scope="row"), *numbers, key=mark.name)

    title, heads = t("desk.over_time"), [t("overview.days"), t("desk.key_approved"), t("desk.key_waiting")]
    drawn = rx.fragment(
        columns(view.line, t("desk.in_supports")),
        keys(("", t("desk.key_approved")), (HATCHED, t("desk.key_waiting"))),
        hidden_table(title, heads, view.line.marks, row),
    )
    return rx.el.section(
        rx.el.h2(title),
        rx.cond(some(view.line.marks), drawn, empty("calendar", t("summary.none"))),
        _fresh(view),
        class_name="panel",
    )
