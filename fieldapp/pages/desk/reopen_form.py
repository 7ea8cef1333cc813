"""The form by which the commune reopens a decided visit: folded, so that no slip of the hand does it."""

from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import BaseModel, Field

from fieldapp.components.form import EMPTIED
from fieldapp.components.words import t
from fieldapp.domain.given import PlainText
from fieldapp.pages.desk.visits_view import VisitView
from fieldapp.permissions import Action
from fieldapp.states.session import DeskState

MAX_REASON = 300


class ReopenForm(BaseModel):
    visit: UUID
    reason: PlainText = Field(default="", max_length=MAX_REASON)


def reason_field(label: Any, **props: Any) -> rx.Component:
    return rx.el.label(
        rx.el.span(label),
        rx.el.input(name="reason", max_length=MAX_REASON, auto_complete="off", **props),
        class_name="field",
    )


def reason_form(
    name: str, value: Any, summary: Any, label: Any, press: Any, on_submit: Any, kind: str = "compact"
) -> rx.Component:
    """A folded form that sends what it is about under this name, and a reason."""
    return rx.el.details(
        rx.el.summary(summary, class_name="link"),
        rx.el.form(
            rx.el.input(type="hidden", name=name, value=value, read_only=True),
            reason_field(label, required=True),
            rx.el.button(press, type="submit", class_name=f"button {kind}"),
            on_submit=on_submit,
            custom_attrs={EMPTIED: "true"},
            class_name="stack tight",
        ),
    )


def reopen_form(visit: VisitView, on_submit: Any) -> rx.Component:
    """For a visit that is approved or was sent back, and an officer who may reopen it."""
    decided = (visit.state == "approved") | (visit.state == "returned")
    allowed = DeskState.allowed.contains(str(Action.REOPEN_VISIT))
    form = reason_form("visit", visit.id, t("sorting.reopen"), t("sorting.reopen_why"), t("sorting.reopen"), on_submit)
    return rx.cond(decided & allowed, form)
