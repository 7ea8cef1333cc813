"""Words outside the browser (papers, exports, terminal), from the same catalogue as the screens."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from fieldapp.config import ROOT

LOCALES = ("vi", "en")
DEFAULT_LOCALE = "vi"

EVERYWHERE = "phone"
FOLDER = ROOT / "assets" / "i18n"
_PLACE = re.compile(r"{(\w+)(?::([^{|}]*)\|([^{|}]*))?}")


@cache
def part(locale: str, name: str) -> dict[str, str]:
    """One file of the catalogue: `phone` is on every page, others are brought by the pages that speak them."""
    return json.loads((FOLDER / locale / f"{name}.json").read_text("utf-8"))


@cache
def parts() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (FOLDER / DEFAULT_LOCALE).glob("*.json")))


@cache
def catalogue(locale: str) -> dict[str, str]:
    """All words of a locale by key."""
    return {key: words for name in parts() for key, words in part(locale, name).items()}


@cache
def part_of(subject: str) -> str | None:
    """The part in which the keys of a subject (what stands before their first dot) are.

    Problems are with those that every page has; what only the desk can get wrong is in its own part besides.
    """
    for name in (EVERYWHERE, *parts()):
        if any(key.split(".")[0] == subject for key in part(DEFAULT_LOCALE, name)):
            return name
    return None


def text(key: str, locale: str = DEFAULT_LOCALE, **params: Any) -> str:
    """The words of a key with its places filled; an unknown key is an error, not a blank."""
    return fill(catalogue(locale)[key], params) if params else catalogue(locale)[key]


def fill(words: str, params: Mapping[str, Any]) -> str:
    """`{n}` is filled; `{n:visit|visits}` is its first word where n is one, else its second. As in `places.js`."""

    def filled(place: re.Match[str]) -> str:
        value, (one, many) = str(params[place[1]]), place.group(2, 3)
        return value if many is None else one if value == "1" else many

    return _PLACE.sub(filled, words)
