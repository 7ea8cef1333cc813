"""Breaches of personal data: noted, added to while they are open, told to the authority, and every session ended."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.given import MAX_KEY, Key
from fieldapp.domain.incident import MAX_WORDS
from fieldapp.domain.note import NoteText
from fieldapp.domain.vn_time import VIETNAM
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, enrolments, sessions
from models.account import Account
from models.base import utc_now
from models.incident import Incident
from models.session import Session, SessionState
from models.team import Seat, Team
from models.unit import Unit, UnitKind

INCIDENTS, UNITS, SESSIONS = Incident.__table__, Unit.__table__, Session.__table__
ACCOUNTS, SEATS, TEAMS = Account.__table__, Seat.__table__, Team.__table__
_Absent = BeforeValidator(lambda value: None if value in ("", None) else value)
Number = Annotated[Annotated[int, Field(ge=0, le=MAX_KEY)] | None, _Absent]


class Step(StrEnum):
    REPORTED = "reported"
    CLOSED = "closed"


class IncidentForm(BaseModel):
    """A new incident, or with its number one that goes on; times without a zone are Vietnamese."""

    incident: Annotated[Key | None, _Absent] = None
    commune: Annotated[Key | None, _Absent] = None
    found_at: datetime
    what: NoteText = Field(min_length=1, max_length=MAX_WORDS)
    households: Number = None
    members: Number = None
    photos: Number = None
    done: NoteText = Field(default="", max_length=MAX_WORDS)


async def save(session: AsyncSession, who: Principal, form: IncidentForm) -> int:
    """Notes it, or what is known of it by now; gives its number. Raises `not_found`, `forbidden`, `invalid` for a time
    to come, `request_closed`.
    """
    found_at = form.found_at if form.found_at.tzinfo else form.found_at.replace(tzinfo=VIETNAM)
    if found_at > utc_now():
        raise Problem("invalid", "found_at")
    said: dict[str, Any] = form.model_dump(exclude={"incident", "commune", "found_at"})
    said["found_at"] = found_at
    if form.incident is None:
        assert who.account_id is not None
        row = Incident(unit_id=await _unit(session, who, form.commune), made_by_id=who.account_id, **said)
        session.add(row)
    else:
        row = await _get_open(session, who, form.incident)
        for name, value in said.items():
            setattr(row, name, value)
    await session.flush()
    await _note(session, who, "incident.save", row)
    assert row.id is not None
    return row.id


async def mark(session: AsyncSession, who: Principal, incident_id: int, step: Step) -> None:
    """Notes that the authority was told now, or that it is over. Raises as `save` does."""
    row = await _get_open(session, who, incident_id)
    if step is Step.REPORTED:
        row.reported_at = row.reported_at or utc_now()
    else:
        row.closed_at = utc_now()
    await session.flush()
    await _note(session, who, f"incident.{step}", row)


async def end_sessions(session: AsyncSession, who: Principal, incident_id: int, state: SessionState) -> int:
    """Ends every session of the commune but one's own: officers' and those of everybody who sits in its teams.

    `closing` lets phones send what they hold, `closed` refuses everything. Gives their number. Raises as `save` does,
    `invalid` for another state or for an incident of the whole province.
    """
    row = await _get_open(session, who, incident_id)
    unit = await session.get_one(Unit, row.unit_id)
    if state is SessionState.OPEN or unit.kind != UnitKind.COMMUNE:
        raise Problem("invalid", "state")
    found = await _sessions(session, row.unit_id, state)
    for one in found:
        if str(one.id) == who.session_id:
            continue
        await sessions.end(session, who, one, SessionState.CLOSED if one.account_id else state)
        if state is SessionState.CLOSED:
            # A link that no sync has spent would let the phone in again.
            await enrolments.spend(session, one.enrolment_id)
    number = sum(str(one.id) != who.session_id for one in found)
    row.sessions_ended += number
    await session.flush()
    await _note(session, who, "incident.end_sessions", row, n=number, state=state)
    return number


async def _sessions(session: AsyncSession, commune_id: int, state: SessionState) -> Sequence[Session]:
    ends = [SessionState.OPEN] if state is SessionState.CLOSING else [SessionState.OPEN, SessionState.CLOSING]
    officers = select(ACCOUNTS.c.id).where(ACCOUNTS.c.unit_id == commune_id)
    members = select(SEATS.c.member_id).join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
    members = members.where(TEAMS.c.commune_id == commune_id)
    mine = or_(SESSIONS.c.account_id.in_(officers), SESSIONS.c.member_id.in_(members))
    query = select(Session).where(mine, SESSIONS.c.state.in_(ends)).order_by(SESSIONS.c.id).with_for_update()
    return (await session.execute(query)).scalars().all()


async def _unit(session: AsyncSession, who: Principal, commune_id: int | None) -> int:
    """One's own commune; for the province the chosen one, or the province itself."""
    unit_id = who.commune_id or commune_id
    require(who, Action.KEEP_INCIDENT, Place(commune_id=unit_id))
    kind = UnitKind.COMMUNE if unit_id else UnitKind.PROVINCE
    query = select(UNITS.c.id).where(UNITS.c.kind == kind, UNITS.c.valid_to.is_(None))
    if unit_id:
        query = query.where(UNITS.c.id == unit_id)
    found = (await session.execute(query)).scalars().first()
    if found is None:
        raise Problem("not_found", "commune")
    return found


async def _get_open(session: AsyncSession, who: Principal, incident_id: int) -> Incident:
    row = await session.get(Incident, incident_id, with_for_update=True)
    if row is None:
        raise Problem("not_found")
    require(who, Action.KEEP_INCIDENT, Place(commune_id=row.unit_id))
    if row.closed_at is not None:
        raise Problem("request_closed")
    return row


async def _note(session: AsyncSession, who: Principal, action: str, row: Incident, **detail: Any) -> None:
    await audit.write(session, [audit.event(who, action, "incident", row.id, row.unit_id, **detail)])
