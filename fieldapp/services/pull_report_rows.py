"""The lists of a pull that tell whoever leads which reports are due, how their numbers stand, and what became of them.

Given whole: a village has few periods at a time. Numbers are those of approved visits at the moment of the pull.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.indicator import Fact, ShareFormula, VisitFormula
from fieldapp.domain.report_figure import Figure, differences, read_figures
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal, may
from fieldapp.services.indicators import Counted, list_indicators
from fieldapp.services.members import list_postings
from fieldapp.services.period_reports import OF_HOUSEHOLDS, REPORTS, manual_before
from fieldapp.services.periods import due_days, followed_since, is_followed, list_periods
from fieldapp.services.report_drafts import drafts
from fieldapp.services.report_facts import visit_facts
from fieldapp.services.report_ground import spans_of
from fieldapp.services.report_reminders import owing
from fieldapp.services.report_units import ReportingVillage, reporting_villages
from models.base import utc_now
from models.member import Member
from models.period import Period
from models.period_report import ReportState

MEMBERS = Member.__table__
MOST_ENDED, MOST_RUNNING = 6, 3
"""So many periods are told of at a time: of those that are over the last ones and all that are owed, of those that run
the first to end.
"""


async def lists(session: AsyncSession, who: Principal) -> dict[str, Any]:
    """Nothing for those who lead nowhere; their phones need not know."""
    if not who.led_village_ids or who.commune_id is None or not may(who, Action.READ_REPORT):
        return {}
    now = utc_now()
    reports: list[dict[str, Any]] = []
    named: dict[str, dict[str, Any]] = {}
    told = await _told(session, who, vn_day(now))
    known = await _facts(session, who, told)
    for period in told:
        indicators = await list_indicators(session, period.last_day, period.indicators)
        named |= {one.code: _indicator_row(place, one) for place, one in enumerate(indicators)}
        reports += await _reports(session, who, period, indicators, now, known)
    return {"reports": reports, "indicators": list(named.values())}


async def _told(session: AsyncSession, who: Principal, today: date) -> Sequence[Period]:
    """Newest first, as they come. None that runs takes the place of one that is due, nor does one that is answered."""
    since = await followed_since(session, today, who.commune_id)
    followed = [one for one in await list_periods(session, who.commune_id) if is_followed(one, since)]
    running = [one for one in followed if one.last_day >= today][-MOST_RUNNING:]
    ended = [one for one in followed if one.last_day < today]
    if len(ended) > MOST_ENDED:
        owed = [one for one in ended if await _owes(session, who, one)]
        rest = [one for one in ended if one not in owed][: max(0, MOST_ENDED - len(owed))]
        ended = [one for one in ended if one in owed or one in rest]
    return [*running, *ended]


async def _owes(session: AsyncSession, who: Principal, period: Period) -> bool:
    owed = await owing(session, period, who.commune_id or 0)
    return any(not told.isdisjoint(who.led_village_ids) for _, told in owed)


async def _facts(session: AsyncSession, who: Principal, periods: Sequence[Period]) -> Sequence[Fact]:
    """What was done in the led villages over all days that these periods ask of, read once."""
    spans = [spans_of(period).all for period in periods]
    if not spans:
        return []
    villages: set[int] = set()
    for period in periods:
        days = DayRange(period.first_day, period.last_day)
        reporting = await reporting_villages(session, who.commune_id or 0, days)
        villages |= {own for one in reporting if one.id in _told_by(who) for own in one.villages}
    whole = DayRange(min(span.first for span in spans), max(span.last for span in spans))
    return await visit_facts(session, villages, whole) if villages else []


async def _reports(
    session: AsyncSession,
    who: Principal,
    period: Period,
    indicators: Sequence[Counted],
    now: datetime,
    known: Sequence[Fact],
) -> list[dict[str, Any]]:
    commune_id = who.commune_id or 0
    villages = await reporting_villages(session, commune_id, DayRange(period.first_day, period.last_day))
    led = [village for village in villages if village.id in _told_by(who)]
    if not led:
        return []
    ids = [village.id for village in led]
    found = await drafts(session, period, indicators, commune_id, villages, now, ids, known)
    due_on = (await due_days(session, period, [commune_id]))[commune_id][0]
    versions = await _versions(session, period.id or 0, ids)
    teams = await _teams(session, who, now)
    rows = []
    for village in led:
        before = await manual_before(session, period, village, indicators)
        figures = [
            _said_before(before[one.code], one) if one.code in before else figure.to_row()
            for one, figure in zip(indicators, found[village.id], strict=True)
        ]
        here = {"figures": figures, "team": teams.get(who.continues.get(village.id, village.id), 0)}
        rows.append(_period_row(who, period, village, due_on, now) | here | _version(versions, village))
        if rows[-1].get("locked"):
            locked = read_figures(rows[-1]["locked"])
            rows[-1]["since"] = differences(locked, found[village.id])
    return rows


def _told_by(who: Principal) -> frozenset[int]:
    """The villages that one leads, and ended ones that one of them continues."""
    ended = {old for old, new in who.continues.items() if new in who.led_village_ids}
    return who.led_village_ids | ended


async def _teams(session: AsyncSession, who: Principal, now: datetime) -> dict[int, int]:
    """By village the team in whose name one may submit: the first that one leads there by office."""
    day = vn_day(now)
    mine = [one for one in await list_postings(session, [who.member_id or 0]) if one.continued_by is None]
    led = [one for one in mine if one.leads and not one.delegated and one.covers(day)]
    return {one.village_id: one.team_id for one in sorted(led, key=lambda one: -one.team_id)}


def _said_before(figure: Figure, one: Counted) -> dict[str, Any]:
    """Of a manual number only what was said before is known. A stock's year is what is said now."""
    said = {"code": one.code, "year": None if one.stock else figure.year, "previous": figure.value}
    return {name: value for name, value in said.items() if value is not None}


