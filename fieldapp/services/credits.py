"""To which seat a record is credited: by the day on which its work was done."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.problems import Problem
from fieldapp.services import household_moves
from fieldapp.services.holding import Held
from fieldapp.services.members import Posting, list_postings
from models.held import HeldReason
from models.household import Household


def posting_for(postings: list[Posting], village_id: int, day: date, field: str = "household") -> Posting:
    """The seat by which the author served that village on that day, a village team before a commune team.

    Where the village had ended by then, the seat is in the one that continues it, for a phone may not know yet.
    Raises `Held` where the author serves there on other days only, `out_of_scope` where never.
    """
    there = [p for p in postings if p.village_id == village_id and p.continued_by is None]
    if not there:
        raise Problem("out_of_scope", field)
    on_the_day = [p for p in there if p.covers(day)]
    if on_the_day:
        return min(on_the_day, key=lambda p: (not p.leads, p.team_id))
    for later in sorted(_continuing(postings, village_id)):
        with suppress(Problem, Held):
            return posting_for(postings, later, day, field)
    raise Held(HeldReason.SEAT_UNCLEAR, village_id)


def _continuing(postings: list[Posting], village_id: int) -> set[int]:
    return {p.continued_by for p in postings if p.village_id == village_id and p.continued_by is not None}


def joined(postings: list[Posting], village_ids: set[int]) -> set[int]:
    """These villages with those of the author's that they continue, or that continue them, at once or after others."""
    pairs = {(p.village_id, p.continued_by) for p in postings if p.continued_by is not None}
    found, size = set(village_ids), -1
    while size < len(found):
        size = len(found)
        found |= {before for before, after in pairs if after in found} | {
            after for before, after in pairs if before in found
        }
    return found


async def reached(
    session: AsyncSession, postings: list[Posting], villages: set[int], homes: Mapping[UUID, int]
) -> set[int]:
    """Of these villages, and of those in which these homes stand, the ones that the author's records may touch."""
    mine, stand = {p.village_id for p in postings}, set(homes.values())
    found = mine & joined(postings, villages | stand)
    if stand - mine and (before := mine & await household_moves.villages_before(session, homes)):
        # What was done before the homes' village was continued by one in which the author has no seat.
        found |= before | stand
    return found


async def posting_at(
    session: AsyncSession, postings: list[Posting], household: Household, day: date, ruled: bool
) -> Posting:
    """The author's seat where the household stood on that day. Raises as `posting_for`.

    A village that continues others began when it took their households: whoever had a seat in it on that day served
    them there. An officer's ruling knows no days, so that the household's own are asked.

    Whose team ended with a village in which the household stood before is `Held`, and by a ruling credited there.
    """
    if not ruled:
        with suppress(Problem, Held):
            return posting_for(postings, household.village_id, day)
    there = await household_moves.village_on(session, household, day)
    try:
        return posting_for(postings, there, day)
    except Problem:
        mine = {p.village_id for p in postings if p.continued_by is None}
        if earlier := mine & await household_moves.villages_before(session, [household.id]):
            return replace(posting_for(postings, max(earlier), day), village_id=there)
        raise


async def posting_of_doer(session: AsyncSession, member_id: int, village_id: int, day: date) -> Posting:
    """The seat of whoever did a visit that another entered. Raises `not_of_team` where there was none on that day."""
    try:
        return posting_for(await list_postings(session, [member_id]), village_id, day)
    except (Problem, Held):
        raise Problem("not_of_team", "done_by") from None
