"""To which seat a record is credited: by the day on which its work was done."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.problems import Problem
from fieldapp.services.holding import Held
from fieldapp.services.members import Posting, list_postings
from models.held import HeldReason


def posting_for(postings: list[Posting], village_id: int, day: date, field: str = "household") -> Posting:
    """The seat by which the author served that village on that day, a village team before a commune team.

    Raises `Held` where the author serves there on other days only, `out_of_scope` where never.
    """
    there = [p for p in postings if p.village_id == village_id and p.continued_by is None]
    if not there:
        raise Problem("out_of_scope", field)
    on_the_day = [p for p in there if p.covers(day)]
    if not on_the_day:
        raise Held(HeldReason.SEAT_UNCLEAR, village_id)
    return min(on_the_day, key=lambda p: (not p.leads, p.team_id))


async def posting_of_doer(session: AsyncSession, member_id: int, village_id: int, day: date) -> Posting:
    """The seat of whoever did a visit that another entered. Raises `not_of_team` where there was none on that day."""
    try:
        return posting_for(await list_postings(session, [member_id]), village_id, day)
    except (Problem, Held):
        raise Problem("not_of_team", "done_by") from None
