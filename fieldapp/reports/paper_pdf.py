"""A paper as a PDF with its own fonts; how it looks stands in `templates/report.typ` and `templates/list.typ`."""

from fieldapp.domain.paper_form import ReportPaper, TablePaper
from fieldapp.domain.vn_time import VIETNAM
from fieldapp.i18n import text
from fieldapp.reports.card_sheet import printed
from fieldapp.reports.paper_sheet import list_sheet, report_sheet


def paper_pdf(paper: ReportPaper | TablePaper) -> bytes:
    report = isinstance(paper, ReportPaper)
    sheet = report_sheet(paper) if report else list_sheet(paper)
    local = paper.made_at.astimezone(VIETNAM)
    sheet |= {
        "product": text("app.name"),
        "about": f"{text('draft.made_by')}. {sheet['mark']}",
        "made": [local.year, local.month, local.day],
    }
    return printed("report.typ" if report else "list.typ", sheet)
