"""What the server takes for a photo: limits, and why one is refused. Decoding itself is in `jobs/decoding.py`."""

from dataclasses import dataclass

from fieldapp.domain.likeness import Marks

MAX_PIXELS = 24_000_000
MAX_SCANS = 100
"""A browser's JPEG has at most about 12 scans; one repeated costs 15 ms at 24 megapixels and only 42 bytes."""

SHOWN_SIDE, SHOWN_QUALITY = 1280, 82
THUMBNAIL_SIDE, THUMBNAIL_QUALITY = 160, 60
"""Longest side in pixels and JPEG quality: of the picture that people open, and of the one that a pull carries."""


@dataclass(frozen=True)
class Picture:
    """What decoding a photo gives: two JPEGs without metadata, the size of the larger in pixels, and its likeness."""

    width: int
    height: int
    shown: bytes
    thumbnail: bytes
    marks: Marks | None


_JPEG = b"\xff\xd8\xff"
_SCAN = b"\xff\xda"
_OTHERS = (b"\x89PNG", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*")
_MEDIA_BRAND = b"ftyp"
"""What HEIC, AVIF and videos have in their bytes 4 to 8."""


def refused_by_start(content: bytes) -> str | None:
    """Why bytes that do not begin as a JPEG are refused, whatever their name and declared type say."""
    if content.startswith(_JPEG):
        return None
    other = content.startswith(_OTHERS) or content[4:8] == _MEDIA_BRAND
    return "photo_wrong_type" if other else "photo_not_image"


def refused_by_header(content: bytes, width: int, height: int) -> str | None:
    """Why a JPEG is refused before a single pixel of it is decoded."""
    if width * height > MAX_PIXELS:
        return "photo_too_many_pixels"
    return "photo_broken" if content.count(_SCAN) > MAX_SCANS else None
