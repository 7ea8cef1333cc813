"""Codes of household cards: made, checked, parsed. `card-code.js` has the same rule, `tests/contract` drives both.

A code is 16 random Crockford characters (80 bits) and a check character by ISO 7064 mod 37,36; a short code is
7 and a check character. All are digits and upper-case letters, so that the QR stays in its alphanumeric mode.
"""

import hashlib
import re
import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODE_LENGTH = 17
SHORT_LENGTH = 8
_LOOKALIKE = str.maketrans("OIL", "011")
_CARD_PATH = re.compile(r"^(?:[A-Z][A-Z0-9+.-]*://)?[^/\s]+/H/([0-9A-Z]+)/?$")


def check_character(body: str) -> str:
    """The ISO 7064 mod 37,36 check character of a string over digits and upper-case letters."""
    carry = 36
    for character in body:
        carry = (carry + ALPHABET.index(character)) % 36 or 36
        carry = carry * 2 % 37
    return ALPHABET[(37 - carry) % 36]


def is_valid(code: str) -> bool:
    """Whether the last character is the check character of the rest."""
    return len(code) > 1 and all(c in ALPHABET for c in code) and check_character(code[:-1]) == code[-1]


def make_code() -> str:
    return _make(CODE_LENGTH)


def make_short_code() -> str:
    return _make(SHORT_LENGTH)


def _make(length: int) -> str:
    body = "".join(secrets.choice(CROCKFORD) for _ in range(length - 1))
    return body + check_character(body)


def parse_scanned(raw: str) -> str | None:
    """The code in what a camera read: the card's address on any host, or None if it is no card of ours."""
    match = _CARD_PATH.match(raw.strip().upper())
    code = match.group(1) if match else ""
    return code if len(code) == CODE_LENGTH and is_valid(code) else None


def parse_typed(raw: str) -> str | None:
    """The short code in what a person typed: spaces and hyphens ignored, O I L read as 0 1 1; None if wrong.

    A check character may itself be O, I or L, so that in its place 0 and O, and 1, I and L, are as good as each other.
    """
    text = re.sub(r"[\s-]", "", raw).upper()
    body, check = text[:-1].translate(_LOOKALIKE), text[-1:].translate(_LOOKALIKE)
    if len(text) != SHORT_LENGTH or not all(c in CROCKFORD for c in body):
        return None
    right = check_character(body)
    return body + right if check == right.translate(_LOOKALIKE) else None


def code_hash(code: str) -> str:
    """What is stored and sent to phones instead of the code: SHA-256, in hex."""
    return hashlib.sha256(code.encode()).hexdigest()


def card_address(host: str, code: str) -> str:
    """The upper-case address that the card's QR holds."""
    return f"HTTPS://{host.upper()}/H/{code}"


def display_short(short_code: str) -> str:
    """A short code as it is printed: two groups of four."""
    return f"{short_code[:4]}-{short_code[4:]}"
