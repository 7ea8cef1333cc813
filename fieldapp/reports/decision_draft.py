"""A draft of a decision as a Word file, laid out as official papers are (Nghị định 30/2020), its members as an annex.

Number, day and name are left for the office that numbers and signs. That a program wrote it stands in the file's
properties and not on the page. The same teams give the same bytes.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from fieldapp.i18n import text
from fieldapp.reports.decision_list import Draft, DraftTeam

FONT, BODY, SMALL, LIST = "Times New Roman", Pt(14), Pt(13), Pt(11)
MARGINS = {"top_margin": Cm(2), "bottom_margin": Cm(2), "left_margin": Cm(3), "right_margin": Cm(1.5)}
HEAD_WIDTHS, SIGN_WIDTHS = (Cm(6.5), Cm(10)), (Cm(8.25), Cm(8.25))
ANNEX_WIDTHS = (Cm(1.2), Cm(5), Cm(5.6), Cm(2.4), Cm(2.3))
ANNEX_HEADS = ("number", "name", "post", "role", "note")
FIRST_LINE = Cm(1.27)
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time that every part of the file bears, so that it does not depend on when it was made."""


def decision_draft(draft: Draft) -> bytes:
    document: Any = Document()
    _set_up(document, draft)
    _head(document, draft)
    _title(document, draft)
    _articles(document, draft)
    _signature(document, draft)
    _annex(document, draft)
    file = io.BytesIO()
    document.save(file)
    return _without_time(file.getvalue())


def _words(key: str, **params: Any) -> str:
    return text(f"draft.{key}", **params)


def _set_up(document: Any, draft: Draft) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, BODY
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    style.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for name, width in MARGINS.items():
        setattr(section, name, width)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    told, at = document.core_properties, datetime.combine(draft.day, datetime.min.time(), UTC)
    told.title, told.subject, told.author = _subject(draft), _words("made_by"), text("app.name")
    told.comments, told.created, told.modified = _words("made_by"), at, at
    told.last_modified_by = text("app.name")


def _subject(draft: Draft) -> str:
    return _words(f"subject_{draft.level}", place=_place(draft))


def _place(draft: Draft) -> str:
    """`Xã Ba Tơ` inside a sentence: `xã Ba Tơ`."""
    return draft.commune[:1].lower() + draft.commune[1:]


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


def _head(document: Any, draft: Draft) -> None:
    """Who issues it on the left, the state's name and motto on the right."""
    left, right = _two_columns(document, HEAD_WIDTHS)
    _line(left, _words("issuer"), size=SMALL, bold=True)
    _rule(_line(left, draft.commune.upper(), size=SMALL, bold=True), Cm(2.2))
    _line(left, _words("number"), size=SMALL, before=6)
    _line(right, _words("state"), size=SMALL, bold=True)
    _rule(_line(right, _words("motto"), bold=True), Cm(1.6))
    bare = draft.commune.split(" ", 1)[-1] if " " in draft.commune else draft.commune
    _line(right, _words("day", place=bare, year=draft.day.year), italic=True, before=6)


def _title(document: Any, draft: Draft) -> None:
    _line(document, _words("kind"), bold=True, before=14)
    _rule(_line(document, _subject(draft), bold=True), Cm(5.5))
    _line(document, f"{_words('issuer')} {draft.commune.upper()}", bold=True, before=12)


def _articles(document: Any, draft: Draft) -> None:
    for number in range(1, 4):
        _paragraph(document, _words(f"ground_{number}"), italic=True)
    _line(document, _words("decides"), bold=True, before=8)
    count = {"n": len(draft.teams), "place": _place(draft)}
    _article(document, 1, _words(f"article_1_{draft.level}", **count))
    _article(document, 2, _words("article_2"))
    _article(document, 3, _words("article_3", place=_place(draft)))


def _article(document: Any, number: int, words: str) -> None:
    paragraph = _paragraph(document, "")
    paragraph.add_run(_words("article", n=number) + " ").bold = True
    paragraph.add_run(words)


