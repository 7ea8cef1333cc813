"""What a note may not hold: strings that look like an identity or telephone number. `note.js` has the same rule."""

import re

_DIGIT_RUN = re.compile(r"(?:\d[ .\-]?){8,}\d")


def holds_identity(note: str) -> bool:
    """Whether the note has nine or more digits in a row, with single spaces, dots or hyphens between them."""
    return _DIGIT_RUN.search(note) is not None
