"""A Word template filled with a paper (`docxtpl`): the default one, or one that somebody brought and nobody trusts.

A template may name what it is given, repeat and choose, and nothing else: it calls nothing, reckons nothing and reaches
no attribute of Python's, and what comes of it has an end. What its file may hold: `domain/docx_file.py`.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from fieldapp.domain.docx_file import read_docx
from fieldapp.domain.paper_form import ReportPaper, TablePaper
from fieldapp.i18n import text
from fieldapp.problems import Problem
from fieldapp.reports import official
from fieldapp.reports.paper_sheet import Sheet, TableShape, list_sheet, report_sheet, shapes_of
from fieldapp.reports.paper_templates import default_template

MAX_WORDS = 40_000_000
"""Signs that a part of a file may have when it is filled: more than the longest list of a commune needs."""

MAX_LOOPS = 100
IN_BRACES = "{% … %}"
"""What is shown of a fault that has no word of its own."""

_UNKNOWN = re.compile(r"'([^']{1,60})' is undefined|no attribute '([^']{1,60})'")

TWIPS = 1440 / 2.54
LAST = 3
"""Rows of a list, its sums among them, that are not left behind by the signatures."""

_LANGUAGE = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.Const,
    nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip


def paper_docx(paper: ReportPaper | TablePaper, template: bytes | None = None) -> bytes:
    """The paper in its template, or in the default one. Raises as `read_docx` and `template_word` for a brought one."""
    sheet = report_sheet(paper) if isinstance(paper, ReportPaper) else list_sheet(paper)
    about = f"{text('draft.made_by')}. {sheet['mark']}"
    try:
        word = _filled(default_template(paper.kind) if template is None else read_docx(template), sheet)
    except Problem:
        raise
    except Exception:
        if template is None:
            raise
        # A damaged file is answered with errors of every kind.
        raise Problem("template_broken", "file") from None
    official.tell(word, f"{sheet['title']} {sheet['subject']}"[:250], about, paper.made_at)
    return official.bytes_of(word)


def _filled(template: bytes, sheet: Sheet) -> Any:
    document = DocxTemplate(io.BytesIO(template))
    try:
        document.render(sheet, _environment())
    except TemplateError as error:
        raise Problem("template_word", "file", word=_word_of(error)) from None
    _measure(document.docx, shapes_of(sheet), ends="table" in sheet)
    _drop_empty_section(document.docx)
    _sign_below_words(document.docx)
    return document.docx


def _sign_below_words(document: Any) -> None:
    """The signatures, the last table without borders, do not stand on a page alone: the last words go with them."""
    bare = [table for table in document.tables if not table.style or table.style.name != "Table Grid"]
    before = bare[-1]._tbl.getprevious() if len(bare) > 1 else None
    while before is not None and before.tag == qn("w:p"):
        before.get_or_add_pPr().get_or_add_keepNext()
        before = None if "".join(before.itertext()).strip() else before.getprevious()


class _Measured(Template):
    """What a template gives, as long as it ends."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        pieces, length = [], 0
        for piece in self.generate(*args, **kwargs):
            length += len(piece)
            if length > MAX_WORDS:
                raise Problem("template_broken", "file")
            pieces.append(piece)
        return "".join(pieces)


class _Language(ImmutableSandboxedEnvironment):
    """Names, loops and choices; a word that the paper does not have is an error and no blank."""

    template_class = _Measured

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        if sum(1 for _ in parsed.find_all(nodes.For)) > MAX_LOOPS:
            raise Problem("template_broken", "file")
        _judge(parsed, frozenset())
        return parsed


def _environment() -> _Language:
    made = _Language(autoescape=True, undefined=StrictUndefined, extensions=())
    made.globals.clear()
    return made


def _judge(node: nodes.Node, looped: frozenset[str]) -> None:
    """`looped` are the names of the loops around it: one within them goes through a part of theirs, never through all
    again, so that a template is done when its paper is."""
    if not isinstance(node, _LANGUAGE) or (isinstance(node, nodes.Getattr) and node.attr.startswith("_")):
        raise Problem("template_word", "file", word=_said(node))
    if isinstance(node, nodes.For):
        if node.recursive or (looped and _root(node.iter) not in looped) or not isinstance(node.target, nodes.Name):
            raise Problem("template_word", "file", word=_said(node.iter))
        looped |= {node.target.name}
    for child in node.iter_child_nodes():
        _judge(child, looped)


def _root(node: nodes.Node) -> str:
    """Whose part this is: of `section.lines` the section; a name alone is part of nothing."""
    inner = node.node if isinstance(node, nodes.Getattr) else None
    return inner.name if isinstance(inner, nodes.Name) else ""


def _said(node: nodes.Node) -> str:
    """What of a template to show to whoever wrote it."""
    if isinstance(node, nodes.Call):
        return _said(node.node)
    for name in ("name", "attr"):
        if isinstance(said := getattr(node, name, None), str):
            return said
    return IN_BRACES


def _word_of(error: TemplateError) -> str:
    unknown = _UNKNOWN.search(error.message or "")
    return unknown[unknown.lastindex or 1] if unknown else IN_BRACES


def _measure(document: Any, shapes: list[TableShape], ends: bool) -> None:
    """Gives tables that were made with as many columns as there are the widths and sides of these.

    The last rows of one that `ends` a paper stay on the page of what follows.
    """
    waiting = list(shapes)
    for table in document.element.body.iter(qn("w:tbl")):
        rows = table.findall(qn("w:tr"))
        heads = [_words_of(cell) for cell in rows[0].findall(qn("w:tc"))] if rows else []
        shape = next((shape for shape in waiting if list(shape.heads) == heads), None)
        if shape is not None:
            waiting.remove(shape)
            _shape(table, rows, shape)
            for paragraph in (p for row in rows[-LAST:] if ends for p in row.iter(qn("w:p"))):
                paragraph.get_or_add_pPr().get_or_add_keepNext()


def _shape(table: Any, rows: list[Any], shape: TableShape) -> None:
    twips = [str(round(width * TWIPS)) for width in shape.widths]
    for column, width in zip(table.find(qn("w:tblGrid")), twips, strict=True):
        column.set(qn("w:w"), width)
    for place, row in enumerate(rows):
        for cell, width, left in zip(row.findall(qn("w:tc")), twips, shape.left, strict=False):
            measure = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")
            if measure is not None:
                measure.set(qn("w:w"), width)
            for paragraph in cell.iter(qn("w:p")) if left and place else ():
                paragraph.get_or_add_pPr().jc_val = ALIGN.LEFT


def _words_of(cell: Any) -> str:
    return "".join(part.text or "" for part in cell.iter(qn("w:t")))


def _drop_empty_section(document: Any) -> None:
    """Without annexes, the pages for them fall away: the section before them is the last one then."""
    body = document.element.body
    breaks = [p for p in body.iterchildren(qn("w:p")) if p.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None]
    if not breaks or any(_says(part) for part in _after(breaks[-1]) if part.tag != qn("w:sectPr")):
        return
    last, before = body.find(qn("w:sectPr")), breaks[-1].find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
    for part in list(_after(breaks[-1])):
        body.remove(part)
    if last is not None:
        body.append(before)
        if not _says(breaks[-1]):
            body.remove(breaks[-1])


def _after(part: Any) -> Iterator[Any]:
    return part.itersiblings()


def _says(part: Any) -> bool:
    return part.tag == qn("w:tbl") or any((t.text or "").strip() for t in part.iter(qn("w:t")))
