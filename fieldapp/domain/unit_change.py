"""What may be done to villages, and what becomes of the numbers of their households."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from string import ascii_uppercase
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import BeforeValidator, Field

from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.note import NoteText
from fieldapp.domain.search_key import fold, nfc
from fieldapp.domain.visit import Payload
from models.unit import Division

FEWEST, MOST = 2, 20
"""How many villages become one."""

MAX_NUMBER = 20
MOST_HOUSEHOLDS = 20_000
Id = TypeVar("Id")
VillageDivision = Literal[Division.THON, Division.LANG, Division.BAN, Division.TO_DAN_PHO, Division.KHU_PHO]
VILLAGE_DIVISIONS: tuple[Division, ...] = get_args(VillageDivision)
Decision = Annotated[
    Annotated[PlainText, Field(max_length=200)] | None, BeforeValidator(lambda text: nfc(str(text or "")) or None)
]

HouseholdNumber = Annotated[int | None, Field(ge=1, le=MOST_HOUSEHOLDS), BeforeValidator(lambda said: said or None)]


class _Dated(Payload):
    """`on` is the first day on which it is so; `decision` the number of the paper, in words."""

    on: date
    decision: Decision = None


class _Named(_Dated):
    name: NoteText = Field(min_length=2, max_length=120)
    division: VillageDivision


class OpenForm(_Named):
    """A village that continues none."""

    commune: Key


class RenameForm(_Named):
    village: Key


class StopForm(_Dated):
    village: Key


class DeclareForm(Payload):
    """How many households a village has, as its commune says; None leaves it to the roster."""

    village: Key
    households: HouseholdNumber = None


class MergeForm(_Named):
    """`teams` go on in the new village until they are appointed anew; the others end with theirs."""

    villages: list[Key] = Field(min_length=FEWEST, max_length=MOST)
    teams: list[Key] = Field(default=[], max_length=200)


def day_problem(on: date, today: date, since: Iterable[date]) -> str | None:
    """Why villages of these first days cannot change on a day: it is to come, or they were not there the day before.

    A day to come would take households from the phones that still visit them.
    """
    if on > today:
        return "unit_day_ahead"
    return "unit_day_early" if any(on <= first for first in since) else None


def same_name(one: str, other: str) -> bool:
    """Whether two villages of a commune would be called the same: Sơn Hà and Sơn Hạ are not."""
    return nfc(one).casefold() == nfc(other).casefold()


def next_code(commune_code: str, taken: Iterable[str]) -> str:
    """The first free code of a village; a code is never used again for another one."""
    used, number = set(taken), 1
    while (code := f"{commune_code}-{number:02d}") in used:
        number += 1
    return code


def renumber(villages: Sequence[Mapping[Id, str]]) -> dict[Id, str]:
    """The new numbers of those households that must have one, where these villages become one.

    The first village keeps its numbers. In the others a number that an earlier village has gets a letter: `12` is
    `12B` in the second, `12C` in the third. The number on the card stays legible in it.
    """
    taken = {fold(number) for village in villages for number in village.values()}
    earlier: set[str] = set()
    changed: dict[Id, str] = {}
    for place, village in enumerate(villages):
        for home, number in sorted(village.items(), key=lambda pair: (pair[1], str(pair[0]))):
            if fold(number) in earlier:
                changed[home] = _lettered(number, place, taken)
                taken.add(fold(changed[home]))
        earlier |= {fold(number) for number in village.values()}
    return changed


def _lettered(number: str, place: int, taken: set[str]) -> str:
    letters = ascii_uppercase[min(place, 25) :] + ascii_uppercase[1 : min(place, 25)]
    tried = 0
    while True:
        again, letter = divmod(tried, len(letters))
        ending = letters[letter] + (str(again + 1) if again else "")
        candidate = number[: MAX_NUMBER - len(ending)] + ending
        if fold(candidate) not in taken:
            return candidate
        tried += 1
