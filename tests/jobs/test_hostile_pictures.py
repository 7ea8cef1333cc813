"""Pictures that are more than pictures: a clean new JPEG comes out, or a refusal by name; memory stays bounded."""

import io
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest
from PIL import Image

from fieldapp.config import ROOT
from fieldapp.jobs.decoding import decode
from fieldapp.problems import STATUS, Problem
from tests import pictures

HTML = b"<html><script>alert(document.cookie)</script></html>"


def _zip(content: bytes = HTML) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", content)
    return packed.getvalue()


def _commented(content: bytes, comment: bytes) -> bytes:
    """A JPEG with a comment, or with anything else, right behind its first marker."""
    return content[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + content[2:]


def _png_bomb(side: int = 60_000) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9_000_000))
        + chunk(b"IEND", b"")
    )


def _saved(form: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(content, form)
    return content.getvalue()


PLAIN = pictures.jpeg(320, 240)
POLYGLOTS = {
    "a page behind it": PLAIN + HTML,
    "an archive behind it": PLAIN + _zip(),
    "a page in its comment": _commented(PLAIN, HTML),
    "an archive in its comment": _commented(PLAIN, _zip()),
    "a script in its EXIF": pictures.jpeg(64, 64, exif=b"Exif\0\0" + HTML),
    "another picture behind it": PLAIN + pictures.jpeg(32, 32),
    "megabytes behind it": PLAIN + b"\0" * 1_500_000,
    "where it was taken": pictures.jpeg(64, 64, exif=pictures.exif().tobytes()),
    "a colour profile": pictures.jpeg(64, 64, icc_profile=HTML * 20),
}
REFUSED = {
    "a page": HTML,
    "an archive": _zip(),
    "an archive that names itself a picture": b"\xff\xd8\xff" + _zip(b"0" * 1_000_000),
    "SVG": pictures.SVG,
    "SVG behind JPEG's first bytes": b"\xff\xd8\xff\xe0" + pictures.SVG,
    "GIF": _saved("GIF"),
    "BMP": _saved("BMP"),
    "TIFF": _saved("TIFF"),
    "WebP": _saved("WEBP"),
    "PNG": _saved("PNG"),
    "PNG, 60,000 pixels a side": _png_bomb(),
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 999,
    "AVIF": b"\0\0\0\x1cftypavif\0\0\0\0" + b"\0" * 999,
    "a PDF": b"%PDF-1.7\n" + HTML,
    "65,535 pixels a side": pictures.claiming(65_535, 65_535),
    "one pixel high": pictures.claiming(65_535, 400),
    "no pixels": pictures.claiming(0, 0),
    "10,000 scans": pictures.many_scans(10_000),
    "half of it": PLAIN[: len(PLAIN) // 2],
    "its head alone": PLAIN[:100],
    "three bytes": PLAIN[:3],
    "nothing": b"",
}


@pytest.mark.parametrize("content", POLYGLOTS.values(), ids=POLYGLOTS)
def test_only_the_picture_comes_out(content: bytes) -> None:
    picture = decode(content)
    for made in (picture.shown, picture.thumbnail):
        image = pictures.opened(made)
        assert (image.format, dict(image.getexif())) == ("JPEG", {})
        assert made.startswith(b"\xff\xd8\xff")
        assert made.endswith(b"\xff\xd9")
        assert not any(
            hidden in made for hidden in (b"<script", b"PK\x03\x04", b"PhoneMaker", b"ICC_PROFILE", b"\xff\xfe")
        )
        assert content not in made


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_the_rest_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(Problem) as refusal:
        decode(content)
    assert refusal.value.code in STATUS
    assert refusal.value.code.startswith("photo_")


@pytest.mark.parametrize("place", range(0, 100, 7))
def test_a_damaged_picture_is_mended_or_refused(place: int) -> None:
    damaged = bytearray(PLAIN)
    at = len(PLAIN) * place // 100
    damaged[at : at + 40] = b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" * 4
    try:
        code = f"photo_{pictures.opened(decode(bytes(damaged)).shown).format}"
    except Problem as problem:
        code = problem.code
    assert code.startswith("photo_")


MEASURE = """
import re, sys
from fieldapp.jobs.decoding import decode
from fieldapp.problems import Problem

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024

content = sys.stdin.buffer.read()
before = peak()
try:
    decode(content)
    said = "decoded"
except Problem as problem:
    said = problem.code
print(said, peak() - before)
"""


SIZES = [
    ((8000, 6000), False, "photo_too_many_pixels", 16),
    ((6000, 4000), False, "decoded", 192),
    ((6000, 4000), True, "decoded", 256),
]


@pytest.mark.parametrize(("size", "progressive", "said", "most"), SIZES)
def test_memory_is_bounded(size: tuple[int, int], progressive: bool, said: str, most: int) -> None:
    """48 megapixels are refused by their head; 24 are decoded at a fraction of their size. In MB, by the peak."""
    content = io.BytesIO()
    Image.new("RGB", size, "green").save(content, "JPEG", quality=40, progressive=progressive)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], cwd=ROOT, input=content.getvalue(), capture_output=True, check=True
    )
    answer, peak = done.stdout.decode().split()
    print(f"{size}: {answer}, {peak} MB")
    assert answer == said
    assert int(peak) <= most
