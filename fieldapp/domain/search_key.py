"""The folded form of a name: what a person types without diacritics finds it. `names.js` has the same rule."""

import re
import unicodedata


def nfc(text: str) -> str:
    """NFC with single spaces: how every text is stored (some keyboards and file systems deliver NFD)."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Lower case, no diacritics, đ as d, single spaces: `Đặng Thùy` and `dang thuy` are equal."""
    lowered = text.lower().replace("đ", "d")
    bare = "".join(c for c in unicodedata.normalize("NFD", lowered) if unicodedata.category(c)[0] != "M")
    return " ".join(bare.split())


def in_order(name: str) -> str:
    """By this a list of names is sorted as people count: Thôn 2 stands before Thôn 10."""
    return re.sub(r"\d+", lambda number: number[0].zfill(6), fold(name))
