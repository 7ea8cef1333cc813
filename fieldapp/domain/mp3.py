"""MP3 (MPEG 1, 2 and 2.5, layer III) by the heads of its frames."""

from typing import NamedTuple

from fieldapp.problems import Problem

LEAST_FRAMES = 10
TAG_AT_END = 64_000
"""Bytes of a tag that some programs put behind the last frame."""

_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_LAYER_3 = 1
_ID3_HEAD = 10


class Frame(NamedTuple):
    length: int
    samples: int
    rate: int


def is_mp3(content: bytes) -> bool:
    at = _after_tags(content)
    frame = _frame(content, at)
    return frame is not None and _frame(content, at + frame.length) is not None


def read_mp3(content: bytes) -> tuple[float, bytes]:
    """Its length in seconds, and its frames alone. Raises `sound_broken`."""
    begin = at = _after_tags(content)
    count = samples = rate = 0
    while (frame := _frame(content, at)) and at + frame.length <= len(content) and rate in (0, frame.rate):
        count, samples, rate, at = count + 1, samples + frame.samples, frame.rate, at + frame.length
    rest = content[at:]
    if count < LEAST_FRAMES or not _may_end_so(rest):
        raise Problem("sound_broken")
    return samples / rate, content[begin:at]


def _may_end_so(rest: bytes) -> bool:
    """A frame that was cut, filling, or a tag: dropped, whatever it holds."""
    cut = _frame(rest, 0)
    return bool(cut and len(rest) < cut.length) or not rest.strip(b"\0") or _is_tag(rest)


def _is_tag(rest: bytes) -> bool:
    known = rest.startswith((b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3"))
    return known and len(rest) <= TAG_AT_END


def _after_tags(content: bytes) -> int:
    """Where the first frame should be: behind ID3v2 tags, which say their own length, and filling."""
    at = 0
    while content[at : at + 3] == b"ID3" and len(content) >= at + _ID3_HEAD:
        size = content[at + 6 : at + 10]
        if any(byte > 127 for byte in size):
            break
        footer = _ID3_HEAD if content[at + 5] & 0x10 else 0
        at += _ID3_HEAD + footer + sum(byte << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))
        while content[at : at + 1] == b"\0":
            at += 1
    return at


def _frame(content: bytes, at: int) -> Frame | None:
    head = int.from_bytes(content[at : at + 4])
    version, layer = head >> 19 & 3, head >> 17 & 3
    bitrate, rate, padding = head >> 12 & 15, head >> 10 & 3, head >> 9 & 1
    if len(content) < at + 4 or head >> 21 != 0x7FF or version not in _RATES or layer != _LAYER_3:
        return None
    if bitrate in (0, 15) or rate == 3:
        return None
    first = version == 3
    hertz, bits = _RATES[version][rate], 1000 * (_MPEG1 if first else _MPEG2)[bitrate]
    samples = 1152 if first else 576
    return Frame(samples // 8 * bits // hertz + padding, samples, hertz)
