"""Chỉ tiêu: how far the team is, by platform; a leader takes a target on and shares it out. Below, the team's tasks."""

import reflex as rx

from fieldapp.components.base import button, empty, icon, pill, sheet, state_pill
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.words import number, t, tk, told
from fieldapp.components.work import refused
from fieldapp.device.store import aiming, lacking, some, split_form, targets
from fieldapp.device.target_slices import ShareLine, TargetLine
from fieldapp.pages.phone.task_parts import mark_sheet, task_list


def _figure(line: TargetLine) -> rx.Component:
    """How far it is, in its own unit, and what would close the gap."""
    done = told("target.of", line.measure, {"done": number(line.done), "amount": number(line.amount)})
    lacks = told("target.lacks", line.measure, {"n": number(line.lacks)})
    return rx.fragment(
        rx.el.p(
            rx.el.span(done, class_name="strong grow num"),
            rx.el.span(line.percent, " %", class_name="num strong"),
            class_name="row",
        ),
        rx.el.div(rx.el.i(style={"width": line.width}), class_name="bar", aria_hidden="true"),
        rx.cond(line.lacks > 0, rx.el.p(lacks), rx.el.p(pill(t("target.reached_it"), "done"))),
    )


def _reach(line: TargetLine) -> rx.Component:
    """The share of households that were met about it, and the way to the others."""
    met = t("target.households", reached=number(line.reached), total=number(line.total), percent=line.reach)
    rest = link(
        icon("list-checks"),
        t("target.missing", n=number(line.missing), platform=line.name),
        to="/m/gaps/",
        on_click=lacking.act("open", line.code),
        class_name="button wide",
    )
    return rx.cond(line.total > 0, rx.fragment(rx.el.p(met, class_name="soft small"), rx.cond(line.missing > 0, rest)))


def _standing(line: TargetLine) -> rx.Component:
    """Taken on, on which day and by whom; a leader's way to do so."""
    by = rx.cond(
        line.accepted_by != "",
        t("target.accepted_by", day=line.accepted, name=line.accepted_by),
        t("target.accepted", day=line.accepted),
    )
    taken = rx.el.div(
        icon("circle-check"),
        rx.el.span(by, class_name="small grow"),
        rx.cond(line.accepted_sync != "sent", state_pill(line.accepted_sync)),
        class_name="row wrap",
    )
    take = button(icon("check"), t("target.accept"), kind="primary wide", on_click=aiming.act("accept", line.id))
    waits = rx.cond(line.may_accept, take, rx.el.p(pill(t("target.given"), "wait")))
    return rx.cond(line.accepted != "", taken, waits)


def _share(line: ShareLine) -> rx.Component:
    part = told("target.n", line.measure, {"n": number(line.amount)})
    return rx.el.li(
        rx.el.span(line.name, class_name="grow"),
        rx.el.span(part, class_name="num strong"),
        class_name="row",
        key=line.id,
    )


def _sum(total: int, amount: int, left: int, measure: str) -> rx.Component:
    """What was shared out against the target: more or less than it is said, never forced."""
    rest = rx.cond(
        left > 0,
        pill(told("target.split_left", measure, {"n": number(left)}), "wait"),
        rx.cond(left < 0, pill(told("target.split_over", measure, {"n": number(-left)}), "need"), pill("✓", "done")),
    )
    words = told("target.split_sum", measure, {"sum": number(total), "amount": number(amount)})
    return rx.el.p(rx.el.span(words, class_name="strong grow"), rest, class_name="row wrap", role="status")


def _shares(line: TargetLine) -> rx.Component:
    words = rx.cond(some(line.shares), t("target.split_change"), t("target.split"))
    change = button(icon("users"), words, kind="wide", on_click=aiming.act("beginSplit", line.id))
    mine = rx.el.p(t("target.mine", n=told("target.n", line.measure, {"n": number(line.mine)})), class_name="strong")
    shared = rx.fragment(
        _sum(line.sum, line.amount, line.unshared, line.measure),
        rx.cond(line.split_sync != "sent", rx.el.div(state_pill(line.split_sync), class_name="row")),
        rx.el.ul(rx.foreach(line.shares, _share), class_name="stack tight"),
    )
    return rx.fragment(
        rx.cond(line.mine > 0, mine),
        rx.cond(line.leads & some(line.shares), shared),
        rx.cond(line.leads & (line.when != "past"), change),
    )


def _target(line: TargetLine) -> rx.Component:
    left = rx.match(
        line.when, ("past", t("target.over")), ("coming", t("target.coming")), t("target.days_left", n=line.left)
    )
    when = told("target.period", line.period, {"n": line.n, "year": line.year})
    return rx.el.section(
        rx.el.div(
            icon(line.icon),
            rx.el.div(
                rx.el.h2(line.name),
                rx.el.p(when, " · ", line.days, class_name="soft small"),
                class_name="grow",
            ),
            rx.el.span(left, class_name="small strong"),
            class_name="row top",
        ),
        rx.cond(line.own, rx.el.p(t("target.own"), class_name="soft small")),
        rx.cond(line.paper != "", rx.el.p(t("target.paper", paper=line.paper), class_name="soft small message")),
        _figure(line),
        _standing(line),
        _shares(line),
        _reach(line),
        class_name="card stack",
        key=line.id,
    )


def _part(line: ShareLine) -> rx.Component:
    """One member's part, typed; the label is the name."""
    control = rx.el.input(
        name="part",
        value=rx.Var.create(line.amount).to(str),
        on_change=aiming.act("setPart", line.id, value=True),
        input_mode="numeric",
        auto_complete="off",
    )
    return rx.el.li(rx.el.label(rx.el.span(line.name), control, class_name="field"), key=line.id)


def _split_sheet() -> rx.Component:
    form = split_form
    return sheet(
        form.open,
        t("target.split"),
        aiming.act("dropSplit"),
        _sum(form.sum, form.amount, form.unshared, form.measure),
        button(icon("users"), t("target.split_even"), kind="compact", on_click=aiming.act("evenly")),
        rx.el.ul(rx.foreach(form.lines, _part), class_name="stack tight"),
        button(icon("check"), t("record.save"), kind="primary wide", on_click=aiming.act("saveSplit")),
    )


def targets_page() -> rx.Component:
    none = empty("flag", t("target.none"), then=t("target.none_next"))
    past = rx.fragment(rx.el.h2(t("target.past"), class_name="section-title"), rx.foreach(targets.past, _target))
    how = rx.el.details(
        rx.el.summary(t("target.how"), class_name="link"),
        *[rx.el.p(t(f"target.counts.{one}"), class_name="small") for one in ("household", "support", "person")],
    )
    fresh = rx.cond(targets.fresh != "", t("target.fresh", at=targets.fresh), t("target.fresh_never"))
    return phone_page(
        t("target.title"),
        rx.foreach(targets.refused, lambda line: refused(line, tk("kind", line.kind), aiming)),
        rx.cond(targets.ready, rx.el.p(fresh, class_name="soft small")),
        rx.cond(
            some(targets.lines),
            rx.foreach(targets.lines, _target),
            rx.cond(targets.ready, rx.el.div(none, class_name="card")),
        ),
        task_list(),
        rx.cond(some(targets.past), past),
        how,
        link(icon("chart-column"), t("target.team_numbers"), to="/m/team/", class_name="button wide"),
        _split_sheet(),
        mark_sheet(),
        current="/m/targets/",
    )
