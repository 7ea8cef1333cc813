"""What is done to a commune's villages: opened, renamed, merged, stopped. None is ever deleted.

A village that is renamed or merged ends, and another continues it: households, cards and teams go there, visits and
counters stay where they were made. So what was reported of days before stays as it is, and everything that pointed at
the old village still does (docs/sync.md, "Villages that end").
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.search_key import fold
from fieldapp.domain.unit_change import (
    FEWEST,
    MergeForm,
    OpenForm,
    RenameForm,
    StopForm,
    day_problem,
    next_code,
    same_name,
)
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, household_numbers, village_succession
from fieldapp.services.report_decisions import STANDING
from fieldapp.services.scopes import commune_key, raise_versions, village_key
from models.base import utc_now
from models.household import Household
from models.period import Period
from models.period_report import PeriodReport
from models.unit import Division, Unit, UnitKind
from models.unit_change import ChangeKind, UnitChange
from models.visit import Visit, VisitState

UNITS, HOUSEHOLDS, VISITS = Unit.__table__, Household.__table__, Visit.__table__
PERIODS, REPORTS = Period.__table__, PeriodReport.__table__


@dataclass(frozen=True)
class Renumbered:
    village: str
    old: str
    new: str


@dataclass(frozen=True)
class MergePlan:
    """What a merge would do: `renumbered` are households whose number another one has, `waiting` visits to decide."""

    villages: Sequence[Unit]
    households: int
    renumbered: Sequence[Renumbered]
    teams: Sequence[tuple[int, str]]
    waiting: int


async def plan_merge(session: AsyncSession, who: Principal, village_ids: Iterable[int]) -> MergePlan:
    """Changes nothing. Raises as `merge`."""
    villages = await _standing(session, who, village_ids)
    if len(villages) < FEWEST:
        raise Problem("unit_two_needed", "villages")
    ids, today = [village.id or 0 for village in villages], vn_day(utc_now())
    homes, changed = await village_succession.renumbered(session, villages)
    names = {village.id: village.name for village in villages}
    lines = [Renumbered(names[homes[home].village_id], homes[home].number, number) for home, number in changed.items()]
    waits = select(func.count()).where(VISITS.c.village_id.in_(ids), VISITS.c.state == VisitState.WAITING)
    return MergePlan(
        villages,
        len(homes),
        sorted(lines, key=lambda line: (line.village, len(line.old), line.old)),
        list({row.team_id: row.name for row in await village_succession.serving(session, ids, today)}.items()),
        (await session.execute(waits)).scalar_one(),
    )


async def open_village(session: AsyncSession, who: Principal, form: OpenForm) -> Unit:
    """A village that continues none. Raises `forbidden`, `unit_name_taken`, or for its first day `unit_day_ahead`."""
    require(who, Action.MANAGE_UNIT, Place(commune_id=form.commune))
    commune = await session.get(Unit, form.commune)
    if commune is None or commune.kind != UnitKind.COMMUNE:
        raise Problem("not_found", "commune")
    _require_day(form.on, [])
    if form.on < commune.valid_from:
        raise Problem("unit_day_early", "on")
    await raise_versions(session, [commune_key(form.commune)])
    await _require_free_name(session, form.commune, form.name, [])
    codes = (await session.execute(select(UNITS.c.code).where(UNITS.c.kind == UnitKind.VILLAGE))).scalars()
    code = next_code(commune.code, codes)
    new = await _opened(session, form.commune, code, form.name, form.division, form.on, commune.is_sample)
    await _write(session, who, ChangeKind.OPEN, new, form.on, form.decision)
    return new


async def rename(session: AsyncSession, who: Principal, form: RenameForm) -> Unit:
    """The same village under another name, from a day on; gives what continues it. Raises as `merge`."""
    [old] = await _locked(session, who, [form.village], form.on)
    if old.name == form.name and old.division == form.division:
        raise Problem("unit_name_taken", "name")
    await _require_free_name(session, old.parent_id or 0, form.name, [old])
    new = await _opened(
        session, old.parent_id or 0, old.code, form.name, form.division, form.on, old.is_sample,
        old.households_declared,
    )  # fmt: skip
    teams = [row.team_id for row in await village_succession.serving(session, [form.village], form.on)]
    await village_succession.continue_in(session, [old], new, form.on, teams)
    await _write(session, who, ChangeKind.RENAME, new, form.on, form.decision, before=[old.name])
    return new


async def merge(session: AsyncSession, who: Principal, form: MergeForm) -> Unit:
    """Villages become one, from a day on; gives the new one.

    Raises `forbidden`, `unit_ended`, `unit_name_taken`, `unit_day_ahead`, `unit_day_early` (on or before the first day
    of one of them), `unit_day_reported` (one of them has reported of that day), `unit_team_missing` where teams serve
    them and none goes on.
    """
    olds = await _locked(session, who, form.villages, form.on)
    if len(olds) < FEWEST:
        raise Problem("unit_two_needed", "villages")
    commune_id = olds[0].parent_id or 0
    await _require_free_name(session, commune_id, form.name, olds)
    serving = {row.team_id for row in await village_succession.serving(session, [old.id or 0 for old in olds], form.on)}
    if not set(form.teams) <= serving:
        raise Problem("invalid", "teams")
    if serving and not form.teams:
        raise Problem("unit_team_missing", "teams")
    said = any(old.households_declared is not None for old in olds)
    numbers = await household_numbers.of_villages(session, [old.id or 0 for old in olds]) if said else {}
    new = await _opened(
        session, commune_id, olds[0].code, form.name, form.division, form.on, olds[0].is_sample,
        sum(numbers.values()) or None,
    )  # fmt: skip
    await village_succession.continue_in(session, olds, new, form.on, form.teams)
    await _write(session, who, ChangeKind.MERGE, new, form.on, form.decision, before=[old.name for old in olds])
    return new


async def stop(session: AsyncSession, who: Principal, form: StopForm) -> Unit:
    """A village is used no more, from a day on; gives it.

    Raises `unit_has_households` where some would be left in it: such a village is merged into what continues it.
    """
    [old] = await _locked(session, who, [form.village], form.on)
    here = select(func.count()).where(HOUSEHOLDS.c.village_id == old.id, HOUSEHOLDS.c.discarded_at.is_(None))
    if households := (await session.execute(here)).scalar_one():
        raise Problem("unit_has_households", "village", n=households)
    await village_succession.end(session, [old], form.on)
    await _write(session, who, ChangeKind.STOP, old, form.on, form.decision)
    return old


async def _standing(session: AsyncSession, who: Principal, village_ids: Iterable[int]) -> list[Unit]:
    """These villages, that with the most households first. Raises `not_found`, `forbidden`, `unit_ended`."""
    ids = sorted(set(village_ids))
    query = select(Unit).where(UNITS.c.id.in_(ids), UNITS.c.kind == UnitKind.VILLAGE)
    found = (await session.execute(query.execution_options(populate_existing=True))).scalars().all()
    if len(found) < len(ids):
        raise Problem("not_found", "villages")
    for village in found:
        require(who, Action.MANAGE_UNIT, Place(village.id, village.parent_id))
    if len({village.parent_id for village in found}) > 1:
        raise Problem("invalid", "villages")
    if any(village.valid_to is not None for village in found):
        raise Problem("unit_ended", "villages")
    sizes = select(HOUSEHOLDS.c.village_id, func.count()).where(HOUSEHOLDS.c.village_id.in_(ids))
    homes = {row[0]: row[1] for row in await session.execute(sizes.group_by(HOUSEHOLDS.c.village_id))}
    return sorted(found, key=lambda village: (-homes.get(village.id, 0), village.code, village.id))


async def _locked(session: AsyncSession, who: Principal, village_ids: Iterable[int], on: date) -> list[Unit]:
    """As `_standing`, behind the locks of their phones and of the commune's other changes."""
    before = await _standing(session, who, village_ids)
    keys = [commune_key(before[0].parent_id or 0), *(village_key(village.id or 0) for village in before)]
    await raise_versions(session, keys)
    villages = await _standing(session, who, (village.id or 0 for village in before))
    _require_day(on, [village.valid_from for village in villages])
    if reported := await _reported_until(session, [village.id or 0 for village in villages], on):
        raise Problem("unit_day_reported", "on", day=written_day(reported))
    return villages


