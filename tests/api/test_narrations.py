"""Recordings over the wire: brought in a form by an officer, given in pieces to those of the commune, never a page."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from fieldapp.api.gate import Gate
from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.narration import MAX_FORM_BYTES
from fieldapp.domain.sound import MAX_SOUND_BYTES, read_sound
from models.account import Account, Role
from models.narration import Narration
from tests import build
from tests.build import World
from tests.recordings import id3, m4a, mp3, opus

PATH = "/api/v1/narrations"


@pytest.fixture
async def stage(db: Database) -> World:
    return await build.world(db)


async def bring(client: httpx.AsyncClient, content: bytes, name: str = "hre.mp3", **texts: Any) -> httpx.Response:
    given = {"platform": "VNEID", "title": "Tiếng Hrê"} | texts
    return await client.post(PATH, data=given, files={"file": (name, content, "audio/mpeg")})


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["problem"]["code"]


async def rows(db: Database) -> list[Narration]:
    async with db.read() as session:
        return list((await session.execute(select(Narration))).scalars())


async def test_an_officer_brings_a_recording_and_a_member_fetches_it(
    client: httpx.AsyncClient, db: Database, stage: World
) -> None:
    await build.enter(client, db, stage.commune_officer)
    answer = await bring(client, id3(b"where I am") + mp3(65))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["title"], answer.json()["seconds"], answer.json()["bytes"]) == ("Tiếng Hrê", 65, len(mp3(65)))
    assert (await bring(client, mp3(65))).json()["id"] == answer.json()["id"], "again is harmless"
    await build.enter(client, db, stage.member)
    read = await client.get(f"{PATH}/{answer.json()['id']}")
    assert (read.status_code, read.content, read.headers["content-type"]) == (200, mp3(65), "audio/mpeg")
    assert read.headers["accept-ranges"] == "bytes"
    assert "sandbox" in read.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(mp3(), "audio/mpeg"), (m4a(), "audio/mp4"), (opus(), "audio/ogg")],
    ids=["mp3", "m4a", "opus"],
)
async def test_the_type_is_what_the_bytes_are_whatever_they_are_called(
    client: httpx.AsyncClient, db: Database, stage: World, content: bytes, kind: str
) -> None:
    await build.enter(client, db, stage.commune_officer)
    named = {"file": ("page.html", content, "text/html")}
    answer = await client.post(PATH, data={"platform": "VNEID", "title": "x"}, files=named)
    read = await client.get(f"{PATH}/{answer.json()['id']}")
    assert (read.headers["content-type"], read.content) == (kind, read_sound(content).content)


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-", 206, 0, None),
        ("bytes=0-0", 206, 0, 0),
        ("bytes=100-199", 206, 100, 199),
        ("bytes=100-999999999", 206, 100, None),
        ("bytes=-10", 206, -10, None),
        ("bytes=-999999999", 206, 0, None),
        ("bytes=999999999-", 416, None, None),
        ("bytes=9-3", 416, None, None),
        ("bytes=-0", 416, None, None),
        ("bytes=-", 200, 0, None),
        ("bytes=0-1,5-6", 200, 0, None),
        ("items=0-1", 200, 0, None),
        ("bytes=a-b", 200, 0, None),
        ("bytes=" + "9" * 4000 + "-", 200, 0, None),
    ],
)
async def test_pieces_are_given_as_they_are_asked_for(
    client: httpx.AsyncClient, db: Database, stage: World, asked: str, status: int, first: int | None, last: int | None
) -> None:
    await build.enter(client, db, stage.commune_officer)
    content = mp3()
    address = f"{PATH}/{(await bring(client, content)).json()['id']}"
    answer = await client.get(address, headers={"range": asked})
    assert answer.status_code == status
    if first is None:
        assert (answer.content, answer.headers["content-range"]) == (b"", f"bytes */{len(content)}")
        return
    begin = first % len(content)
    end = len(content) if last is None else last + 1
    assert answer.content == content[begin:end]
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {begin}-{end - 1}/{len(content)}"


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (b"<html><script>alert(1)</script>", (422, "sound_wrong_type")),
        (b"", (422, "sound_wrong_type")),
        (b"%PDF-1.7" + mp3(), (422, "sound_wrong_type")),
        (mp3() + b"<script>alert(1)</script>", (422, "sound_broken")),
        (m4a(handler=b"vide"), (422, "sound_wrong_type")),
        (m4a() + b"PK\x03\x04", (422, "sound_broken")),
        (opus()[:-3], (422, "sound_broken")),
        (bytes(MAX_SOUND_BYTES + 1), (413, "file_too_large")),
    ],
    ids=["html", "empty", "pdf-before", "html-behind", "video", "zip-behind", "cut", "too-large"],
)
async def test_hostile_files_are_refused_by_name_and_leave_nothing(
    client: httpx.AsyncClient, db: Database, stage: World, content: bytes, refused: tuple[int, str]
) -> None:
    await build.enter(client, db, stage.commune_officer)
    assert code(await bring(client, content)) == refused
    assert await rows(db) == []
    assert not (settings().data_dir / "photos" / "sounds").exists()


@pytest.mark.parametrize(
    ("texts", "refused"),
    [
        ({"title": "Gọi 0905 123 456"}, (422, "note_identity")),
        ({"title": " "}, (422, "invalid")),
        ({"title": "x" * 61}, (422, "invalid")),
        ({"platform": "<b>"}, (422, "invalid")),
        ({"platform": "NONE"}, (422, "platform_unknown")),
        ({"a": "1", "b": "2", "c": "3"}, (400, "invalid")),
    ],
)
async def test_a_form_that_cannot_be_is_refused(
    client: httpx.AsyncClient, db: Database, stage: World, texts: dict[str, str], refused: tuple[int, str]
) -> None:
    await build.enter(client, db, stage.commune_officer)
    assert code(await bring(client, mp3(), **texts)) == refused
    assert await rows(db) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (
            b'--x\r\ncontent-disposition: form-data; name="file"\r\n\r\nno file\r\n--x--',
            "multipart/form-data; boundary=x",
        ),
        (b"\0" * 200, "multipart/form-data; boundary=x"),
        (b"x=1", "multipart/form-data"),
        (b"file=1", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ],
)
async def test_what_is_no_form_is_refused(
    client: httpx.AsyncClient, db: Database, stage: World, content: bytes, kind: str
) -> None:
    await build.enter(client, db, stage.commune_officer)
    answer = await client.post(PATH, content=content, headers={"content-type": kind})
    assert (answer.status_code in (400, 422), answer.json()["problem"]["code"]) == (True, "invalid")


async def test_nobody_else_brings_or_hears(client: httpx.AsyncClient, db: Database, stage: World) -> None:
    other = await build.commune(db, stage.province, code="21484", name="Ba Tơ")
    stranger = await build.account(db, other, Role.COMMUNE_OFFICER)
    village = await build.village(db, other, code="21484001")
    member = await build.member(db, await build.team(db, other, village), "Phạm Thị Bông")
    await build.enter(client, db, stage.commune_officer)
    narration = (await bring(client, mp3())).json()["id"]
    for who in (stranger, member, stage.province_officer):
        await build.enter(client, db, who)
        assert code(await client.get(f"{PATH}/{narration}")) == (403, "forbidden")
    for who in (stage.member, stage.leader, stage.province_officer, await head(db, stage)):
        await build.enter(client, db, who)
        assert code(await bring(client, mp3(3))) == (403, "forbidden")
    assert len(await rows(db)) == 1


async def head(db: Database, stage: World) -> Account:
    return await build.account(db, stage.commune, Role.COMMUNE_LEADER)


async def test_a_form_larger_than_any_recording_does_not_pass_the_gate() -> None:
    async def nobody(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("it passed")

    transport = httpx.ASGITransport(Gate(nobody))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.post(PATH, content=bytes(MAX_FORM_BYTES + 1))
    assert code(answer) == (413, "too_large")
