"""What a commune says of a decision that founds or re-forms teams, as its form brings it."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, model_validator

from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.note import NoteText
from fieldapp.domain.paper import MAX_PAPER_BYTES
from fieldapp.domain.team_form import MAX_REASON, MOST_TICKED, Maybe, ticked

MAX_NUMBER, MAX_SIGNER, MAX_SUMMARY = 60, 120, 500
MAX_FORM_BYTES = MAX_PAPER_BYTES + 128_000
"""A paper, and what the texts, ticks and borders of its form take."""

MOST_FIELDS = MOST_TICKED + 20


def _needed(most: int) -> Any:
    return Annotated[PlainText, StringConstraints(strip_whitespace=True, min_length=1, max_length=most)]


class DecisionForm(BaseModel):
    """`decision` is the one to put right, else a new one; `replaces` is the one whose place it takes.

    `reason` silences the warnings of the teams that it names, where it is given.
    """

    decision: Maybe = None
    number: _needed(MAX_NUMBER)  # type: ignore[valid-type]
    issued_on: date
    effective_on: date
    signer: _needed(MAX_SIGNER)  # type: ignore[valid-type]
    summary: _needed(MAX_SUMMARY)  # type: ignore[valid-type]
    replaces: Maybe = None
    teams: frozenset[Key] = frozenset()
    reason: NoteText = Field(default="", max_length=MAX_REASON)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, form: Any) -> Any:
        return {**form, "teams": ticked(form)} if isinstance(form, dict) and "teams" not in form else form
