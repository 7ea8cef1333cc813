"""What is said of a training class, and of what a member masters, as forms bring it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, model_validator

from fieldapp.domain.given import Key
from fieldapp.domain.note import NoteText
from fieldapp.domain.team_form import Maybe
from fieldapp.domain.visit import MAX_OUTCOMES, PlatformCode

MAX_TOPIC, MAX_PLACE, MAX_TRAINER = 160, 160, 120
MAX_SKILLS = 60
_PLATFORM = re.compile(r"platform_([A-Z0-9_]{1,20})")


def chosen_platforms(form: Mapping[str, Any]) -> list[str]:
    """The platforms behind the boxes that are ticked, each once, in the form's order."""
    return [match[1] for name in form if (match := _PLATFORM.fullmatch(str(name)))]


def _said(most: int, least: int = 0) -> Any:
    return Annotated[NoteText, StringConstraints(strip_whitespace=True, min_length=least, max_length=most)]


class ClassForm(BaseModel):
    """`training` is the class to change, else a new one."""

    training: Maybe = None
    topic: _said(MAX_TOPIC, 1)  # type: ignore[valid-type]
    held_on: date
    place: _said(MAX_PLACE) = ""  # type: ignore[valid-type]
    organiser: _said(MAX_PLACE) = ""  # type: ignore[valid-type]
    trainer: _said(MAX_TRAINER) = ""  # type: ignore[valid-type]
    platforms: list[PlatformCode] = Field(default=[], max_length=MAX_OUTCOMES)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, form: Any) -> Any:
        if isinstance(form, dict) and "platforms" not in form:
            return {**form, "platforms": chosen_platforms(form)}
        return form


class SkillForm(BaseModel):
    """The platforms that a member masters, and no others."""

    member: Key
    platforms: list[PlatformCode] = Field(default=[], max_length=MAX_SKILLS)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, form: Any) -> Any:
        if isinstance(form, dict) and "platforms" not in form:
            return {**form, "platforms": chosen_platforms(form)}
        return form
