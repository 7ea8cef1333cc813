"""What the province says of a platform and of its steps, as forms bring it, and the codes that are made of it."""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints, model_validator

from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.note import NoteText
from fieldapp.domain.search_key import fold
from fieldapp.domain.team_form import ticked
from fieldapp.domain.visit import PlatformCode
from models.platform import Pillar

MAX_NAME, MAX_SHORT, MAX_CODE, MAX_STEP_CODE = 120, 16, 20, 30
MOST_IN_USE, MOST_STEPS = 50, 12
"""Platforms on phones' tiles; steps that one outcome may name."""

COMMITMENT = "commitment"
"""The step that makes a digital shop one that counts; phones know it by this code."""

ICONS = (
    "id-card", "landmark", "megaphone", "map-pinned", "map-pin", "signature", "car", "store", "wallet", "qr-code",
    "hand-coins", "sprout", "heart-pulse", "shield-check", "shield-alert", "graduation-cap", "book-open",
    "message-circle", "messages-square", "house", "building-2", "users", "smartphone", "globe", "phone", "camera",
    "calendar", "chart-column", "badge-check", "life-buoy", "bell", "flag",
)  # fmt: skip
"""Of the phones' icons those that can stand for a platform."""


class Applies(StrEnum):
    """Where a platform is shown on phones."""

    EVERYWHERE = "everywhere"
    SOME = "some"


class Way(StrEnum):
    UP = "up"
    DOWN = "down"


def _needed(most: int) -> Any:
    return Annotated[NoteText, StringConstraints(strip_whitespace=True, min_length=1, max_length=most)]


def _wanted(most: int) -> Any:
    return Annotated[NoteText, StringConstraints(strip_whitespace=True, max_length=most)]


def _known_icon(icon: str) -> str:
    if icon not in ICONS:
        raise ValueError("icon")
    return icon


_Own = Annotated[PlatformCode | None, BeforeValidator(lambda given: None if given == "" else given)]
Icon = Annotated[PlainText, Field(max_length=40), AfterValidator(_known_icon)]


class PlatformForm(BaseModel):
    """`platform` is the one to change, else a new one. English names that are empty are the Vietnamese ones."""

    platform: _Own = None
    name_vi: _needed(MAX_NAME)  # type: ignore[valid-type]
    name_en: _wanted(MAX_NAME) = ""  # type: ignore[valid-type]
    short_vi: _needed(MAX_SHORT)  # type: ignore[valid-type]
    short_en: _wanted(MAX_SHORT) = ""  # type: ignore[valid-type]
    pillar: Pillar
    icon: Icon
    approved: bool = False
    applies: Applies = Applies.EVERYWHERE
    communes: frozenset[Key] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, form: Any) -> Any:
        return {**form, "communes": ticked(form)} if isinstance(form, dict) and "communes" not in form else form


class StepForm(BaseModel):
    """`step` is the one to rename, else a new one, which comes last."""

    platform: PlatformCode
    step: PlainText = Field(default="", max_length=MAX_STEP_CODE)
    name_vi: _needed(MAX_NAME)  # type: ignore[valid-type]
    name_en: _wanted(MAX_NAME) = ""  # type: ignore[valid-type]


def platform_code(short: str, taken: Collection[str]) -> str:
    """A code for a new platform that tells what it is called: `Du lịch số` is DU_LICH_SO."""
    return _code(short, "NEN_TANG", MAX_CODE, taken).upper()


def step_code(name: str, taken: Collection[str]) -> str:
    return _code(name, "step", MAX_STEP_CODE, taken).lower()


def _code(name: str, otherwise: str, most: int, taken: Collection[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:most].strip("_") or otherwise
    known = {code.lower() for code in taken}
    code, number = stem, 2
    while code.lower() in known:
        tail = f"_{number}"
        code, number = stem[: most - len(tail)].strip("_") + tail, number + 1
    return code


def moved(order: list[str], one: str, way: Way) -> list[str]:
    """The order with one of them a place further up or down; at the end it stays where it is."""
    here = order.index(one)
    there = here + (1 if way is Way.DOWN else -1)
    if 0 <= there < len(order):
        order = list(order)
        order[here], order[there] = order[there], order[here]
    return order
