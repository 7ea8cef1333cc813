"""Telephone numbers of members, as they are stored: ten digits that begin with 0."""

import re

from fieldapp.problems import Problem

_SEPARATORS = re.compile(r"[\s.\-()]")


def read_phone(text: str) -> str | None:
    """What somebody typed, however they put dots or the country's code; None for nothing. Raises `phone_wrong`."""
    bare = _SEPARATORS.sub("", text)
    if not bare:
        return None
    digits = re.sub(r"^(\+84|0084|84(?=\d{9}$))", "0", bare)
    if not re.fullmatch(r"0[0-9]{9}", digits):
        raise Problem("phone_wrong", "phone")
    return digits
