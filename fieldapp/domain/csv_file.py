"""CSV as spreadsheets and people write it: UTF-8 with a mark or without, UTF-16, fields apart by `,`, `;` or a tab."""

import codecs
import csv
import io
from collections.abc import Iterator

from fieldapp.domain.sheet_cell import Numbered
from fieldapp.problems import Problem

DELIMITERS = ",;\t"
_ALLOWED = frozenset("\t\r\n\f\v")
_SAMPLE = 4_000


def readings_of_csv(content: bytes) -> Iterator[Iterator[Numbered]]:
    """The lines, once for each delimiter. Raises `sheet_foreign` or `sheet_encoding`."""
    text = _decoded(content)
    head = text[:_SAMPLE]
    # A web page or a PDF under another name.
    if head.lstrip().startswith(("<", "%PDF", "{")) or any(ord(c) < 32 and c not in _ALLOWED for c in head):
        raise Problem("sheet_foreign")
    for delimiter in DELIMITERS:
        yield _lines(text, delimiter)


def _decoded(content: bytes) -> str:
    try:
        if content.startswith(codecs.BOM_UTF8):
            return content.decode("utf-8-sig")
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16")
        text = content.decode()
    except UnicodeDecodeError:
        binary = b"\0" in content[:_SAMPLE] and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        raise Problem("sheet_foreign" if binary else "sheet_encoding") from None
    # Every second byte of a Latin text in UTF-16 is null.
    return content.decode("utf-16-le", "replace") if "\0" in text[1:8:2] and "\0" not in text[0:8:2] else text


def _lines(text: str, delimiter: str) -> Iterator[Numbered]:
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1)
    except csv.Error:
        raise Problem("sheet_broken") from None
