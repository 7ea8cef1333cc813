"""Teams as the commune forms them: founded, named, given villages, ended; and why one stands as it is.

Phones need no word of it: whose villages are whose is looked up at every pull. Seats are in `seats.py`.
"""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.composition import ShortfallKind
from fieldapp.domain.search_key import fold, nfc
from fieldapp.domain.team_form import ReasonForm, TeamForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from models.base import utc_now
from models.team import CompositionReason, Seat, Team, TeamLevel, TeamVillage
from models.unit import Unit, UnitKind

TEAMS, SEATS, SERVED, UNITS = Team.__table__, Seat.__table__, TeamVillage.__table__, Unit.__table__
REASONS = CompositionReason.__table__
EARLIEST, LONGEST_AHEAD = date(2015, 1, 1), timedelta(days=366)
"""Between them lies every day that somebody types here: beyond is a wrong year."""


async def found(session: AsyncSession, who: Principal, form: TeamForm) -> Team:
    """A new team of the officer's commune. Raises `forbidden`, `name_missing`, `villages_missing`, `day_wrong`."""
    require(who, Action.MANAGE_TEAM, Place(commune_id=who.commune_id))
    name, commune_id = _named(form.name), who.commune_id or 0
    check_day(form.first)
    villages = await _villages(session, commune_id, form)
    team = Team(level=form.level, name=name, key=fold(name), commune_id=commune_id, valid_from=form.first)
    team.changed_at = utc_now()
    session.add(team)
    await session.flush()
    served = [TeamVillage(team_id=team.id or 0, village_id=v, valid_from=form.first) for v in sorted(villages)]
    session.add_all(served)
    await session.flush()
    await _note(session, who, "team.found", team, name=name, villages=sorted(villages), first=form.first.isoformat())
    return team


async def found_missing(
    session: AsyncSession, who: Principal, first: date, name_of: Callable[[str], str]
) -> list[Team]:
    """A team for each village of the commune that no team serves on that day, named after it. Raises as `found`."""
    require(who, Action.MANAGE_TEAM, Place(commune_id=who.commune_id))
    on = (UNITS.c.valid_from <= first, or_(UNITS.c.valid_to.is_(None), UNITS.c.valid_to >= first))
    served = select(SERVED.c.village_id).where(or_(SERVED.c.valid_to.is_(None), SERVED.c.valid_to >= first))
    query = select(UNITS.c.id, UNITS.c.name).where(UNITS.c.parent_id == who.commune_id, *on, UNITS.c.id.not_in(served))
    missing = (await session.execute(query.order_by(UNITS.c.code, UNITS.c.id))).all()
    forms = [TeamForm(name=name_of(name), villages=frozenset({village}), first=first) for village, name in missing]
    return [await found(session, who, form) for form in forms]


async def change(session: AsyncSession, who: Principal, team_id: int, form: TeamForm) -> None:
    """Another name, other villages from `first` on; its level stays. Raises as `found`, and `not_found`."""
    team = await get_own(session, who, team_id)
    team.name = _named(form.name)
    team.key = fold(team.name)
    if team.level == TeamLevel.VILLAGE:
        check_day(form.first, team.valid_from)
        villages = await _villages(session, team.commune_id, form)
        await _serve(session, team, villages, form.first)
        told: dict[str, Any] = {"villages": sorted(villages), "first": form.first.isoformat()}
    else:
        told = {}
    await touch(session, team)
    await _note(session, who, "team.change", team, name=team.name, **told)


async def end(session: AsyncSession, who: Principal, team_id: int, last: date) -> int:
    """Ends a team and all of its seats with this day; gives how many people's seats ended. Raises `day_wrong`.

    Where it was to end sooner, what was to end with it goes on to this day.
    """
    team = await get_own(session, who, team_id)
    check_day(last, team.valid_from)
    if team.valid_to is not None and last > team.valid_to:
        for table in (SEATS, SERVED):
            with_it = table.c.team_id == team_id, table.c.valid_to == team.valid_to
            await session.execute(update(table).where(*with_it).values(valid_to=last))
    team.valid_to = last
    seats = await end_seats(session, SEATS.c.team_id == team_id, last)
    still = (SERVED.c.team_id == team_id, or_(SERVED.c.valid_to.is_(None), SERVED.c.valid_to > last))
    await session.execute(delete(SERVED).where(*still, SERVED.c.valid_from > last))
    await session.execute(update(SERVED).where(*still).values(valid_to=last))
    await touch(session, team)
    await _note(session, who, "team.end", team, last=last.isoformat(), seats=seats)
    return seats


async def give_reason(session: AsyncSession, who: Principal, form: ReasonForm) -> None:
    """Silences a warning of a team by the officer's reason; another one takes the place of what stood."""
    await silence(session, who, await get_own(session, who, form.team), [form.shortfall], form.reason)


