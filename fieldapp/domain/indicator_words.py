"""What an indicator counts, said in words that whoever signs a report can check."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from fieldapp.domain.indicator import (
    ActivityFormula,
    DifficultyFormula,
    Formula,
    ShareFormula,
    StandingFormula,
    TaskFormula,
    VisitFormula,
)
from fieldapp.i18n import text
from models.activity import ActivityKind
from models.visit import Beneficiary, Result

Word = TypeVar("Word", bound=StrEnum)
Steps = Mapping[tuple[str, str], str]
"""The name of a step by its platform and its code."""


def formula_words(formula: Formula | None, platforms: Mapping[str, str], steps: Steps, locale: str = "vi") -> str:
    """`platforms` are names by code; what has none is called by its code."""
    match formula:
        case VisitFormula():
            return _of_visits(formula, platforms, steps, locale)
        case ShareFormula():
            part, whole = (_of_visits(one, platforms, steps, locale) for one in (formula.part, formula.whole))
            return text("indicators.words.share", locale, part=part, whole=whole)
        case ActivityFormula():
            kinds = _any(_in_order(ActivityKind, formula.kinds, "activity.kind", locale), locale)
            return text(f"indicators.words.activities_{formula.figure}", locale, names=kinds)
        case DifficultyFormula() | TaskFormula():
            return text(f"indicators.words.{formula.of}_{formula.figure}", locale)
        case StandingFormula():
            return text(f"indicators.words.{formula.of}", locale)
        case None:
            return text("indicators.words.manual", locale)


def _of_visits(formula: VisitFormula, platforms: Mapping[str, str], steps: Steps, locale: str) -> str:
    of_platforms = sorted(formula.platforms)
    named = {
        step: next((name for (code, own), name in steps.items() if own == step and _fits(code, formula)), step)
        for step in sorted(formula.steps)
    }
    conditions = {
        "results": _in_order(Result, formula.results, "result", locale),
        "platforms": [platforms.get(code, code) for code in of_platforms],
        "steps": list(named.values()),
        "beneficiaries": _in_order(Beneficiary, formula.beneficiaries, "beneficiary", locale),
    }
    said = [text(f"indicators.of.{formula.of}", locale)]
    said += [text(f"indicators.words.{name}", locale, names=_any(v, locale)) for name, v in conditions.items() if v]
    return ", ".join(said)


def _fits(platform: str, formula: VisitFormula) -> bool:
    return not formula.platforms or platform in formula.platforms


def _in_order(every: type[Word], chosen: Iterable[Word], subject: str, locale: str) -> list[str]:
    wanted = set(chosen)
    return [text(f"{subject}.{one}", locale) for one in every if one in wanted]


def _any(names: list[str], locale: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return text("indicators.words.or", locale, first=", ".join(names[:-1]), last=names[-1])
