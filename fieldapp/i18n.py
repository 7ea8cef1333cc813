"""Words outside the browser (papers, exports, terminal), from the same catalogue as the screens."""

import json
from functools import cache
from typing import Any

from fieldapp.config import ROOT

LOCALES = ("vi", "en")
DEFAULT_LOCALE = "vi"


FOLDER = ROOT / "assets" / "i18n"


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
    """The part in which the keys of a subject (what stands before their first dot) are."""
    found = (name for name in parts() if any(key.split(".")[0] == subject for key in part(DEFAULT_LOCALE, name)))
    return next(found, None)


def text(key: str, locale: str = DEFAULT_LOCALE, **params: Any) -> str:
    """The words of a key with `{name}` places filled; an unknown key is an error, not a blank."""
    return catalogue(locale)[key].format_map(params) if params else catalogue(locale)[key]
