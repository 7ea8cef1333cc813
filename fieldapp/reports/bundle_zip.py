"""Many papers as one ZIP, stored as they are: the same papers are the same bytes."""

import io
from collections.abc import Iterable
from datetime import date
from zipfile import ZIP_STORED, ZipFile, ZipInfo

UNIX, READABLE = 3, 0o644 << 16


def bundle_zip(papers: Iterable[tuple[str, bytes]], day: date) -> bytes:
    """Papers by name, each dated by this day; names are in UTF-8 and say so."""
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_STORED) as file:
        for name, paper in sorted(papers):
            entry = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.create_system, entry.external_attr = UNIX, READABLE
            file.writestr(entry, paper)
    return content.getvalue()
