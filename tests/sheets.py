"""Files that lists come in, honest and hostile, made here so that no file of anybody's lies in the repository."""

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

MEMBER_HEADS = ("Họ và tên", "Số điện thoại", "Thôn, tổ dân phố", "Vai trò", "Chức danh")
HOUSEHOLD_HEADS = ("Thôn, tổ dân phố", "Số hộ", "Chủ hộ")


def workbook(*rows: Sequence[Any], merged: Sequence[str] = (), before: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet with these rows; `before` are names of empty sheets that stand before it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for name in before:
        book.create_sheet(name, 0)
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same zip with a part put into the place of its own, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info))
        new.writestr(name, part)
    return out.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


SHEET = "xl/worksheets/sheet1.xml"


def bomb(content: bytes, size: int) -> bytes:
    """A sheet that unpacks to `size` bytes, packed to a thousandth of it."""
    xml = part_of(content, SHEET)
    return with_part(content, SHEET, xml.replace(b"</worksheet>", b" " * size + b"</worksheet>"))


def lying(content: bytes, name: str = SHEET) -> bytes:
    """A directory that says that a part is a hundred bytes long."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = archive.getinfo(name).file_size
    return content.replace(struct.pack("<I", size), struct.pack("<I", 100))


def locked(content: bytes) -> bytes:
    """A zip whose directory says that its parts are encrypted."""
    out = bytearray(content)
    at = out.find(b"PK\x01\x02")
    while at >= 0:
        out[at + 8] |= 1
        at = out.find(b"PK\x01\x02", at + 4)
    return bytes(out)


def old_office(*streams: str) -> bytes:
    """The beginning of a file of the old Office, which also wraps encrypted workbooks."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + b"".join(s.encode("utf-16-le") for s in streams)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return out.getvalue()
