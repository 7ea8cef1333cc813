"""The deadlines of reports that an officer's calendar shows: those of the own unit and of the level below it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.ical import DayEvent
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.i18n import text
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import shared_links
from fieldapp.services.officers import officer_by
from fieldapp.services.periods import PAUSES, due_days, list_periods
from fieldapp.services.report_papers import period_words
from models.period import Period
from models.shared_link import LinkKind

SHOWN = timedelta(days=400)
"""How long ago a deadline may be and still stand in the calendar."""


async def owner_of(session: AsyncSession, secret: str) -> Principal:
    """Whose calendar it is, as far as this person may see now. Raises `not_found` where it opens nothing any more."""
    row = await shared_links.find(session, LinkKind.CALENDAR, secret)
    try:
        who = await officer_by(session, row.account_id, f"calendar:{row.id}")
        require(who, Action.READ_REPORT)
    except Problem:
        raise Problem("not_found") from None
    return who


async def list_deadlines(session: AsyncSession, who: Principal, now: datetime) -> Sequence[DayEvent]:
    """A commune's as its pauses move them; the province's as they were set."""
    events: list[DayEvent] = []
    moved = await _moved(session, who.commune_id)
    for period in await list_periods(session, who.commune_id):
        if period.last_day < vn_day(now) - SHOWN:
            continue
        if who.commune_id is None:
            days = {"commune": period.commune_due_on, "province": period.province_due_on}
        else:
            village, own = (await due_days(session, period, [who.commune_id]))[who.commune_id]
            days = {"village": village, "commune": own}
        known_since = max([period.made_at, *(at for last_day, at in moved if last_day > period.last_day)])
        events += [_event(period, level, day, who.unit_id or 0, known_since) for level, day in days.items()]
    return events


async def _moved(session: AsyncSession, commune_id: int | None) -> Sequence[tuple[date, datetime]]:
    """(last day, when it was said) of all pauses of a commune; a deadline before that day may have moved with it."""
    query = select(PAUSES.c.last_day, PAUSES.c.made_at, PAUSES.c.lifted_at).where(PAUSES.c.commune_id == commune_id)
    return [(row.last_day, row.lifted_at or row.made_at) for row in await session.execute(query)]


def _event(period: Period, level: str, day: date, unit_id: int, known_since: datetime) -> DayEvent:
    origin = settings().origin
    days = f"{written_day(period.first_day)} - {written_day(period.last_day)}"
    return DayEvent(
        uid=f"period-{period.id}-{level}-{unit_id}@{urlsplit(origin).hostname}",
        day=day,
        title=text(f"reports.ical_{level}", period=period_words(period)),
        text=text("reports.ical_days", days=days),
        known_since=known_since,
        link=f"{origin}/desk/reports/?period={period.id}",
    )
