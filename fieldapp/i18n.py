"""Words outside the browser (papers, exports, terminal), from the same catalogue as the screens."""

import json
from functools import cache
from typing import Any

from fieldapp.config import ROOT

LOCALES = ("vi", "en")
DEFAULT_LOCALE = "vi"


@cache
def catalogue(locale: str) -> dict[str, str]:
    """All words of a locale by key."""
    return json.loads((ROOT / "assets" / "i18n" / f"{locale}.json").read_text("utf-8"))


def text(key: str, locale: str = DEFAULT_LOCALE, **params: Any) -> str:
    """The words of a key with `{name}` places filled; an unknown key is an error, not a blank."""
    return catalogue(locale)[key].format_map(params) if params else catalogue(locale)[key]
