"""The workbook in which a commune writes its list: heads that the import knows, and the words that explain them."""

from collections.abc import Iterator

from fieldapp.domain.roster import COLUMNS
from fieldapp.i18n import text
from fieldapp.reports.spreadsheet import Book, Sheet
from models.roster_import import ImportKind


def template_of(kind: ImportKind, locale: str) -> Iterator[bytes]:
    """An empty list, and a sheet that says what belongs into each column."""
    heads = [text(f"roster.column.{column.name}", locale) for column in COLUMNS[kind]]
    explained = [
        [
            head,
            text("roster.template_needed" if column.needed else "roster.template_optional", locale),
            text(f"roster.column_means.{column.name}", locale),
        ]
        for head, column in zip(heads, COLUMNS[kind], strict=True)
    ]
    about = [text(f"roster.template_col.{name}", locale) for name in ("column", "needed", "means")]
    book = Book()
    book.begin(Sheet(text(f"roster.kind.{kind}", locale), [], heads, as_text=True))
    book.begin(Sheet(text("roster.template_how", locale), [text("roster.template_rules", locale)], about, explained))
    return book.finish()
