"""What stands on the paper of a report: its locked numbers as lines, the units below as an annex, its words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.figure import Value, value_of
from fieldapp.domain.paper_form import (
    ByUnit,
    FigureLine,
    FigureSection,
    PaperKind,
    ReportPaper,
    TaskLine,
    Telling,
    UnitRow,
)
from fieldapp.domain.paper_issuer import issuer_of, receivers_of, signers_of, small, team_issuer, team_signers
from fieldapp.domain.report_figure import Figure, without_halves
from fieldapp.domain.report_form import TextPart
from fieldapp.domain.reporting_period import counted_in
from fieldapp.i18n import text
from fieldapp.permissions import Principal
from fieldapp.services.indicators import Counted
from fieldapp.services.report_detail import Part, ReportDetail, list_parts
from fieldapp.services.samples import is_sample
from models.indicator import IndicatorUnit, Section
from models.period import MonthStyle, Period, ReportKind
from models.unit import UnitKind

KINDS = {
    UnitKind.VILLAGE: PaperKind.VILLAGE_REPORT,
    UnitKind.COMMUNE: PaperKind.COMMUNE_REPORT,
    UnitKind.PROVINCE: PaperKind.PROVINCE_REPORT,
}


async def report_paper(session: AsyncSession, who: Principal, detail: ReportDetail, at: datetime) -> ReportPaper:
    """The paper of this version: whoever takes it and when are all that is not of the version itself."""
    report, unit = detail.report, detail.unit
    level = UnitKind(report.level)
    of_village = level is UnitKind.VILLAGE
    above = detail.above.name if detail.above else ""
    parts = await list_parts(session, report)
    return ReportPaper(
        kind=KINDS[level],
        issuer=team_issuer(above, unit.name) if of_village else issuer_of(unit),
        subject=text("official.subject_report", place=small(unit.name), period=small(period_words(detail.period))),
        period=period_words(detail.period),
        days=DayRange(detail.period.first_day, detail.period.last_day),
        as_of=report.received_at,
        sections=sections(detail.indicators, detail.figures),
        signers=team_signers() if of_village else signers_of(unit, with_preparer=False),
        exporter=who.name,
        made_at=at,
        telling=_telling(report.texts),
        tasks=[TaskLine(row["text"], text(f"task.state.{row['state']}"), row["note"]) for row in report.tasks],
        by_unit=None if of_village else by_unit(detail, parts),
        missing=list(report.missing),
        missing_unit=text("official.missing_commune" if level is UnitKind.PROVINCE else "official.missing_village"),
        receivers=[] if of_village else receivers_of(unit),
        version=report.number,
        sample=await is_sample(session),
    )


def paper_name(level: UnitKind, code: str, last_day: date, number: int) -> str:
    """`b2-21484-20260814-v1`: which paper, of which unit, up to which day, which version."""
    return f"{KINDS[level]}-{code}-{last_day:%Y%m%d}-v{number}"


def period_words(period: Period) -> str:
    """`Tháng 8 năm 2026`; of one that was asked for its title."""
    kind = ReportKind(period.kind)
    if kind in (ReportKind.AD_HOC, ReportKind.THEMATIC):
        return period.title
    month = counted_in(MonthStyle(period.month_style), period.last_day)
    half = 1 if month.month <= 6 else 2
    days = f"{period.first_day:%d/%m/%Y} - {period.last_day:%d/%m/%Y}"
    said = {"n": month.month, "quarter": (month.month + 2) // 3, "year": month.year, "days": days}
    return text(f"official.period_{kind}{f'_{half}' if kind is ReportKind.HALF_YEAR else ''}", **said)


def sections(indicators: Sequence[Counted], figures: Sequence[Figure]) -> Sequence[FigureSection]:
    """In the order of the papers; those of which nothing is asked are left out."""
    by_code = {figure.code: figure for figure in figures}
    found = []
    for section in Section:
        lines = [_line(one, by_code.get(one.code, Figure(one.code))) for one in indicators if one.section is section]
        if lines:
            number, title = text(f"reports.section.{section}").split(". ", 1)
            found.append(FigureSection(number, title, lines))
    return found


def _line(one: Counted, given: Figure) -> FigureLine:
    share = one.unit is IndicatorUnit.PERCENT
    given = without_halves(given) if share else given
    return FigureLine(
        code=one.code,
        name=one.name_vi,
        unit=text(f"reports.unit.{one.unit}"),
        value=given.value,
        plan=given.plan,
        over=given.over if share else None,
        waiting=0 if share else given.waiting,
        year=given.year,
        year_over=given.year_over if share else None,
        previous=given.previous,
        previous_over=given.previous_over if share else None,
        note=given.reason,
        short=one.short_vi,
    )


def _telling(texts: Mapping[str, str]) -> Telling:
    said = {str(part): [line for line in texts.get(part, "").splitlines() if line.strip()] for part in TextPart}
    return Telling(**said)


def by_unit(detail: ReportDetail, parts: Sequence[Part]) -> ByUnit:
    """A row a unit below; what the sum has besides is the commune's own team's, and has a row of its own."""
    lines = [line for section in sections(detail.indicators, detail.figures) for line in section.lines]
    shares = {one.code for one in detail.indicators if one.unit is IndicatorUnit.PERCENT}
    rows = [UnitRow(part.name, text("official.state_approved"), _cells(lines, shares, part.figures)) for part in parts]
    own = _besides(detail.figures, parts)
    if own:
        rows.append(UnitRow(text("official.own_team"), "", _cells(lines, shares, own)))
    rows += [UnitRow(name, text("official.state_missing"), [None] * len(lines)) for name in detail.report.missing]
    of_province = detail.report.level == UnitKind.PROVINCE
    head = text("official.of_commune" if of_province else "official.of_village")
    title = text("official.annex_units", place=small(detail.unit.name), period=small(period_words(detail.period)))
    return ByUnit(title, head, lines, rows)


def _cells(lines: Sequence[FigureLine], shares: Collection[str], figures: Sequence[Figure]) -> Sequence[Value]:
    by_code = {one.code: without_halves(one) if one.code in shares else one for one in figures}
    given = [by_code.get(line.code, Figure(line.code)) for line in lines]
    return [value_of(one.value, one.over if one.code in shares else None) for one in given]


def _besides(total: Sequence[Figure], parts: Sequence[Part]) -> Sequence[Figure]:
    found = []
    for one in total:
        known = [f.value for part in parts for f in part.figures if f.code == one.code and f.value is not None]
        if one.value is not None and one.over is None and one.value != sum(known):
            found.append(replace(Figure(one.code), value=one.value - sum(known)))
    return found
