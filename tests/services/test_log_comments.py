"""Comments on day logs: who may say and read what, what stands of answers, and what an erasure takes along."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.services import held
from models.audit_event import AuditEvent
from models.base import utc_now
from models.log_comment import LogComment
from models.member import Member
from models.sync import Record
from models.team import Seat, SeatRole
from tests import build, drill
from tests.build import World
from tests.services.test_erasures import erase
from tests.services.test_merged_villages import merge
from tests.services.test_pull import Phone, on_sqlite

COMMENTS, SEATS, EVENTS = LogComment.__table__, Seat.__table__, AuditEvent.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def comment(author: Member, world: World, text: str = "Ghi rõ hơn kết quả", **given: Any) -> dict[str, Any]:
    outer = {name: given.pop(name) for name in ("id", "made_at", "replaces") if name in given}
    day = vn_day(datetime.now(UTC)).isoformat()
    payload = {"village": world.village.id, "member": world.member.id, "day": day, "text": text} | given
    return build.record("log.comment", author, payload, **outer)


def answer(author: Member, said: dict[str, Any], text: str = "Tôi ghi lại rồi", **given: Any) -> dict[str, Any]:
    return build.record("log.answer", author, {"comment": said["id"], "text": text}, **given)


async def send(db: Database, who: Member, *records: dict[str, Any]) -> list[str]:
    return [answer["result"] for answer in await build.send(db, who, *records)]


async def shown_to(db: Database, who: Member) -> dict[Any, dict[str, Any]]:
    return (await Phone(db, who).pull()).rows["comments"]


def ago(**given: float) -> int:
    return build.millis(datetime.now(UTC) - timedelta(**given))


def days_ago(days: int) -> str:
    return (vn_day(utc_now()) - timedelta(days=days)).isoformat()


async def test_a_comment_reaches_the_member_and_who_leads_and_nobody_else(db: Database, world: World) -> None:
    said = comment(world.leader, world)
    assert await send(db, world.leader, said) == ["created"]
    shown = await shown_to(db, world.member)
    row = shown[said["id"]]
    assert {k: row[k] for k in ("author", "by", "village", "member", "member_name", "day", "text")} == {
        "author": world.leader.id, "by": world.leader.full_name, "village": world.village.id,
        "member": world.member.id, "member_name": world.member.full_name, "day": said["payload"]["day"],
        "text": "Ghi rõ hơn kết quả",
    }  # fmt: skip
    assert await shown_to(db, world.leader) == await shown_to(db, world.deputy) == shown
    assert await shown_to(db, world.second_member) == await shown_to(db, world.next_leader) == {}
    async with db.read() as session:
        event = (await session.execute(select(AuditEvent).where(EVENTS.c.action == "log.comment"))).scalar_one()
    assert (event.member_id, event.subject_id) == (world.leader.id, said["id"])


async def test_an_answer_comes_back_to_who_leads(db: Database, world: World) -> None:
    said = comment(world.leader, world)
    await send(db, world.leader, said)
    phone = await Phone(db, world.leader).pull()
    assert await send(db, world.member, answer(world.member, said)) == ["created"]
    assert (await phone.pull()).rows["comments"][said["id"]]["answer"] == "Tôi ghi lại rồi"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
async def test_the_answer_made_last_stands_in_whatever_order_they_come(
    db: Database, world: World, order: tuple[int, ...]
) -> None:
    said = comment(world.leader, world, made_at=ago(hours=1))
    await send(db, world.leader, said)
    texts = ("Một", "", "Ba")
    answers = [answer(world.member, said, text, made_at=ago(minutes=30 - 10 * n)) for n, text in enumerate(texts)]
    for n in order:
        assert await send(db, world.member, answers[n]) == ["created"]
    assert (await shown_to(db, world.leader))[said["id"]]["answer"] == "Ba"


async def test_what_was_taken_away_or_replaced_leaves_the_phones_without_its_words(db: Database, world: World) -> None:
    first = comment(world.leader, world, "Lời đầu")
    await send(db, world.leader, first)
    phone = await Phone(db, world.member).pull()
    second = comment(world.leader, world, "Lời sau", replaces=first["id"])
    assert await send(db, world.leader, second) == ["created"]
    await phone.pull()
    assert [row["text"] for row in phone.rows["comments"].values()] == ["Lời sau"]
    assert [row.get("text") for row in phone.last["comments"] if row["id"] == first["id"]] == [None]
    assert await send(db, world.leader, comment(world.leader, world, "", replaces=second["id"])) == ["created"]
    assert (await phone.pull()).rows["comments"] == await shown_to(db, world.member) == {}


async def test_a_word_said_in_office_holds_after_the_seat_has_ended(db: Database, world: World) -> None:
    said = comment(world.deputy, world, made_at=ago(days=3))
    async with db.write() as session:
        ended = {"valid_to": vn_day(utc_now()) - timedelta(days=2)}
        await session.execute(update(SEATS).where(SEATS.c.member_id == world.deputy.id).values(**ended))
    late = comment(world.deputy, world)
    assert await send(db, world.deputy, said, late) == ["created", "held"]
    assert list(await shown_to(db, world.member)) == [said["id"]]


async def test_what_was_said_stays_while_its_change_waits_to_be_sorted(db: Database, world: World) -> None:
    said = comment(world.deputy, world, made_at=ago(days=3), day=days_ago(3))
    assert await send(db, world.deputy, said) == ["created"]
    async with db.write() as session:
        ended = {"valid_to": vn_day(utc_now()) - timedelta(days=2)}
        await session.execute(update(SEATS).where(SEATS.c.member_id == world.deputy.id).values(**ended))
    changed = comment(world.deputy, world, "Lời sau", day=days_ago(3), replaces=said["id"])
    assert await send(db, world.deputy, changed) == ["held"]
    assert list(await shown_to(db, world.member)) == [said["id"]]
    async with db.write() as session:
        officer = await build.principal(db, world.commune_officer)
        assert await held.accept(session, officer, UUID(changed["id"]), world.team.id) == "created"
    assert [row["text"] for row in (await shown_to(db, world.member)).values()] == ["Lời sau"]


async def test_somebody_to_whom_reviewing_was_handed_over_comments_and_reads(db: Database, world: World) -> None:
    today = vn_day(utc_now())
    async with db.write() as session:
        days = {"valid_from": today, "valid_to": today + timedelta(days=6), "delegated_by_id": world.leader.id}
        who = {"team_id": world.team.id, "member_id": world.second_member.id, "role": SeatRole.DEPUTY}
        session.add(Seat(**who, **days))
    said = comment(world.second_member, world, made_at=ago(seconds=1))
    assert await send(db, world.second_member, said) == ["created"]
    assert list(await shown_to(db, world.second_member)) == [said["id"]]


async def test_of_old_days_a_phone_that_begins_is_given_nothing(db: Database, world: World) -> None:
    old = days_ago(settings().pull_days + 1)
    phone = await Phone(db, world.member).pull()
    assert await send(db, world.leader, comment(world.leader, world, day=old)) == ["created"]
    assert len((await phone.pull()).rows["comments"]) == 1
    assert await shown_to(db, world.member) == {}


async def test_what_was_said_goes_on_where_its_village_continues(db: Database, world: World) -> None:
    said = comment(world.leader, world, made_at=ago(days=2), day=days_ago(2))
    await send(db, world.leader, said)
    new = await merge(db, world, world.team)
    assert (await shown_to(db, world.member))[said["id"]]["village"] == new.id
    assert await send(db, world.member, answer(world.member, said)) == ["created"]
    away = comment(world.leader, world, "", replaces=said["id"], village=new.id, day=said["payload"]["day"])
    assert await send(db, world.leader, away) == ["created"]
    assert await shown_to(db, world.member) == {}


@on_sqlite
async def test_what_waits_to_be_sorted_is_taken_in_with_what_followed_it(db: Database, world: World) -> None:
    gone = {"valid_from": build.SINCE, "valid_to": vn_day(utc_now()) - timedelta(days=10)}
    mover = await build.member(db, world.team, "Hồ Thị Mai", SeatRole.DEPUTY, **gone)
    said = comment(mover, world)
    changed = comment(mover, world, "Lời sau", replaces=said["id"])
    assert await send(db, mover, said, changed) == ["held", "held"]
    assert await send(db, world.member, answer(world.member, said)) == ["held"]
    async with db.write() as session:
        officer = await build.principal(db, world.commune_officer)
        assert await held.accept(session, officer, UUID(said["id"]), world.team.id) == "created"
    assert [row["text"] for row in (await shown_to(db, world.leader)).values()] == ["Lời sau"]


async def words_of(db: Database) -> list[str]:
    rows = await drill.rows_of(db, COMMENTS)
    return sorted(word for row in rows for word in (row["text"], row["answer"]) if word)


async def test_an_erasure_takes_what_was_said_of_the_days_of_its_household(db: Database, world: World) -> None:
    """Nobody can tell whether the words are about that household; those on other days and members stay."""
    home = world.households[0]
    await build.send(db, world.member, build.visit(world.member, home))
    about, other = comment(world.leader, world, "Bà Sáu"), comment(world.leader, world, "Khác", day=days_ago(1))
    third = comment(world.leader, world, "Việt", member=world.second_member.id)
    await send(db, world.leader, about, other, third)
    await send(db, world.member, answer(world.member, about, "Bà Sáu thật"))
    phone = await Phone(db, world.member).pull()
    await erase(db, home)
    assert await words_of(db) == ["Khác", "Việt"]
    assert list((await phone.pull()).rows["comments"]) == [other["id"]]


async def test_what_was_still_on_a_phone_brings_nothing_back(db: Database, world: World) -> None:
    home = world.households[0]
    await build.send(db, world.member, build.visit(world.member, home))
    late, mine = comment(world.leader, world, "Bà Sáu"), comment(world.deputy, world, "Bà Sáu")
    await send(db, world.deputy, mine)
    words = answer(world.member, mine, "Bà Sáu thật")
    await erase(db, home)
    assert await send(db, world.leader, late) == ["created"]
    assert await send(db, world.member, words) == ["superseded"]
    assert await words_of(db) == []
    assert await shown_to(db, world.member) == {}


@on_sqlite
async def test_what_waits_to_be_sorted_is_stripped(db: Database, world: World) -> None:
    gone = {"valid_from": build.SINCE, "valid_to": vn_day(utc_now()) - timedelta(days=10)}
    mover = await build.member(db, world.team, "Hồ Thị Mai", SeatRole.DEPUTY, **gone)
    await build.send(db, world.member, build.visit(world.member, world.households[0]))
    said = comment(mover, world, "Bà Sáu")
    assert await send(db, mover, said) == ["held"]
    assert await send(db, world.member, answer(world.member, said, "Bà Sáu thật")) == ["held"]
    await erase(db, world.households[0])
    kept = [row["payload"] for row in await drill.rows_of(db, Record.__table__) if row["payload"]]
    assert [content["payload"]["text"] for content in kept] == ["", ""]
    async with db.write() as session:
        officer = await build.principal(db, world.commune_officer)
        assert await held.accept(session, officer, UUID(said["id"]), world.team.id) == "created"
    assert await words_of(db) == []
