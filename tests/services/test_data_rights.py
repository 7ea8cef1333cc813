"""Requests about personal data: due days, consent taken back, erasure from the desk; numbers stay, phones are told."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.working_days import WorkCalendar
from fieldapp.integrations.photo_store import photo_store
from fieldapp.jobs.decode_photos import decode_waiting
from fieldapp.problems import Problem
from fieldapp.reports.consent_log import every_consent, list_consents
from fieldapp.reports.data_request_list import count_late, get_request, list_requests
from fieldapp.services import data_requests, leftovers, photo_withdrawals, pull
from fieldapp.services.data_requests import RequestForm, StepForm
from fieldapp.services.reconciliation import reconcile
from models.account import Account, Role
from models.base import utc_now
from models.consent_withdrawal import ConsentWithdrawal
from models.data_request import DataRequest
from models.household import Household
from models.visit import Photo, Visit
from tests import build, drill, pictures
from tests.build import World
from tests.services.test_pull import Phone

TODAY = vn_day(datetime.now(UTC))


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def ask(db: Database, who: Account, kind: str = "withdraw", **given: Any) -> int:
    form = RequestForm(**({"kind": kind, "received_on": TODAY, "asked": "Không muốn có ảnh"} | given))
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await data_requests.take_in(session, principal, form)


async def withdraw(db: Database, who: Account, record: str, sha256: str, request: int | None = None) -> int:
    principal = await build.principal(db, who)
    async with db.write() as session:
        entry = await photo_withdrawals.new_entry(session, principal, UUID(record), sha256)
        return await photo_withdrawals.withdraw(session, entry, principal, request)


async def test_a_request_has_its_due_days_and_is_answered_and_closed(db: Database, world: World) -> None:
    home = world.households[2]
    one = await ask(db, world.commune_officer, "erase", village=world.village.id, number=home.number)
    principal = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        detail = await get_request(session, principal, one)
        assert await count_late(session, principal, TODAY) == (1, 0)
        assert await count_late(session, principal, TODAY + timedelta(days=30)) == (1, 1)
    row = detail.request
    assert (row.first_due_on, row.due_on) == (WorkCalendar().after(TODAY, 2), TODAY + timedelta(days=20))
    assert (row.number, row.household_id, row.state) == (home.number, home.id, "received")
    async with db.write() as session:
        await data_requests.answer(session, principal, StepForm(request=one, words="Xóa trong 20 ngày"))
    async with db.write() as session:
        await data_requests.close(session, principal, StepForm(request=one, words="Đã xóa"))
    async with db.write() as session:
        with pytest.raises(Problem, match="request_closed"):
            await data_requests.answer(session, principal, StepForm(request=one, words="Nữa"))
    async with db.read() as session:
        detail = await get_request(session, principal, one)
        assert (await list_requests(session, principal, True, 0)).total == 0
        assert (await list_requests(session, principal, False, 0)).total == 1
    row = detail.request
    assert (row.state, row.answered_on, row.closed_on, row.result) == ("done", TODAY, TODAY, "Đã xóa")
    assert [event.action for event in detail.trail] == ["rights.receive", "rights.answer", "rights.finish"]


async def test_requests_are_the_communes_own(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    one = await ask(db, world.commune_officer)
    for who, may_read in ((stranger, False), (world.province_officer, False), (head, True)):
        principal = await build.principal(db, who)
        async with db.write() as session:
            with pytest.raises(Problem, match="forbidden"):
                await data_requests.answer(session, principal, StepForm(request=one, words="Ai đó"))
        async with db.read() as session:
            if may_read:
                assert (await get_request(session, principal, one)).request.id == one
            else:
                with pytest.raises(Problem, match="forbidden"):
                    await get_request(session, principal, one)
    for wrong, code in (
        ({"received_on": TODAY + timedelta(days=1)}, "invalid"),
        ({"number": "999", "village": world.village.id}, "household_unknown"),
        ({"number": world.households[0].number}, "household_unknown"),
    ):
        with pytest.raises(Problem, match=code):
            await ask(db, world.commune_officer, **wrong)


async def test_25_consent_taken_back_erases_the_photo_everywhere_and_no_number_moves(
    db: Database, world: World
) -> None:
    record, content = await drill.send_visit(db, world.member, world.households[0], note="Nhà 1")
    await decode_waiting()
    sha256, leader = pictures.sha256(content), await Phone(db, world.leader).pull()
    assert [p["sha256"] for p in leader.rows["visits"][record["id"]]["photos"]] == [sha256]
    before = await drill.rows_of(db, Visit.__table__)
    one = await ask(db, world.commune_officer, village=world.village.id, number=world.households[0].number)
    reader = await build.principal(db, world.leader)
    async with db.read() as session:
        cursor = (await pull.pull(session, reader, ""))["cursor"]
    assert await withdraw(db, world.commune_officer, record["id"], sha256, one) == 1
    async with db.read() as session:
        assert await leftovers.drop(session) == 1
        news = await pull.pull(session, reader, cursor)
    assert [v["photos"] for v in news["visits"]] == [[]]
    assert news["tombstones"] == [{"kind": "photos", "id": sha256}]
    assert await photo_store().find_picture(sha256) is None
    assert await drill.rows_of(db, Photo.__table__) == []
    after = await drill.rows_of(db, Visit.__table__)
    moved = {"scope_version"}
    assert [{k: v for k, v in row.items() if k not in moved} for row in after] == [
        {k: v for k, v in row.items() if k not in moved} for row in before
    ]
    async with db.write() as session:
        assert (await reconcile(session)).right
    [gone] = await drill.rows_of(db, ConsentWithdrawal.__table__)
    assert (gone["consent_way"], gone["consent_text"], gone["request_id"]) == ("oral", 1, one)
    assert gone["collector_id"] == world.member.id
    officer = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        [row] = (await list_consents(session, officer, 0)).rows
        [cells] = await every_consent(session, officer, "vi")
    assert (row.household, row.way, row.collector) == (world.households[0].number, "oral", world.member.full_name)
    assert row.withdrawn_at is not None
    assert row.withdrawn_at.tzinfo is not None
    assert cells[2] == world.households[0].number


async def test_a_phone_that_names_the_photo_again_is_given_no_place_for_it(db: Database, world: World) -> None:
    record, content = await drill.send_visit(db, world.member, world.households[0])
    await decode_waiting()
    sha256 = pictures.sha256(content)
    await withdraw(db, world.commune_officer, record["id"], sha256)
    again = build.visit(
        world.member, world.households[0], photos=pictures.named(content), replaces=record["id"], note="Sửa"
    )
    other = build.visit(world.second_member, world.households[1], photos=pictures.named(content))
    assert [a["result"] for a in await build.send(db, world.member, again)] == ["created"]
    assert [a["result"] for a in await build.send(db, world.second_member, other)] == ["created"]
    assert await drill.rows_of(db, Photo.__table__) == []
    with pytest.raises(Problem, match="not_found"):
        await withdraw(db, world.commune_officer, record["id"], sha256)


async def test_nobody_takes_a_photo_of_another_commune_away(db: Database, world: World) -> None:
    record, content = await drill.send_visit(db, world.member, world.households[0])
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    for who in (stranger, head, world.province_officer):
        with pytest.raises(Problem, match="forbidden"):
            await withdraw(db, who, record["id"], pictures.sha256(content))
    assert len(await drill.rows_of(db, Photo.__table__)) == 1


async def test_the_number_is_typed_once_more_before_data_are_erased(db: Database, world: World) -> None:
    home = world.households[4]
    one = await ask(db, world.commune_officer, "erase", village=world.village.id, number=home.number)
    nobody = await ask(db, world.commune_officer, "access")
    principal = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        assert (await data_requests.get_household(session, principal, one, f" {home.number} ")).id == home.id
        with pytest.raises(Problem, match="number_differs"):
            await data_requests.get_household(session, principal, one, "6")
        with pytest.raises(Problem, match="household_unknown"):
            await data_requests.get_household(session, principal, nobody, "")
    assert len(await drill.rows_of(db, DataRequest.__table__)) == 2


async def test_a_request_goes_with_a_household_that_becomes_another(db: Database, world: World) -> None:
    """In the days between the request and its answer the village finds that both are one."""
    door = build.uuid7()
    payload = {"household": str(door), "village": world.village.id, "number": "77", "head_name": "Võ Thị Tám"}
    met = build.record("household.add", world.member, payload)
    visit = build.visit(world.member, world.households[0], note="Nhà bà Tám")
    visit["payload"]["household"] = str(door)
    assert [a["result"] for a in await build.send(db, world.member, met, visit)] == ["created"] * 2
    one = await ask(db, world.commune_officer, "erase", village=world.village.id, number="77")
    same = build.record(
        "household.confirm", world.leader, {"household": str(door), "into": str(world.households[2].id)}
    )
    assert [a["result"] for a in await build.send(db, world.leader, same)] == ["created"]
    officer = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        home = await data_requests.get_household(session, officer, one, world.households[2].number)
    assert home.id == world.households[2].id


async def test_a_number_that_is_used_again_is_of_who_lives_there(db: Database, world: World) -> None:
    old = world.households[3]
    async with db.write() as session:
        (await session.get_one(Household, old.id)).discarded_at = utc_now()
    one = await ask(db, world.commune_officer, "erase", village=world.village.id, number=old.number)
    new = await build.household(db, world.village, old.number.upper())
    two = await ask(db, world.commune_officer, "erase", village=world.village.id, number=f" {old.number} ")
    officer = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        homes = [await data_requests.get_household(session, officer, asked, old.number) for asked in (one, two)]
    assert [home.id for home in homes] == [old.id, new.id]
