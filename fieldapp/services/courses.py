"""Links to online courses: kept by the province, reported where they lead nowhere, finished by members' own word.

Nothing of ours ever opens them.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.course import LinkForm, is_course_address
from fieldapp.domain.search_key import fold
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.services import materials
from fieldapp.services.upsert import dialect_of, insert_for
from models.base import utc_now
from models.material import CourseDone, Material, MaterialKind, MaterialState

MATERIALS, DONE = Material.__table__, CourseDone.__table__


async def keep(session: AsyncSession, who: Principal, form: LinkForm) -> Material:
    """Adds one, or puts one right; another address is not the one that led nowhere.

    Raises `forbidden`, `not_found`, `course_address`.
    """
    require(who, Action.KEEP_MATERIAL)
    if reach_of(who, Action.KEEP_MATERIAL) is not Reach.PROVINCE:
        raise Problem("forbidden")
    if not is_course_address(form.url):
        raise Problem("course_address", "url")
    if form.material:
        row = await _get(session, form.material)
    else:
        row = Material(
            kind=MaterialKind.LINK, added_by_id=who.account_id, state=MaterialState.APPROVED, title="", key="", text=""
        )
    if form.url != row.url:
        row.dead_at = row.dead_by_id = None
    row.sqlmodel_update(form.model_dump(exclude={"material"}))
    row.key = fold(f"{row.title} {row.meant_for}")
    await materials.store(session, who, row, "material.keep")
    return row


async def flag(session: AsyncSession, who: Principal, material_id: int, dead: bool) -> None:
    """Somebody found that it leads nowhere, or that it leads there again. The first one stays. Raises `not_found`."""
    require(who, Action.KEEP_MATERIAL)
    row = await _get(session, material_id)
    if dead == (row.dead_at is not None):
        return
    row.dead_at, row.dead_by_id = (utc_now(), who.account_id) if dead else (None, None)
    await materials.store(session, who, row, "material.dead" if dead else "material.alive")


async def _get(session: AsyncSession, material_id: int) -> Material:
    row = await session.get(Material, material_id, with_for_update=True)
    if row is None or row.kind != MaterialKind.LINK or row.state == MaterialState.WITHDRAWN:
        raise Problem("not_found")
    return row


async def finish(session: AsyncSession, who: Principal, course_id: int, at: datetime) -> None:
    """A member's own word, once; of a course that is not here (it went with a restore) there is nothing to note.

    Raises `forbidden`, `invalid` for what is no course.
    """
    require(who, Action.FINISH_COURSE, Place(member_id=who.member_id))
    row = await session.get(Material, course_id)
    if row is None:
        return
    if row.kind != MaterialKind.LINK:
        raise Problem("invalid", "course")
    done = {"material_id": course_id, "member_id": who.member_id, "done_at": at}
    await session.execute(insert_for(dialect_of(session), DONE).values(done).on_conflict_do_nothing())


async def finished(session: AsyncSession, member_id: int | None) -> list[int]:
    """The courses of which a member said so, as their phone is told."""
    query = select(DONE.c.material_id).where(DONE.c.member_id == member_id).order_by(DONE.c.material_id)
    return list((await session.execute(query)).scalars())
