"""One difficulty in a panel beside the board: what was said, its photos, its steps, and what can be done next."""

from typing import Any

import reflex as rx

from fieldapp.components.base import chip, pill
from fieldapp.components.form import area_field, choice_field, date_field, form, hidden_field, side_panel
from fieldapp.components.words import t, tk
from fieldapp.device.store import some
from fieldapp.domain.difficulty_deeds import INTERNAL, MAX_WORDS, NEED_WORDS
from fieldapp.pages.desk.difficulties_view import DifficultyView, PictureView, StepView
from fieldapp.pages.desk.difficulty_table import due_pill, severity_of, state_of
from models.difficulty import DifficultyDeed


def _fact(label: Any, *value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(label, class_name="soft small"), rx.el.dd(*value, class_name="strong"))


def _picture(photo: PictureView) -> rx.Component:
    seen = rx.el.a(
        rx.el.img(src=photo.address + "&size=thumb", alt=t("board.photo"), loading="lazy"),
        href=photo.address,
        target="_blank",
        rel="noopener",
        class_name="thumb",
    )
    return rx.el.li(
        rx.cond(photo.address != "", seen, pill(t("photo.on_its_way"), "wait", "image")),
        rx.cond(photo.consent != "", rx.el.p(tk("consent", photo.consent), class_name="soft small")),
        key=photo.sha256,
    )


def _step(step: StepView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(tk("difficulty.deed", step.deed), class_name="strong"),
            rx.cond(step.inside, pill(t("board.inside"))),
            class_name="row wrap",
        ),
        rx.cond(step.note != "", rx.el.p(step.note, class_name="note")),
        rx.cond(step.due != "", rx.el.p(t("board.new_due", day=step.due))),
        rx.el.p(step.at, " · ", step.by, class_name="soft small num"),
    )


def _deed_form(one: DifficultyView, deed: Any, drawn: Any, act: Any) -> rx.Component:
    """The words stay in their field when another deed is chosen, and when somebody was faster."""
    inside = rx.match(deed, *((str(name), True) for name in INTERNAL), False)
    needed = rx.match(deed, *((str(name), True) for name in NEED_WORDS), False)
    hint = rx.cond(inside, t("board.words_inside"), t("board.words_told"))
    day = date_field("due_on", t("board.new_day"), t("board.new_day_hint"), required=True, default_value=one.due_on)
    to = choice_field("handler", t("board.to"), one.handlers, first=t("board.choose"), required=True)
    return form(
        hidden_field("difficulty", one.id),
        hidden_field("deed", deed),
        hidden_field("seen", one.seen),
        rx.cond(deed == str(DifficultyDeed.POSTPONE), day),
        rx.cond(deed == str(DifficultyDeed.ASSIGN), to),
        area_field("words", t("board.words"), hint, max_length=MAX_WORDS, required=needed, rows="4"),
        send=tk("board.deed", deed),
        on_submit=act,
        reset_on_submit=False,
        key=drawn,
    )


def difficulty_panel(
    one: DifficultyView, deed: Any, drawn: Any, choose_deed: Any, act: Any, close: Any, wrong: Any
) -> rx.Component:
    def way(name: Any) -> rx.Component:
        return chip(tk("board.deed", name), deed == name, choose_deed(name), key=name)

    ways = rx.el.div(rx.foreach(one.deeds, way), class_name="chips", role="group", aria_label=t("board.next"))
    photos = rx.fragment(rx.el.h3(t("photo.title")), rx.el.ul(rx.foreach(one.photos, _picture), class_name="thumbs"))
    return side_panel(
        tk("difficulty.kind", one.kind),
        close,
        rx.el.div(state_of(one.state), severity_of(one.severity), due_pill(one.due), class_name="row wrap"),
        rx.el.p(one.description, class_name="note"),
        rx.cond(some(one.photos), photos),
        rx.el.dl(
            _fact(t("board.place"), one.village, " · ", one.commune),
            _fact(t("board.reported_by"), one.author),
            _fact(t("board.received"), one.received_at),
            _fact(t("board.due"), one.due.day),
            _fact(t("board.handler"), rx.cond(one.handler != "", one.handler, t("board.nobody"))),
            class_name="facts",
        ),
        rx.el.h3(t("board.steps")),
        rx.el.ul(rx.foreach(one.steps, _step), class_name="bars"),
        rx.cond(some(one.deeds), rx.fragment(rx.el.h3(t("board.next")), ways)),
        wrong,
        rx.cond(deed != "", _deed_form(one, deed, drawn, act)),
    )
