"""Tries a template that somebody brought, in a process of its own: `python -m fieldapp.reports.paper_trial b2 < file`.

A file made to be slow or to fill the memory ends that process alone. It prints what is wrong, or nothing.
"""

import json
import resource
import sys
import time
from datetime import UTC, datetime

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.docx_file import MAX_TEMPLATE_BYTES
from fieldapp.domain.paper_form import (
    REPORTS,
    ByUnit,
    FigureLine,
    FigureSection,
    Form,
    Issuer,
    PaperColumn,
    PaperKind,
    PaperTable,
    ReportPaper,
    Signer,
    TablePaper,
    TaskLine,
    Telling,
    UnitRow,
)
from fieldapp.problems import Problem
from fieldapp.reports.paper_docx import paper_docx

MAX_SECONDS, MAX_MEMORY = 30, 2_000_000_000
SLOW = 3.0
"""Seconds of a core: the default templates take a twentieth of one."""

AT = datetime(2026, 1, 31, 10, tzinfo=UTC)
ISSUER, SIGNERS = Issuer(["A"], ["B"], "B", "C", "BC"), [Signer(["D"]), Signer(["E"])]
UNITS = 50


def example(kind: PaperKind) -> ReportPaper | TablePaper:
    """A paper with something of everything, as long as papers become."""
    if kind not in REPORTS:
        columns = [PaperColumn("F"), PaperColumn("G", Form.NUMBER, summed=True)]
        table = PaperTable(columns, [("H", number) for number in range(UNITS)])
        return TablePaper(kind, ISSUER, "I", "J", AT, table, SIGNERS, "K", AT, ["L"], ["M"], sample=True)
    lines = [FigureLine(f"{number:02}", "N", "O", number, plan=number, waiting=1) for number in range(1, 31)]
    rows = [UnitRow("P", "Q", list(range(len(lines)))) for _ in range(UNITS)]
    days = DayRange(AT.date().replace(day=1), AT.date())
    return ReportPaper(
        kind, ISSUER, "R", "S", days, AT, [FigureSection("I", "T", lines)], SIGNERS, "U", AT,
        Telling(["V"], ["V"], ["V"], ["V"]), [TaskLine("W", "X")], ByUnit("Y", "Z", lines, rows), ["P"], "z", ["L"], 2,
        sample=True,
    )  # fmt: skip


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    content, began = sys.stdin.buffer.read(MAX_TEMPLATE_BYTES + 1), time.process_time()
    try:
        paper_docx(example(PaperKind(sys.argv[1])), content)
        wrong = {} if time.process_time() - began < SLOW else {"code": "template_broken"}
    except Problem as problem:
        wrong = {"code": problem.code, "params": problem.params}
    except Exception:
        # Hostile files are answered with errors of every kind.
        wrong = {"code": "template_broken"}
    sys.stdout.write(json.dumps(wrong))


if __name__ == "__main__":
    main()
