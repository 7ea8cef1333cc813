"""Announcements: told by a province or a commune to its people, taken back, and opened by those whom they reach.

Phones are given the whole list of their commune whenever it has changed: it is short.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.domain.announcement import MOST_CARRIED, AnnouncementForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.services import audit, notices
from fieldapp.services.announcement_reach import ANNOUNCEMENTS, REACHED, READINGS, carried, people_of, read_by
from fieldapp.services.scopes import commune_key, raise_versions
from fieldapp.services.upsert import dialect_of, insert_for
from models.announcement import Announcement, AnnouncementCommune, Audience
from models.base import utc_now
from models.unit import Unit, UnitKind

UNITS = Unit.__table__
LATEST = timedelta(days=732)


async def publish(session: AsyncSession, who: Principal, form: AnnouncementForm) -> Announcement:
    """Tells it, at once. Raises `forbidden`, `invalid` for a day that is over, `not_found` for a commune not below."""
    require(who, Action.WRITE_ANNOUNCEMENT)
    by_province = reach_of(who, Action.WRITE_ANNOUNCEMENT) is Reach.PROVINCE
    today = vn_day(utc_now())
    if not (form.title.strip() and form.text.strip()):
        raise Problem("invalid", "text")
    if form.due_on is not None and not today <= form.due_on <= today + LATEST:
        raise Problem("invalid", "due_on")
    if form.audience == Audience.OFFICERS and not by_province:
        raise Problem("invalid", "audience")
    below = await _communes(session, today) if by_province else {who.commune_id or 0}
    chosen = set(form.communes) if by_province and form.communes else below
    if chosen - below:
        raise Problem("not_found", "commune")
    row = Announcement(
        id=uuid7(),
        unit_id=who.unit_id or 0,
        audience=form.audience,
        everywhere=by_province and chosen == below,
        title=form.title.strip(),
        text=form.text.strip(),
        due_on=form.due_on,
        published_by_id=who.account_id or 0,
    )
    await raise_versions(session, map(commune_key, chosen))
    session.add(row)
    await session.flush()
    session.add_all(AnnouncementCommune(announcement_id=row.id, commune_id=commune) for commune in sorted(chosen))
    await session.flush()
    told = audit.event(who, "announcement.publish", "announcement", row.id, row.unit_id, title=row.title)
    await audit.write(session, [told])
    if row.audience != Audience.OFFICERS:
        await notices.note_announced(session, people_of(row.audience, chosen, today))
    return row


async def _communes(session: AsyncSession, today: date) -> set[int]:
    valid = UNITS.c.valid_from <= today, or_(UNITS.c.valid_to.is_(None), UNITS.c.valid_to >= today)
    return set((await session.execute(select(UNITS.c.id).where(UNITS.c.kind == UnitKind.COMMUNE, *valid))).scalars())


async def withdraw(session: AsyncSession, who: Principal, announcement_id: UUID) -> None:
    """Takes it back from everybody; again it changes nothing. Raises `not_found`, `forbidden` for another unit's."""
    require(who, Action.WRITE_ANNOUNCEMENT)
    row = await session.get(Announcement, announcement_id)
    if row is None:
        raise Problem("not_found")
    if row.unit_id != who.unit_id:
        raise Problem("forbidden")
    if row.withdrawn_at is not None:
        return
    reached = await session.execute(select(REACHED.c.commune_id).where(REACHED.c.announcement_id == row.id))
    await raise_versions(session, map(commune_key, reached.scalars()))
    row.withdrawn_at = utc_now()
    await session.flush()
    told = audit.event(who, "announcement.withdraw", "announcement", row.id, row.unit_id, title=row.title)
    await audit.write(session, [told])


async def open_at_desk(session: AsyncSession, who: Principal, announcement_id: UUID) -> Announcement:
    """An officer of a commune has opened what the province tells it; what is one's own unit's is not counted.

    Raises as `get_for_reading`.
    """
    row = await get_for_reading(session, who, announcement_id)
    if row.unit_id != who.unit_id and who.commune_id is not None and row.withdrawn_at is None:
        await _note(session, {"id": uuid7(), "account_id": who.account_id, "read_at": utc_now()}, row.id)
    return row


async def get_for_reading(session: AsyncSession, who: Principal, announcement_id: UUID) -> Announcement:
    """At the desk: one's own unit's, and what reaches one's commune. Raises `not_found`, `forbidden`."""
    require(who, Action.READ_ANNOUNCEMENT)
    row = await session.get(Announcement, announcement_id)
    if row is None:
        raise Problem("not_found")
    if row.unit_id != who.unit_id and not await _reaches(session, row.id, {who.commune_id or 0}):
        raise Problem("forbidden")
    return row


async def read(
    session: AsyncSession, who: Principal, announcement_id: UUID, communes: set[int], record: UUID, at: datetime
) -> None:
    """A member opened it, by a record of a phone; the first one stays.

    One that is not here (it went with a restore) leaves nothing to note: nobody can mend that. Raises `forbidden` where
    it never went to a commune of theirs.
    """
    require(who, Action.OPEN_ANNOUNCEMENT, Place(commune_id=who.commune_id))
    row = await session.get(Announcement, announcement_id)
    if row is None:
        return
    if not await _reaches(session, row.id, communes):
        raise Problem("forbidden", "announcement")
    await _note(session, {"id": record, "member_id": who.member_id, "read_at": at}, row.id)


async def _reaches(session: AsyncSession, announcement_id: UUID, communes: Collection[int]) -> bool:
    there = REACHED.c.announcement_id == announcement_id, REACHED.c.commune_id.in_(sorted(communes))
    return (await session.execute(select(literal(1)).where(*there).limit(1))).first() is not None


async def _note(session: AsyncSession, reading: dict[str, Any], announcement_id: UUID) -> None:
    values = {"member_id": None, "account_id": None, "announcement_id": announcement_id} | reading
    await session.execute(insert_for(dialect_of(session), READINGS).values(values).on_conflict_do_nothing())


async def phone_rows(session: AsyncSession, who: Principal) -> list[dict[str, Any]]:
    """What the member's commune and province tell them, the newest first."""
    query = (
        select(ANNOUNCEMENTS, UNITS.c.name, READINGS.c.id.label("reading"))
        .join(REACHED, REACHED.c.announcement_id == ANNOUNCEMENTS.c.id)
        .join(UNITS, UNITS.c.id == ANNOUNCEMENTS.c.unit_id)
        .outerjoin(READINGS, read_by(who.member_id or 0))
        .where(carried(who.commune_id or 0, bool(who.led_village_ids), vn_day(utc_now())))
        .order_by(ANNOUNCEMENTS.c.published_at.desc(), ANNOUNCEMENTS.c.id.desc())
        .limit(MOST_CARRIED)
    )
    return [
        {
            "id": str(row.id),
            "title": row.title,
            "text": row.text,
            "by": row.name,
            "at": int(row.published_at.timestamp() * 1000),
            "due": row.due_on.isoformat() if row.due_on else "",
            "read": row.reading is not None,
        }
        for row in await session.execute(query)
    ]
