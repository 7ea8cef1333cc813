"""Recordings made by hand, a byte for each rule: silence as MP3, MP4 and Ogg, such as any player takes."""

import hashlib

from fieldapp.domain.ogg_opus import _checksum

MP3_FRAME = b"\xff\xf3\x64\xc4" + bytes(140)
"""24 ms of silence: MPEG 2, layer III, 48 kbit/s, 24 kHz, mono."""

FRAMES_A_SECOND = 1000 / 24
OPUS_SILENCE = b"\xf8\xff\xfe"
"""20 ms."""


def mp3(seconds: float = 2) -> bytes:
    return MP3_FRAME * round(seconds * FRAMES_A_SECOND)


def id3(content: bytes) -> bytes:
    """A tag of ID3v2 that holds this."""
    size = bytes(len(content) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00\x00" + size + content


def box(name: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return (8 + len(content)).to_bytes(4) + name + content


def m4a(
    seconds: int = 2, handler: bytes = b"soun", codec: bytes = b"mp4a", tags: bytes = b"", media: bytes = bytes(64)
) -> bytes:
    """By its boxes alone: no player would find a sample in it."""
    mvhd = box(b"mvhd", bytes(12), (1000).to_bytes(4), (seconds * 1000).to_bytes(4), bytes(80))
    hdlr = box(b"hdlr", bytes(8), handler, bytes(12), b"\0")
    stsd = box(b"stsd", bytes(4), (1).to_bytes(4), box(codec, bytes(28)))
    trak = box(b"trak", box(b"mdia", hdlr, box(b"minf", box(b"stbl", stsd))))
    moov = box(b"moov", mvhd, trak, *([box(b"udta", tags)] if tags else []))
    return box(b"ftyp", b"M4A \0\0\0\0", b"M4A isom") + moov + box(b"mdat", media)


def page(packet: bytes, number: int, granule: int = 0, kind: int = 0, serial: int = 7) -> bytes:
    lacing = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    head = b"OggS\0" + bytes([kind]) + granule.to_bytes(8, "little") + serial.to_bytes(4, "little")
    head += number.to_bytes(4, "little")
    rest = bytes([len(lacing)]) + lacing + packet
    return head + _checksum(head + bytes(4) + rest).to_bytes(4, "little") + rest


def opus(seconds: int = 2, comment: bytes = b"") -> bytes:
    """A page for each 20 ms."""
    head = b"OpusHead\x01\x01" + (312).to_bytes(2, "little") + (48_000).to_bytes(4, "little") + b"\0\0\0"
    tags = b"OpusTags" + bytes(4) + (1).to_bytes(4, "little") + len(comment).to_bytes(4, "little") + comment
    sound = [page(OPUS_SILENCE, 2 + n, 960 * (n + 1) + 312) for n in range(seconds * 50)]
    return b"".join([page(head, 0, kind=2), page(tags, 1), *sound])


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
