"""Duyệt: new households, then day logs, newest first; the clean visits in one tap, the doubtful ones one by one."""

import reflex as rx

from fieldapp.components.base import button, chip, day_name, empty, icon, pill, sheet, state_pill
from fieldapp.components.hints import HintCard
from fieldapp.components.phone_shell import link, phone_page
from fieldapp.components.visit_row import flag_chips, head_name, house_number, outcome_words, who_did
from fieldapp.components.words import t, tk
from fieldapp.device.shapes import DayLog, PastVisit, VisitLine
from fieldapp.device.store import act, page, review, some
from fieldapp.pages.phone.log_words import comment_sheet, comment_ways
from fieldapp.pages.phone.new_households import correction_sheet, merge_sheet, new_households

REASONS = ("wrong_household", "duplicate", "wrong_result", "photo_unclear", "missing_detail", "other")


def _facts(visit: VisitLine) -> rx.Component:
    return rx.el.div(
        house_number(visit.household),
        rx.el.div(
            rx.el.p(head_name(visit.household), class_name="strong"),
            rx.el.p(outcome_words(visit), class_name="small"),
            rx.el.p(
                visit.time,
                " · ",
                who_did(visit),
                " · ",
                t("unit.n_people", n=visit.people),
                " · ",
                tk("mode", visit.mode),
                class_name="soft small",
            ),
            rx.cond(visit.note != "", rx.el.p(visit.note, class_name="small")),
            rx.cond(
                visit.reason_code == "reopened",
                rx.el.p(tk("reason", visit.reason_code), ": ", visit.reason, class_name="small strong"),
            ),
            class_name="grow stack tight",
        ),
        class_name="row top",
    )


def _past(visit: PastVisit) -> rx.Component:
    return rx.el.li(
        rx.el.span(visit.day, " · ", visit.title, " · ", who_did(visit), class_name="small grow"),
        state_pill(visit.state),
        class_name="row wrap",
        key=visit.id,
    )


def _evidence(visit: VisitLine) -> rx.Component:
    return rx.cond(
        visit.photo != "",
        rx.el.img(src=visit.photo, alt=t("photo.alt"), class_name="evidence"),
        rx.cond(visit.photo_count > 0, rx.el.p(icon("image"), t("photo.on_its_way"), class_name="row soft small")),
    )


def _flagged(visit: VisitLine) -> rx.Component:
    return rx.el.article(
        _facts(visit),
        rx.cond(visit.spot, rx.el.div(pill(t("review.spot"), "", "search"), class_name="row")),
        flag_chips(visit),
        _evidence(visit),
        rx.cond(
            some(visit.history),
            rx.el.div(
                rx.el.p(t("review.household_history"), class_name="small strong"),
                rx.el.ul(rx.foreach(visit.history, _past), class_name="stack tight"),
                class_name="stack tight",
            ),
        ),
        rx.el.div(
            button(icon("corner-up-left"), t("review.send_back"), kind="grow", on_click=act("askSendBack", visit.id)),
            button(icon("check"), t("review.approve"), kind="primary grow", on_click=act("approve", visit.id)),
            class_name="row",
        ),
        class_name="card wait stack",
        key=visit.id,
    )


def _clean(visit: VisitLine) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            _facts(visit),
            _evidence(visit),
            rx.el.div(
                button(
                    icon("corner-up-left"), t("review.send_back"), kind="compact", on_click=act("askSendBack", visit.id)
                ),
                class_name="row",
            ),
            class_name="inset stack",
        ),
        key=visit.id,
    )


def _day(log: DayLog) -> rx.Component:
    return rx.el.section(
        rx.el.h2(
            day_name(log.label, log.weekday, log.date),
            rx.el.span(
                t("review.clean", n=log.clean_count),
                " · ",
                t("review.flagged", n=log.flagged_count),
                class_name="soft small",
            ),
            class_name="section-title day-title",
        ),
        rx.cond(
            log.clean_count > 0,
            rx.fragment(
                button(
                    icon("check-check"),
                    t("review.approve_clean", n=log.clean_count),
                    kind="primary wide",
                    on_click=act("approveClean", log.day),
                ),
                rx.el.button(
                    rx.cond(
                        page.open_day == log.day, t("review.hide_clean"), t("review.show_clean", n=log.clean_count)
                    ),
                    type="button",
                    class_name="link",
                    on_click=act("toggleDay", log.day),
                ),
                rx.cond(page.open_day == log.day, rx.el.ul(rx.foreach(log.clean, _clean), class_name="list")),
            ),
        ),
        rx.foreach(log.flagged, _flagged),
        comment_ways(log),
        class_name="stack",
        key=log.day,
    )


def _send_back_sheet() -> rx.Component:
    reasons = [chip(t(f"reason.{code}"), page.reason_code == code, act("setReasonCode", code)) for code in REASONS]
    return sheet(
        page.sheet == "send_back",
        t("review.why"),
        act("closeSheet"),
        rx.el.div(*reasons, class_name="chips", role="group", aria_label=t("review.why")),
        rx.el.label(
            rx.el.span(t("review.words")),
            rx.el.textarea(
                name="reason", value=page.reason, on_change=act("setReason", value=True), max_length=300, rows="2"
            ),
            class_name="field",
        ),
        rx.cond(page.reason_error != "", rx.el.p(t(page.reason_error), class_name="error", role="alert")),
        button(icon("corner-up-left"), t("review.send_back"), kind="primary wide", on_click=act("sendBack")),
    )


def review_page() -> rx.Component:
    nothing = empty("check-check", t("review.none"), then=t("review.none_next"))
    back = link(t("today.back"), to="/m/", class_name="button")
    not_mine = empty("users", t("review.not_leader"), back, then=t("review.not_leader_next"))
    shown = rx.el.div(rx.cond(review.leads, nothing, not_mine), class_name="card")
    return phone_page(
        t("tab.review"),
        new_households(),
        rx.cond(
            review.count > 0,
            rx.foreach(review.days, _day),
            rx.cond(review.ready, shown),
        ),
        rx.cond(review.leads, link(icon("calendar"), t("log.all"), to="/m/logs/", class_name="button wide")),
        rx.cond(review.count > 0, HintCard.create(only="notices")),
        _send_back_sheet(),
        correction_sheet(),
        merge_sheet(),
        comment_sheet(),
        current="/m/review/",
    )
