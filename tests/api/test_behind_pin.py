"""What a phone behind a PIN sends as it is closed on it: judged as if it had come in the open."""

import json
import os
from base64 import b64encode
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.integrations.rescue_seal import RescueKey
from models.visit import Photo, PhotoState, Visit
from tests import build, pictures
from tests.build import World
from tests.rescue_files import close, file_of, photos_of, server_key

PUSH = "/api/v1/sync/push"


class Pin:
    """A phone's key, and what it closes with it."""

    def __init__(self, public: str) -> None:
        self._secret = os.urandom(32)
        self.key = b64encode(close(public, self._secret)).decode()

    def box(self, content: bytes, name: str) -> bytes:
        nonce = os.urandom(12)
        return nonce + ChaCha20Poly1305(self._secret).encrypt(nonce, content, name.encode())

    def record(self, record: dict[str, Any]) -> dict[str, Any]:
        box = self.box(json.dumps(record["payload"]).encode(), record["id"])
        return record | {"payload": {}, "box": b64encode(box).decode()}


@pytest.fixture
async def stage(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def phone(client: httpx.AsyncClient, db: Database, stage: World) -> httpx.AsyncClient:
    return await build.enter(client, db, stage.member)


@pytest.fixture
async def pin(db: Database) -> Pin:
    return Pin((await server_key(db)).public)


async def push(phone: httpx.AsyncClient, key: str, *records: dict[str, Any]) -> httpx.Response:
    return await phone.post(PUSH, json=build.push_body(*records) | {"key": key})


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["problem"]["code"]


async def test_a_closed_record_is_the_one_that_it_would_be_in_the_open(
    phone: httpx.AsyncClient, db: Database, stage: World, pin: Pin
) -> None:
    record = build.visit(stage.member, stage.households[0], "VNEID", note="hẹn gặp lại")
    assert (await push(phone, pin.key, pin.record(record))).json()["results"][0]["result"] == "created"
    assert (await build.send(db, stage.member, record))[0]["result"] == "identical"
    assert (await push(phone, pin.key, pin.record(record))).json()["results"][0]["result"] == "identical"
    async with db.read() as session:
        assert (await session.get_one(Visit, UUID(record["id"]))).note == "hẹn gặp lại"


async def test_what_does_not_open_is_refused_alone(
    phone: httpx.AsyncClient, db: Database, stage: World, pin: Pin
) -> None:
    good, other, third = (build.visit(stage.member, household) for household in stage.households[:3])
    swapped = pin.record(other) | {"box": pin.record(third)["box"]}
    broken = [swapped, pin.record(third) | {"box": "no base64"}, pin.record(third) | {"box": 7}]
    results = (await push(phone, pin.key, *broken, pin.record(good))).json()["results"]
    assert [r["result"] for r in results] == ["invalid", "invalid", "invalid", "created"]
    assert (await push(phone, pin.key, pin.record(other))).json()["results"][0]["result"] == "created"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", 200),
        ("%%%", "invalid"),
        ("x" * 401, "invalid"),
        ("AAA", "rescue_broken"),
        (b64encode(b"x" * 200).decode(), "rescue_foreign"),
    ],
)
async def test_a_key_that_is_none_refuses_the_push(
    phone: httpx.AsyncClient, stage: World, pin: Pin, key: str, code: str | int
) -> None:
    answer = await push(phone, key, pin.record(build.visit(stage.member, stage.households[0])))
    if code == 200:
        assert answer.json()["results"][0]["result"] == "invalid"
    else:
        assert answer.json()["problem"]["code"] == code


async def test_a_key_closed_for_another_server_says_so(
    phone: httpx.AsyncClient, db: Database, stage: World, pin: Pin
) -> None:
    foreign = Pin(RescueKey.make().public)
    record = foreign.record(build.visit(stage.member, stage.households[0]))
    assert problem(await push(phone, foreign.key, record)) == (422, "rescue_key_wrong")
    short = b64encode(close((await server_key(db)).public, b"short")).decode()
    assert problem(await push(phone, short, record))[1] == "rescue_broken"


async def test_a_closed_photo_arrives_whole_or_not_at_all(
    phone: httpx.AsyncClient, db: Database, stage: World, pin: Pin
) -> None:
    content = pictures.jpeg()
    named = pictures.named(content)[0]
    record = build.visit(stage.member, stage.households[0], photos=[named])
    await push(phone, pin.key, pin.record(record))
    place = f"/api/v1/visits/{record['id']}/photos/{named['sha256']}"
    headers = {"Upload-Offset": "0", "Upload-Key": pin.key}
    box = pin.box(content, named["sha256"])
    for spoilt in (box[:-1], pin.box(content, "0" * 64), b""):
        assert problem(await phone.patch(place, content=spoilt, headers=headers))[1] == "rescue_broken"
    for _ in range(2):
        answer = await phone.patch(place, content=box, headers=headers)
        assert (answer.status_code, answer.headers["Upload-Complete"]) == (204, "true")
    async with db.read() as session:
        photo = (await session.execute(select(Photo))).scalar_one()
    assert photo.state == PhotoState.ACCEPTED


async def test_a_closed_photo_begins_anew_over_what_came_in_the_open(
    phone: httpx.AsyncClient, db: Database, stage: World, pin: Pin
) -> None:
    content = pictures.jpeg()
    named = pictures.named(content)[0]
    record = build.visit(stage.member, stage.households[0], photos=[named])
    await build.send(db, stage.member, record)
    place = f"/api/v1/visits/{record['id']}/photos/{named['sha256']}"
    await phone.patch(place, content=content[:100], headers={"Upload-Offset": "0"})
    headers = {"Upload-Offset": "0", "Upload-Key": pin.key}
    answer = await phone.patch(place, content=pin.box(content, named["sha256"]), headers=headers)
    assert answer.headers["Upload-Complete"] == "true"


async def test_a_rescue_file_may_hold_what_is_closed(
    client: httpx.AsyncClient, db: Database, stage: World, pin: Pin
) -> None:
    content = pictures.jpeg()
    record = build.visit(stage.member, stage.households[0], photos=pictures.named(content))
    box = pin.box(content, pictures.sha256(content))
    named = [photos_of(record, content)[0] | {"bytes": len(box)}]
    file = await file_of(db, stage.member, pin.record(record), photos=named, contents=[box], key=pin.key)
    await build.enter(client, db, stage.leader)
    answer = (await client.post("/api/v1/rescues", content=file)).json()
    assert (answer["records"], answer["photos"], answer["look"]) == (1, 1, 0)


async def test_a_photo_in_a_file_that_does_not_open_costs_no_record(
    client: httpx.AsyncClient, db: Database, stage: World, pin: Pin
) -> None:
    content = pictures.jpeg()
    record = build.visit(stage.member, stage.households[0], photos=pictures.named(content))
    box = pin.box(content, "0" * 64)
    named = [photos_of(record, content)[0] | {"bytes": len(box)}]
    file = await file_of(db, stage.member, pin.record(record), photos=named, contents=[box], key=pin.key)
    await build.enter(client, db, stage.leader)
    answer = (await client.post("/api/v1/rescues", content=file)).json()
    assert (answer["records"], answer["photos_left"]) == (1, 1)
