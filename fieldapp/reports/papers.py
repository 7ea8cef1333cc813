"""An official paper as a file: for Word, for print, for a spreadsheet, for another program. Slow enough for a thread.

The same paper and template are the same bytes.
"""

from enum import StrEnum

from fieldapp.domain.paper_form import ReportPaper, TablePaper
from fieldapp.reports.paper_csv import paper_csv
from fieldapp.reports.paper_docx import paper_docx
from fieldapp.reports.paper_pdf import paper_pdf
from fieldapp.reports.paper_xlsx import paper_xlsx


class FileKind(StrEnum):
    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


def render(paper: ReportPaper | TablePaper, kind: FileKind, template: bytes | None = None) -> bytes:
    """A template that somebody brought counts for Word alone. Raises the `template_*` Problems for that one."""
    match kind:
        case FileKind.DOCX:
            return paper_docx(paper, template)
        case FileKind.PDF:
            return paper_pdf(paper)
        case FileKind.XLSX:
            return paper_xlsx(paper)
        case FileKind.CSV:
            return paper_csv(paper)
