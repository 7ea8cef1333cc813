"""The list of single days that the province or its administrator decided on, for all communes or for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy import case, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import EARLIEST, LATEST
from fieldapp.domain.given import Key
from fieldapp.domain.note import NoteText
from fieldapp.domain.working_days import WorkCalendar
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.upsert import dialect_of, insert_for
from models.base import utc_now
from models.calendar_day import CalendarDay
from models.unit import Unit, UnitKind

DAYS, UNITS = CalendarDay.__table__, Unit.__table__
MAX_DAYS = 1000


class DayForm(BaseModel):
    """No commune means the whole province."""

    day: date
    working: bool
    note: NoteText = Field(default="", max_length=120)
    commune: Annotated[Key | None, BeforeValidator(lambda value: value or None)] = None


@dataclass(frozen=True)
class DecidedDay:
    unit_id: int
    unit: str
    of_all: bool
    day: date
    working: bool
    note: str


async def calendar_of(session: AsyncSession, commune_id: int | None = None, at: datetime | None = None) -> WorkCalendar:
    """The working days of a commune, or what holds for the whole province; `at`: as far as decided by then."""
    mine = UNITS.c.kind == UnitKind.PROVINCE
    if commune_id is not None:
        mine = mine | (UNITS.c.id == commune_id)
    query = select(DAYS.c.day, DAYS.c.working).join(UNITS, UNITS.c.id == DAYS.c.unit_id).where(mine)
    if at is not None:
        query = query.where(DAYS.c.made_at <= at)
    # A commune's own word comes last and stands.
    rows = await session.execute(query.order_by(case((UNITS.c.kind == UnitKind.PROVINCE, 0), else_=1)))
    return WorkCalendar({row.day: row.working for row in rows})


async def list_decided(session: AsyncSession, who: Principal, since: date) -> Sequence[DecidedDay]:
    """Every decided day from one on, soonest first. Raises `forbidden`."""
    require(who, Action.KEEP_CALENDAR)
    query = (
        select(DAYS, UNITS.c.name, UNITS.c.kind)
        .join(UNITS, UNITS.c.id == DAYS.c.unit_id)
        .where(DAYS.c.day >= since)
        .order_by(DAYS.c.day, UNITS.c.code)
        .limit(MAX_DAYS)
    )
    return [
        DecidedDay(row.unit_id, row.name, row.kind == UnitKind.PROVINCE, row.day, row.working, row.note)
        for row in await session.execute(query)
    ]


async def decide(session: AsyncSession, who: Principal, form: DayForm) -> None:
    """Decides on a day, or anew. Days by which something is due already stay as they were told.

    Raises `forbidden`, `not_found` for a unit that is no commune, `invalid` for a day that is far off.
    """
    require(who, Action.KEEP_CALENDAR, Place(commune_id=form.commune))
    if not EARLIEST <= form.day <= LATEST:
        raise Problem("invalid", "day")
    unit_id = await _unit(session, form.commune)
    row = {"unit_id": unit_id, "day": form.day, "working": form.working, "note": form.note}
    row |= {"by_account_id": who.account_id, "made_at": utc_now()}
    insert = insert_for(dialect_of(session), DAYS)
    changed: dict[str, Any] = {name: insert.excluded[name] for name in ("working", "note", "by_account_id", "made_at")}
    await session.execute(insert.on_conflict_do_update(index_elements=[DAYS.c.unit_id, DAYS.c.day], set_=changed), row)
    await _note(session, who, "calendar.decide", form.day, unit_id, working=form.working)


async def forget(session: AsyncSession, who: Principal, unit_id: int, day: date) -> None:
    """Takes a decision back: the public calendar holds again. Raises `not_found`, `forbidden`."""
    require(who, Action.KEEP_CALENDAR, Place(commune_id=unit_id))
    gone = delete(DAYS).where(DAYS.c.unit_id == unit_id, DAYS.c.day == day).returning(DAYS.c.day)
    if (await session.execute(gone)).first() is None:
        raise Problem("not_found")
    await _note(session, who, "calendar.forget", day, unit_id)


async def _unit(session: AsyncSession, commune_id: int | None) -> int:
    kind = UnitKind.PROVINCE if commune_id is None else UnitKind.COMMUNE
    query = select(UNITS.c.id).where(UNITS.c.kind == kind, UNITS.c.valid_to.is_(None))
    if commune_id is not None:
        query = query.where(UNITS.c.id == commune_id)
    found = (await session.execute(query.order_by(UNITS.c.valid_from.desc()))).scalars().first()
    if found is None:
        raise Problem("not_found", "commune")
    return found


async def _note(session: AsyncSession, who: Principal, action: str, day: date, unit_id: int, **detail: Any) -> None:
    await audit.write(session, [audit.event(who, action, "calendar_day", day.isoformat(), unit_id, **detail)])
