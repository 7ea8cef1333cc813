"""Word templates of papers: an office changes what it likes, and no file makes the server do more than fill it."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from docx import Document

from fieldapp.config import ROOT
from fieldapp.domain.paper_form import PaperKind
from fieldapp.problems import Problem
from fieldapp.reports.paper_docx import paper_docx
from fieldapp.reports.paper_templates import default_template
from fieldapp.reports.paper_trial import example
from tests import official_papers
from tests.paper_reader import docx_words
from tests.sheets import old_office, part_of, with_part, workbook

B2 = PaperKind.COMMUNE_REPORT
USUAL = default_template(B2)
BODY, TYPES, RELS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"


def saying(words: str, instead: str = "{{ opening }}", kind: PaperKind = B2) -> bytes:
    """The default template with other words in the place of some."""
    usual = default_template(kind)
    xml = part_of(usual, BODY).decode()
    assert instead in xml
    return with_part(usual, BODY, xml.replace(instead, words, 1).encode())


def adding(xml: str, part: str = BODY, before: str = "<w:sectPr") -> bytes:
    old = part_of(USUAL, part).decode()
    return with_part(USUAL, part, old.replace(before, xml + before, 1).encode())


def refused(template: bytes) -> Problem:
    with pytest.raises(Problem) as caught:
        paper_docx(example(B2), template)
    return caught.value


@pytest.mark.parametrize("kind", PaperKind)
def test_the_default_template_brought_back_is_the_default(kind: PaperKind):
    assert paper_docx(example(kind), default_template(kind)) == paper_docx(example(kind))


def test_an_office_says_it_in_its_own_words():
    template = saying("Phòng Văn hóa - Xã hội kính trình, về {{ period }}")
    assert "Phòng Văn hóa - Xã hội kính trình, về Kỳ báo cáo: Tháng 8" in docx_words(
        paper_docx(official_papers.report(), template)
    )


def test_a_template_saved_by_word_again_is_the_same_paper():
    document = Document(io.BytesIO(USUAL))
    for paragraph in document.paragraphs:
        if "{{ subject }}" in paragraph.text:
            paragraph.clear()
            for piece in ("{", "{ sub", "ject }", "}"):
                paragraph.add_run(piece).bold = True
    saved = io.BytesIO()
    document.save(saved)
    paper = official_papers.report()
    assert docx_words(paper_docx(paper, saved.getvalue())) == docx_words(paper_docx(paper))


def test_what_people_wrote_is_never_a_template_nor_a_part_of_the_file():
    odd = "</w:t></w:p> & <b> {{ 7*7 }} {% raw %} \x0b\x00\ud800 “trích”"
    paper = replace(official_papers.report(), subject=odd, missing=(odd,))
    words = docx_words(paper_docx(paper))
    assert "</w:t></w:p> & <b> {{ 7*7 }} {% raw %}  “trích”" in words


@pytest.mark.parametrize(
    "words",
    [
        "{{ opening.__class__ }}",
        "{{ opening.upper() }}",
        "{{ opening|upper }}",
        "{{ opening[0] }}",
        "{{ 9**9**9 }}",
        "{{ 'a' * 99999999 }}",
        "{{ [1, 2] }}",
        "{{ lipsum() }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ self._TemplateReference__context }}",
        "{{ nobody_said_this }}",
        "{% for i in range(99999) %}x{% endfor %}",
        "{% set a = opening %}",
        "{% include 'word/document.xml' %}",
        "{% import 'x' as y %}",
        "{% macro m() %}{% endmacro %}",
        "{% for a in parts recursive %}{% endfor %}",
        "{% for a in sections %}{% for b in sections %}{% endfor %}{% endfor %}",
        "{% for a in sections %}{% for b in a.lines %}{% for c in annexes %}{% endfor %}{% endfor %}{% endfor %}",
        "{% for a, b in sections %}{% endfor %}",
        "{% if opening %}",
        "{% endfor %}",
    ],
)
def test_a_template_names_repeats_and_chooses_and_does_nothing_else(words: str):
    problem = refused(saying(words))
    assert problem.code == "template_word"
    assert problem.params["word"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{{ nobody_said_this }}", "nobody_said_this"),
        ("{{ opening|upper }}", "upper"),
        ("{{ range(9) }}", "range"),
        ("{% for a in parts %}{{ a.nothing }}{% endfor %}", "nothing"),
        ("{% if opening %}", "{% … %}"),
    ],
)
def test_what_is_wrong_is_told_by_the_word(words: str, told: str):
    assert refused(saying(words)).params["word"] == told


def test_more_loops_than_any_paper_needs_are_refused():
    assert refused(saying("{% for a in parts %}{% endfor %}" * 101)).code == "template_broken"


def _relation(kind: str, target: str, mode: str = ' TargetMode="External"') -> bytes:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    told = f'<Relationship Id="rId99" Type="{base}/{kind}" Target="{target}"{mode}/>'
    return adding(told, RELS, "</Relationships>")


FIELD = "<w:p><w:r><w:instrText>{}</w:instrText></w:r></w:p>"
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "macros": (lambda: with_part(USUAL, "word/vbaProject.bin", b"x"), "template_acts"),
    "macros by type": (
        lambda: with_part(USUAL, TYPES, part_of(USUAL, TYPES).replace(b"document.main", b"document.macroEnabled.main")),
        "template_acts",
    ),
    "an embedded file": (lambda: with_part(USUAL, "word/embeddings/a.xlsx", b"x"), "template_acts"),
    "another template": (lambda: _relation("attachedTemplate", "http://x.example/a.dotm"), "template_acts"),
    "a picture from outside": (lambda: _relation("image", "http://x.example/a.png"), "template_acts"),
    "outside by entity": (lambda: _relation("image", "a.png", ' TargetMode="&#69;xternal"'), "template_acts"),
    "a field that runs": (lambda: adding(FIELD.format("DDEAUTO c:\\\\cmd.exe")), "template_acts"),
    "a field by entity": (lambda: adding(FIELD.format("&#68;DE x")), "template_acts"),
    "a field that reads": (lambda: adding('<w:fldSimple w:instr="INCLUDETEXT a"/>'), "template_acts"),
    "another file inside": (lambda: adding('<w:altChunk xmlns:r="r" r:id="rId1"/>'), "template_acts"),
    "an entity": (
        lambda: with_part(USUAL, BODY, b'<!DOCTYPE a [<!ENTITY b "c">]>' + part_of(USUAL, BODY).split(b"?>", 1)[1]),
        "template_broken",
    ),
    "no xml": (lambda: with_part(USUAL, BODY, b"<w:document"), "template_broken"),
    "a bomb": (lambda: with_part(USUAL, BODY, part_of(USUAL, BODY) + b" " * 2_000_000), "template_broken"),
    "the same part twice": (lambda: with_part(USUAL, "word/Document.xml", b"<a/>"), "template_broken"),
    "no body": (lambda: with_part(USUAL, BODY, b"<a/>"), "template_broken"),
    "a workbook": (lambda: workbook(["a"]), "template_wrong_type"),
    "the old Word": (lambda: old_office("WordDocument"), "template_wrong_type"),
    "a zip cut short": (lambda: USUAL[:-200], "template_wrong_type"),
    "too large": (lambda: USUAL + bytes(1_000_000), "file_too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_acts_or_leads_elsewhere_is_refused(name: str):
    made, code = HOSTILE[name]
    assert refused(made()).code == code


def test_a_link_and_the_usual_fields_are_let_through():
    assert paper_docx(example(B2), _relation("hyperlink", "https://dichvucong.gov.vn"))
    assert paper_docx(example(B2), adding(FIELD.format(" PAGE ") + FIELD.format("\\* MERGEFORMAT")))


def test_what_comes_of_a_template_has_an_end():
    long = "{% for a in annexes %}{% for b in a.rows %}{% for c in b.cells %}" + "x" * 60_000
    assert refused(saying(long + "{% endfor %}{% endfor %}{% endfor %}")).code == "template_broken"


@pytest.mark.parametrize(
    ("made", "said"),
    [(lambda: USUAL, "{}"), (lambda: saying("{{ x }}"), '"template_word"'), (lambda: b"", "wrong_type")],
)
def test_a_template_is_tried_in_a_process_of_its_own(made: Callable[[], bytes], said: Any):
    asked = [sys.executable, "-m", "fieldapp.reports.paper_trial", "b2"]
    told = subprocess.run(asked, input=made(), capture_output=True, cwd=ROOT, check=True)
    assert said in told.stdout.decode()
