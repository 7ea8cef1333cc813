"""Lists for `IN`, padded to a few lengths: each length is a statement of its own, which a database prepares anew."""

from collections.abc import Iterable
from typing import TypeVar

Value = TypeVar("Value")


def padded(values: Iterable[Value]) -> list[Value]:
    """The values, the last one repeated until their number is a power of two."""
    given = list(values)
    missing = (1 << (len(given) - 1).bit_length()) - len(given) if given else 0
    return given + given[-1:] * missing
