"""What a report's author says: the numbers that no record tells, why odd ones are right, and words."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from fieldapp.domain.given import Key
from fieldapp.domain.note import NoteText
from fieldapp.domain.visit import Payload

MAX_VALUE = 10_000_000
MAX_TEXT = 2000
MAX_REASON = 300
MAX_CODES = 120

Code = Annotated[str, Field(pattern=r"^[0-9]{2}(\.[0-9])?$")]
Value = Annotated[int, Field(ge=0, le=MAX_VALUE)]


class TextPart(StrEnum):
    """What is written beside the numbers, in the order of the papers."""

    DIFFICULTIES = "difficulties"
    PROPOSALS = "proposals"
    PRACTICE = "practice"
    PLAN = "plan"


Texts = dict[TextPart, Annotated[NoteText, Field(max_length=MAX_TEXT)]]


class SubmitPayload(Payload):
    """A `report.submit`: the village's report as its leader read it on the phone.

    `number` is the version that it is to be. `seen` are the automatic numbers as they stood on the screen; the server
    works them out again when the report comes in, and those are locked. A manual zero is named in `zeros` as well.
    """

    team: Key
    village: Key
    period: Key
    number: int = Field(ge=1, le=999)
    manual: dict[Code, Value] = Field(default={}, max_length=MAX_CODES)
    zeros: list[Code] = Field(default=[], max_length=MAX_CODES)
    reasons: dict[Code, Annotated[NoteText, Field(max_length=MAX_REASON)]] = Field(default={}, max_length=MAX_CODES)
    texts: Texts = Field(default={})
    seen: dict[Code, Value] = Field(default={}, max_length=MAX_CODES)

    @model_validator(mode="after")
    def _zeros_confirmed(self) -> "SubmitPayload":
        if any(value == 0 and code not in self.zeros for code, value in self.manual.items()):
            raise ValueError("zero_unconfirmed")
        return self
