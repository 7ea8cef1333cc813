"""What a partner may be told of a number: a percentage, and of few households only that they are few.

A share says nothing exact of fewer than `SMALLEST` households, neither of those that it counts nor of those that it
leaves out: else whoever knows how many live in a place could work out which.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from fieldapp.domain.target import percent

SMALLEST = 10
"""The smallest group of households that a percentage may speak of."""


class Word(StrEnum):
    """`none`: nothing is known to take a share of. `few` and `nearly` stand instead of a percentage."""

    NONE = "none"
    FEW = "few"
    NEARLY = "nearly"
    PERCENT = "percent"


@dataclass(frozen=True)
class Percentage:
    """`percent` is whole and counts only where the word says so."""

    word: Word
    percent: int = 0

    @property
    def rank(self) -> int:
        """What lists are sorted by: as far as may be told."""
        return {Word.NONE: -1, Word.NEARLY: 100}.get(self.word, self.percent)


NONE, FEW, NEARLY = Percentage(Word.NONE), Percentage(Word.FEW), Percentage(Word.NEARLY)


def share(part: int, whole: int) -> Percentage:
    """Which share of the households of a place this part is; no part is larger than the whole."""
    if whole <= 0:
        return NONE
    if whole < SMALLEST or 0 < part < SMALLEST:
        return FEW
    if 0 < whole - part < SMALLEST:
        return NEARLY
    return Percentage(Word.PERCENT, min(100, math.floor(100 * part / whole)))


def progress(done: int, amount: int | None) -> Percentage:
    """How far a target has come; more than all of it is more than 100."""
    if amount is None:
        return NONE
    if amount < SMALLEST or 0 < done < SMALLEST:
        return FEW
    return Percentage(Word.PERCENT, percent(done, amount))
