"""What a visit's payload may say: sizes, closed words, the rules that retrying cannot mend."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.note import NoteText, holds_identity
from fieldapp.domain.search_key import nfc
from models.review import ReturnReason, Verdict
from models.visit import Beneficiary, ConsentWay, IdentifiedBy, Result, VisitMode, VisitState

SCHEMA_VERSION = 1
MAX_PEOPLE = 50
MAX_OUTCOMES = 20
MAX_PHOTOS = 5
MAX_PHOTO_BYTES = 2_000_000
MAX_NOTE = 300
MAX_DECIDED = 1000
RUNG = {Result.INTRODUCED: 1, Result.INSTALLED: 2, Result.INDEPENDENT: 3}
"""The letter's ladder (item 2a: tiếp cận, cài đặt, sử dụng); other results stand on no rung."""

HELPED = frozenset({Result.INTRODUCED, Result.INSTALLED, Result.INDEPENDENT, Result.COME_BACK})
"""Results that count a household as helped."""

GONE = (VisitState.REPLACED, VisitState.WITHDRAWN)
"""States of a visit that stands no more."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
PlatformCode = Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,20}$")]


class Payload(BaseModel):
    """Unknown fields are refused, so that a misspelt one is seen rather than lost."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class OutcomePayload(Payload):
    platform: PlatformCode
    result: Result
    steps: list[Annotated[PlainText, Field(max_length=30)]] = Field(default=[], max_length=12)
    come_back_on: date | None = None
    again: bool = False
    """Taught again: the phone knew of an earlier visit that helped the household with this platform."""


class ConsentPayload(Payload):
    """That the people whose faces are clear in a photo agreed; `text_version` says to which words on the screen.

    Who asked is the record's author, and when is its `made_at`.
    """

    way: ConsentWay
    text_version: int = Field(ge=1, le=999)


class PhotoPayload(Payload):
    sha256: Sha256
    bytes: int = Field(gt=0, le=MAX_PHOTO_BYTES)
    type: Literal["image/jpeg"]
    consent: ConsentPayload | None = None


def named_once(photos: list[PhotoPayload]) -> list[PhotoPayload]:
    if len({photo.sha256 for photo in photos}) < len(photos):
        raise ValueError("repeated")
    return photos


NamedPhotos = Annotated[list[PhotoPayload], Field(max_length=MAX_PHOTOS), AfterValidator(named_once)]
"""The photos that a record names, each of them once."""


class PlacePayload(Payload):
    """Degrees; a reading finer than a kilometre is made coarse by whoever takes it in (`domain/place.py`)."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class VisitPayload(Payload):
    """A `visit.create`; a `visit.replace` names the version it replaces beside it, in the record.

    `done_by` is the member who did the visit, where the author only helped with the entering.
    """

    household: UUID
    mode: VisitMode
    beneficiary: Beneficiary
    people: int = Field(ge=1, le=MAX_PEOPLE)
    outcomes: list[OutcomePayload] = Field(min_length=1, max_length=MAX_OUTCOMES)
    identified_by: IdentifiedBy
    card: PlainText | None = Field(default=None, max_length=120)
    note: NoteText = Field(default="", max_length=MAX_NOTE)
    photos: NamedPhotos = Field(default=[])
    place: PlacePayload | None = None
    """Only where the commune asks for it and the member gave it."""
    done_by: Key | None = None

    @model_validator(mode="after")
    def _no_repeats(self) -> "VisitPayload":
        platforms = [o.platform for o in self.outcomes]
        if len(set(platforms)) < len(platforms):
            raise ValueError("repeated")
        return self


class HouseholdPayload(Payload):
    """A household met at the door that the roster does not know: provisional until somebody confirms it."""

    household: UUID
    village: int
    number: PlainText = Field(min_length=1, max_length=20)
    head_name: PlainText | None = Field(default=None, max_length=120)

    @field_validator("number", "head_name")
    @classmethod
    def _clean(cls, text: str | None) -> str | None:
        if text is not None and holds_identity(text):
            raise ValueError("note_identity")
        return nfc(text) if text else None


class CardBindPayload(Payload):
    household: UUID
    card: PlainText = Field(max_length=120)


class DecidedVisit(Payload):
    visit: UUID
    flags: list[Annotated[PlainText, Field(max_length=24)]] = Field(default=[], max_length=20)


class DecisionPayload(Payload):
    """One verdict over many visits; a visit's id is its version, since every version has an id of its own."""

    visits: list[DecidedVisit] = Field(min_length=1, max_length=MAX_DECIDED)
    verdict: Verdict
    reason_code: ReturnReason | None = None
    reason: PlainText = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _reason_given(self) -> "DecisionPayload":
        if self.verdict is Verdict.SEND_BACK and self.reason_code is None:
            raise ValueError("reason_missing")
        if self.reason_code is ReturnReason.OTHER and not self.reason:
            raise ValueError("reason_missing")
        if holds_identity(self.reason):
            raise ValueError("note_identity")
        if len({d.visit for d in self.visits}) < len(self.visits):
            raise ValueError("repeated")
        return self


class WithdrawPayload(Payload):
    visit: UUID
