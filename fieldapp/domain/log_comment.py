"""What may be said of a day log, and answered. `day-logs.js` knows the same lengths."""

from datetime import date
from uuid import UUID

from pydantic import Field

from fieldapp.domain.given import Key
from fieldapp.domain.note import NoteText
from fieldapp.domain.visit import Payload

MAX_COMMENT = 300
MAX_ANSWER = 150


class CommentPayload(Payload):
    """Without words it takes away the comment that its record replaces."""

    village: Key
    member: Key
    day: date
    text: NoteText = Field(default="", max_length=MAX_COMMENT)


class AnswerPayload(Payload):
    """Without words it takes the answer back."""

    comment: UUID
    text: NoteText = Field(default="", max_length=MAX_ANSWER)
