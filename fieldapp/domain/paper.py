"""What the server takes for a signed paper: a PDF, told by its bytes. It is kept and given back as it came."""

import re

from fieldapp.problems import Problem

MAX_PAPER_BYTES = 10_000_000
_HEAD = re.compile(rb"%PDF-[12]\.[0-9]")
_NEAR = 1024
"""How far from its ends a PDF may hold what makes it one: some scanners put something before, some after."""


def read_paper(content: bytes) -> bytes:
    """The paper. Raises `file_too_large`, `paper_wrong_type` for what does not begin and end as a PDF."""
    if len(content) > MAX_PAPER_BYTES:
        raise Problem("file_too_large", "file", most=MAX_PAPER_BYTES // 1_000_000)
    if not _HEAD.match(content) or b"%%EOF" not in content[-_NEAR:]:
        raise Problem("paper_wrong_type", "file")
    return content
