"""What goes on when a village is continued by another: its households, its cards, its teams."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.search_key import fold
from fieldapp.domain.unit_change import renumber
from fieldapp.services.scopes import raise_versions, village_key
from models.household import Household, HouseholdCard
from models.household_move import HouseholdMove
from models.team import Team, TeamVillage
from models.unit import Unit, UnitSuccession

HOUSEHOLDS, CARDS, MOVES = Household.__table__, HouseholdCard.__table__, HouseholdMove.__table__
SERVED, TEAMS = TeamVillage.__table__, Team.__table__


async def continue_in(session: AsyncSession, olds: Sequence[Unit], new: Unit, on: date, teams: Iterable[int]) -> None:
    """Households, cards and these teams go on in the new village; the old ones end the day before."""
    ids, new_id = [old.id or 0 for old in olds], new.id or 0
    version = (await raise_versions(session, [village_key(new_id)]))[village_key(new_id)]
    session.add_all(UnitSuccession(from_id=old_id, to_id=new_id, on=on) for old_id in ids)
    homes, changed = await renumbered(session, olds)
    stood = select(HOUSEHOLDS.c.id, literal(on, MOVES.c.on.type), HOUSEHOLDS.c.village_id, HOUSEHOLDS.c.number)
    stood = stood.where(HOUSEHOLDS.c.village_id.in_(ids))
    await session.execute(insert(MOVES).from_select(["household_id", "on", "village_id", "number"], stood))
    for table in (HOUSEHOLDS, CARDS):
        moved = {"village_id": new_id, "scope_version": version}
        await session.execute(update(table).where(table.c.village_id.in_(ids)).values(**moved))
    numbers = [
        {"home": home, "given": number, "its_key": fold(f"{number} {homes[home].head_name or ''}")}
        for home, number in changed.items()
    ]
    if numbers:
        change = update(HOUSEHOLDS).where(HOUSEHOLDS.c.id == bindparam("home"))
        change = change.values(number=bindparam("given"), key=bindparam("its_key"))
        await (await session.connection()).execute(change, numbers)
    served = [row for row in await serving(session, ids, on) if row.team_id in set(teams)]
    await end(session, olds, on)
    for team_id in sorted({row.team_id for row in served}):
        spans = [row for row in served if row.team_id == team_id]
        lasts = [row.valid_to for row in spans]
        session.add(
            TeamVillage(
                team_id=team_id,
                village_id=new_id,
                valid_from=max(on, min(row.valid_from for row in spans)),
                valid_to=None if None in lasts else max(lasts),
            )
        )
    await session.flush()


async def end(session: AsyncSession, olds: Sequence[Unit], on: date) -> None:
    last = on - timedelta(days=1)
    for old in olds:
        old.valid_to = last
    here = SERVED.c.village_id.in_([old.id for old in olds])
    open_end = or_(SERVED.c.valid_to.is_(None), SERVED.c.valid_to >= on)
    # What began since then began in the village that continues them.
    await session.execute(delete(SERVED).where(here, SERVED.c.valid_from >= on))
    await session.execute(update(SERVED).where(here, open_end).values(valid_to=last))
    await session.flush()


async def serving(session: AsyncSession, village_ids: Iterable[int], on: date) -> Sequence[Row]:
    """Which teams serve these on that day or begin to later: a row for each team, village and span, with its name."""
    goes_on = [or_(table.c.valid_to.is_(None), table.c.valid_to >= on) for table in (SERVED, TEAMS)]
    query = select(SERVED, TEAMS.c.name).join(TEAMS, TEAMS.c.id == SERVED.c.team_id)
    query = query.where(SERVED.c.village_id.in_(list(village_ids)), *goes_on)
    return (await session.execute(query.order_by(TEAMS.c.name, TEAMS.c.id))).all()


async def renumbered(session: AsyncSession, villages: Sequence[Unit]) -> tuple[dict[UUID, Row], dict[UUID, str]]:
    """The households that stand there, by id, and the new numbers of some of them."""
    ids = [village.id for village in villages]
    columns = HOUSEHOLDS.c.id, HOUSEHOLDS.c.village_id, HOUSEHOLDS.c.number, HOUSEHOLDS.c.head_name
    query = select(*columns).where(HOUSEHOLDS.c.village_id.in_(ids), HOUSEHOLDS.c.discarded_at.is_(None))
    homes = {row.id: row for row in await session.execute(query)}
    by_village: dict[int | None, dict[UUID, str]] = {village_id: {} for village_id in ids}
    for row in homes.values():
        by_village[row.village_id][row.id] = row.number
    return homes, renumber([by_village[village_id] for village_id in ids])
