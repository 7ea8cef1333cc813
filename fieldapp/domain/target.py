"""Targets as rules: their periods, how a number is shared out, what is left of it, how far it has come.

What counts as done is the ladder's second rung (letter 335, item 2a: tiếp cận, cài đặt, sử dụng): installed or used
alone. Being told of something is a visit's result, but reaches no target. `targets.js` knows the same rules.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import Field, field_validator

from fieldapp.domain.day_range import EARLIEST, LATEST, DayRange
from fieldapp.domain.given import Key
from fieldapp.domain.visit import RUNG, Payload
from fieldapp.domain.vn_time import month_end
from models.visit import Result

DONE_FROM = RUNG[Result.INSTALLED]
DONE_RESULTS = tuple(result for result, rung in RUNG.items() if rung >= DONE_FROM)
MAX_AMOUNT = 10_000_000
MAX_PARTS = 100
MAX_REASON = 200
_DAY = timedelta(days=1)
Part = TypeVar("Part")
Amount = Annotated[int, Field(ge=0, le=MAX_AMOUNT)]


class Length(StrEnum):
    """The periods that targets are set for, by the calendar."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


MONTHS = {Length.MONTH: 1, Length.QUARTER: 3, Length.HALF_YEAR: 6, Length.YEAR: 12}


def period(length: Length, day: date) -> DayRange:
    """The period of this length in which the day lies."""
    months = MONTHS[length]
    first = day.replace(month=day.month - (day.month - 1) % months, day=1)
    return DayRange(first, month_end(first.replace(month=first.month + months - 1)))


def next_period(length: Length, span: DayRange, by: int) -> DayRange:
    """The period after it, or with -1 the one before; at the edges of what we count, the same."""
    near = span
    for _ in range(abs(by)):
        near = period(length, near.last + _DAY if by > 0 else near.first - _DAY)
    return near if near.first >= EARLIEST and near.last <= LATEST else span


def length_of(first: date, last: date) -> Length | None:
    """Which period these days are exactly; None where they are none."""
    return next((length for length in Length if period(length, first) == DayRange(first, max(first, last))), None)


def period_words(length: Length, span: DayRange) -> tuple[str, dict[str, int]]:
    """Which words of the catalogue (`target.period.*`) name a period, and what fills them."""
    month, year = span.first.month, span.first.year
    number = {Length.MONTH: month, Length.QUARTER: (month + 2) // 3}.get(length, 0)
    half = ("_1" if month == 1 else "_2") if length is Length.HALF_YEAR else ""
    return length + half, {"n": number, "year": year}


def days_left(span: DayRange, today: date) -> int:
    """How many days there still are, today among them; 0 when it is over, all of them before it begins."""
    return max(0, (span.last - max(today, span.first)).days + 1)


def remainder(above: int | None, given: Iterable[int | None]) -> int | None:
    """What of a number from above is not given on yet: below zero where more was given; None without a number."""
    return None if above is None else above - sum(amount or 0 for amount in given)


def propose(total: int, weights: Mapping[Part, int]) -> dict[Part, int]:
    """Whole numbers in proportion to the weights that add up to the total exactly (largest remainder, first first).

    Where all weights are zero they count the same. Nothing is proposed of nothing.
    """
    parts = list(weights)
    if total <= 0 or not parts:
        return {}
    shares = [max(0, weights[part]) for part in parts]
    if not any(shares):
        shares = [1] * len(parts)
    whole = sum(shares)
    found = [total * share // whole for share in shares]
    by_rest = sorted(range(len(parts)), key=lambda i: (-(total * shares[i] % whole), i))
    for i in by_rest[: total - sum(found)]:
        found[i] += 1
    return dict(zip(parts, found, strict=True))


def percent(done: int, amount: int) -> int:
    """Whole percent, rounded down, so that 100 is said only where it is reached; a target of 0 is reached."""
    return math.floor(100 * done / amount) if amount else 100


def lacking(done: int, amount: int) -> int:
    """What would close the gap."""
    return max(0, amount - done)


class AcceptPayload(Payload):
    """A team takes a target on, as its phone showed it: `amount` is the number that was read."""

    team: Key
    target: UUID
    amount: Amount


class PartPayload(Payload):
    member: Key
    amount: Amount


class SplitPayload(Payload):
    """Who takes how much of it; those who are not named take nothing. The sum may be more or less than the target."""

    team: Key
    target: UUID
    parts: list[PartPayload] = Field(max_length=MAX_PARTS)

    @field_validator("parts")
    @classmethod
    def _each_once(cls, parts: list[PartPayload]) -> list[PartPayload]:
        if len({part.member for part in parts}) < len(parts):
            raise ValueError("repeated")
        return parts