def _period_row(
    who: Principal, period: Period, village: ReportingVillage, due_on: date, now: datetime
) -> dict[str, Any]:
    return {
        "id": f"{period.id}:{village.id}",
        "period": period.id,
        "village": who.continues.get(village.id, village.id),
        "name": village.name,
        "kind": period.kind,
        "first": period.first_day.isoformat(),
        "last": period.last_day.isoformat(),
        "style": period.month_style,
        "title": period.title,
        "due": due_on.isoformat(),
        "households": village.households,
        "carried": (vn_day(now) - timedelta(days=settings().pull_days)).isoformat(),
        "as_of": int(now.timestamp() * 1000),
    }


async def _versions(session: AsyncSession, period_id: int, village_ids: Sequence[int]) -> dict[int, Any]:
    """The newest version of each village, with who submitted it."""
    query = (
        select(REPORTS, MEMBERS.c.full_name)
        .outerjoin(MEMBERS, MEMBERS.c.id == REPORTS.c.submitted_by_member_id)
        .where(REPORTS.c.period_id == period_id, REPORTS.c.unit_id.in_(list(village_ids)))
        .order_by(REPORTS.c.number)
    )
    return {row.unit_id: row for row in await session.execute(query)}


def _version(versions: dict[int, Any], village: ReportingVillage) -> dict[str, Any]:
    row = versions.get(village.id)
    if row is None:
        return {"state": "", "number": 0}
    return {
        "state": row.state,
        "number": row.number,
        "by": row.full_name or "",
        "received": int(row.received_at.timestamp() * 1000),
        "reason": row.reason if row.state == ReportState.RETURNED else "",
        "texts": row.texts,
        "locked": row.figures,
    }


def _indicator_row(place: int, one: Counted) -> dict[str, Any]:
    """What a phone shows of an indicator, and which visits its number comes from."""
    formula = one.formula.part if isinstance(one.formula, ShareFormula) else one.formula
    row: dict[str, Any] = {
        "code": one.code,
        "place": place,
        "section": one.section,
        "vi": one.name_vi,
        "en": one.name_en,
        "unit": one.unit,
        "manual": one.is_manual,
        "households": one.unit in OF_HOUSEHOLDS,
    }
    if isinstance(formula, VisitFormula):
        given = formula.model_dump(mode="json", exclude={"of"}, exclude_defaults=True)
        row["visits"] = {name: sorted(values) for name, values in given.items()}
    return row
