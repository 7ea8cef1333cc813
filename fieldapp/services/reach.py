"""Whose phone somebody may let in or put out of use: members sit in several teams, so one seat in reach is too little.

An invitation gives all that the member may see; so all of the member's seats must be in reach, and nobody takes the
place of those above them. Ending a phone gives nothing away: a commune may end any phone that serves it.
Whoever only reviews for some days lets nobody in and ends nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, Reach, may, reach_of
from fieldapp.services.members import Posting, list_postings
from models.base import utc_now
from models.team import SeatRole


async def may_invite(session: AsyncSession, who: Principal, member_id: int) -> bool:
    """Whether this person may give the member's place to a phone."""
    own, theirs = await _current(session, who, member_id)
    return reaches(who, Action.INVITE_MEMBER, member_id, own, theirs)


async def may_end_phone(session: AsyncSession, who: Principal, member_id: int) -> bool:
    """Whether this person may end the member's phones; of one who has left, the last places count."""
    own, theirs = await _current(session, who, member_id)
    return reaches(who, Action.END_PHONE, member_id, own, theirs or _last(await list_postings(session, [member_id])))


async def may_rescue(session: AsyncSession, who: Principal, member_id: int) -> bool:
    """Whether this person may bring what the member's phone could not send; of one who has left, the last places count.

    One seat in reach is enough: what is brought is judged by the member's own seats.
    """
    if member_id == who.member_id:
        return may(who, Action.RESCUE_RECORD)
    _, theirs = await _current(session, who, member_id)
    theirs = theirs or _last(await list_postings(session, [member_id]))
    return any(may(who, Action.RESCUE_RECORD, Place(p.village_id, p.commune_id)) for p in theirs)


async def _current(session: AsyncSession, who: Principal, member_id: int) -> tuple[list[Posting], list[Posting]]:
    today, asked = vn_day(utc_now()), {member_id, who.member_id} - {None}
    postings = [p for p in await list_postings(session, asked) if p.covers(today)]
    return [p for p in postings if p.member_id == who.member_id], [p for p in postings if p.member_id == member_id]


def _last(postings: Sequence[Posting]) -> list[Posting]:
    """The seats that were left latest, without the rank that they gave."""
    newest = max((p.valid_to for p in postings if p.valid_to), default=None)
    return [replace(p, role=SeatRole.MEMBER) for p in postings if p.valid_to == newest]


def reaches(who: Principal, action: Action, member_id: int, own: Sequence[Posting], theirs: Sequence[Posting]) -> bool:
    """The rule itself. `own` are the current postings of the person who acts, where that is a member."""
    reach = reach_of(who, action)
    if reach is None or reach is Reach.PROVINCE:
        return reach is not None
    if member_id == who.member_id:
        return may(who, action)
    if reach is Reach.VILLAGE and not any(p.leads and not p.delegated for p in own):
        return False
    in_reach = [may(who, action, Place(p.village_id, p.commune_id)) for p in theirs]
    if reach is Reach.COMMUNE and action is Action.END_PHONE:
        return any(in_reach)
    return bool(theirs) and all(in_reach) and (reach is Reach.COMMUNE or all(_is_below(p, own) for p in theirs))


def _is_below(posting: Posting, own: Sequence[Posting]) -> bool:
    """A member is below whoever leads the village, a deputy below the leader of the same team, a leader below none."""
    if posting.role is SeatRole.DEPUTY:
        return any(p.role is SeatRole.LEADER and p.team_id == posting.team_id for p in own)
    return not posting.leads
