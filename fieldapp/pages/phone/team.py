"""Kết quả của tổ: the team's numbers from what this phone holds."""

import reflex as rx

from fieldapp.components.base import chip, empty, figure, icon, pill
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.words import t
from fieldapp.device.shapes import MemberSum, PlatformSum
from fieldapp.device.store import counting, me, some, summary

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
            rx.cond(
                summary.shops_committed > 0,
                rx.el.p(t("summary.shops_committed", n=summary.shops_committed), class_name="soft small"),
            ),
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
            rx.cond(summary.first == summary.last, "", rx.fragment("–", summary.last)),
            rx.cond(summary.fresh != "", rx.fragment(" · ", t("summary.fresh", at=summary.fresh))),
            class_name="soft small",
        ),
        _numbers(),
        rx.el.h2(t("summary.by_platform"), class_name="section-title"),
        rx.cond(
            some(summary.platforms),
            rx.el.ul(rx.foreach(summary.platforms, _platform), class_name="list"),
            rx.el.div(empty("chart-column", t("summary.none"), then=t("summary.none_next")), class_name="card"),
        ),
        rx.cond(
            some(summary.members),
            rx.fragment(
                rx.el.h2(t("summary.by_member"), class_name="section-title"),
                rx.el.ul(rx.foreach(summary.members, _member), class_name="list"),
            ),
        ),
        link(icon("users"), t("more.members"), to="/m/members/", class_name="button wide"),
        back="/m/targets/",
    )
