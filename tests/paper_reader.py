"""Reads official papers back, each kind of file as it is: rows of what a person sees, numbers as they are written."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pypdfium2
from docx import Document
from openpyxl import load_workbook

from fieldapp.domain.figure import written_number, written_tenths

NUMBER = re.compile(r"(?<![\w,.])[+-]?\d{1,3}(?:\.\d{3})*(?:,\d)?(?![\w,.])")


def docx_tables(content: bytes) -> list[list[list[str]]]:
    """Every table that has a head which stands again on each page, row by row."""
    tables = []
    for table in Document(io.BytesIO(content)).tables:
        rows = [[_words(cell) for cell in row._tr.tc_lst] for row in table.rows]
        if table._tbl.tr_lst[0].xpath("w:trPr/w:tblHeader"):
            tables.append(rows)
    return tables


def docx_words(content: bytes) -> str:
    """All that stands on the pages of a Word file but heads and feet, a paragraph a line."""
    body = Document(io.BytesIO(content)).element.body
    return "\n".join("".join(t.text or "" for t in p.xpath(".//w:t")) for p in body.xpath(".//w:p"))


def _words(cell: Any) -> str:
    return "\n".join("".join(t.text or "" for t in p.xpath(".//w:t")) for p in cell.xpath("w:p"))


def pdf_pages(content: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def xlsx_rows(content: bytes, sheet: int, head: str) -> list[list[str]]:
    """The rows of a sheet from that which begins with `head`, as a person sees them: formulas by their value."""
    page = load_workbook(io.BytesIO(content), data_only=True).worksheets[sheet]
    rows = list(page.iter_rows())
    start = next(n for n, row in enumerate(rows) if row[0].value == head)
    return [[_written(cell) for cell in row] for row in rows[start:]]


def _written(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    shown = cell.number_format
    if "%" in shown:
        tenths = int(value * 1000 + 0.5 + 1e-9)
        return written_tenths(tenths) if ".0" in shown else written_number(tenths // 10)
    said = written_tenths(round(value * 10)) if "0.0" in shown else written_number(int(value))
    return f"+{said}" if shown.startswith("+") and value > 0 else said


def numbers(words: str | Sequence[str]) -> Counter[str]:
    said = words if isinstance(words, str) else "\n".join(words)
    return Counter(NUMBER.findall(said))
