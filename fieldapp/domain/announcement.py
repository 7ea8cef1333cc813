"""What an announcement may say, and how long phones carry it. `announcements.js` knows what is new in the same way."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from fieldapp.domain.given import Key
from fieldapp.domain.note import NoteText
from fieldapp.domain.team_form import ticked
from fieldapp.domain.visit import Payload
from models.announcement import Audience

MAX_TITLE, MAX_TEXT = 120, 2000
MOST_CARRIED = 50
"""Announcements that a phone is given, the newest."""

MaybeDay = Annotated[date | None, BeforeValidator(lambda given: None if given == "" else given)]


class AnnouncementForm(BaseModel):
    """Without communes it goes to all below; a commune's own goes to itself, whatever is ticked."""

    title: NoteText = Field(min_length=1, max_length=MAX_TITLE)
    text: NoteText = Field(min_length=1, max_length=MAX_TEXT)
    audience: Audience = Audience.MEMBERS
    due_on: MaybeDay = None
    communes: frozenset[Key] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, form: Any) -> Any:
        return {**form, "communes": ticked(form)} if isinstance(form, dict) and "communes" not in form else form


class ReadPayload(Payload):
    """A member opened it."""

    announcement: UUID
