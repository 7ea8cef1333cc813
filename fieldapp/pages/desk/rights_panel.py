"""One request in a panel: what is asked, what there is of the household, and the deeds that end it."""

from typing import Any

import reflex as rx

from fieldapp.components.base import pill
from fieldapp.components.desk_shell import desk_link
from fieldapp.components.form import area_field, folded, form, hidden_field, side_panel, text_field, tick_field
from fieldapp.components.words import locale, number, t, tk
from fieldapp.device.store import some
from fieldapp.domain.data_request import MAX_WORDS
from fieldapp.pages.desk.rights_view import EventView, PhotoView, RequestLine, RequestView
from fieldapp.permissions import Action
from fieldapp.states.session import DeskState

STATE_KINDS = {"received": "need", "answered": "wait", "done": "done"}


def state_of(line: RequestLine) -> rx.Component:
    return pill(tk("rights.state", line.state), rx.match(line.state, *STATE_KINDS.items(), ""))


def late_pill() -> rx.Component:
    return pill(t("rights.late"), "need", "triangle-alert")


def household_of(line: RequestLine) -> Any:
    named = t("household.numbered", number=line.household) + " · " + line.village
    return rx.cond(line.household != "", named, t("rights.no_household"))


def _fact(label: Any, *value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(label, class_name="soft small"), rx.el.dd(*value, class_name="strong"))


def _facts(one: RequestView) -> rx.Component:
    line = one.line
    answered = rx.cond(line.answered != "", t("rights.answered_on", day=line.answered), t("rights.by", day=line.first))
    return rx.el.dl(
        _fact(t("rights.household"), household_of(line), rx.cond(one.head != "", " · " + one.head, "")),
        _fact(t("rights.received"), line.received),
        _fact(t("rights.col_first"), answered, rx.cond(line.first_late, late_pill())),
        _fact(t("rights.col_due"), line.due, rx.cond(line.late, late_pill())),
        _fact(t("rights.handler"), line.handler),
        rx.cond(line.household != "", _fact(t("rights.visits"), t("rights.visits_n", n=number(one.visits)))),
        class_name="facts",
    )


def _photo(one: RequestView, erase_photo: Any) -> Any:
    def shown(photo: PhotoView) -> rx.Component:
        words = t("rights.photo_of", day=photo.day)
        picture = rx.el.img(src=photo.address + "&size=thumb", alt=words, loading="lazy")
        seen = rx.el.a(picture, href=photo.address, target="_blank", rel="noopener", class_name="thumb")
        away = folded(
            rx.el.span(t("rights.photo_away"), rx.el.span(" ", words, class_name="sr")),
            rx.el.p(t("rights.photo_means"), class_name="soft small"),
            form(
                hidden_field("request", one.id),
                hidden_field("record", photo.record),
                hidden_field("sha256", photo.sha256),
                send=t("rights.photo_away"),
                on_submit=erase_photo,
                kind="compact danger",
            ),
        )
        consent = rx.cond(photo.consent != "", tk("consent", photo.consent), t("consents.no_consent"))
        return rx.el.li(
            rx.cond(photo.address != "", seen, pill(t("photo.on_its_way"), "wait", "image")),
            rx.el.div(
                rx.el.p(words, class_name="strong"),
                rx.el.p(consent, class_name="soft small"),
                rx.cond(one.open, away),
                class_name="grow stack tight",
            ),
            class_name="row top",
            key=photo.sha256,
        )

    return shown


def _event(event: EventView) -> rx.Component:
    return rx.el.li(
        rx.el.p(t("rights.event", what=tk("event", event.action), by=event.by)),
        rx.el.p(event.at, class_name="soft small num"),
    )


def _household(one: RequestView, erase_photo: Any, erase: Any) -> rx.Component:
    """What there is of the household: to be taken away by those who asked, photo by photo, or all of it."""
    to = "/api/v1/exports/household.xlsx?slot=desk&locale=" + locale() + "&request=" + rx.Var.create(one.id).to_string()
    photos = rx.el.ul(rx.foreach(one.photos, _photo(one, erase_photo)), class_name="bars")
    erasing = folded(
        t("rights.erase"),
        rx.el.p(t("rights.erase_means"), class_name="soft small"),
        form(
            hidden_field("request", one.id),
            text_field("number", t("rights.erase_number"), required=True, max_length=20),
            send=t("rights.erase_now"),
            on_submit=erase,
            kind="compact danger",
        ),
    )
    return rx.fragment(
        rx.el.h3(t("rights.photos")),
        rx.cond(some(one.photos), photos, rx.el.p(t("rights.no_photos"), class_name="soft")),
        desk_link(t("rights.download"), to=to, reload_document=True, download=True, class_name="button compact"),
        rx.cond(one.open, erasing),
    )


def _steps(one: RequestView, answer: Any, finish: Any) -> rx.Component:
    first = form(
        hidden_field("request", one.id),
        area_field("words", t("rights.answer_words"), t("rights.asked_hint"), required=True, max_length=MAX_WORDS),
        send=t("rights.answer_save"),
        on_submit=answer,
        kind="compact primary",
    )
    last = form(
        hidden_field("request", one.id),
        area_field("words", t("rights.close_words"), t("rights.asked_hint"), required=True, max_length=MAX_WORDS),
        tick_field("refused", t("rights.close_refused")),
        send=t("rights.close_save"),
        on_submit=finish,
        kind="compact",
    )
    return rx.fragment(
        rx.cond(one.line.state == "received", rx.fragment(rx.el.h3(t("rights.answer")), first)),
        folded(t("rights.close"), last),
    )


def request_panel(
    one: RequestView, close: Any, wrong: Any, answer: Any, finish: Any, erase_photo: Any, erase: Any
) -> rx.Component:
    answers = DeskState.allowed.contains(str(Action.ANSWER_RIGHTS))
    said = rx.fragment(
        rx.cond(one.answer != "", rx.fragment(rx.el.h3(t("rights.answer")), rx.el.p(one.answer, class_name="note"))),
        rx.cond(one.result != "", rx.fragment(rx.el.h3(t("rights.result")), rx.el.p(one.result, class_name="note"))),
    )
    return side_panel(
        tk("rights.kind", one.line.kind),
        close,
        rx.el.div(state_of(one.line), rx.cond(one.line.late, late_pill()), class_name="row wrap"),
        wrong,
        rx.el.p(one.asked, class_name="note"),
        _facts(one),
        rx.cond(one.erased != "", rx.el.p(t("rights.erased", at=one.erased), class_name="notice")),
        said,
        rx.cond(answers & one.open, _steps(one, answer, finish)),
        rx.cond(answers & (one.line.household != ""), _household(one, erase_photo, erase)),
        rx.el.h3(t("rights.trail")),
        rx.el.ul(rx.foreach(one.trail, _event), class_name="bars"),
    )
