"""AAC in MP4 (M4A) by its boxes."""

from collections.abc import Iterator
from typing import NamedTuple

from fieldapp.problems import Problem

TAGS = {b"udta", b"meta", b"uuid", b"free", b"skip", b"wide"}
"""Boxes that say nothing of how the sound is played: made empty."""

_TOP = {b"ftyp", b"moov", b"mdat"} | TAGS
_HEAD, _LONG_HEAD = 8, 16
_PATH_TO_CODEC = (b"mdia", b"minf", b"stbl", b"stsd")


class Box(NamedTuple):
    """Where a box begins, where its content does, and where it ends."""

    name: bytes
    begin: int
    body: int
    end: int


def is_mp4(content: bytes) -> bool:
    return content[4:8] == b"ftyp"


def read_mp4(content: bytes) -> tuple[float, bytes]:
    """Its length in seconds, and the file with its tags made empty in their places.

    Raises `sound_broken`, or `sound_wrong_type` where it holds pictures or another sound than AAC.
    """
    top = list(_boxes(content, 0, len(content)))
    moov = _one(top, b"moov")
    if any(box.name not in _TOP for box in top) or not any(box.name == b"mdat" for box in top):
        raise Problem("sound_broken")
    inside = list(_boxes(content, moov.body, moov.end))
    tracks = [box for box in inside if box.name == b"trak"]
    if not tracks or any(not _is_aac(content, track) for track in tracks):
        raise Problem("sound_wrong_type")
    cleaned = bytearray(content)
    within = [box for track in tracks for box in _boxes(content, track.body, track.end)]
    for box in (*top, *inside, *within):
        if box.name in TAGS:
            cleaned[box.begin + 4 : box.begin + 8] = b"free"
            cleaned[box.body : box.end] = bytes(box.end - box.body)
    return _seconds(content, _one(inside, b"mvhd")), bytes(cleaned)


def _boxes(content: bytes, at: int, end: int) -> Iterator[Box]:
    """The boxes that fill a stretch exactly. Raises `sound_broken` where they do not."""
    while at < end:
        size, name, body = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], at + _HEAD
        if size == 1:
            size, body = int.from_bytes(content[at + _HEAD : at + _LONG_HEAD]), at + _LONG_HEAD
        elif size == 0:
            size = end - at
        if not body <= at + size <= end:
            raise Problem("sound_broken")
        yield Box(name, at, body, at + size)
        at += size


def _one(boxes: list[Box], name: bytes) -> Box:
    found = [box for box in boxes if box.name == name]
    if len(found) != 1:
        raise Problem("sound_broken")
    return found[0]


def _is_aac(content: bytes, track: Box) -> bool:
    box = track
    for name in _PATH_TO_CODEC:
        inside = list(_boxes(content, box.body, box.end))
        if name == b"minf" and content[(handler := _one(inside, b"hdlr")).body + 8 : handler.body + 12] != b"soun":
            return False
        box = _one(inside, name)
    entries = list(_boxes(content, box.body + 8, box.end))
    return bool(entries) and all(entry.name == b"mp4a" for entry in entries)


def _seconds(content: bytes, mvhd: Box) -> float:
    long = content[mvhd.body : mvhd.body + 1] == b"\x01"
    scale, duration = (20, 24) if long else (12, 16)
    if mvhd.end < mvhd.body + duration + (8 if long else 4):
        raise Problem("sound_broken")
    per_second = _number(content, mvhd.body + scale, 4)
    return _number(content, mvhd.body + duration, 8 if long else 4) / per_second if per_second else 0


def _number(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size])
