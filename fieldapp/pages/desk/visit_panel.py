"""One visit in a panel beside the list: what was done, its photos, who decided, and all that happened to it."""

from typing import Any

import reflex as rx

from fieldapp.components.base import icon, icon_button, pill, state_pill
from fieldapp.components.form import PanelKeys
from fieldapp.components.visit_row import who_did
from fieldapp.components.words import local, number, t, tk
from fieldapp.device.store import some
from fieldapp.pages.desk.visit_table import flag_pill
from fieldapp.pages.desk.visits_view import OutcomeView, PhotoView, ReviewView, TrailView, VisitView


def _fact(name: str, *value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(t(f"visits.{name}"), class_name="soft small"), rx.el.dd(*value, class_name="strong"))


def _facts(visit: VisitView) -> rx.Component:
    identified = rx.fragment(
        tk("identified", visit.identified_by),
        rx.cond(visit.verified, rx.fragment(" · ", t("visits.verified"))),
    )
    return rx.el.dl(
        _fact("done_by", who_did(visit)),
        _fact("done_at", visit.at),
        _fact("received_at", visit.received_at),
        _fact("identified", identified),
        _fact("mode", tk("mode", visit.mode)),
        _fact("beneficiary", tk("beneficiary", visit.beneficiary)),
        _fact("people", t("unit.n_people", n=number(visit.people))),
        _fact("version", number(visit.version)),
        class_name="facts",
    )


def _outcome(outcome: OutcomeView) -> rx.Component:
    steps = rx.el.p(local(outcome.steps_vi, outcome.steps_en), class_name="soft small")
    come_back = rx.el.p(t("visits.come_back", day=outcome.come_back_on), class_name="soft small")
    return rx.el.li(
        icon(outcome.icon),
        rx.el.div(
            rx.el.p(local(outcome.name_vi, outcome.name_en), class_name="strong"),
            rx.el.p(tk("result", outcome.result)),
            rx.cond(outcome.steps_vi != "", steps),
            rx.cond(outcome.come_back_on != "", come_back),
            rx.cond(outcome.again, rx.el.p(t("visit.again"), class_name="soft small")),
        ),
        class_name="row top",
    )


def _photo(photo: PhotoView) -> rx.Component:
    seen = rx.el.a(
        rx.el.img(src=photo.address + "&size=thumb", alt=t("photo.alt"), loading="lazy"),
        href=photo.address,
        reload_document=True,
        target="_blank",
        rel="noopener",
        class_name="thumb",
    )
    return rx.el.li(
        rx.cond(photo.address != "", seen, pill(tk("photo", photo.word), "wait", "image")),
        rx.cond(photo.consent != "", rx.el.p(tk("consent", photo.consent), class_name="soft small")),
        key=photo.sha256,
    )


def _review(review: ReviewView) -> rx.Component:
    reason = rx.el.p(tk("reason", review.reason_code), rx.cond(review.reason != "", rx.fragment(": ", review.reason)))
    return rx.el.li(
        rx.el.p(tk("verdict", review.verdict), " · ", review.by, class_name="strong"),
        rx.cond(review.reason_code != "", reason),
        rx.el.p(review.at, class_name="soft small num"),
    )


def _event(event: TrailView) -> rx.Component:
    by = rx.cond(event.by != "", event.by, t("visits.by_server"))
    return rx.el.li(
        rx.el.p(tk("event", event.action), " · ", by),
        rx.el.p(event.at, " · ", t("visits.version_n", n=event.version), class_name="soft small num"),
    )


def _part(title: str, lines: Any, row: Any, kind: str = "bars") -> Any:
    part = rx.fragment(rx.el.h3(t(title)), rx.el.ul(rx.foreach(lines, row), class_name=kind))
    return rx.cond(some(lines), part)


def visit_panel(visit: VisitView, close: Any, *deeds: rx.Component) -> rx.Component:
    """The deeds stand below all else."""
    head = rx.el.header(
        rx.el.div(
            rx.el.h2(t("household.numbered", number=visit.number), tab_index=-1),
            rx.el.p(rx.cond(visit.head != "", visit.head + " · ", ""), visit.village, class_name="soft"),
            class_name="grow",
        ),
        icon_button("x", t("close"), on_click=close),
        class_name="row top",
    )
    return rx.el.aside(
        PanelKeys.create(about=visit.id),
        head,
        rx.el.div(
            state_pill(visit.state),
            rx.cond(visit.needs_look, pill(t("visits.needs_look"), "need")),
            rx.foreach(visit.flags, flag_pill),
            class_name="row wrap",
        ),
        _part("visits.done", visit.outcomes, _outcome, "stack"),
        rx.cond(visit.note != "", rx.el.p(visit.note, class_name="note")),
        _part("photo.title", visit.photos, _photo, "thumbs"),
        _facts(visit),
        _part("visits.decisions", visit.reviews, _review),
        _part("visits.trail", visit.trail, _event),
        *deeds,
        class_name="side-panel",
        aria_label=t("visits.panel"),
    )
