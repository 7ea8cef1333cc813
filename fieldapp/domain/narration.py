"""What a commune says of a spoken guide that it adds."""

from pydantic import BaseModel, Field, field_validator

from fieldapp.domain.note import NoteText
from fieldapp.domain.sound import MAX_SOUND_BYTES
from fieldapp.domain.visit import PlatformCode

MAX_TITLE = 60
MAX_FORM_BYTES = MAX_SOUND_BYTES + 16_000
"""A recording, and what the texts and borders of its form take."""

MAX_NARRATIONS = 120
"""Of one commune: a guide of each platform in some tongues."""


class NarrationForm(BaseModel):
    """The title says what is heard, such as a language; nothing of whoever speaks or listens."""

    platform: PlatformCode
    title: NoteText = Field(max_length=MAX_TITLE)

    @field_validator("title")
    @classmethod
    def _is_said(cls, title: str) -> str:
        if not title.strip():
            raise ValueError("invalid")
        return title.strip()
