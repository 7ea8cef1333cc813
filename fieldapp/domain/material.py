"""What a guiding paper or a good practice says of itself, as its form brings it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from fieldapp.domain.announcement import MaybeDay
from fieldapp.domain.given import Key
from fieldapp.domain.note import NoteText
from fieldapp.domain.paper import MAX_PAPER_BYTES
from fieldapp.domain.team_form import Maybe
from fieldapp.domain.visit import Payload
from models.material import MaterialKind

MAX_TITLE, MAX_NUMBER, MAX_ISSUER, MAX_TEXT, MAX_REASON = 200, 60, 120, 4000, 300
MAX_FORM_BYTES = MAX_PAPER_BYTES + 128_000
"""A paper, and what the texts and borders of its form take."""


def _words(most: int, least: int = 0) -> Any:
    return Annotated[NoteText, StringConstraints(strip_whitespace=True, min_length=least, max_length=most)]


class MaterialForm(BaseModel):
    """`material` is the one to put right, else a new one. Good practice has neither number nor issuer."""

    material: Maybe = None
    kind: MaterialKind
    title: _words(MAX_TITLE, 1)  # type: ignore[valid-type]
    number: _words(MAX_NUMBER) = ""  # type: ignore[valid-type]
    issuer: _words(MAX_ISSUER) = ""  # type: ignore[valid-type]
    issued_on: MaybeDay = None
    text: _words(MAX_TEXT, 1)  # type: ignore[valid-type]

    @property
    def said(self) -> dict[str, Any]:
        """What of it is stored."""
        is_paper = self.kind == MaterialKind.PAPER
        nothing: tuple[str, str, date | None] = ("", "", None)
        number, issuer, issued_on = (self.number, self.issuer, self.issued_on) if is_paper else nothing
        return {"title": self.title, "text": self.text, "number": number, "issuer": issuer, "issued_on": issued_on}


class PracticePayload(Payload):
    """What a member found to work, told in the village where it was done; `earlier` is what it says anew."""

    village: Key
    earlier: UUID | None = None
    title: NoteText = Field(min_length=1, max_length=MAX_TITLE)
    text: NoteText = Field(min_length=1, max_length=MAX_TEXT)


class RulingForm(BaseModel):
    """Why a good practice is sent back."""

    reason: NoteText = Field(default="", max_length=MAX_REASON)
