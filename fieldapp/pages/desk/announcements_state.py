"""What the page of announcements holds and does."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.db import database
from fieldapp.domain.announcement import AnnouncementForm
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.permissions import Action, Principal, Reach, reach_of
from fieldapp.reports.announcement_list import (
    AnnouncementDetail,
    AnnouncementRow,
    Part,
    PlaceRow,
    list_announcements,
    read_announcement,
)
from fieldapp.reports.unit_tree import get_own_unit, list_below
from fieldapp.services import announcements
from fieldapp.states.option import Option
from fieldapp.states.session import DeskState, needs
from models.announcement import Audience
from models.base import utc_now


@dataclass
class AnnouncementView:
    id: str = ""
    title: str = ""
    audience: str = ""
    everywhere: bool = False
    communes: int = 0
    due: str = ""
    sent: str = ""
    withdrawn: bool = False
    read: int = 0
    total: int = 0
    width: str = "0%"
    offices: int = 0
    seen: bool = False


@dataclass
class PlaceView:
    name: str = ""
    read: int = 0
    total: int = 0
    width: str = "0%"
    unread: list[str] = field(default_factory=list)
    office: bool = False


@dataclass
class OpenView:
    """What stands in the panel; an empty `id`: nothing does."""

    id: str = ""
    title: str = ""
    text: str = ""
    due: str = ""
    withdrawn: bool = False
    read: int = 0
    total: int = 0
    places: list[PlaceView] = field(default_factory=list)
    page: int = 0
    pages: int = 1
    count: int = 0


class AnnouncementsState(DeskState):
    """`done` says what was done just now, as a code of the catalogue; `by_province`: places are communes."""

    part: str = str(Part.OWN)
    lines: rx.Field[list[AnnouncementView]] = rx.field(default_factory=list)
    page: int = 0
    pages: int = 1
    total: int = 0
    open: OpenView = OpenView()
    communes: rx.Field[list[Option]] = rx.field(default_factory=list)
    by_province: bool = False
    today: str = ""
    drawn: int = 0
    done: str = ""
    done_params: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)

    @needs(Action.READ_ANNOUNCEMENT)
    async def load(self, who: Principal) -> None:
        self.done, self.open = "", OpenView()
        await self._show(who)

    @needs(Action.READ_ANNOUNCEMENT)
    async def choose_part(self, who: Principal, part: Part) -> None:
        self.part, self.page, self.done, self.open = str(part), 0, "", OpenView()
        await self._show(who)

    @needs(Action.READ_ANNOUNCEMENT)
    async def turn(self, who: Principal, page: int) -> None:
        self.page, self.done = page, ""
        await self._show(who)

    @needs(Action.READ_ANNOUNCEMENT)
    async def open_one(self, who: Principal, announcement: UUID, page: int) -> None:
        """Opens it; an officer of a commune has read thereby what the province tells."""
        self.done = ""
        async with database().write() as db:
            row = await announcements.open_at_desk(db, who, announcement)
            found = await read_announcement(db, who, row, vn_day(utc_now()), page)
        self.open = _opened(found)
        await self._show(who)

    @needs(Action.READ_ANNOUNCEMENT)
    async def close(self, who: Principal) -> None:
        self.open = OpenView()

    @needs(Action.WRITE_ANNOUNCEMENT)
    async def send(self, who: Principal, form: AnnouncementForm) -> None:
        self.done = ""
        async with database().write() as db:
            row = await announcements.publish(db, who, form)
        self.part, self.page, self.open = str(Part.OWN), 0, OpenView()
        self.drawn += 1
        await self._show(who)
        line = next((one for one in self.lines if one.id == str(row.id)), AnnouncementView())
        to_officers = form.audience == Audience.OFFICERS
        self.done = "sent_officers" if to_officers else "sent"
        self.done_params = {"n": line.communes if to_officers else line.total}

    @needs(Action.WRITE_ANNOUNCEMENT)
    async def withdraw(self, who: Principal, announcement: UUID) -> None:
        self.done = ""
        async with database().write() as db:
            await announcements.withdraw(db, who, announcement)
        self.open = OpenView()
        await self._show(who)
        self.done, self.done_params = "withdrawn", {}

    async def _show(self, who: Principal) -> None:
        today = vn_day(utc_now())
        async with database().read() as db:
            found = await list_announcements(db, who, Part(self.part), today, self.page)
            self.by_province = reach_of(who, Action.READ_ANNOUNCEMENT) is Reach.PROVINCE
            if self.by_province and not self.communes:
                self.communes = await _communes(db, who)
        self.today = today.isoformat()
        self.lines = [_view(row) for row in found.rows]
        self.page, self.pages, self.total = found.page, found.pages, found.total


async def _communes(db: AsyncSession, who: Principal) -> list[Option]:
    province, today = await get_own_unit(db, who, Action.READ_ANNOUNCEMENT), vn_day(utc_now())
    return [Option(str(unit.id), unit.name) for unit in await list_below(db, province, DayRange(today, today))]


def _width(read: int, total: int) -> str:
    return f"{round(100 * read / total) if total else 0}%"


def _view(row: AnnouncementRow) -> AnnouncementView:
    return AnnouncementView(
        str(row.id),
        row.title,
        str(row.audience),
        row.everywhere,
        row.communes,
        written_day(row.due_on) if row.due_on else "",
        written_instant(row.published_at),
        row.withdrawn,
        row.read,
        row.total,
        _width(row.read, row.total),
        row.offices,
        row.seen,
    )


def _opened(found: AnnouncementDetail) -> OpenView:
    row = found.row
    return OpenView(
        str(row.id),
        row.title,
        row.text,
        written_day(row.due_on) if row.due_on else "",
        row.withdrawn_at is not None,
        found.read,
        found.total,
        [_place(place) for place in found.places],
        found.page,
        found.pages,
        found.count,
    )


def _place(row: PlaceRow) -> PlaceView:
    return PlaceView(row.name, row.read, row.total, _width(row.read, row.total), row.unread, row.office)
