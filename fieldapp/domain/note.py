"""What a note may not hold: strings that look like an identity or telephone number. `note.js` has the same rule.

Nine or more digits in a row, with single spaces, dots or hyphens between them, are such a string, unless they read as
dates with times, as an amount of money, or as neighbouring numbers such as 121-123-125.
"""

import re
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator

from fieldapp.domain.given import PlainText
from fieldapp.domain.search_key import nfc

IDENTITY_DIGITS = 9
_RUN = re.compile(r"\d(?:[ .\-]?\d)*")
_DATE = re.compile(
    r"(?:0?[1-9]|[12][0-9]|3[01])([.\-])(?:0?[1-9]|1[0-2])\1(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]"
)
_SHORT_DATE = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])([.\-])(?:0?[1-9]|1[0-2])\1[0-9]{2}")
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-3])(?:\.[0-5][0-9])?")
_AMOUNT = re.compile(r"[1-9][0-9]{0,2}(?:([ .])[0-9]{3})(?:\1[0-9]{3})*|[1-9][0-9]*")
_CURRENCY = re.compile(r"\s?(?:[đĐ]ồng(?!\s+(?:ý|chí|bào|hồ|đội|nghiệp|thời))|vn[dđ]|[đĐ]|₫)(?![\w/])", re.IGNORECASE)
_PHONE_ABROAD = re.compile(r"84[0-9]{9}")
_LISTED = re.compile(r"[1-9][0-9]{0,3}(?:([ .\-])[1-9][0-9]{0,3})(?:\1[1-9][0-9]{0,3})*")
_STEP = 20


def holds_identity(note: str) -> bool:
    """Whether the note has what looks like an identity or telephone number."""
    return any(_is_identity(note, run) for run in _RUN.finditer(note))


def _clean(text: str) -> str:
    if holds_identity(text):
        raise ValueError("note_identity")
    return nfc(text)


NoteText = Annotated[PlainText, AfterValidator(_clean)]
"""What somebody wrote in words of their own: composed, and refused as `note_identity` where it holds a number."""


def _is_identity(note: str, run: re.Match[str]) -> bool:
    digits = run.group()
    if _count(digits) < IDENTITY_DIGITS:
        return False
    if not digits.isascii():
        return True
    words = digits.split(" ")
    rest = " ".join(word for word in words if not _DATE.fullmatch(word))
    if _count(rest) < IDENTITY_DIGITS or _are_times(words) or _are_neighbours(rest):
        return False
    plus = note[: run.start()].endswith("+")
    return plus or not (_is_amount(rest) and _CURRENCY.match(note, run.end()))


def _count(text: str) -> int:
    return sum(character.isdigit() for character in text)


def _are_times(words: list[str]) -> bool:
    """Dates, some with two digits for the year, and up to two times of day for each."""
    dates = [word for word in words if _DATE.fullmatch(word) or _SHORT_DATE.fullmatch(word)]
    clocks = [word for word in words if _CLOCK.fullmatch(word)]
    return len(dates) + len(clocks) == len(words) and len(clocks) <= 2 * len(dates)


def _is_amount(text: str) -> bool:
    return bool(_AMOUNT.fullmatch(text)) and not _PHONE_ABROAD.fullmatch(re.sub(r"\D", "", text))


def _are_neighbours(text: str) -> bool:
    """Rising numbers close to each other, as those of houses or villages in a list."""
    match = _LISTED.fullmatch(text)
    if match is None:
        return False
    numbers = [int(number) for number in text.split(match[1])]
    return all(0 < after - before <= _STEP for before, after in pairwise(numbers))