def _signature(document: Any, draft: Draft) -> None:
    left, right = _two_columns(document, SIGN_WIDTHS, before=12)
    receivers = _line(left, _words("receivers"), size=Pt(12), bold=True, italic=True)
    receivers.alignment = ALIGN.LEFT
    for number in range(1, 5):
        _line(left, _words(f"receiver_{number}", place=_place(draft)), size=LIST).alignment = ALIGN.LEFT
    for part in ("on_behalf", "chair"):
        _line(right, _words(part), bold=True)


def _annex(document: Any, draft: Draft) -> None:
    """Each team's people; the head of the table stands again on every page."""
    document.add_section(WD_SECTION.NEW_PAGE).different_first_page_header_footer = False
    _line(document, _words("annex"), bold=True)
    _line(document, _words(f"annex_{draft.level}", place=_place(draft)), bold=True)
    _rule(_line(document, _words("annex_with", place=_place(draft)), italic=True), Cm(5.5))
    table = document.add_table(rows=1, cols=len(ANNEX_HEADS), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _fill(table.rows[0], [_words(f"col_{name}") for name in ANNEX_HEADS], bold=True, center=True)
    _say(table.rows[0], "w:tblHeader")
    for number, team in enumerate(draft.teams, 1):
        _team_rows(table, number, team)


def _team_rows(table: Any, number: int, team: DraftTeam) -> None:
    title = table.add_row()
    merged = title.cells[0].merge(title.cells[-1])
    merged.paragraphs[0].add_run(f"{_roman(number)}. {team.name}").bold = True
    merged.paragraphs[0].runs[0].font.size = SMALL
    merged.paragraphs[0].paragraph_format.keep_with_next = True
    _say(title, "w:cantSplit")
    for place, person in enumerate(team.people, 1):
        post = person.position or (text(f"seat_kind.{person.kind}") if person.kind else "")
        row = table.add_row()
        _fill(row, [str(place), person.name, post, text(f"role.{person.role}"), ""])
        _say(row, "w:cantSplit")


def _fill(row: Any, cells: Sequence[str], bold: bool = False, center: bool = False) -> None:
    for place, (cell, words, width) in enumerate(zip(row.cells, cells, ANNEX_WIDTHS, strict=True)):
        cell.width = width
        run = cell.paragraphs[0].add_run(words)
        run.bold, run.font.size = bold, SMALL
        if center or place == 0:
            cell.paragraphs[0].alignment = ALIGN.CENTER


def _say(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _two_columns(document: Any, widths: Sequence[Any], before: int = 0) -> Sequence[Any]:
    if before:
        document.add_paragraph().paragraph_format.space_after = Pt(before)
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = width
    return table.rows[0].cells


def _line(
    within: Any, words: str, size: Any = BODY, bold: bool = False, italic: bool = False, before: int = 0
) -> Paragraph:
    """A centred line; of a table's cell, the empty one that it begins with is taken first."""
    there = within.paragraphs if hasattr(within, "_tc") else []
    paragraph = there[0] if len(there) == 1 and not there[0].text else within.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.space_before = ALIGN.CENTER, Pt(before)
    run = paragraph.add_run(words)
    run.font.size, run.bold, run.italic = size, bold, italic
    return paragraph


def _paragraph(document: Any, words: str, italic: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = ALIGN.JUSTIFY
    paragraph.paragraph_format.first_line_indent, paragraph.paragraph_format.space_before = FIRST_LINE, Pt(6)
    if words:
        paragraph.add_run(words).italic = italic
    return paragraph


def _rule(paragraph: Paragraph, inset: Any) -> None:
    """A rule below a line, shorter than it: the border of an empty line that is drawn in from both sides."""
    below = OxmlElement("w:p")
    paragraph._p.addnext(below)
    ruled = Paragraph(below, paragraph._parent)
    shape = ruled.paragraph_format
    shape.left_indent = shape.right_indent = inset
    shape.line_spacing, shape.space_after = Pt(4), Pt(2)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = below.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _roman(number: int) -> str:
    """Teams are counted in Roman numbers, their people in others; no commune has a thousand teams."""
    signs = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    written = ""
    for value, sign in signs:
        count, number = divmod(number, value)
        written += sign * count
    return written


def _without_time(content: bytes) -> bytes:
    """The same file with every part as of one moment: the library notes the clock of when it was saved."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(part, made.read(name))
    return packed.getvalue()
