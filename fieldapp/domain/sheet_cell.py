"""What a cell of a list can hold for us: a text, or something that is none and is said by its name."""

from collections.abc import Sequence
from enum import Enum


class Odd(Enum):
    """A cell that is no text; its value is the code of what is wrong with it."""

    FORMULA = "formula"
    DATE = "date"
    BROKEN = "broken"
    MERGED = "merged"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"


Cell = str | Odd
Numbered = tuple[int, Sequence[Cell]]
"""A line with its number, from 1 on."""
