"""What becomes of reports: a commune decides on its villages' and signs its own, the province sends one back."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.period_reports import REPORTS, SERVED, find_newest
from fieldapp.services.scopes import raise_versions, team_key
from models.period_report import PeriodReport, ReportState
from models.unit import UnitKind

MAX_DECIDED = 200
MAX_REASON = 300
STANDING = (ReportState.WAITING, ReportState.APPROVED)


async def decide(
    session: AsyncSession, who: Principal, ids: Iterable[UUID], approve: bool, reason: str, now: datetime
) -> int:
    """Approves reports or sends them back with a reason; gives the number of those that changed.

    A commune's officer decides on villages' reports, its leader signs the commune's own, and the province sends a
    signed one back. Raises `forbidden`, `not_found`, `reason_missing`, `decided_already` for one that gave way, and
    `part_returned` where one of the reports that it adds up was sent back since.
    """
    chosen = list(dict.fromkeys(ids))
    if not chosen or len(chosen) > MAX_DECIDED:
        raise Problem("nothing_chosen")
    if not approve and not reason.strip():
        raise Problem("reason_missing", "reason")
    query = select(PeriodReport).where(REPORTS.c.id.in_(chosen)).order_by(REPORTS.c.id).with_for_update()
    rows = (await session.execute(query)).scalars().all()
    if len(rows) < len(chosen):
        raise Problem("not_found")
    changed = [row for row in rows if await _decide(session, who, row, approve, reason.strip(), now)]
    await _tell(session, [row.unit_id for row in changed if row.level == UnitKind.VILLAGE])
    word = "report.approve" if approve else "report.return"
    told = {} if approve else {"reason": reason.strip()}
    events = [
        audit.event(who, word, "period_report", row.id, row.unit_id, number=row.number, **told) for row in changed
    ]
    await audit.write(session, events)
    return len(changed)


async def _decide(
    session: AsyncSession, who: Principal, row: PeriodReport, approve: bool, reason: str, now: datetime
) -> bool:
    require_decider(who, row, approve)
    if row.state not in STANDING:
        raise Problem("decided_already")
    if approve and row.state == ReportState.APPROVED:
        return False
    newest = await find_newest(session, row.period_id, row.unit_id)
    if newest is not None and newest.number > row.number:
        raise Problem("decided_already")
    if approve:
        await _require_parts(session, row)
        await replace_earlier(session, row, now)
    row.state = ReportState.APPROVED if approve else ReportState.RETURNED
    row.decided_at, row.decided_by_id, row.reason = now, who.account_id, reason
    await session.flush()
    return True


async def _require_parts(session: AsyncSession, row: PeriodReport) -> None:
    """Later versions of parts may come; one that was sent back is wrong. Raises `part_returned`."""
    parts = [UUID(part) for part in row.parts]
    returned = REPORTS.c.id.in_(parts), REPORTS.c.state == ReportState.RETURNED
    if parts and (await session.execute(select(REPORTS.c.id).where(*returned).limit(1))).first():
        raise Problem("part_returned")


def require_decider(who: Principal, row: PeriodReport, approve: bool) -> None:
    """Who may decide this. Raises `forbidden`."""
    place = Place(commune_id=row.commune_id)
    if row.level == UnitKind.VILLAGE:
        require(who, Action.CHECK_REPORT, place)
        if who.commune_id is None:
            raise Problem("forbidden")
    elif row.level == UnitKind.COMMUNE and (approve or row.state == ReportState.WAITING):
        require(who, Action.SIGN_REPORT, place)
    elif row.level == UnitKind.COMMUNE:
        require(who, Action.CHECK_REPORT)
        if who.commune_id is not None:
            raise Problem("forbidden")
    else:
        require(who, Action.CONSOLIDATE_REPORT)
        if who.commune_id is not None:
            raise Problem("forbidden")


async def replace_earlier(session: AsyncSession, row: PeriodReport, now: datetime) -> None:
    same = REPORTS.c.period_id == row.period_id, REPORTS.c.unit_id == row.unit_id, REPORTS.c.number < row.number
    query = select(PeriodReport).where(*same, REPORTS.c.state.in_([str(state) for state in STANDING]))
    for earlier in (await session.execute(query)).scalars():
        earlier.state, earlier.replaced_at = ReportState.REPLACED, now


async def _tell(session: AsyncSession, village_ids: Iterable[int]) -> None:
    """The phones of the teams that serve or served these villages learn of it with their next pull."""
    query = select(SERVED.c.team_id).where(SERVED.c.village_id.in_(list(village_ids))).distinct()
    await raise_versions(session, [team_key(team) for team in (await session.execute(query)).scalars()])
