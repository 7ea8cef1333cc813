"""Opus in Ogg by its pages."""

from collections.abc import Iterator
from typing import NamedTuple

from fieldapp.problems import Problem

RATE = 48_000
_HEAD = 27
_EMPTY_TAGS = b"OpusTags" + bytes(8)
"""No vendor and no comment; what follows in the packet is filling."""


class Page(NamedTuple):
    begin: int
    body: int
    end: int
    granule: int
    serial: bytes
    ends_packet: bool


def is_ogg(content: bytes) -> bool:
    return content.startswith(b"OggS")


def read_opus(content: bytes) -> tuple[float, bytes]:
    """Its length in seconds, and the file with its comments made empty in their places.

    Raises `sound_broken`, or `sound_wrong_type` where the first stream is no Opus.
    """
    pages = list(_pages(content))
    if content[pages[0].body : pages[0].body + 8] != b"OpusHead":
        raise Problem("sound_wrong_type")
    tags = _tags(content, pages[1:])
    if len({page.serial for page in pages}) > 1 or not tags or len(pages) < 2 + len(tags):
        raise Problem("sound_broken")
    cleaned, left = bytearray(content), _EMPTY_TAGS
    for page in tags:
        size = page.end - page.body
        cleaned[page.body : page.end] = left[:size].ljust(size, b"\0")
        left = left[size:]
        cleaned[page.begin + 22 : page.begin + 26] = bytes(4)
        cleaned[page.begin + 22 : page.begin + 26] = _checksum(cleaned[page.begin : page.end]).to_bytes(4, "little")
    skipped = int.from_bytes(content[pages[0].body + 10 : pages[0].body + 12], "little")
    return (pages[-1].granule - skipped) / RATE, bytes(cleaned)


def _pages(content: bytes) -> Iterator[Page]:
    """Pages that fill the file exactly. Raises `sound_broken` where they do not."""
    at = 0
    while at < len(content):
        lacing = content[at + _HEAD : at + _HEAD + content[at + 26]] if len(content) >= at + _HEAD else b""
        body = at + _HEAD + len(lacing)
        end = body + sum(lacing)
        if not content.startswith(b"OggS\0", at) or not lacing or end > len(content):
            raise Problem("sound_broken")
        granule = int.from_bytes(content[at + 6 : at + 14], "little", signed=True)
        yield Page(at, body, end, granule, content[at + 14 : at + 18], lacing[-1] < 255)
        at = end


def _tags(content: bytes, pages: list[Page]) -> list[Page]:
    """The pages of the second packet, which ends where a page ends."""
    if not pages or content[pages[0].body : pages[0].body + 8] != b"OpusTags":
        return []
    last = next((n for n, page in enumerate(pages) if page.ends_packet), len(pages))
    return pages[: last + 1]


def _table() -> list[int]:
    table = []
    for byte in range(256):
        remainder = byte << 24
        for _ in range(8):
            remainder = (remainder << 1) ^ (0x104C11DB7 if remainder & 0x80000000 else 0)
        table.append(remainder)
    return table


_TABLE = _table()


def _checksum(page: bytes | bytearray) -> int:
    remainder = 0
    for byte in page:
        remainder = (remainder << 8 & 0xFFFFFFFF) ^ _TABLE[remainder >> 24 ^ byte]
    return remainder
