"""One version of a report as the desk shows it: sections of lines, each number with its unit, written as people do."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.figure import value_of, written_figure
from fieldapp.domain.report_figure import Figure
from fieldapp.domain.report_form import TextPart
from fieldapp.domain.written_time import written_instant
from fieldapp.permissions import Action, Place, Principal, may
from fieldapp.services.indicators import Counted
from fieldapp.services.period_reports import get_due_day, is_late
from fieldapp.services.report_detail import ReportDetail, get_detail, late_additions
from models.indicator import IndicatorUnit, Section
from models.period_report import ReportState
from models.unit import UnitKind


@dataclass
class FigureLine:
    """`value` and the like are numbers with a dot for thousands or a share with a comma; empty where nobody knows."""

    code: str = ""
    section: str = ""
    first: bool = False
    name_vi: str = ""
    name_en: str = ""
    unit: str = ""
    value: str = ""
    waiting: int = 0
    plan: str = ""
    reached: str = ""
    year: str = ""
    previous: str = ""
    since: int = 0
    warning: str = ""
    reason: str = ""


@dataclass
class VersionLine:
    id: str = ""
    number: int = 0
    state: str = ""
    received: str = ""
    reason: str = ""


@dataclass
class TextLine:
    part: str = ""
    text: str = ""


@dataclass
class ReportView:
    """`id` is empty where no version is open. What may be done with it follows from who looks, where, and its state."""

    id: str = ""
    unit: str = ""
    level: str = ""
    number: int = 0
    state: str = ""
    by: str = ""
    received: str = ""
    decided: str = ""
    reason: str = ""
    late: bool = False
    differs: int = 0
    missing: int = 0
    missing_names: str = ""
    lines: list[FigureLine] = field(default_factory=list)
    texts: list[TextLine] = field(default_factory=list)
    versions: list[VersionLine] = field(default_factory=list)
    may_approve: bool = False
    may_return: bool = False


async def report_view(session: AsyncSession, who: Principal, report_id: UUID, now: datetime) -> ReportView:
    """Raises `forbidden`, `not_found`."""
    detail = await get_detail(session, who, report_id)
    since = await late_additions(session, detail, now)
    report, state = detail.report, ReportState(detail.report.state)
    newest = detail.versions[0].id == report.id
    odd = [one for one in report.warnings if ":" in one and not one.startswith("differs:")]
    warned = dict(one.split(":", 1)[::-1] for one in odd)
    return ReportView(
        id=str(report.id),
        unit=detail.unit.name,
        level=str(report.level),
        number=report.number,
        state=str(state),
        by=detail.by,
        received=written_instant(report.received_at),
        decided=f"{written_instant(report.decided_at)} · {detail.decided_by}" if report.decided_at else "",
        reason=report.reason,
        late=is_late(report.received_at, await get_due_day(session, report)),
        differs=sum(one.startswith("differs:") for one in report.warnings),
        missing=len(report.missing),
        missing_names=", ".join(report.missing),
        lines=_lines(detail, since, warned),
        texts=[TextLine(str(part), report.texts[part]) for part in TextPart if report.texts.get(part)],
        versions=[
            VersionLine(str(one.id), one.number, str(one.state), written_instant(one.received_at), one.reason)
            for one in detail.versions
        ],
        may_approve=newest and state is ReportState.WAITING and _decides(who, detail, True),
        may_return=newest and state in (ReportState.WAITING, ReportState.APPROVED) and _decides(who, detail, False),
    )


def _decides(who: Principal, detail: ReportDetail, approve: bool) -> bool:
    """What the page offers; the service decides (services/report_decisions.py)."""
    report, place = detail.report, Place(commune_id=detail.report.commune_id)
    if report.level == UnitKind.VILLAGE:
        return who.commune_id is not None and may(who, Action.CHECK_REPORT, place)
    if report.level == UnitKind.COMMUNE and (approve or report.state == ReportState.WAITING):
        return may(who, Action.SIGN_REPORT, place)
    return report.level == UnitKind.COMMUNE and who.commune_id is None and may(who, Action.CHECK_REPORT)


def _lines(detail: ReportDetail, since: dict[str, int], warned: dict[str, str]) -> list[FigureLine]:
    lines, section = [], None
    for one in detail.indicators:
        figure = detail.figure(one.code)
        lines.append(_line(one, figure, since.get(one.code, 0), warned.get(one.code, ""), one.section is not section))
        section = one.section
    return lines


def _line(one: Counted, figure: Figure, since: int, warning: str, first: bool) -> FigureLine:
    share = one.unit is IndicatorUnit.PERCENT
    reached = _written(figure.value, figure.plan, True) if figure.plan else ""
    return FigureLine(
        code=one.code,
        section=str(Section(one.section)),
        first=first,
        name_vi=one.name_vi,
        name_en=one.name_en,
        unit=str(one.unit),
        value=_written(figure.value, figure.over, share),
        waiting=0 if share else figure.waiting,
        plan=_written(figure.plan, None, False),
        reached=reached,
        year=_written(figure.year, figure.year_over, share),
        previous=_written(figure.previous, figure.previous_over, share),
        since=since,
        warning=warning,
        reason=figure.reason,
    )


def _written(value: int | None, over: int | None, share: bool) -> str:
    """As papers write it, a share with its sign; nothing where nobody knows."""
    if not share:
        return written_figure(value)
    said = written_figure(value_of(value, over or 0))
    return f"{said}%" if said else ""