async def _reported_until(session: AsyncSession, village_ids: Iterable[int], on: date) -> date | None:
    """The last day that their reports tell of, where it is not before this one: they would be nobody's any more."""
    told = REPORTS.c.unit_id.in_(list(village_ids)), REPORTS.c.state.in_([str(state) for state in STANDING])
    query = select(func.max(PERIODS.c.last_day)).join(REPORTS, REPORTS.c.period_id == PERIODS.c.id)
    query = query.where(*told, PERIODS.c.cancelled_at.is_(None), PERIODS.c.last_day >= on)
    return (await session.execute(query)).scalar_one()


def _require_day(on: date, since: Iterable[date]) -> None:
    if problem := day_problem(on, vn_day(utc_now()), since):
        raise Problem(problem, "on")


async def _require_free_name(session: AsyncSession, commune_id: int, name: str, ending: Sequence[Unit]) -> None:
    here = (UNITS.c.parent_id == commune_id, UNITS.c.key == fold(name), UNITS.c.valid_to.is_(None))
    others = select(UNITS.c.name).where(*here, UNITS.c.id.not_in([unit.id for unit in ending]))
    if any(same_name(name, other) for other in (await session.execute(others)).scalars()):
        raise Problem("unit_name_taken", "name")


async def _opened(
    session: AsyncSession, commune_id: int, code: str, name: str, division: Division, on: date, sample: bool,
    declared: int | None = None,
) -> Unit:  # fmt: skip
    new = Unit(
        code=code,
        kind=UnitKind.VILLAGE,
        division=division,
        name=name,
        key=fold(name),
        parent_id=commune_id,
        households_declared=declared,
        is_sample=sample,
        valid_from=on,
    )
    session.add(new)
    await session.flush()
    return new


async def _write(
    session: AsyncSession, who: Principal, kind: ChangeKind, unit: Unit, on: date, decision: str | None,
    before: Sequence[str] = (),
) -> None:  # fmt: skip
    assert unit.id is not None
    assert unit.parent_id is not None
    assert who.account_id is not None
    session.add(
        UnitChange(
            kind=kind,
            unit_id=unit.id,
            commune_id=unit.parent_id,
            on=on,
            decision=decision,
            by_account_id=who.account_id,
        )
    )
    await session.flush()
    detail = {"name": unit.name, "on": on.isoformat(), "decision": decision, "before": list(before)}
    await audit.write(session, [audit.event(who, f"unit.{kind}", "unit", unit.id, unit.parent_id, **detail)])
