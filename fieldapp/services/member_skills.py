"""What members master, platform by platform: the commune ticks it; what their classes were about is only a hint."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from models.base import utc_now
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
    query = select(SKILLS.c.platform_code, SKILLS.c.taken_back_at).where(SKILLS.c.member_id == member_id)
    noted = {row.platform_code: row.taken_back_at is None for row in await session.execute(query)}
    new, back = wanted - noted.keys(), {code for code in wanted if noted.get(code) is False}
    gone = {code for code, stands in noted.items() if stands and code not in wanted}
    session.add_all(
        MemberSkill(member_id=member_id, platform_code=code, set_by_id=who.account_id or 0) for code in sorted(new)
    )
    await session.flush()
    theirs = update(SKILLS).where(SKILLS.c.member_id == member_id)
    again = {"taken_back_at": None, "set_by_id": who.account_id, "set_at": utc_now()}
    await session.execute(theirs.where(SKILLS.c.platform_code.in_(back)).values(**again))
    await session.execute(theirs.where(SKILLS.c.platform_code.in_(gone)).values(taken_back_at=utc_now()))
    if new or back or gone:
        changed = {"added": sorted(new | back), "taken_back": sorted(gone)}
        await audit.write(session, [audit.event(who, "skill.keep", "member", member_id, who.commune_id, **changed)])
