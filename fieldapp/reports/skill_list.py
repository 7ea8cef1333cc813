"""What the members of a commune master, platform by platform, and which platforms a team has nobody for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Place, Principal, require
from models.member_skill import MemberSkill
from models.platform import Platform, PlatformCommune
from models.team import Seat, Team
from models.training_class import ClassAttendance, TrainingClass

SKILLS, PLATFORMS, CAME, CLASSES = (t.__table__ for t in (MemberSkill, Platform, ClassAttendance, TrainingClass))
SEATS, TEAMS, APPLIES = Seat.__table__, Team.__table__, PlatformCommune.__table__


@dataclass(frozen=True)
class PlatformName:
    code: str
    vi: str
    en: str


@dataclass
class Skills:
    """`mastered` are codes; `taught` are those of classes that the member came to, with the latest day."""

    mastered: set[str] = field(default_factory=set)
    taught: dict[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class CommuneSkills:
    """`platforms` are those that the commune's phones offer, in their order."""

    platforms: Sequence[PlatformName]
    by_member: dict[int, Skills]

    def of(self, member_id: int) -> Skills:
        return self.by_member.get(member_id) or Skills()

    def unmastered(self, member_ids: Collection[int]) -> Sequence[PlatformName]:
        """What none of these people masters."""
        known = {code for member in member_ids for code in self.of(member).mastered}
        return [platform for platform in self.platforms if platform.code not in known]


async def read_skills(session: AsyncSession, who: Principal, commune_id: int) -> CommuneSkills:
    """Of everybody who has or had a seat in the commune. Raises `forbidden`."""
    require(who, Action.READ_TEAM, Place(commune_id=commune_id))
    used = PLATFORMS.c.discarded_at.is_(None), PLATFORMS.c.approved
    somewhere = select(APPLIES.c.platform_code)
    here = somewhere.where(APPLIES.c.commune_id == commune_id)
    applies = or_(PLATFORMS.c.code.not_in(somewhere), PLATFORMS.c.code.in_(here))
    rows = await session.execute(select(PLATFORMS).where(*used, applies).order_by(PLATFORMS.c.position))
    platforms = [PlatformName(row.code, row.short_vi, row.short_en) for row in rows]
    members = select(SEATS.c.member_id).join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
    members = members.where(TEAMS.c.commune_id == commune_id)
    found: dict[int, Skills] = {}
    standing = SKILLS.c.member_id.in_(members), SKILLS.c.taken_back_at.is_(None)
    for row in await session.execute(select(SKILLS.c.member_id, SKILLS.c.platform_code).where(*standing)):
        found.setdefault(row.member_id, Skills()).mastered.add(row.platform_code)
    came = select(CAME.c.member_id, CLASSES.c.platforms, CLASSES.c.held_on)
    came = came.join(CLASSES, CLASSES.c.id == CAME.c.class_id).where(
        CAME.c.member_id.in_(members),
        CAME.c.taken_back_at.is_(None),
        CLASSES.c.withdrawn_at.is_(None),
        or_(CLASSES.c.commune_id.is_(None), CLASSES.c.commune_id == commune_id),
    )
    for row in await session.execute(came.order_by(CLASSES.c.held_on)):
        found.setdefault(row.member_id, Skills()).taught.update(dict.fromkeys(row.platforms, row.held_on))
    return CommuneSkills(platforms, found)
