"""What the filters of the visit list offer: a commune's villages, its people, and the platforms."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Principal
from fieldapp.reports.visit_filter import MEMBERS, commune_of
from models.platform import Platform
from models.team import Seat, Team
from models.unit import Unit

UNITS, PLATFORMS, SEATS, TEAMS = Unit.__table__, Platform.__table__, Seat.__table__, Team.__table__


@dataclass(frozen=True)
class Choices:
    """Pairs of value and name. Villages, platforms and people of the past are there too: their visits are."""

    villages: Sequence[tuple[int, str]]
    members: Sequence[tuple[int, str]]
    platforms: Sequence[tuple[str, str, str]]


async def list_choices(session: AsyncSession, who: Principal) -> Choices:
    """Raises `forbidden`."""
    commune_id = commune_of(who)
    villages = select(UNITS.c.id, UNITS.c.name).where(UNITS.c.parent_id == commune_id).order_by(UNITS.c.code)
    members = (
        select(MEMBERS.c.id, MEMBERS.c.full_name)
        .join(SEATS, SEATS.c.member_id == MEMBERS.c.id)
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .where(TEAMS.c.commune_id == commune_id)
        .group_by(MEMBERS.c.id, MEMBERS.c.full_name, MEMBERS.c.key)
        .order_by(MEMBERS.c.key, MEMBERS.c.id)
    )
    platforms = select(PLATFORMS.c.code, PLATFORMS.c.short_vi, PLATFORMS.c.short_en).order_by(PLATFORMS.c.position)
    return Choices(
        [(row[0], row[1]) for row in await session.execute(villages)],
        [(row[0], row[1]) for row in await session.execute(members)],
        [(row[0], row[1], row[2]) for row in await session.execute(platforms)],
    )
