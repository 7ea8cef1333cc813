"""What a commune says of its teams and of the people in them, as forms bring it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from fieldapp.domain.composition import ShortfallKind
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.note import NoteText
from models.team import SeatKind, SeatRole, TeamLevel

MAX_NAME, MAX_PERSON, MAX_PHONE, MAX_REASON = 160, 120, 40, 300
MOST_TICKED = 400
_TICKED = re.compile(r"tick_([0-9]{1,9})")

Maybe = Annotated[Key | None, BeforeValidator(lambda given: None if given == "" else given)]
"""A choice whose first line chooses nothing."""

Person = Annotated[PlainText, Field(max_length=MAX_PERSON)]


def ticked(form: Mapping[str, Any]) -> list[str]:
    """The ids behind the boxes that are ticked: each has a name of its own, `tick_12`."""
    return [match[1] for name in form if (match := _TICKED.fullmatch(str(name)))][:MOST_TICKED]


class TeamForm(BaseModel):
    """A team of the commune itself serves no villages of its own; `team` is the one to change, else a new one."""

    team: Maybe = None
    name: PlainText = Field(min_length=1, max_length=MAX_NAME)
    level: TeamLevel = TeamLevel.VILLAGE
    villages: frozenset[Key] = frozenset()
    first: date

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, form: Any) -> Any:
        return {**form, "villages": ticked(form)} if isinstance(form, dict) and "villages" not in form else form


class SeatForm(BaseModel):
    """Who sits where: `member` is somebody known, else the name (and phone) of somebody new."""

    team: Key
    member: Maybe = None
    name: Person = ""
    phone: PlainText = Field(default="", max_length=MAX_PHONE)
    role: SeatRole
    kind: SeatKind
    position: Person = ""
    first: date


class SeatChange(BaseModel):
    seat: Key
    name: Person
    phone: PlainText = Field(default="", max_length=MAX_PHONE)
    role: SeatRole
    kind: SeatKind
    position: Person = ""


class ReasonForm(BaseModel):
    team: Key
    shortfall: ShortfallKind
    reason: NoteText = Field(max_length=MAX_REASON)


class FirstDay(BaseModel):
    """From which day on teams are there."""

    first: date


class LastDay(BaseModel):
    """The last day of a team or seat."""

    id: Key
    last: date
