"""Announcements: they reach whom they are for, are read once, counted by the seats of today, and told once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.announcement import AnnouncementForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from fieldapp.reports.announcement_list import Part, list_announcements, read_announcement
from fieldapp.services import announcements, notices, subscriptions
from models.account import Account, Role
from models.announcement import Announcement, AnnouncementReading
from models.member import Member
from models.team import Seat, SeatRole
from tests import build
from tests.build import World
from tests.services.test_notices import kinds, subscribe
from tests.services.test_pull import Phone

TODAY = vn_day(datetime.now(UTC))
READINGS, SEATS = AnnouncementReading.__table__, Seat.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def publish(db: Database, who: Account, **given: Any) -> Announcement:
    principal = await build.principal(db, who)
    async with db.write() as session:
        form = AnnouncementForm.model_validate({"title": "Họp tổ", "text": "Tối thứ Bảy, nhà văn hóa"} | given)
        return await announcements.publish(session, principal, form)


async def withdraw(db: Database, who: Account, row: Announcement) -> None:
    principal = await build.principal(db, who)
    async with db.write() as session:
        await announcements.withdraw(session, principal, row.id)


def opened(author: Member, row: Announcement | UUID) -> dict[str, Any]:
    named = row.id if isinstance(row, Announcement) else row
    return build.record("announcement.read", author, {"announcement": str(named)})


async def send(db: Database, who: Member, *records: dict[str, Any]) -> list[str]:
    return [answer["result"] for answer in await build.send(db, who, *records)]


async def counts(db: Database, who: Account, part: Part = Part.OWN) -> list[tuple[str, int, int]]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        page = await list_announcements(session, principal, part, TODAY)
    return [(row.title, row.read, row.total) for row in page.rows]


async def places(db: Database, who: Account, row: Announcement) -> list[tuple[str, int, int, list[str], bool]]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        one = await announcements.get_for_reading(session, principal, row.id)
        found = await read_announcement(session, principal, one, TODAY)
    return [(one.name, one.read, one.total, one.unread, one.office) for one in found.places]


async def test_what_is_announced_is_on_the_phones_that_it_is_for_until_it_is_taken_back(
    db: Database, world: World
) -> None:
    phones = {who.id: Phone(db, who) for who in (world.leader, world.member, world.next_leader)}
    for phone in phones.values():
        await phone.pull()

    async def told() -> list[list[str] | None]:
        lists = [(await phone.pull()).last.get("announcements") for phone in phones.values()]
        return [None if rows is None else [row["title"] for row in rows] for rows in lists]

    assert await told() == [None] * 3
    everybody = await publish(db, world.commune_officer, due_on=TODAY + timedelta(days=2))
    assert await told() == [["Họp tổ"]] * 3
    assert await told() == [None] * 3, "nothing is given twice"
    await publish(db, world.commune_officer, title="Giao ban", audience="leaders")
    assert await told() == [["Giao ban", "Họp tổ"], ["Họp tổ"], ["Giao ban", "Họp tổ"]]
    await publish(db, world.province_officer, title="Sở", audience="officers")
    await told()
    await withdraw(db, world.commune_officer, everybody)
    await withdraw(db, world.commune_officer, everybody)
    assert await told() == [["Giao ban"], [], ["Giao ban"]]
    async with db.write() as session:
        seat = update(SEATS).where(SEATS.c.member_id == world.member.id).values(role=str(SeatRole.DEPUTY))
        await session.execute(seat)
    assert (await told())[1] == ["Giao ban"], "who begins to lead is told what leaders were told"


async def test_what_is_old_leaves_the_phones_unless_its_day_is_to_come(db: Database, world: World) -> None:
    old, due = (
        await publish(db, world.commune_officer),
        await publish(db, world.commune_officer, title="Còn hạn", due_on=TODAY),
    )
    async with db.write() as session:
        long_ago = datetime.now(UTC) - timedelta(days=settings().pull_days + 1)
        await session.execute(update(Announcement.__table__).values(published_at=long_ago))  # type: ignore[arg-type]
    phone = await Phone(db, world.member).pull()
    assert [row["id"] for row in phone.last["announcements"]] == [str(due.id)] != [str(old.id)]


async def test_it_is_read_once_by_each_and_the_desk_sees_who_has_not(db: Database, world: World) -> None:
    row = await publish(db, world.commune_officer)
    assert await counts(db, world.commune_officer) == [("Họp tổ", 0, 5)]
    said = opened(world.member, row)
    assert await send(db, world.member, said) == ["created"]
    assert await send(db, world.member, said, opened(world.member, row)) == ["identical", "created"]
    assert await send(db, world.next_leader, opened(world.next_leader, row)) == ["created"]
    assert await counts(db, world.commune_officer) == [("Họp tổ", 2, 5)]
    assert await places(db, world.commune_officer, row) == [
        (world.team.name, 1, 4, [world.deputy.full_name, world.second_member.full_name, world.leader.full_name], False),
        (world.next_team.name, 1, 1, [], False),
    ]
    phone = await Phone(db, world.member).pull()
    assert [one["read"] for one in phone.last["announcements"]] == [True], "another phone of theirs knows"
    async with db.write() as session:
        left = update(SEATS).where(SEATS.c.member_id == world.member.id)
        await session.execute(left.values(valid_to=TODAY - timedelta(days=1)))
    assert await counts(db, world.commune_officer) == [("Họp tổ", 1, 4)], "who has left is not counted"


async def test_the_province_sees_numbers_and_the_officers_who_opened_it(db: Database, world: World) -> None:
    far = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    row = await publish(db, world.province_officer, title="Sở thông báo")
    await send(db, world.member, opened(world.member, row))
    assert await counts(db, world.province_officer) == [("Sở thông báo", 1, 5)]
    assert await places(db, world.province_officer, row) == [
        (world.commune.name, 1, 5, [], False), (far.name, 0, 0, [], False),
    ]  # fmt: skip
    assert await counts(db, world.commune_officer, Part.ABOVE) == [("Sở thông báo", 1, 5)]
    officer = await build.principal(db, world.commune_officer)
    for _ in range(2):
        async with db.write() as session:
            await announcements.open_at_desk(session, officer, row.id)
    assert [place[4] for place in await places(db, world.province_officer, row)] == [True, False]
    only_far = await publish(db, world.province_officer, title="Riêng", communes=[far.id])
    assert [title for title, *_ in await counts(db, world.commune_officer, Part.ABOVE)] == ["Sở thông báo"]
    assert (row.everywhere, only_far.everywhere) == (True, False)
    assert await send(db, world.member, opened(world.member, only_far)) == ["forbidden"]
    for deed in (announcements.open_at_desk, announcements.get_for_reading):
        with pytest.raises(Problem, match="forbidden"):
            async with db.write() as session:
                await deed(session, officer, only_far.id)


async def test_nobody_announces_elsewhere_or_takes_back_what_is_not_theirs(db: Database, world: World) -> None:
    far = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.account(db, far, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    mine = await publish(db, world.commune_officer, communes=[far.id])
    assert await counts(db, stranger, Part.ABOVE) == [], "a commune's own goes to itself, whatever was ticked"
    for who, given, code in (
        (head, {}, "forbidden"), (world.commune_officer, {"audience": "officers"}, "invalid"),
        (world.commune_officer, {"due_on": TODAY - timedelta(days=1)}, "invalid"),
        (world.province_officer, {"communes": [world.village.id]}, "not_found"),
    ):  # fmt: skip
        with pytest.raises(Problem, match=code):
            await publish(db, who, **given)
    for who in (stranger, world.province_officer):
        with pytest.raises(Problem, match="forbidden"):
            await withdraw(db, who, mine)
    with pytest.raises(Problem, match="forbidden"):
        await places(db, stranger, mine)


async def test_a_reading_of_what_a_restore_took_away_stops_nothing(db: Database, world: World) -> None:
    """Nobody can mend it, so it is taken in, and leaves nothing."""
    assert await send(db, world.member, opened(world.member, uuid7())) == ["created"]
    async with db.read() as session:
        assert (await session.execute(select(READINGS))).all() == []


async def test_those_who_asked_are_told_once_and_only_while_it_is_unread(
    db: Database, world: World, own_settings: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_NOTICE_CONTACT", "mailto:toso@example.vn")
    settings.cache_clear()
    async with db.write() as session:
        await subscriptions.make_key(session)
    for who in (world.member, world.leader):
        await subscribe(db, who)
    await publish(db, world.commune_officer, audience="leaders")
    assert await kinds(db) == [(world.leader.id, "announcement")]
    row = await publish(db, world.commune_officer)
    assert await kinds(db) == [(who.id, "announcement") for who in sorted((world.member, world.leader), key=_id)]
    await send(db, world.member, opened(world.member, row))
    now = datetime.now(UTC) + timedelta(days=2)
    async with db.write() as session:
        due = {one.member_id: one for one in await notices.list_due(session, now, 9)}
        numbers = {member: await notices.count(session, one, datetime.now(UTC)) for member, one in due.items()}
        assert numbers == {world.member.id: 0, world.leader.id: 2}
        for one in due.values():
            await notices.settle(session, one, now, told=bool(numbers[one.member_id]))
    assert await kinds(db) == []


def _id(member: Member) -> int:
    return member.id or 0
