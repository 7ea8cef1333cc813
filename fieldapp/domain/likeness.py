"""How alike two pictures are: a difference hash, 64 bits that say where a picture grows darker to the right.

Saved anew, made smaller, lighter or darker, a picture keeps nearly all of them; docs/decisions has the figures. The
bits are kept as four marks of 16: two pictures that differ in at most 7 bits differ in at most one bit of some mark,
so that an index finds every pair.
"""

from collections.abc import Iterable
from itertools import pairwise

COLUMNS, ROWS, BITS = 9, 8, 16
ALIKE = 7
FLAT = 16
"""Levels of grey from the darkest spot to the lightest under which a picture is too plain to be told from others."""

Marks = tuple[int, int, int, int]


def marks_of(grey: bytes) -> Marks | None:
    """The marks of a picture, from 9 by 8 levels of grey, row by row; nothing for one that is too plain."""
    if max(grey) - min(grey) < FLAT:
        return None
    rows = [grey[start : start + COLUMNS] for start in range(0, COLUMNS * ROWS, COLUMNS)]
    bits = [left > right for row in rows for left, right in pairwise(row)]
    first, second, third, fourth = (_number(bits[start : start + BITS]) for start in range(0, len(bits), BITS))
    return first, second, third, fourth


def distance(one: Marks, other: Marks) -> int:
    """In how many of the 64 bits two pictures differ."""
    return sum((a ^ b).bit_count() for a, b in zip(one, other, strict=True))


def are_alike(one: Marks, other: Marks) -> bool:
    return distance(one, other) <= ALIKE


def near(mark: int) -> list[int]:
    """A mark and those that differ from it in one bit; nothing for one of plain wall or sky, which most photos have."""
    if not 1 < mark.bit_count() < BITS - 1:
        return []
    return [mark, *(mark ^ 1 << bit for bit in range(BITS))]


def _number(bits: Iterable[bool]) -> int:
    return sum(bit << place for place, bit in enumerate(bits))
