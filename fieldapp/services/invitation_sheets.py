"""Invitations on paper: all the people of a team, or of a commune, who have no phone with us yet, at one press.

As with cards, the paper comes first: a read session prepares it, then a short write makes the invitations valid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.config import settings
from fieldapp.domain.invitation_slip import InvitationSlip
from fieldapp.domain.search_key import in_order
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.enrolments import link
from fieldapp.services.members import list_postings
from fieldapp.services.reach import reaches
from fieldapp.services.sessions import SESSIONS, new_token, token_hash
from models.base import utc_now
from models.enrolment import Enrolment
from models.member import Member
from models.session import SessionState
from models.team import Seat, SeatRole, Team
from models.unit import Unit

SEATS, TEAMS, MEMBERS = Seat.__table__, Team.__table__, Member.__table__
MOST_SLIPS = 1000


@dataclass(frozen=True)
class Inviting:
    """Slips that nobody can use before `issue`; `tokens` are those of the slips, in their order."""

    commune_name: str
    days: int
    sample: bool
    slips: list[InvitationSlip]
    tokens: Sequence[str]


async def prepare(session: AsyncSession, who: Principal, team_id: int | None) -> Inviting:
    """Slips for a team, or for the whole commune of an officer, by team and rank; stores nothing.

    Left out is who has an open phone already and who is out of reach (`reach.py`). Raises `not_found` for an unknown
    team, `forbidden`, `nobody_to_invite`.
    """
    require(who, Action.INVITE_MEMBER)
    team = await session.get(Team, team_id) if team_id is not None else None
    if team_id is not None and team is None:
        raise Problem("not_found")
    commune_id = team.commune_id if team else who.commune_id
    if commune_id is None:
        raise Problem("not_found")
    require(who, Action.INVITE_MEMBER, Place(commune_id=commune_id))
    rows = await _without_phone(session, commune_id, team_id)
    today = vn_day(utc_now())
    postings = [p for p in await list_postings(session, {row.member_id for row in rows}) if p.covers(today)]
    slips, tokens, seen = [], [], set()
    for row in rows:
        theirs = [p for p in postings if p.member_id == row.member_id]
        if row.member_id in seen or not reaches(who, Action.INVITE_MEMBER, row.member_id, [], theirs):
            continue
        seen.add(row.member_id)
        tokens.append(new_token())
        slips.append(InvitationSlip(row.member_id, row.full_name, str(row.role), row.name, link(tokens[-1])))
    if not slips:
        raise Problem("nobody_to_invite")
    commune = await session.get_one(Unit, commune_id)
    shown = slice(0, MOST_SLIPS)
    return Inviting(commune.name, settings().invitation_sheet_days, commune.is_sample, slips[shown], tokens[shown])


async def issue(session: AsyncSession, who: Principal, inviting: Inviting) -> None:
    """Makes the invitations of the paper valid, from now on."""
    until = utc_now() + timedelta(days=inviting.days)
    for slip, token in zip(inviting.slips, inviting.tokens, strict=True):
        row = Enrolment(
            id=uuid7(), token_hash=token_hash(token), member_id=slip.member_id, expires_at=until,
            made_by_account_id=who.account_id,
        )  # fmt: skip
        session.add(row)
    await session.flush()
    events = [audit.event(who, "enrolment.make", "member", slip.member_id) for slip in inviting.slips]
    await audit.write(session, events)


async def _without_phone(session: AsyncSession, commune_id: int, team_id: int | None) -> list[Row[Any]]:
    """Seats of today whose member has no open session, by team, then leaders first."""
    today = vn_day(utc_now())
    joined = select(SESSIONS.c.member_id).where(
        SESSIONS.c.member_id.is_not(None), SESSIONS.c.state == SessionState.OPEN, SESSIONS.c.expires_at > utc_now()
    )
    query = (
        select(SEATS.c.member_id, SEATS.c.role, MEMBERS.c.full_name, TEAMS.c.name)
        .add_columns(TEAMS.c.id.label("team_id"))
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(TEAMS.c.commune_id == commune_id, SEATS.c.delegated_by_id.is_(None), MEMBERS.c.discarded_at.is_(None))
        .where(SEATS.c.valid_from <= today, or_(SEATS.c.valid_to.is_(None), SEATS.c.valid_to >= today))
        .where(SEATS.c.member_id.not_in(joined))
        .order_by(MEMBERS.c.id)
    )
    if team_id is not None:
        query = query.where(TEAMS.c.id == team_id)
    rank = list(SeatRole)
    found = (await session.execute(query)).all()
    return sorted(found, key=lambda row: (in_order(row.name), row.team_id, rank.index(SeatRole(row.role))))
