"""What may be said of an activity: closed words, how many came, the rules that retrying cannot mend."""

from uuid import UUID

from pydantic import Field, model_validator

from fieldapp.domain.given import Key
from fieldapp.domain.note import NoteText
from fieldapp.domain.visit import MAX_NOTE, MAX_OUTCOMES, NamedPhotos, Payload, PlatformCode
from models.activity import ActivityKind

MAX_ATTENDED = 9999
MEETINGS = frozenset({ActivityKind.TALK, ActivityKind.CLASS, ActivityKind.CAMPAIGN})
"""Kinds at which people meet, so that they can be counted and must be."""


class ActivityPayload(Payload):
    village: Key
    kind: ActivityKind
    people: int | None = Field(default=None, ge=1, le=MAX_ATTENDED)
    platforms: list[PlatformCode] = Field(default=[], max_length=MAX_OUTCOMES)
    note: NoteText = Field(default="", max_length=MAX_NOTE)
    photos: NamedPhotos = Field(default=[])

    @model_validator(mode="after")
    def _counted_once(self) -> "ActivityPayload":
        if self.people is None and self.kind in MEETINGS:
            raise ValueError("invalid")
        if len(set(self.platforms)) < len(self.platforms):
            raise ValueError("repeated")
        return self


class ActivityWithdrawPayload(Payload):
    activity: UUID
