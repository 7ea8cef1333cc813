"""What members master, platform by platform: the commune ticks it; what their classes were about is only a hint."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.taken_back import settle
from models.member import Member
from models.member_skill import MemberSkill
from models.platform import Platform
from models.team import Seat, Team

SKILLS, PLATFORMS = MemberSkill.__table__, Platform.__table__
SEATS, TEAMS = Seat.__table__, Team.__table__


async def keep(session: AsyncSession, who: Principal, member_id: int, platforms: Collection[str]) -> None:
    """These and no others a member of the officer's commune masters. Raises `forbidden`, `not_found`,
    `platform_unknown`."""
    require(who, Action.MANAGE_TEAM, Place(commune_id=who.commune_id))
    member = await session.get(Member, member_id, with_for_update=True)
    here = select(SEATS.c.id).join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
    here = here.where(SEATS.c.member_id == member_id, TEAMS.c.commune_id == who.commune_id)
    if member is None or member.discarded_at is not None or (await session.execute(here)).first() is None:
        raise Problem("not_found", "member")
    wanted = set(platforms)
    known = select(PLATFORMS.c.code).where(PLATFORMS.c.code.in_(wanted))
    if strange := wanted - set((await session.execute(known)).scalars()):
        raise Problem("platform_unknown", "platforms", platform=min(strange))
    changed = await settle(session, who, MemberSkill, {"member_id": member_id}, "platform_code", wanted, verb="set")
    if any(changed.values()):
        await audit.write(session, [audit.event(who, "skill.keep", "member", member_id, who.commune_id, **changed)])