async def silence(
    session: AsyncSession, who: Principal, team: Team, shortfalls: Collection[ShortfallKind], reason: str
) -> None:
    """As `give_reason`, for a team that was looked up already and several warnings at once. Raises `reason_missing`."""
    if not reason.strip():
        raise Problem("reason_missing", "reason")
    await _take_back(session, team.id or 0, shortfalls)
    by = who.account_id or 0
    for kind in shortfalls:
        row = CompositionReason(team_id=team.id or 0, shortfall=kind, reason=reason.strip(), given_by_id=by)
        session.add(row)
        await _note(session, who, "team.reason", team, shortfall=kind, reason=row.reason)
    await session.flush()


async def take_reason_back(session: AsyncSession, who: Principal, team_id: int, shortfall: ShortfallKind) -> None:
    """The warning is heard again."""
    team = await get_own(session, who, team_id)
    await _take_back(session, team_id, [shortfall])
    await _note(session, who, "team.reason_taken_back", team, shortfall=shortfall)


async def get_own(session: AsyncSession, who: Principal, team_id: int) -> Team:
    """A team that this person may change, locked, not over. Raises `not_found`, `forbidden`, `team_ended`."""
    team = await session.get(Team, team_id, with_for_update=True)
    if team is None:
        raise Problem("not_found")
    require(who, Action.MANAGE_TEAM, Place(commune_id=team.commune_id))
    if team.valid_to is not None and team.valid_to < vn_day(utc_now()):
        raise Problem("team_ended")
    return team


async def touch(session: AsyncSession, team: Team) -> None:
    """Marks that the commune changed it just now."""
    team.changed_at = utc_now()
    await session.flush()


async def end_seats(session: AsyncSession, which: Any, last: date) -> int:
    """Ends seats that go beyond a day, those handed over with them; one that would begin later never was."""
    own = SEATS.c.delegated_by_id.is_(None)
    goes_on = (which, or_(SEATS.c.valid_to.is_(None), SEATS.c.valid_to > last))
    ended = (await session.execute(select(func.count()).select_from(SEATS).where(*goes_on, own))).scalar_one()
    await session.execute(delete(SEATS).where(*goes_on, SEATS.c.valid_from > last))
    await session.execute(update(SEATS).where(*goes_on).values(valid_to=last))
    return ended


def check_day(day: date, since: date | None = None) -> None:
    """Raises `day_wrong` for a day before the one since when a thing is, or more than a year ahead."""
    if not (since or EARLIEST) <= day <= vn_day(utc_now()) + LONGEST_AHEAD:
        raise Problem("day_wrong")


def _named(name: str) -> str:
    if not (clean := nfc(name)):
        raise Problem("name_missing", "name")
    return clean


async def _villages(session: AsyncSession, commune_id: int, form: TeamForm) -> frozenset[int]:
    """The villages of a form, all of this commune and there on that day. Raises `villages_missing`, `forbidden`."""
    if form.level == TeamLevel.COMMUNE:
        return frozenset()
    if not form.villages:
        raise Problem("villages_missing", "villages")
    there = or_(UNITS.c.valid_to.is_(None), UNITS.c.valid_to >= form.first)
    query = select(UNITS.c.id).where(UNITS.c.id.in_(form.villages), UNITS.c.kind == UnitKind.VILLAGE, there)
    query = query.where(UNITS.c.parent_id == commune_id)
    if set((await session.execute(query)).scalars()) != form.villages:
        raise Problem("forbidden")
    return form.villages


async def _serve(session: AsyncSession, team: Team, villages: frozenset[int], first: date) -> None:
    """From this day on these villages and no others, whatever was planned; what was served before stays on record."""
    its = SERVED.c.team_id == team.id
    await session.execute(delete(SERVED).where(its, SERVED.c.valid_from > first))
    there = (its, or_(SERVED.c.valid_to.is_(None), SERVED.c.valid_to >= first))
    serving = set((await session.execute(select(SERVED.c.village_id).where(*there))).scalars())
    left = (*there, SERVED.c.village_id.in_(serving - villages))
    await session.execute(delete(SERVED).where(*left, SERVED.c.valid_from == first))
    await session.execute(update(SERVED).where(*left).values(valid_to=first - timedelta(days=1)))
    stays = (*there, SERVED.c.village_id.in_(villages))
    await session.execute(update(SERVED).where(*stays).values(valid_to=team.valid_to))
    for village_id in sorted(villages - serving):
        row = TeamVillage(team_id=team.id or 0, village_id=village_id, valid_from=first, valid_to=team.valid_to)
        session.add(row)
    await session.flush()


async def _take_back(session: AsyncSession, team_id: int, shortfalls: Collection[ShortfallKind]) -> None:
    stands = (REASONS.c.team_id == team_id, REASONS.c.taken_back_at.is_(None), REASONS.c.shortfall.in_(shortfalls))
    await session.execute(update(REASONS).where(*stands).values(taken_back_at=utc_now()))


async def _note(session: AsyncSession, who: Principal, action: str, team: Team, **detail: Any) -> None:
    await audit.write(session, [audit.event(who, action, "team", team.id, team.commune_id, **detail)])
