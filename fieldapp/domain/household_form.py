"""What an officer says of a household by hand."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.note import holds_identity
from fieldapp.domain.search_key import nfc


def _clean(text: str) -> str:
    if holds_identity(text) or not nfc(text):
        raise ValueError("note_identity")
    return nfc(text)


def _or_none(text: object) -> object:
    """An empty field of a form says nothing."""
    return None if isinstance(text, str) and not text.strip() else text


Number = Annotated[PlainText, Field(min_length=1, max_length=20), AfterValidator(_clean)]
Head = Annotated[Annotated[PlainText, Field(max_length=120), AfterValidator(_clean)] | None, BeforeValidator(_or_none)]


class NewHousehold(BaseModel):
    village: Key
    number: Number
    head_name: Head = None


class ChangedHousehold(BaseModel):
    household: UUID
    number: Number
    head_name: Head = None


class MovedHousehold(BaseModel):
    household: UUID
    moved_on: date


class MergedHousehold(BaseModel):
    """`into` is the number of the household that stays."""

    household: UUID
    into: Number
