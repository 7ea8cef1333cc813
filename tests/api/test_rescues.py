"""Rescue files brought by a leader or an officer: whose they may be, what comes of them, and what hostile ones meet."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.rescue_file import MAX_FILE_BYTES
from fieldapp.integrations.rescue_seal import HEAD, RescueKey
from fieldapp.services import devices, sessions
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.member import Member
from models.session import SessionState
from models.sync import PushResult, Record
from models.team import SeatRole
from models.visit import Photo, PhotoState, Visit
from tests import build, pictures, rescue_files
from tests.build import World
from tests.rescue_files import close, file_of, head_of, pack, photos_of, server_key

RECORDS, EVENTS, VISITS = Record.__table__, AuditEvent.__table__, Visit.__table__


@pytest.fixture
async def stage(db: Database) -> World:
    return await build.world(db)


async def bring(client: httpx.AsyncClient, db: Database, who: Member | Account, file: bytes) -> httpx.Response:
    await build.enter(client, db, who)
    return await client.post("/api/v1/rescues", content=file)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["problem"]["code"]


async def row_of(db: Database, record: dict[str, Any]) -> Record:
    async with db.read() as session:
        return await session.get_one(Record, UUID(record["id"]))


async def visits(db: Database) -> list[tuple[int, str]]:
    async with db.read() as session:
        rows = await session.execute(select(VISITS.c.author_id, VISITS.c.id).order_by(VISITS.c.id))
        return [(row[0], str(row[1])) for row in rows]


async def test_records_keep_their_author_and_name_who_brought_them(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    record = build.visit(stage.member, stage.households[0], "VNEID", "DVC")
    answer = await bring(client, db, stage.leader, await file_of(db, stage.member, record))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["author"], answer.json()["records"], answer.json()["look"]) == ("Đinh Thị Lan", 1, 0)
    row = await row_of(db, record)
    assert (row.author_id, row.importer_id, row.importer_account_id) == (stage.member.id, stage.leader.id, None)
    assert await visits(db) == [(stage.member.id, record["id"])]
    async with db.read() as session:
        events = {e.action: e for e in (await session.execute(select(AuditEvent).order_by(EVENTS.c.id))).scalars()}
    assert events["visit.create"].member_id == stage.member.id
    assert events["visit.create"].detail["importer"] == f"member:{stage.leader.id}"
    brought = events["record.rescue"]
    assert (brought.member_id, brought.subject_id, brought.detail["records"]) == (
        stage.leader.id, str(stage.member.id), 1,
    )  # fmt: skip


async def test_it_arrives_once_whoever_comes_first(client: httpx.AsyncClient, db: Database, stage: World) -> None:
    """The same file twice, then the phone itself; and what the phone had sent before the file came."""
    first, second, third = (build.visit(stage.member, household) for household in stage.households[:3])
    await build.send(db, stage.member, first)
    file = await file_of(db, stage.member, first, second, third)
    answer = (await bring(client, db, stage.leader, file)).json()
    assert (answer["records"], answer["known"]) == (2, 1)
    assert (await bring(client, db, stage.commune_officer, file)).json()["known"] == 3
    results = [a["result"] for a in await build.send(db, stage.member, first, second, third)]
    assert results == ["identical"] * 3
    assert len(await visits(db)) == 3
    assert (await row_of(db, first)).importer_id is None
    assert (await row_of(db, third)).importer_id == stage.leader.id


async def test_an_officer_brings_files_of_the_commune(client: httpx.AsyncClient, db: Database, stage: World) -> None:
    record = build.visit(stage.member, stage.households[0])
    answer = await bring(client, db, stage.commune_officer, await file_of(db, stage.member, record))
    assert answer.json()["records"] == 1
    row = await row_of(db, record)
    assert (row.importer_id, row.importer_account_id) == (None, stage.commune_officer.id)


async def test_what_was_refused_or_held_is_told_and_leaves_the_rest(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    good = build.visit(stage.member, stage.households[0])
    unknown = build.visit(stage.member, stage.households[1], "NO_SUCH")
    of_another = build.visit(stage.second_member, stage.households[2])
    early = build.visit(stage.member, stage.households[3], made_at=build.millis(datetime(2025, 1, 2, tzinfo=UTC)))
    file = await file_of(db, stage.member, good, unknown, of_another, early, {"kind": []}, "nonsense")
    answer = (await bring(client, db, stage.leader, file)).json()
    assert (answer["records"], answer["known"], answer["look"]) == (1, 0, 5)
    told = [(line["kind"], line["result"], line.get("code")) for line in answer["lines"]]
    assert told == [
        ("visit.create", "invalid", "platform_unknown"),
        ("visit.create", "forbidden", "not_author"),
        ("visit.create", "held", None),
        ("", "invalid", "invalid"),
        ("", "invalid", "invalid"),
    ]
    assert await visits(db) == [(stage.member.id, good["id"])]


async def test_a_decision_of_a_leader_is_judged_as_their_own(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    visit = build.visit(stage.member, stage.households[0])
    await build.send(db, stage.member, visit)
    decided = build.decision(stage.leader, visit["id"])
    by_member = build.decision(stage.second_member, visit["id"])
    refused = (await bring(client, db, stage.leader, await file_of(db, stage.second_member, by_member))).json()
    assert refused["lines"][0]["result"] == "forbidden"
    assert (await bring(client, db, stage.commune_officer, await file_of(db, stage.leader, decided))).json()["records"]


async def test_photos_come_with_their_visits(client: httpx.AsyncClient, db: Database, stage: World) -> None:
    content, unsent = pictures.jpeg(), pictures.jpeg()
    sent = build.visit(stage.member, stage.households[0], photos=pictures.named(content))
    await build.send(db, stage.member, sent)
    record = build.visit(stage.member, stage.households[1], photos=pictures.named(unsent))
    held_at = build.millis(datetime(2025, 1, 2, tzinfo=UTC))
    held = build.visit(stage.member, stage.households[2], photos=pictures.named(unsent), made_at=held_at)
    photos = [*photos_of(sent, content), *photos_of(record, unsent)]
    photos[1]["visits"].append(held["id"])
    file = await file_of(db, stage.member, record, held, photos=photos, contents=(content, unsent))
    answer = (await bring(client, db, stage.leader, file)).json()
    assert (answer["photos"], answer["photos_known"], answer["photos_left"]) == (2, 0, 1)
    async with db.read() as session:
        states = {p.visit_id: p.state for p in (await session.execute(select(Photo))).scalars()}
    assert states == {UUID(sent["id"]): PhotoState.ACCEPTED, UUID(record["id"]): PhotoState.ACCEPTED}
    again = (await bring(client, db, stage.leader, file)).json()
    assert (again["photos"], again["photos_known"], again["photos_left"]) == (0, 2, 1)


async def test_a_photo_that_is_not_what_its_visit_names_is_left(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    content = pictures.jpeg()
    record = build.visit(stage.member, stage.households[0], photos=pictures.named(content))
    spoilt = content[:-2] + b"xx"
    photos = [photos_of(record, content)[0], {**photos_of(record, content)[0], "sha256": "0" * 64}]
    file = await file_of(db, stage.member, record, photos=photos, contents=(spoilt, content))
    answer = (await bring(client, db, stage.leader, file)).json()
    assert (answer["records"], answer["photos"], answer["photos_left"]) == (1, 0, 2)


async def test_when_it_was_done_is_told_by_the_clock_that_the_phone_last_set(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    """A phone an hour behind wrote the file two days ago: the visit was made then, an hour later than it says."""
    now = datetime.now(UTC)
    said = now - timedelta(days=2, hours=1)
    record = build.visit(stage.member, stage.households[0], made_at=build.millis(said))
    file = await file_of(db, stage.member, record, made_at=build.millis(said), clock_offset=3_600_000)
    await bring(client, db, stage.leader, file)
    async with db.read() as session:
        visit = await session.get_one(Visit, UUID(record["id"]))
    assert abs(visit.made_at - (now - timedelta(days=2))) < timedelta(minutes=1)


@pytest.mark.parametrize("who", ["leader of the next village", "member", "officer of another commune", "province"])
async def test_nobody_brings_what_is_out_of_reach(
    client: httpx.AsyncClient, db: Database, stage: World, who: str
) -> None:
    elsewhere = await build.commune(db, stage.province, code="21173", name="Tịnh Khê")
    people = {
        "leader of the next village": stage.next_leader,
        "member": stage.second_member,
        "officer of another commune": await build.account(db, elsewhere, Role.COMMUNE_OFFICER),
        "province": stage.province_officer,
    }
    file = await file_of(db, stage.member, build.visit(stage.member, stage.households[0]))
    assert code(await bring(client, db, people[who], file)) == (403, "forbidden")
    assert await visits(db) == []


async def test_whoever_has_left_is_brought_by_those_of_the_last_place(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    gone = await build.member(db, stage.team, "Hồ Thị Mai", SeatRole.MEMBER, valid_to=yesterday.date())
    record = build.visit(gone, stage.households[0], made_at=build.millis(yesterday - timedelta(days=2)))
    file = await file_of(db, gone, record)
    assert code(await bring(client, db, stage.next_leader, file)) == (403, "forbidden")
    assert (await bring(client, db, stage.leader, file)).json()["records"] == 1


async def test_only_the_author_s_own_phone_writes_such_a_file(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    """A leader knows the public key, and has a phone and a proof of their own."""
    record = build.visit(stage.member, stage.households[0])
    own = await head_of(db, stage.leader)
    forged = [
        {"author": stage.member.id, "records": [record]},
        {"author": stage.member.id, "records": [record], "proof": "0" * 64},
        {"author": stage.member.id, "records": [record], "device": str(uuid4())},
    ]
    for change in forged:
        file = close((await server_key(db)).public, pack(own | change))
        assert code(await bring(client, db, stage.leader, file)) == (403, "rescue_unproven")
    assert await visits(db) == []


async def test_a_stolen_phone_s_file_is_refused_until_it_has_joined_again(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    phone = await rescue_files.phone_of(db, stage.member)
    file = await file_of(db, stage.member, build.visit(stage.member, stage.households[0]), device=phone)
    officer = await build.principal(db, stage.commune_officer)
    async with db.write() as session:
        await devices.end_phone(session, officer, phone, SessionState.CLOSED)
    assert code(await bring(client, db, stage.leader, file)) == (403, "rescue_phone_closed")
    async with db.write() as session:
        await sessions.open_session(session, member_id=stage.member.id, device_id=phone)
    assert (await bring(client, db, stage.leader, file)).json()["records"] == 1


def flipped(file: bytes, place: int) -> bytes:
    return file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]


async def test_what_is_no_whole_file_for_this_server_has_a_name(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    file = await file_of(db, stage.member, build.visit(stage.member, stage.households[0]))
    public = (await server_key(db)).public
    head = await head_of(db, stage.member)
    written = json.dumps(head).encode()
    photo = {"sha256": "0" * 64, "bytes": 1, "visits": []}
    misfits = [
        b"",
        b"\0\0",
        b"\xff\xff\xff\xff{}",
        (9).to_bytes(4, "big") + b"not json!",
        (2).to_bytes(4, "big") + b"[]",
        (20_000).to_bytes(4, "big") + b"[" * 20_000,
        len(written).to_bytes(4, "big") + written[:-1],
        pack(head, b"more"),
        pack(head | {"author": -1}),
        pack(head | {"author": 2**40}),
        pack(head | {"records": {}}),
        pack(head | {"clock_offset": 10**15}),
        pack(head | {"proof": "\ud800" * 64}),
        pack(head | {"photos": [photo | {"sha256": "../" * 20}]}, b"x"),
        pack(head | {"photos": [photo | {"bytes": 2}]}, b"x"),
        pack(head | {"photos": [photo | {"bytes": -1}]}),
    ]
    altered = [flipped(file, place) for place in (30, HEAD - 3, HEAD + 5, len(file) - 1)]
    hostile = {
        "rescue_foreign": [b"", b"%PDF-1.7", b"toso-rescu", pictures.jpeg()],
        "rescue_newer": [b"toso-rescue-2\n" + file[14:], close(public, pack(head), b"toso-rescue-9\n")],
        "rescue_key_wrong": [close(RescueKey.make().public, pack(head)), flipped(file, 15)],
        "rescue_broken": [
            file[:40],
            file[:HEAD],
            file[:-1],
            file + b"x",
            *altered,
            *(close(public, m) for m in misfits),
        ],
    }
    await build.enter(client, db, stage.leader)
    for expected, files in hostile.items():
        for number, content in enumerate(files):
            answer = await client.post("/api/v1/rescues", content=content)
            assert (number, code(answer)) == (number, (422, expected))
    assert await visits(db) == []


async def test_a_file_that_is_too_large_is_not_read_to_its_end(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    answer = await bring(client, db, stage.leader, bytes(MAX_FILE_BYTES + 1))
    assert code(answer) == (413, "too_large")


async def test_files_are_counted(
    client: httpx.AsyncClient, db: Database, stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_RATE_ACCOUNT", "2")
    settings.cache_clear()
    await build.enter(client, db, stage.leader)
    answers = [await client.post("/api/v1/rescues", content=b"x") for _ in range(3)]
    assert [a.status_code for a in answers] == [422, 422, 429]


async def test_more_records_than_one_push_takes_come_in_portions(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    long_ago = build.millis(datetime.now(UTC) - timedelta(hours=9))
    records = [build.visit(stage.member, stage.households[n % 12], made_at=long_ago + n * 120_000) for n in range(120)]
    answer = (await bring(client, db, stage.leader, await file_of(db, stage.member, *records))).json()
    assert (answer["records"], answer["look"]) == (120, 0)


async def test_a_phone_is_told_what_closes_and_proves_its_files(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    await build.enter(client, db, stage.member)
    seal = (await client.get("/api/v1/rescues/seal")).json()
    assert seal == (await client.get("/api/v1/rescues/seal")).json()
    assert seal["key"] == (await server_key(db)).public
    await build.enter(client, db, stage.second_member)
    assert (await client.get("/api/v1/rescues/seal")).json()["proof"] != seal["proof"]
    async with db.read() as session:
        assert set((await session.execute(select(RECORDS.c.result))).scalars()) <= set(PushResult)
