"""Tổ của tôi: who is in the team, what each did of late, and for whoever leads it their phones."""

import reflex as rx

from fieldapp.components.base import button, icon, pill, sheet
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import CrewMember, CrewPhone
from fieldapp.device.store import act, crew, ending, invite, leading, me, outbox, page, some
from fieldapp.pages.phone.delegation import delegation_of, delegation_sheets


def _deeds(person: CrewMember) -> rx.Component:
    def of(range_key: str, support: int, households: int) -> rx.Component:
        return rx.el.div(
            rx.el.dt(t(range_key), class_name="soft small"),
            rx.el.dd(t("crew.done", support=support, households=households), class_name="strong num"),
            class_name="grow",
        )

    return rx.el.dl(
        of("crew.today", person.today_support, person.today_households),
        of("crew.week", person.week_support, person.week_households),
        class_name="row wrap",
    )


def _phone(person: CrewMember, phone: CrewPhone) -> rx.Component:
    heard = rx.cond(phone.heard != "", t("crew.heard", at=phone.heard), t("crew.never_heard"))
    return rx.el.li(
        rx.el.p(icon("smartphone"), rx.el.span(phone.label, class_name="grow"), class_name="row"),
        rx.el.p(heard, class_name="soft small"),
        rx.cond(phone.unsent > 0, rx.el.p(pill(t("crew.unsent", n=phone.unsent), "wait"))),
        rx.cond(phone.closing, rx.el.p(t("crew.closing", day=phone.until), class_name="soft small")),
        button(t("crew.end"), kind="compact danger", on_click=leading.act("askEnding", person.id, phone.id)),
        class_name="inset stack tight",
        key=phone.id,
    )


def _phones(person: CrewMember) -> rx.Component:
    return rx.fragment(
        rx.cond(
            some(person.phones),
            rx.el.ul(
                rx.foreach(person.phones, lambda phone: _phone(person, phone)),
                class_name="stack tight",
                aria_label=t("crew.phones"),
            ),
            rx.el.p(t("crew.no_phone"), class_name="soft small"),
        ),
    )


def _person(person: CrewMember) -> rx.Component:
    role = rx.el.span(tk("role", person.role), class_name="soft small")
    quiet = rx.el.div(
        rx.cond(person.is_me, rx.fragment(), rx.el.p(t("crew.quiet"), class_name="small")),
        rx.cond(person.last != "", rx.el.p(t("crew.last", day=person.last), class_name="soft small")),
    )
    invitation = button(
        icon("qr-code"), t("invite.make"), kind="compact", on_click=leading.act("invite", person.id, person.name)
    )
    return rx.el.li(
        rx.el.div(
            rx.el.div(rx.el.p(person.name, class_name="strong"), role, class_name="grow stack tight"),
            rx.cond(person.is_me, pill(t("crew.me"))),
            rx.cond(person.below | (crew.leads & person.is_me), invitation),
            class_name="row wrap",
        ),
        _deeds(person),
        rx.cond(person.quiet, quiet),
        delegation_of(person),
        rx.cond(person.below, _phones(person)),
        class_name="card stack tight",
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
                    button(
                        icon("share-2"), t("invite.share"), kind="primary wide", on_click=leading.act("shareInvitation")
                    ),
                ),
            ),
            ("failed", rx.el.p(tk("problem", invite.code), class_name="error", role="alert")),
            rx.el.p(t("loading"), role="status"),
        ),
    )


def _ways_to_end() -> rx.Component:
    def way(key: str, state: str, kind: str) -> rx.Component:
        return rx.fragment(
            button(t(f"crew.{key}"), kind=kind, disabled=~outbox.online, on_click=leading.act("endPhone", state)),
            rx.el.p(t(f"crew.{key}_means"), class_name="soft small"),
        )

    return rx.fragment(
        rx.cond(outbox.online, rx.fragment(), rx.el.p(t("crew.needs_network"), class_name="error", role="alert")),
        rx.cond(ending.code != "", rx.el.p(tk("problem", ending.code), class_name="error", role="alert")),
        rx.cond(ending.closing, rx.fragment(), way("revoke", "closing", "wide")),
        way("lost", "closed", "wide danger"),
    )


def _ended() -> rx.Component:
    others = rx.el.p(t("crew.ended_others", n=ending.others), class_name="small")
    return rx.fragment(
        rx.el.p(
            rx.cond(ending.names != "", t("crew.ended", names=ending.names), t("crew.ended_nobody")),
            class_name="strong",
            role="status",
        ),
        rx.cond(ending.others > 0, others),
        button(
            icon("qr-code"),
            t("crew.replace", name=ending.name),
            kind="primary wide",
            on_click=leading.act("invite", ending.person, ending.name),
        ),
    )


def _end_sheet() -> rx.Component:
    return sheet(
        page.sheet == "end_phone",
        t("crew.end_title", name=ending.name),
        act("closeSheet"),
        rx.el.p(icon("smartphone"), ending.label, class_name="row"),
        rx.match(
            ending.phase,
            ("done", _ended()),
            ("working", rx.el.p(t("crew.working"), role="status")),
            _ways_to_end(),
        ),
    )


def members_page() -> rx.Component:
    return phone_page(
        t("more.members"),
        rx.el.div(
            rx.el.p(me.team, class_name="strong"),
            rx.cond(crew.fresh != "", rx.el.p(t("crew.fresh", at=crew.fresh), class_name="soft small")),
            rx.cond(crew.leads & (crew.quiet > 0), rx.el.p(pill(t("crew.quiet_n", n=crew.quiet), "wait", "clock"))),
            class_name="stack tight",
        ),
        rx.el.ul(rx.foreach(crew.people, _person), class_name="stack"),
        link(icon("chart-column"), t("tab.team"), to="/m/team/", class_name="button wide"),
        _invite_sheet(),
        _end_sheet(),
        delegation_sheets(),
        current="/m/members/",
        back="/m/",
    )
