"""The list of teams and members that goes to the province: which columns it can have, and what shapes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field, model_validator

from fieldapp.domain.given import PlainText

MAX_HEADING = 80


class Col(StrEnum):
    """In the order in which they stand until the province says another."""

    COMMUNE = "commune"
    TEAM = "team"
    LEVEL = "level"
    VILLAGES = "villages"
    NAME = "name"
    ROLE = "role"
    KIND = "kind"
    POSITION = "position"
    PHONE = "phone"
    SINCE = "since"
    DECISION = "decision"
    DECIDED_ON = "decided_on"


@dataclass(frozen=True)
class Column:
    """`heading` is the province's own words, "" where the product's stand."""

    code: Col
    heading: str = ""
    shown: bool = True


USUAL = tuple(Column(code) for code in Col)


class ColumnForm(BaseModel):
    code: Col
    position: int = Field(ge=0, le=99)
    heading: PlainText = Field(default="", max_length=MAX_HEADING)
    shown: bool = False


class RegisterForm(BaseModel):
    """Every column once, as a flat form brings them: `position_name`, `heading_name`, `shown_name`."""

    columns: list[ColumnForm] = Field(min_length=len(Col), max_length=len(Col))

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, form: Any) -> Any:
        return {"columns": [_column(form, code) for code in Col]} if isinstance(form, Mapping) else form


def _column(form: Mapping[str, Any], code: Col) -> dict[str, Any]:
    return {
        "code": code,
        "position": form.get(f"position_{code}", -1),
        "heading": str(form.get(f"heading_{code}", "")).strip(),
        "shown": f"shown_{code}" in form,
    }
