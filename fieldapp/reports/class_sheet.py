"""Who came to a training class, as a table to print, to sign and to make certificates from."""

from collections.abc import Sequence

from fieldapp.domain.written_time import written_day
from fieldapp.i18n import text
from fieldapp.reports.class_list import Attendee, ClassRow
from fieldapp.reports.export_sheets import Mark
from fieldapp.reports.spreadsheet import Sheet

COLUMNS = ("number", "name", "role", "position", "team", "commune")


def class_sheet(mark: Mark, row: ClassRow, people: Sequence[Attendee]) -> Sheet:
    """A line a person, numbered; above them what was taught, when, where and by whom."""
    when = text("classes.line_when", mark.locale, day=written_day(row.held_on), place=row.place or "–")
    by = text("classes.line_who", mark.locale, organiser=row.organiser or "–", trainer=row.trainer or "–")
    above = [*mark.lines("classes.sheet_title", row.topic), when, by]
    rows = [
        [number, one.name, text(f"role.{one.role}", mark.locale), one.position, one.team, one.commune]
        for number, one in enumerate(people, 1)
    ]
    heads = [text(f"classes.col_{name}", mark.locale) for name in COLUMNS]
    return Sheet(text("classes.sheet", mark.locale), above, heads, rows)
