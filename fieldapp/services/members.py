"""Members and their seats: which teams, which villages, on which day, and whether they lead there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, cast, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.problems import Problem
from fieldapp.services.padding import padded
from models.member import Member
from models.team import Seat, SeatRole, Team, TeamLevel, TeamVillage
from models.unit import Unit, UnitKind, UnitSuccession

SEATS, TEAMS, SERVED, UNITS = Seat.__table__, Team.__table__, TeamVillage.__table__, Unit.__table__
BECAME = UnitSuccession.__table__
_seat = (SEATS.c.member_id, SEATS.c.role, SEATS.c.delegated_by_id, SEATS.c.valid_from, SEATS.c.valid_to)
_team = (TEAMS.c.id.label("team_id"), TEAMS.c.name, TEAMS.c.commune_id)
_village = (UNITS.c.id.label("village_id"), UNITS.c.valid_from.label("unit_from"), UNITS.c.valid_to.label("unit_to"))
_ended = (BECAME.c.from_id.label("village_id"), BECAME.c.on.label("unit_from"), UNITS.c.valid_to.label("unit_to"))
_served = (SERVED.c.valid_from.label("served_from"), SERVED.c.valid_to.label("served_to"))
_these = and_(SEATS.c.member_id.in_(bindparam("members", expanding=True)), UNITS.c.kind == UnitKind.VILLAGE)


def _of_village_teams(*columns: Any) -> Select:
    return (
        select(*_seat, *_team, *columns)
        .join_from(SEATS, TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(SERVED, SERVED.c.team_id == TEAMS.c.id)
        .join(UNITS, UNITS.c.id == SERVED.c.village_id)
        .where(TEAMS.c.level == TeamLevel.VILLAGE, _these)
    )


def _of_commune_teams(*columns: Any) -> Select:
    return (
        select(*_seat, *_team, *columns)
        .join_from(SEATS, TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(UNITS, UNITS.c.parent_id == TEAMS.c.commune_id)
        .where(TEAMS.c.level == TeamLevel.COMMUNE, _these)
    )


_became, _stands = BECAME.c.to_id == UNITS.c.id, cast(null(), Integer)
_POSTINGS = union_all(
    _of_village_teams(*_village, *_served, _stands.label("continued_by")),
    _of_commune_teams(*_village, null(), null(), _stands),
    _of_village_teams(*_ended, *_served, UNITS.c.id).join(BECAME, _became),
    _of_commune_teams(*_ended, null(), null(), UNITS.c.id).join(BECAME, _became),
)
"""Made once, since every push and pull runs it. Each part along an index: one with OR reads every village."""


@dataclass(frozen=True)
class Posting:
    """A member's seat as it reaches one village, with the days from and to which it does.

    `continued_by`: the village has ended, and the seat is in the one that continues it. Nothing new is done there, but
    what still waits there is decided.
    """

    member_id: int
    team_id: int
    team_name: str
    commune_id: int
    village_id: int
    role: SeatRole
    valid_from: date
    valid_to: date | None
    continued_by: int | None = None
    delegated: bool = False
    """Whether a leader handed reviewing over for these days: it opens no phones and ends none."""

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def leads(self) -> bool:
        return self.role in (SeatRole.LEADER, SeatRole.DEPUTY)


def scope_of(postings: Sequence[Posting]) -> dict[str, Any]:
    """What a `Principal` with these postings reaches: villages, those that they lead, and ended ones."""
    own = [posting for posting in postings if posting.continued_by is None]
    return {
        "village_ids": frozenset(posting.village_id for posting in own),
        "led_village_ids": frozenset(posting.village_id for posting in own if posting.leads),
        "continues": {
            posting.village_id: posting.continued_by
            for posting in sorted(postings, key=lambda posting: posting.leads)
            if posting.continued_by is not None
        },
    }


async def get_member(session: AsyncSession, member_id: int) -> Member:
    member = await session.get(Member, member_id)
    if member is None or member.discarded_at is not None:
        raise Problem("not_found")
    return member


async def get_first_leader(session: AsyncSession) -> int:
    """The member who leads the oldest village team. Raises `not_found` where nobody leads one."""
    query = (
        select(SEATS.c.member_id)
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .where(SEATS.c.role == SeatRole.LEADER, TEAMS.c.level == TeamLevel.VILLAGE)
        .order_by(TEAMS.c.id)
    )
    member_id = (await session.execute(query)).scalars().first()
    if member_id is None:
        raise Problem("not_found")
    return member_id


async def list_postings(session: AsyncSession, member_ids: Iterable[int]) -> list[Posting]:
    """Every posting these members ever had: village teams by their villages, commune teams by all of the commune."""
    return [_posting(row) for row in await session.execute(_POSTINGS, {"members": padded(member_ids)})]


def _posting(row) -> Posting:
    starts = [d for d in (row.valid_from, row.served_from, row.unit_from) if d]
    ends = [d for d in (row.valid_to, row.served_to, row.unit_to) if d]
    return Posting(
        row.member_id,
        row.team_id,
        row.name,
        row.commune_id,
        row.village_id,
        SeatRole(row.role),
        max(starts),
        min(ends) if ends else None,
        row.continued_by,
        row.delegated_by_id is not None,
    )
