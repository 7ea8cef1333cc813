"""What is said of a partner company, as its form brings it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.team_form import MOST_TICKED, Maybe, ticked
from models.partner import PartnerKind

MAX_NAME, MAX_CONTACT, MAX_NUMBER = 160, 200, 60
MOST_PLATFORMS = 100
_PLATFORM = re.compile(r"platform_([A-Z0-9_]{1,20})")
_Day = Annotated[date | None, BeforeValidator(lambda given: None if given == "" else given)]


class PartnerForm(BaseModel):
    """`partner` is the one to change, else it is new. Communes are the ticked ones, or with `everywhere` all."""

    partner: Maybe = None
    name: PlainText = Field(min_length=1, max_length=MAX_NAME)
    kind: PartnerKind
    contact: PlainText = Field(default="", max_length=MAX_CONTACT)
    agreement_number: PlainText = Field(default="", max_length=MAX_NUMBER)
    agreement_on: _Day = None
    active_from: date
    active_to: _Day = None
    everywhere: bool = False
    communes: frozenset[Key] = Field(default=frozenset(), max_length=MOST_TICKED)
    platforms: frozenset[Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,20}$")]] = Field(
        default=frozenset(), max_length=MOST_PLATFORMS
    )

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, form: Any) -> Any:
        if not isinstance(form, dict) or "platforms" in form:
            return form
        return {**form, "communes": ticked(form), "platforms": _platforms(form), "everywhere": "everywhere" in form}


def _platforms(form: Mapping[str, Any]) -> list[str]:
    return [match[1] for name in form if (match := _PLATFORM.fullmatch(str(name)))][:MOST_PLATFORMS]


def is_active(active_from: date, active_to: date | None, today: date) -> bool:
    """Whether a company works here on this day; both ends belong to it."""
    return active_from <= today and (active_to is None or active_to >= today)
