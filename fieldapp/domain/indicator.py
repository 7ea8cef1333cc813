"""What the numbers of a report count: the formulas of automatic indicators, and how they are worked out from facts.

A formula is data (`services/data/indicators.json`), so that one place says in a line what a number means. Facts are
outcomes of visits that are approved or wait; approved ones count, waiting ones are told beside them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.given import PlainText
from fieldapp.domain.visit import PlatformCode
from models.activity import ActivityKind
from models.visit import Beneficiary, Result, VisitState


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class VisitFormula(_Part):
    """Outcomes of visits that meet every condition given; a condition that is not given asks for nothing.

    `support` is in lượt, each outcome one. `people` adds the people of each outcome, `people_met` those of each visit
    once. `households` counts each household once, for the village in which it was first so met in the period.
    """

    of: Literal["support", "people", "people_met", "households"]
    platforms: frozenset[PlatformCode] = frozenset()
    results: frozenset[Result] = frozenset()
    beneficiaries: frozenset[Beneficiary] = frozenset()
    steps: frozenset[Annotated[PlainText, Field(max_length=30)]] = frozenset()
    """Any of these steps was done."""


class ShareFormula(_Part):
    """A part of a whole, kept as both numbers: shares cannot be added up, their parts and wholes can."""

    of: Literal["share"]
    part: VisitFormula
    whole: VisitFormula


class ActivityFormula(_Part):
    of: Literal["activities"]
    kinds: frozenset[ActivityKind]
    figure: Literal["count", "people"]


class StandingFormula(_Part):
    """Of teams, their groups, difficulties and tasks; read by `services/standing_figures`."""

    of: Literal["members", "active_members", "group_households"]


class DifficultyFormula(_Part):
    of: Literal["difficulties"]
    figure: Literal["reported", "solved", "overdue"]


class TaskFormula(_Part):
    of: Literal["tasks"]
    figure: Literal["done", "doing", "late"]


Formula = Annotated[
    VisitFormula | ShareFormula | ActivityFormula | StandingFormula | DifficultyFormula | TaskFormula,
    Field(discriminator="of"),
]
_FORMULA: TypeAdapter[Formula] = TypeAdapter(Formula)


def read_formula(given: Mapping[str, object]) -> Formula:
    """Raises pydantic's ValidationError for what is no formula."""
    return _FORMULA.validate_python(given)


@dataclass(frozen=True)
class Fact:
    """One outcome of a visit that is approved or waits."""

    visit_id: UUID
    village_id: int
    household_id: UUID
    day: date
    state: VisitState
    beneficiary: str
    people_met: int
    platform: str
    result: str
    people: int
    steps: frozenset[str] = frozenset()

    @property
    def approved(self) -> bool:
        return self.state == VisitState.APPROVED


@dataclass(frozen=True)
class Measured:
    """`value` of `over`, where it is a share; `waiting` is what would come to `value` if all that waits were approved.

    None is not known, which is no zero.
    """

    value: int | None = None
    over: int | None = None
    waiting: int = 0


def matches(formula: VisitFormula, fact: Fact) -> bool:
    return (
        (not formula.platforms or fact.platform in formula.platforms)
        and (not formula.results or fact.result in formula.results)
        and (not formula.beneficiaries or fact.beneficiary in formula.beneficiaries)
        and (not formula.steps or not formula.steps.isdisjoint(fact.steps))
    )


def measure(formula: VisitFormula | ShareFormula, facts: Sequence[Fact], villages: frozenset[int]) -> Measured:
    """Of these villages, from the facts of one period.

    For households facts of other villages belong to it too: they say who was first met elsewhere.
    """
    if isinstance(formula, ShareFormula):
        part, whole = measure(formula.part, facts, villages), measure(formula.whole, facts, villages)
        return Measured(part.value, whole.value, part.waiting)
    met = [fact for fact in facts if matches(formula, fact)]
    if formula.of == "households":
        counted = _credited((fact for fact in met if fact.approved), villages)
        return Measured(counted, waiting=max(0, _credited(met, villages) - counted))
    mine = [fact for fact in met if fact.village_id in villages]
    if formula.of == "people_met":
        first: dict[UUID, Fact] = {}
        for fact in mine:
            first.setdefault(fact.visit_id, fact)
        return _summed(first.values(), "people_met")
    return _summed(mine, "people" if formula.of == "people" else None)


def _summed(facts: Iterable[Fact], what: str | None) -> Measured:
    sums = [0, 0]
    for fact in facts:
        sums[fact.approved] += getattr(fact, what) if what else 1
    return Measured(sums[True], waiting=sums[False])


def _credited(facts: Iterable[Fact], villages: frozenset[int]) -> int:
    """How many households were first met in these villages; of two on one day the lesser village has it."""
    first: dict[UUID, tuple[date, int]] = {}
    for fact in facts:
        met = (fact.day, fact.village_id)
        first[fact.household_id] = min(first.get(fact.household_id, met), met)
    return sum(village in villages for _, village in first.values())


def inside(facts: Iterable[Fact], span: DayRange) -> list[Fact]:
    return [fact for fact in facts if span.first <= fact.day <= span.last]
