"""How near a name is to what somebody typed, both folded (`search_key.fold`); `reports/search_sql.py` says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

MAX_TYPED, MAX_WORDS = 80, 8


class Nearness(IntEnum):
    """The whole name, its beginning, the beginnings of its words in any order, anything inside it."""

    EXACT = 0
    PREFIX = 1
    WORDS = 2
    INSIDE = 3


@dataclass(frozen=True)
class OldName:
    """How a part of the present commune of this code was called; `key` is folded."""

    name: str
    key: str
    code: str


DIVISIONS = (
    "tinh ",
    "xa ",
    "phuong ",
    "dac khu ",
    "thi tran ",
    "thon ",
    "lang ",
    "ban ",
    "to dan pho ",
    "khu pho ",
)
"""What stands before the name of a unit and is seldom typed, folded."""

TEAM = "to cong nghe so cong dong "
TEAMS = (TEAM, *(TEAM + division for division in DIVISIONS))


def words_of(typed: str) -> list[str]:
    return typed[:MAX_TYPED].split()[:MAX_WORDS]


def nearness(key: str, typed: str, before: Sequence[str] = ()) -> Nearness | None:
    """None where some word is not in the name. `before` are beginnings of names that need not be typed."""
    words = words_of(typed)
    whole = " ".join(words)
    if not words or not all(word in key for word in words):
        return None
    bare = [key.removeprefix(one) for one in ("", *before) if key.startswith(one)]
    if whole in bare:
        return Nearness.EXACT
    if any(one.startswith(whole) for one in bare):
        return Nearness.PREFIX
    begins = all(key.startswith(word) or f" {word}" in key for word in words)
    return Nearness.WORDS if begins else Nearness.INSIDE
