"""The audit as a table for a spreadsheet: a deed a row, in the words of the screen."""

from fieldapp.i18n import catalogue, text
from fieldapp.reports.audit_list import AuditRow, Detail
from fieldapp.reports.export_sheets import Mark
from fieldapp.reports.spreadsheet import Row, Sheet

COLUMNS = ("at", "by", "username", "role", "deed", "subject", "unit", "details", "network")


def audit_sheet(mark: Mark, about: str) -> Sheet:
    """Without its rows, which come in parts."""
    heads = [text(f"audit.col_{name}", mark.locale) for name in COLUMNS]
    return Sheet(text("desk.audit", mark.locale), mark.lines("desk.audit", about), heads)


def audit_cells(row: AuditRow, locale: str) -> Row:
    about = text(f"audit.about.{row.about}", locale)
    return (
        row.at,
        row.by or text("audit.nobody", locale),
        row.username,
        text(f"role.{row.role}", locale) if row.role else "",
        text(f"event.{row.deed}", locale),
        f"{about}: {row.subject}" if row.subject else about,
        row.unit,
        "; ".join(_told(detail, locale) for detail in row.details),
        row.network,
    )


def _told(detail: Detail, locale: str) -> str:
    name = text(f"audit.detail.{detail.name}", locale)
    value = _word(detail.words, detail.value, locale)
    before = f"{_word(detail.words, detail.before, locale)} → " if detail.before else ""
    return f"{name}: {before}{value}"


def _word(words: str, code: str, locale: str) -> str:
    """A code that the catalogue does not know is told as it is."""
    if not code:
        return text("audit.empty", locale)
    return catalogue(locale).get(f"{words}.{code}", code) if words else code
