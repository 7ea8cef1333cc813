"""A draft of a decision as a Word file, laid out as official papers are (`official.py`), its members as an annex.

Number, day and name are left for the office that numbers and signs. That a program wrote it stands in the file's
properties and not on the page. The same teams give the same bytes.
"""

from datetime import UTC, datetime
from typing import Any

from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Cm, Pt

from fieldapp.domain.paper_issuer import bare, small
from fieldapp.i18n import text
from fieldapp.reports import official
from fieldapp.reports.decision_list import Draft, DraftTeam
from fieldapp.reports.official import body, line, rule

ANNEX_WIDTHS = (Cm(1.2), Cm(5), Cm(5.6), Cm(2.4), Cm(2.3))
ANNEX_HEADS = ("number", "name", "post", "role", "note")
NAMES, POSTS, ROLES, NOTES = 1, 2, 3, 4


def decision_draft(draft: Draft) -> bytes:
    document = official.begun()
    official.tell(document, _subject(draft), _words("made_by"), datetime.combine(draft.day, datetime.min.time(), UTC))
    _head(document, draft)
    _title(document, draft)
    _articles(document, draft)
    _signature(document, draft)
    _annex(document, draft)
    return official.bytes_of(document)


def _words(key: str, **params: Any) -> str:
    return text(f"draft.{key}", **params)


def _subject(draft: Draft) -> str:
    return _words(f"subject_{draft.level}", place=_place(draft))


def _place(draft: Draft) -> str:
    """`Xã Ba Tơ` inside a sentence: `xã Ba Tơ`."""
    return small(draft.commune)


def _head(document: Any, draft: Draft) -> None:
    """Who issues it on the left, the state's name and motto on the right."""
    left, right = official.columns(document, official.HEAD_WIDTHS)
    line(left, _words("issuer"), size=official.SMALL, bold=True)
    rule(line(left, draft.commune.upper(), size=official.SMALL, bold=True), Cm(2.2))
    line(left, _words("number"), size=official.SMALL, before=6)
    official.state_and_motto(right)
    line(right, _words("day", place=bare(draft.commune), year=draft.day.year), italic=True, before=6)


def _title(document: Any, draft: Draft) -> None:
    line(document, _words("kind"), bold=True, before=14)
    rule(line(document, _subject(draft), bold=True), Cm(5.5))
    line(document, f"{_words('issuer')} {draft.commune.upper()}", bold=True, before=12)


def _articles(document: Any, draft: Draft) -> None:
    for number in range(1, 4):
        body(document, _words(f"ground_{number}"), italic=True)
    line(document, _words("decides"), bold=True, before=8)
    count = {"n": len(draft.teams), "place": _place(draft)}
    _article(document, 1, _words(f"article_1_{draft.level}", **count))
    _article(document, 2, _words("article_2"))
    _article(document, 3, _words("article_3", place=_place(draft)))


def _article(document: Any, number: int, words: str) -> None:
    paragraph = body(document, "")
    paragraph.add_run(_words("article", n=number) + " ").bold = True
    paragraph.add_run(words)


def _signature(document: Any, draft: Draft) -> None:
    left, right = official.columns(document, official.SIGN_WIDTHS, before=12)
    receivers = line(left, _words("receivers"), size=Pt(12), bold=True, italic=True)
    receivers.alignment = ALIGN.LEFT
    for number in range(1, 5):
        told = _words(f"receiver_{number}", place=_place(draft))
        line(left, told, size=official.LIST).alignment = ALIGN.LEFT
    for part in ("on_behalf", "chair"):
        line(right, _words(part), bold=True)


def _annex(document: Any, draft: Draft) -> None:
    """Each team's people; the head of the table stands again on every page."""
    document.add_section(WD_SECTION.NEW_PAGE).different_first_page_header_footer = False
    line(document, _words("annex"), bold=True)
    line(document, _words(f"annex_{draft.level}", place=_place(draft)), bold=True)
    rule(line(document, _words("annex_with", place=_place(draft)), italic=True), Cm(5.5))
    heads = [_words(f"col_{name}") for name in ANNEX_HEADS]
    table = official.grid(document, heads, ANNEX_WIDTHS, official.SMALL)
    for number, team in enumerate(draft.teams, 1):
        _team_rows(table, number, team)


def _team_rows(table: Any, number: int, team: DraftTeam) -> None:
    title = table.add_row()
    merged = title.cells[0].merge(title.cells[-1])
    merged.paragraphs[0].add_run(f"{_roman(number)}. {team.name}").bold = True
    merged.paragraphs[0].runs[0].font.size = official.SMALL
    merged.paragraphs[0].paragraph_format.keep_with_next = True
    official.say(title, "w:cantSplit")
    for place, person in enumerate(team.people, 1):
        post = person.position or (text(f"seat_kind.{person.kind}") if person.kind else "")
        cells = [str(place), person.name, post, text(f"role.{person.role}"), ""]
        official.fill(table.add_row(), cells, ANNEX_WIDTHS, official.SMALL, left=(NAMES, POSTS, ROLES, NOTES))


def _roman(number: int) -> str:
    """Teams are counted in Roman numbers, their people in others; no commune has a thousand teams."""
    signs = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    written = ""
    for value, sign in signs:
        count, number = divmod(number, value)
        written += sign * count
    return written
