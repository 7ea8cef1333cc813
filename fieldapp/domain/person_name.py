"""Names of people as they are written in Việt Nam: one field, words of any length (A Thút, Y Hoa), no digits."""

import unicodedata

from fieldapp.domain.search_key import nfc

MAX_NAME = 120
_BETWEEN = frozenset(" '’.-")


def read_name(text: str) -> str | None:
    """The name composed and with single spaces, or None where it is none or too long."""
    name = nfc(text)
    if not name or len(name) > MAX_NAME or not name[0].isalpha():
        return None
    return name if all(c in _BETWEEN or unicodedata.category(c)[0] in "LM" for c in name) else None
