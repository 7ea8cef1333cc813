"""Kết quả của tổ: the team's numbers from what this phone holds, and the leader's invitations."""

import reflex as rx

from fieldapp.components.base import button, chip, empty, figure, icon, pill, sheet
from fieldapp.components.phone_shell import phone_page
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import MemberSum, Person, PlatformSum
from fieldapp.device.store import act, counting, invite, me, page, some, summary

RANGES = ("today", "week", "month")


def _platform(row: PlatformSum) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            icon(row.icon),
            rx.el.span(row.name, class_name="grow strong"),
            rx.el.span(t("unit.n_supports", n=row.support), class_name="num"),
            class_name="row",
        ),
        rx.el.div(rx.el.i(style={"width": row.percent}), class_name="bar"),
        rx.el.p(
            t("summary.platform_detail", approved=row.approved, independent=row.independent), class_name="soft small"
        ),
        class_name="inset stack tight",
        key=row.name,
    )


def _member(row: MemberSum) -> rx.Component:
    return rx.el.li(
        rx.el.span(row.name, class_name="grow"),
        rx.el.span(t("unit.n_supports", n=row.support), class_name="num strong"),
        class_name="line",
        key=row.name,
    )


def _person(person: Person) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(person.name, class_name="strong"), rx.el.br(), tk("role", person.role), class_name="grow small"
        ),
        rx.cond(
            me.leads,
            button(icon("qr-code"), t("invite.make"), kind="compact", on_click=act("invite", person.id, person.name)),
        ),
        class_name="line",
        key=person.id,
    )


def _invite_sheet() -> rx.Component:
    return sheet(
        page.sheet == "invite",
        t("invite.title", name=invite.name),
        act("closeSheet"),
        rx.match(
            invite.phase,
            (
                "ready",
                rx.fragment(
                    rx.el.img(src=invite.qr, alt=t("invite.qr"), class_name="invite-qr"),
                    rx.el.p(invite.short, class_name="strong num short-code"),
                    rx.el.p(t("invite.how"), class_name="soft"),
                    button(icon("share-2"), t("invite.share"), kind="primary wide", on_click=act("shareInvitation")),
                ),
            ),
            ("failed", rx.el.p(tk("problem", invite.code), class_name="error", role="alert")),
            rx.el.p(t("loading"), role="status"),
        ),
    )


def _numbers() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            figure(summary.approved, t("summary.approved"), "done"),
            figure(summary.waiting, t("summary.waiting"), "wait"),
            figure(summary.returned, t("summary.returned"), "need"),
            class_name="figures",
        ),
        rx.el.section(
            rx.el.p(
                t("summary.households", n=summary.households_approved, total=summary.households_total),
                class_name="strong",
            ),
            rx.el.p(t("summary.households_standing", n=summary.households_standing), class_name="soft small"),
            rx.el.p(t("summary.people", n=summary.people), class_name="soft small"),
            rx.cond(summary.unsent > 0, pill(t("summary.unsent", n=summary.unsent), "wait")),
            class_name="card stack tight",
        ),
    )


def team_page() -> rx.Component:
    return phone_page(
        t("tab.team"),
        rx.el.div(
            *[chip(t(f"range.{r}"), summary.span == r, counting.act("setRange", r)) for r in RANGES],
            class_name="chips even",
        ),
        rx.el.p(
            me.team,
            " · ",
            summary.first,
            "–",
            summary.last,
            rx.cond(summary.fresh != "", rx.fragment(" · ", t("summary.fresh", at=summary.fresh))),
            class_name="soft small",
        ),
        _numbers(),
        rx.el.h2(t("summary.by_platform"), class_name="section-title"),
        rx.cond(
            some(summary.platforms),
            rx.el.ul(rx.foreach(summary.platforms, _platform), class_name="list"),
            rx.el.div(empty("chart-column", t("summary.none")), class_name="card"),
        ),
        rx.cond(
            some(summary.members),
            rx.fragment(
                rx.el.h2(t("summary.by_member"), class_name="section-title"),
                rx.el.ul(rx.foreach(summary.members, _member), class_name="list"),
            ),
        ),
        rx.el.h2(t("team.people"), class_name="section-title"),
        rx.el.ul(rx.foreach(me.people, _person), class_name="list"),
        _invite_sheet(),
        current="/m/team/",
    )
