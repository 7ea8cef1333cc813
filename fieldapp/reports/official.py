"""How official papers look in Word (Nghị định 30/2020): measures, head, rules, tables, and files that bear no clock."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from fieldapp.i18n import text

FONT, BODY, SMALL, LIST = "Times New Roman", Pt(14), Pt(13), Pt(11)
SHORT, LONG = Cm(21), Cm(29.7)
MARGINS = {"top_margin": Cm(2), "bottom_margin": Cm(2), "left_margin": Cm(3), "right_margin": Cm(1.5)}
ON_ITS_SIDE = {"top_margin": Cm(2), "bottom_margin": Cm(1.5), "left_margin": Cm(2), "right_margin": Cm(2)}
"""A page turned for binding at its top: what was the left margin is wide enough all around."""

HEAD_WIDTHS, SIGN_WIDTHS = (Cm(6.5), Cm(10)), (Cm(8.25), Cm(8.25))
FIRST_LINE, INSET = Cm(1.27), Cm(1.6)
CELL_MARGINS = (("top", "20"), ("left", "40"), ("bottom", "20"), ("right", "40"))
"""In twentieths of a point, in the order in which the format wants them."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time that every part of the file bears, so that it does not depend on when it was made."""


def begun(on_its_side: bool = False) -> Any:
    """An empty A4 document; the number of its pages stands on all but the first."""
    document: Any = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, BODY
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    turn(section, on_its_side)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    return document


def turn(section: Any, on_its_side: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if on_its_side else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (LONG, SHORT) if on_its_side else (SHORT, LONG)
    for name, width in (ON_ITS_SIDE if on_its_side else MARGINS).items():
        setattr(section, name, width)


def tell(document: Any, title: str, about: str, at: datetime) -> None:
    """What the file says of itself; the page says nothing of it."""
    told = document.core_properties
    told.title, told.subject, told.author = title, title, text("app.name")
    told.comments, told.created, told.modified = about, at, at
    told.last_modified_by, told.revision = text("app.name"), 1


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    for kind, words in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:instrText" if words else "w:fldChar")
        if words:
            part.text = words
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def columns(document: Any, widths: Sequence[Any], before: int = 0) -> Sequence[Any]:
    """Cells beside each other without borders, which stay on one page."""
    if before:
        space = document.add_paragraph()
        space.paragraph_format.space_after, space.paragraph_format.keep_with_next = Pt(before), True
        space.paragraph_format.line_spacing = Pt(2)
    table = document.add_table(rows=1, cols=len(widths))
    table.autofit = False
    _narrow_margins(table)
    say(table.rows[0], "w:cantSplit")
    for column, cell, width in zip(table.columns, table.rows[0].cells, widths, strict=True):
        column.width = cell.width = width
    return table.rows[0].cells


def grid(document: Any, heads: Sequence[str], widths: Sequence[Any], size: Any = LIST) -> Any:
    """A table with borders, whose head stands again on every page."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _narrow_margins(table)
    fill(table.rows[0], heads, widths, size, bold=True)
    say(table.rows[0], "w:tblHeader")
    return table


def _narrow_margins(table: Any) -> None:
    """So that a column as wide as its number does not break it, nor the state's name, which is to be one line."""
    margins = OxmlElement("w:tblCellMar")
    for side, twips in CELL_MARGINS:
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), twips)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins) if look is not None else table._tbl.tblPr.append(margins)


def fill(
    row: Any, cells: Sequence[str], widths: Sequence[Any], size: Any, bold: bool = False, left: Sequence[int] = ()
) -> None:
    """Words into a row, in the middle but for the cells that are named."""
    say(row, "w:cantSplit")
    for place, (cell, words, width) in enumerate(zip(row.cells, cells, widths, strict=True)):
        cell.width = width
        run = cell.paragraphs[0].add_run(words)
        run.bold, run.font.size = bold, size
        cell.paragraphs[0].alignment = ALIGN.LEFT if place in left else ALIGN.CENTER
        _as_low_as_its_words(cell.paragraphs[0], size)


def _as_low_as_its_words(paragraph: Paragraph, size: Any) -> None:
    """An empty line is as high as its mark, which else has the size of the body."""
    mark, height = OxmlElement("w:rPr"), OxmlElement("w:sz")
    height.set(qn("w:val"), str(int(size.pt * 2)))
    mark.append(height)
    paragraph._p.get_or_add_pPr().append(mark)


def say(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def line(
    within: Any, words: str, size: Any = BODY, bold: bool = False, italic: bool = False, before: int = 0
) -> Paragraph:
    """A centred line; of a table's cell, the empty one that it begins with is taken first."""
    there = within.paragraphs if hasattr(within, "_tc") else []
    paragraph = there[0] if len(there) == 1 and not there[0].text else within.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.space_before = ALIGN.CENTER, Pt(before)
    run = paragraph.add_run(words)
    run.font.size, run.bold, run.italic = size, bold, italic
    return paragraph


def body(document: Any, words: str, bold: bool = False, italic: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = ALIGN.JUSTIFY
    paragraph.paragraph_format.first_line_indent, paragraph.paragraph_format.space_before = FIRST_LINE, Pt(6)
    if words:
        run = paragraph.add_run(words)
        run.bold, run.italic = bold, italic
    return paragraph


def rule(paragraph: Paragraph, inset: Any) -> None:
    """A rule below a line, shorter than it: the border of an empty line that is drawn in from both sides."""
    below = OxmlElement("w:p")
    paragraph._p.addnext(below)
    ruled = Paragraph(below, paragraph._parent)
    shape = ruled.paragraph_format
    shape.left_indent = shape.right_indent = inset
    shape.space_before, shape.line_spacing, shape.space_after = Pt(2), Pt(4), Pt(2)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = below.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def state_and_motto(cell: Any, inset: Any = INSET) -> None:
    line(cell, text("draft.state"), size=SMALL, bold=True)
    rule(line(cell, text("draft.motto"), bold=True), inset)


def bytes_of(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return without_time(file.getvalue())


def without_time(content: bytes) -> bytes:
    """The same file with every part as of one moment: the library notes the clock of when it was saved."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(part, made.read(name))
    return packed.getvalue()
