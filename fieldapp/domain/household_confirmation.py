"""What a leader may say about a household met at the door: that it is one, and how it is called, or which it was."""

from uuid import UUID

from pydantic import Field, field_validator, model_validator

from fieldapp.domain.given import PlainText
from fieldapp.domain.note import holds_identity
from fieldapp.domain.search_key import nfc
from fieldapp.domain.visit import Payload


class ConfirmationPayload(Payload):
    """Either a number (and a head's name), corrected where the member erred, or the household that it was already."""

    household: UUID
    number: PlainText | None = Field(default=None, min_length=1, max_length=20)
    head_name: PlainText | None = Field(default=None, max_length=120)
    into: UUID | None = None

    @field_validator("number", "head_name")
    @classmethod
    def _clean(cls, text: str | None) -> str | None:
        if text is not None and holds_identity(text):
            raise ValueError("note_identity")
        return nfc(text) if text else None

    @model_validator(mode="after")
    def _one_answer(self) -> "ConfirmationPayload":
        merges = self.into is not None
        if merges == (self.number is not None) or (merges and self.head_name) or self.into == self.household:
            raise ValueError("invalid")
        return self
