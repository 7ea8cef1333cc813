"""The roster kept by hand: an officer adds and changes households, and says who moved away, came back, or is one."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.config import settings
from fieldapp.domain.household_form import ChangedHousehold, MergedHousehold, MovedHousehold, NewHousehold
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, cards, counters, household_confirmations, households
from fieldapp.services.households import HOUSEHOLDS, TOMBSTONES
from fieldapp.services.scopes import raise_villages
from models.base import utc_now
from models.household import Household
from models.unit import Unit, UnitKind
from models.visit import Visit

VISITS = Visit.__table__


async def add(session: AsyncSession, who: Principal, form: NewHousehold) -> Household:
    """A new household of a village. Raises `not_found`, `forbidden`, `number_taken`."""
    village = await session.get(Unit, form.village)
    if village is None or village.kind != UnitKind.VILLAGE:
        raise Problem("not_found", "village")
    require(who, Action.KEEP_HOUSEHOLD, Place(form.village, village.parent_id))
    if village.valid_to is not None and village.valid_to < vn_day(utc_now()):
        raise Problem("not_found", "village")
    version = (await raise_villages(session, [form.village]))[form.village]
    await _require_free(session, form.village, form.number)
    head = form.head_name if settings().head_names else None
    household = Household(
        id=uuid7(),
        village_id=form.village,
        number=form.number,
        head_name=head,
        key=households.key_of(form.number, head),
        scope_version=version,
    )
    session.add(household)
    await session.flush()
    await _note(session, who, "household.add", household)
    return household


async def change(session: AsyncSession, who: Principal, form: ChangedHousehold) -> Household:
    """Another number or another head. Raises `household_unknown`, `forbidden`, `number_taken`."""
    household, versions = await _locked(session, who, form.household)
    _require_there(household)
    head = form.head_name if settings().head_names else household.head_name
    if (form.number, head) == (household.number, household.head_name):
        return household
    await _require_free(session, household.village_id, form.number, household.id)
    household.number, household.head_name = form.number, head
    household.key, household.scope_version = households.key_of(form.number, head), versions[household.village_id]
    await session.flush()
    await _note(session, who, "household.change", household)
    return household


async def move_away(session: AsyncSession, who: Principal, form: MovedHousehold) -> Household:
    """Takes a household off the roster; its visits stay, its cards end. A second time changes nothing.

    Raises `household_unknown`, `forbidden`, `invalid` for a day to come.
    """
    if form.moved_on > vn_day(utc_now()):
        raise Problem("invalid", "moved_on")
    household, versions = await _locked(session, who, form.household)
    if household.moved_on is not None:
        return household
    _require_there(household)
    here = {household.village_id: versions[household.village_id]}
    await households.take_off(session, [household], here, form.moved_on)
    await cards.revoke_of(session, household.id, versions[household.village_id])
    await session.refresh(household)
    await _note(session, who, "household.move", household, on=form.moved_on.isoformat())
    return household


async def come_back(session: AsyncSession, who: Principal, household_id: UUID) -> Household:
    """Puts a household that moved away back on the roster, without a card.

    Raises `household_unknown`, `forbidden`, `number_taken` where its number is another's now.
    """
    household, versions = await _locked(session, who, household_id)
    if household.moved_on is None:
        _require_there(household)
        return household
    await _require_free(session, household.village_id, household.number, household.id)
    household.discarded_at = household.moved_on = None
    household.scope_version = versions[household.village_id]
    # A phone that begins anew would be told that it went after it was told that it is there.
    stone = (TOMBSTONES.c.kind == "households", TOMBSTONES.c.row_id == str(household.id))
    await session.execute(delete(TOMBSTONES).where(*stone))
    await session.flush()
    await _note(session, who, "household.return", household)
    return household


async def merge(session: AsyncSession, who: Principal, form: MergedHousehold) -> Household:
    """Makes one of two households: what was recorded for this one is the other's from now on. Gives the other.

    Raises `household_unknown`, also where no other of the village has the number, or `forbidden`.
    """
    household, versions = await _locked(session, who, form.household)
    _require_there(household)
    into = await _by_number(session, household.village_id, form.into, household.id)
    if into is None:
        raise Problem("household_unknown", "into")
    version = versions[household.village_id]
    movements = await household_confirmations.merge(session, household, into, version, versions)
    await counters.move(session, movements)
    await _note(session, who, "household.merge", household, into=str(into.id))
    await _note(session, who, "household.take_in", into, merged=str(household.id))
    return into


async def _locked(session: AsyncSession, who: Principal, household_id: UUID) -> tuple[Household, dict[int, int]]:
    """The household behind the locks of its village and of those in which it was visited."""
    found = await session.get(Household, household_id)
    if found is None:
        raise Problem("household_unknown", "household")
    village = await session.get_one(Unit, found.village_id)
    require(who, Action.KEEP_HOUSEHOLD, Place(found.village_id, village.parent_id))
    visited = select(VISITS.c.village_id).where(VISITS.c.household_id == household_id).distinct()
    villages: Iterable[int] = {found.village_id, *(await session.execute(visited)).scalars()}
    versions = await raise_villages(session, villages)
    await session.refresh(found)
    return found, versions


def _require_there(household: Household) -> None:
    if household.discarded_at is not None:
        raise Problem("household_unknown", "household")


async def _by_number(session: AsyncSession, village_id: int, number: str, besides: UUID | None) -> Household | None:
    """The household on the village's roster that has this number, however it is written."""
    query = select(Household).where(HOUSEHOLDS.c.village_id == village_id, HOUSEHOLDS.c.discarded_at.is_(None))
    there = (await session.execute(query)).scalars()
    return next((home for home in there if home.id != besides and fold(home.number) == fold(number)), None)


async def _require_free(session: AsyncSession, village_id: int, number: str, besides: UUID | None = None) -> None:
    if await _by_number(session, village_id, number, besides) is not None:
        raise Problem("number_taken", "number", number=number)


async def _note(session: AsyncSession, who: Principal, action: str, household: Household, **detail: str) -> None:
    event = audit.event(who, action, "household", household.id, household.village_id, **detail)
    await audit.write(session, [event])
