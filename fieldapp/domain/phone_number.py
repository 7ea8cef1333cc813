"""Telephone numbers of Việt Nam as people write them, and as they are stored: ten digits from 0 on."""

import re

_MOBILE = re.compile(r"0[35789][0-9]{8}")
_INVENTED = re.compile(r"0000[0-9]{6}")
_BETWEEN = re.compile(r"[\s.\-()]+")
MAX_WRITTEN = 30


def read_phone(text: str) -> str | None:
    """A mobile number in what somebody wrote (+84, spaces, dots), or None where there is none.

    A spreadsheet that took the number for a quantity has dropped its first zero. Numbers from 0000 on, which no
    network has, are those of samples.
    """
    digits = _BETWEEN.sub("", text)
    for abroad in ("+84", "0084", "84"):
        if digits.startswith(abroad) and len(digits) == len(abroad) + 9:
            digits = "0" + digits.removeprefix(abroad)
            break
    if len(digits) == 9 and digits[0] != "0":
        digits = "0" + digits
    return digits if _MOBILE.fullmatch(digits) or _INVENTED.fullmatch(digits) else None
