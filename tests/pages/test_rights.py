"""The page about personal data, past the browser: register, photos taken away, erasure, and what strangers try."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.integrations import erasure_ledger
from fieldapp.jobs.decode_photos import decode_waiting
from fieldapp.pages.desk.rights import RightsState
from fieldapp.services.reconciliation import reconcile
from models.account import Role
from models.audit_event import AuditEvent
from models.household import Household
from models.visit import Photo, Visit
from tests import build, drill, pictures
from tests.build import World
from tests.pages.test_desk import enter

TODAY = vn_day(datetime.now(UTC)).isoformat()


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def asking(world: World, kind: str = "withdraw", number: str = "1", **given: Any) -> dict[str, Any]:
    asked = {"kind": kind, "received_on": TODAY, "asked": "Không muốn có ảnh", "number": number}
    return asked | {"village": str(world.village.id)} | given


async def test_a_request_is_noted_its_photo_erased_and_it_is_closed(db: Database, world: World) -> None:
    record, content = await drill.send_visit(db, world.member, world.households[0])
    await decode_waiting()
    state = await enter(db, RightsState, world.commune_officer)
    assert (state.lines, [v.label for v in state.villages]) == ([], [world.village.name, world.next_village.name])
    await state.take_in(asking(world))
    assert (state.problem, state.done, state.open_count, state.late_count) == ("", "taken_in", 1, 0)
    [photo] = state.open.photos
    assert (photo.record, photo.sha256, photo.consent) == (record["id"], pictures.sha256(content), "oral")
    await state.answer({"request": str(state.open.id), "words": "Xóa ảnh trong 15 ngày"})
    await state.erase_photo({"request": str(state.open.id), "record": photo.record, "sha256": photo.sha256})
    assert (state.problem, state.done, state.open.photos) == ("", "photo", [])
    await state.finish({"request": str(state.open.id), "words": "Đã xóa ảnh"})
    assert (state.open.line.state, state.open.open, state.lines, state.open_count) == ("done", False, [], 0)
    assert [e.action for e in state.open.trail] == ["rights.receive", "rights.answer", "rights.photo", "rights.finish"]
    await state.choose_part("consents")
    assert [(line.household, line.way, line.text, bool(line.withdrawn)) for line in state.consents] == [
        ("1", "oral", 1, True)
    ]
    await state.show_all(True)
    assert len(state.lines) == 1
    await state.answer({"request": str(state.lines[0].id), "words": "Nữa"})
    assert state.problem == "request_closed"


async def test_a_household_is_erased_for_good_and_no_number_moves(db: Database, world: World) -> None:
    await drill.send_visit(db, world.member, world.households[0], note="Nhà bà Sáu")
    visits = len(await drill.rows_of(db, Visit.__table__))
    state = await enter(db, RightsState, world.commune_officer)
    await state.take_in(asking(world, "erase"))
    await state.erase({"request": str(state.open.id), "number": "2"})
    assert (state.problem, state.open.erased) == ("number_differs", "")
    assert erasure_ledger.read(settings().backups) == []
    await state.erase({"request": str(state.open.id), "number": "1"})
    assert (state.problem, state.done, state.open.head) == ("", "erased", "")
    assert state.open.erased != ""
    [entry] = erasure_ledger.read(settings().backups)
    assert entry.household_id == world.households[0].id
    async with db.write() as session:
        home = await session.get_one(Household, world.households[0].id)
        assert (home.head_name, (await reconcile(session)).right) == (None, True)
    assert len(await drill.rows_of(db, Visit.__table__)) == visits
    assert await drill.rows_of(db, Photo.__table__) == []
    [event] = [e for e in await drill.rows_of(db, AuditEvent.__table__) if e["action"] == "household.erase"]
    assert event["account_id"] == world.commune_officer.id


async def test_strangers_and_leaders_change_nothing(db: Database, world: World) -> None:
    state = await enter(db, RightsState, world.commune_officer)
    await state.take_in(asking(world))
    request = str(state.open.id)
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await enter(db, RightsState, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    head = await enter(db, RightsState, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    assert (stranger.lines, len(head.lines)) == ([], 1)
    photo = {"request": request, "record": str(build.uuid7()), "sha256": "a" * 64}
    tried = [
        ("answer", {"request": request, "words": "x"}), ("finish", {"request": request, "words": "x"}),
        ("erase", {"request": request, "number": "1"}), ("erase_photo", photo),
    ]  # fmt: skip
    for somebody in (stranger, head):
        for handler, given in tried:
            await getattr(somebody, handler)(given)
            assert somebody.problem == "forbidden", handler
    await stranger.open_one(int(request))
    assert (stranger.problem, stranger.open.id) == ("forbidden", 0)
    assert erasure_ledger.read(settings().backups) == []


@pytest.mark.parametrize(
    ("handler", "given"),
    [
        ("take_in", {}),
        ("take_in", {"kind": "burn", "received_on": TODAY, "asked": "x"}),
        ("take_in", {"kind": "erase", "received_on": "2999-01-01", "asked": "x"}),
        ("take_in", {"kind": "erase", "received_on": TODAY, "asked": "Gọi 0905 123 456"}),
        ("take_in", {"kind": "erase", "received_on": TODAY, "asked": ""}),
        ("answer", {"request": "0", "words": "x"}),
        ("erase", {"request": "1", "number": "\0"}),
        ("erase_photo", {"request": "1", "record": "x", "sha256": "a" * 64}),
        ("erase_photo", {"request": "1", "record": str(build.uuid7()), "sha256": "../../etc/passwd"}),
        ("open_one", -1),
        ("choose_part", "everything"),
        ("show_all", "perhaps"),
    ],
)
async def test_nonsense_is_refused(db: Database, world: World, handler: str, given: Any) -> None:
    state = await enter(db, RightsState, world.commune_officer)
    await getattr(state, handler)(given)
    assert state.problem == "invalid", json.dumps(given)
