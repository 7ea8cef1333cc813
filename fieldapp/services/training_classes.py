"""Training classes: a commune keeps its own and the province its own; who came is ticked on the roster of members."""

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.training_form import ClassForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.taken_back import settle
from models.base import utc_now
from models.member import Member
from models.platform import Platform
from models.team import Seat, Team
from models.training_class import ClassAttendance, TrainingClass

CLASSES, CAME = TrainingClass.__table__, ClassAttendance.__table__
SEATS, TEAMS, MEMBERS, PLATFORMS = Seat.__table__, Team.__table__, Member.__table__, Platform.__table__
FIRST_DAY, LATEST = date(2020, 1, 1), timedelta(days=366)
MOST_SHOWN = 20


async def keep(session: AsyncSession, who: Principal, form: ClassForm) -> TrainingClass:
    """Adds a class of one's own, or changes one. Raises `forbidden`, `not_found`, `invalid`, `platform_unknown`."""
    require(who, Action.KEEP_CLASS)
    if not FIRST_DAY <= form.held_on <= vn_day(utc_now()) + LATEST:
        raise Problem("invalid", "held_on")
    known = select(PLATFORMS.c.code).where(PLATFORMS.c.code.in_(form.platforms))
    if strange := set(form.platforms) - set((await session.execute(known)).scalars()):
        raise Problem("platform_unknown", "platforms", platform=min(strange))
    said = form.model_dump(exclude={"training"})
    if form.training is None:
        commune_id = None if reach_of(who, Action.KEEP_CLASS) is Reach.PROVINCE else who.commune_id
        row = TrainingClass(commune_id=commune_id, made_by_id=who.account_id or 0, **said)
    else:
        row = await get_own(session, who, form.training)
        row.sqlmodel_update(said)
    session.add(row)
    await session.flush()
    deed = "class.change" if form.training else "class.add"
    await audit.write(session, [audit.event(who, deed, "class", row.id, row.commune_id, title=row.topic)])
    return row


async def withdraw(session: AsyncSession, who: Principal, class_id: int) -> TrainingClass:
    """Calls a class off: whoever was ticked was not taught there. Raises `not_found`, `forbidden`."""
    row = await get_own(session, who, class_id)
    row.withdrawn_at = utc_now()
    await session.flush()
    told = audit.event(who, "class.withdraw", "class", row.id, row.commune_id, title=row.topic)
    await audit.write(session, [told])
    return row


async def get_own(session: AsyncSession, who: Principal, class_id: int) -> TrainingClass:
    """A class that one keeps, locked. Raises `not_found`, `forbidden` for what somebody else keeps."""
    row = await session.get(TrainingClass, class_id, with_for_update=True)
    if row is None or row.withdrawn_at is not None:
        raise Problem("not_found")
    if (row.commune_id is None) != (reach_of(who, Action.KEEP_CLASS) is Reach.PROVINCE):
        raise Problem("forbidden")
    require(who, Action.KEEP_CLASS, Place(commune_id=row.commune_id))
    return row


async def note(
    session: AsyncSession, who: Principal, class_id: int, asked: Collection[int], present: Collection[int]
) -> int:
    """Of the members `asked` about, those `present` came and the others did not; gives how many changed.

    Raises `not_found` also for somebody who never had a seat where this class is kept, `forbidden`, `class_to_come`.
    """
    row = await get_own(session, who, class_id)
    if row.held_on > vn_day(utc_now()):
        raise Problem("class_to_come")
    about, came = set(asked), set(present)
    if came - about or about - set((await session.execute(trainees(row, about))).scalars()):
        raise Problem("not_found", "member")
    counts = await settle(session, who, ClassAttendance, {"class_id": class_id}, "member_id", came, about)
    changed = sum(map(len, counts.values()))
    if changed:
        told = audit.event(who, "class.note", "class", row.id, row.commune_id, title=row.topic, **counts)
        await audit.write(session, [told])
    return changed


def trainees(row: TrainingClass, ids: Collection[int]) -> Select:
    """Of these, the members that a class can have: who has or had a seat in its commune, or in the province."""
    query = select(SEATS.c.member_id).join(TEAMS, TEAMS.c.id == SEATS.c.team_id).where(SEATS.c.member_id.in_(ids))
    return query if row.commune_id is None else query.where(TEAMS.c.commune_id == row.commune_id)


async def attended(session: AsyncSession, member_id: int | None) -> list[dict[str, str]]:
    """The classes that a member came to, the newest first, as their phone shows them."""
    query = (
        select(CLASSES.c.topic, CLASSES.c.held_on)
        .join(CAME, CAME.c.class_id == CLASSES.c.id)
        .where(CAME.c.member_id == member_id, CAME.c.taken_back_at.is_(None), CLASSES.c.withdrawn_at.is_(None))
        .order_by(CLASSES.c.held_on.desc(), CLASSES.c.id.desc())
        .limit(MOST_SHOWN)
    )
    return [{"topic": row.topic, "day": written_day(row.held_on)} for row in await session.execute(query)]
