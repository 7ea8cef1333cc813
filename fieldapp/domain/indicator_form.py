"""What the province says of an indicator, as forms bring it."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from fieldapp.domain.given import PlainText
from fieldapp.domain.indicator import VisitFormula
from fieldapp.domain.note import NoteText
from fieldapp.domain.report_form import Code
from fieldapp.domain.visit import PlatformCode
from models.indicator import IndicatorUnit, Section, Source
from models.visit import Beneficiary, Result

MAX_NAME, MAX_SHORT, LAST_CODE = 160, 40, 99
Counts = Literal["support", "people", "people_met", "households"]
UNITS = {
    "support": IndicatorUnit.SUPPORT,
    "people": IndicatorUnit.PERSON,
    "people_met": IndicatorUnit.PERSON,
    "households": IndicatorUnit.HOUSEHOLD,
}
"""What an automatic indicator is counted in."""

MANUAL_UNITS = tuple(unit for unit in IndicatorUnit if unit is not IndicatorUnit.PERCENT)
"""A share is kept as a part and a whole, which nobody can type in one field."""

TICKED = ("platforms", "results", "beneficiaries", "steps")
_Full = Annotated[NoteText, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME)]
_Short = Annotated[NoteText, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_SHORT)]
_MaybeFull = Annotated[NoteText, StringConstraints(strip_whitespace=True, max_length=MAX_NAME)]
_MaybeShort = Annotated[NoteText, StringConstraints(strip_whitespace=True, max_length=MAX_SHORT)]


class _Named(BaseModel):
    """English names that are empty are the Vietnamese ones."""

    name_vi: _Full
    short_vi: _Short
    name_en: _MaybeFull = ""
    short_en: _MaybeShort = ""

    @property
    def names(self) -> dict[str, str]:
        english = {"name_en": self.name_en or self.name_vi, "short_en": self.short_en or self.short_vi}
        return {"name_vi": self.name_vi, "short_vi": self.short_vi} | english


class RenameForm(_Named):
    code: Code


class IndicatorForm(_Named):
    """A new one, of reports whose period ends on `first` or later; ticked boxes say what an automatic one counts."""

    section: Section
    source: Source
    first: date
    unit: IndicatorUnit = IndicatorUnit.SUPPORT
    stock: bool = False
    counts: Counts = "support"
    platforms: frozenset[PlatformCode] = frozenset()
    results: frozenset[Result] = frozenset()
    beneficiaries: frozenset[Beneficiary] = frozenset()
    steps: frozenset[Annotated[PlainText, Field(max_length=30)]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, form: Any) -> Any:
        """The boxes of a form, each with a name of its own: `platforms:VNEID`."""
        if not isinstance(form, dict):
            return form
        boxes = {part: [name.split(":", 1)[1] for name in form if str(name).startswith(f"{part}:")] for part in TICKED}
        return {name: said for name, said in form.items() if ":" not in str(name)} | {
            part: chosen for part, chosen in boxes.items() if chosen
        }

    @model_validator(mode="after")
    def _whole(self) -> "IndicatorForm":
        if self.source is Source.MANUAL and self.unit not in MANUAL_UNITS:
            raise ValueError("unit")
        if self.source is Source.AUTO and not self.results:
            raise ValueError("results")
        return self

    @property
    def formula(self) -> VisitFormula | None:
        if self.source is Source.MANUAL:
            return None
        return VisitFormula(
            of=self.counts,
            platforms=self.platforms,
            results=self.results,
            beneficiaries=self.beneficiaries,
            steps=self.steps,
        )


def next_code(taken: Collection[str]) -> str | None:
    """The number after the last; None where there is none. One that was given is never given again."""
    number = max((int(code.split(".")[0]) for code in taken), default=0) + 1
    return f"{number:02d}" if number <= LAST_CODE else None
