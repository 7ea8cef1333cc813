"""Sending photos over a bad network, and who may see them."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from fieldapp.api.app import create_api
from fieldapp.api.identity import cookie_name
from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.jobs.decode_photos import decode_waiting, run_decoder
from fieldapp.services import sessions
from models.account import Account, Role
from models.member import Member
from models.session import SessionState
from tests import build, pictures
from tests.build import World
from tests.conftest import ORIGIN

PIECE = 4096


@pytest.fixture
async def stage(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def phone(client: httpx.AsyncClient, db: Database, stage: World) -> httpx.AsyncClient:
    """The member's phone."""
    return await build.enter(client, db, stage.member)


async def other_browser(db: Database, who: Member | Account) -> httpx.AsyncClient:
    browser = httpx.AsyncClient(
        transport=httpx.ASGITransport(create_api()), base_url=ORIGIN, headers={"Origin": ORIGIN}
    )
    return await build.enter(browser, db, who)


async def named_by_visit(db: Database, stage: World, *photos: dict) -> UUID:
    record = build.visit(stage.member, stage.households[0], photos=list(photos))
    assert (await build.send(db, stage.member, record))[0]["result"] == "created"
    return UUID(record["id"])


async def place_for(db: Database, stage: World, content: bytes) -> str:
    """The address of this photo, on a visit of the member that names it."""
    photo = pictures.named(content)[0]
    return f"/api/v1/visits/{await named_by_visit(db, stage, photo)}/photos/{photo['sha256']}"


async def patch(client: httpx.AsyncClient, place: str, content: bytes, offset: int = 0) -> httpx.Response:
    return await client.patch(place, content=content, headers={"Upload-Offset": str(offset)})


async def offset_of(client: httpx.AsyncClient, place: str) -> tuple[int, str]:
    answer = await client.head(place)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"]), answer.headers["Upload-Complete"]


async def patch_until_cut(client: httpx.AsyncClient, place: str, content: bytes) -> None:
    """Sends this much in pieces, and then the line is dead."""
    request = client.build_request("PATCH", place, headers={"Upload-Offset": "0"})
    pieces = [content[i : i + PIECE] for i in range(0, len(content), PIECE)]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.disconnect"})
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "PATCH", "scheme": "http",
        "path": place, "raw_path": place.encode(), "query_string": b"", "root_path": "",
        "headers": [(k.lower(), v) for k, v in request.headers.raw], "client": None, "server": ("localhost", 8000),
    }  # fmt: skip

    async def receive() -> dict:
        return messages.pop(0)

    async def send(message: dict) -> None:
        pass

    await create_api()(scope, receive, send)


async def send_as_a_phone_does(client: httpx.AsyncClient, place: str, content: bytes) -> None:
    """Asks how much is there and sends the rest, in pieces, until it is told that all is there."""
    while True:
        offset, complete = await offset_of(client, place)
        if complete == "true":
            return

        async def rest(offset: int = offset) -> AsyncIterator[bytes]:
            for start in range(offset, len(content), PIECE):
                yield content[start : start + PIECE]
                await asyncio.sleep(0)

        answer = await client.patch(place, content=rest(), headers={"Upload-Offset": str(offset)})
        assert answer.status_code in (204, 409), answer.text


async def shown_photo(db: Database, stage: World, phone: httpx.AsyncClient) -> str:
    """The address of a photo of the member's that was decoded."""
    content = pictures.jpeg(exif=pictures.exif())
    place = await place_for(db, stage, content)
    assert (await patch(phone, place, content)).status_code == 204
    await decode_waiting()
    return place


async def test_a_photo_arrives_whole_and_its_author_sees_it(
    db: Database, stage: World, phone: httpx.AsyncClient
) -> None:
    content = pictures.jpeg(exif=pictures.exif())
    place = await place_for(db, stage, content)
    assert await offset_of(phone, place) == (0, "false")
    answer = await patch(phone, place, content)
    assert answer.status_code == 204
    assert (answer.headers["Upload-Offset"], answer.headers["Upload-Complete"]) == (str(len(content)), "true")
    assert answer.headers["Upload-State"] == "accepted"
    await decode_waiting()
    assert (await phone.head(place)).headers["Upload-State"] == "ready"
    picture = await phone.get(place)
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["cache-control"].startswith("private")
    assert pictures.opened(picture.content).size == (640, 480)
    assert b"PhoneMaker" not in picture.content
    thumbnail = await phone.get(place, params={"size": "thumb"})
    assert pictures.opened(thumbnail.content).size == (160, 120)


async def test_after_a_cut_the_phone_goes_on_where_the_server_stopped(
    db: Database, stage: World, phone: httpx.AsyncClient
) -> None:
    content = pictures.jpeg()
    place = await place_for(db, stage, content)
    await patch_until_cut(phone, place, content[: 3 * PIECE])
    assert await offset_of(phone, place) == (3 * PIECE, "false")
    middle = await patch(phone, place, content[3 * PIECE : 20_000], 3 * PIECE)
    assert (middle.headers["Upload-Offset"], middle.headers["Upload-Complete"]) == ("20000", "false")
    assert (await patch(phone, place, content[20_000:], 20_000)).headers["Upload-Complete"] == "true"


async def test_a_wrong_offset_is_answered_with_the_right_one(
    db: Database, stage: World, phone: httpx.AsyncClient
) -> None:
    content = pictures.jpeg()
    place = await place_for(db, stage, content)
    await patch(phone, place, content[:5000])
    for offset in (0, 4999, 5001, 10**12):
        answer = await patch(phone, place, content[5000:], offset)
        assert answer.status_code == 409
        assert answer.json() == {"problem": {"code": "wrong_offset", "params": {"offset": 5000}}}
    assert (await patch(phone, place, content[5000:], 5000)).headers["Upload-Complete"] == "true"


@pytest.mark.parametrize("headers", [{}, {"Upload-Offset": "-1"}, {"Upload-Offset": "all"}])
async def test_an_offset_is_a_number(
    db: Database, stage: World, phone: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await phone.patch(await place_for(db, stage, pictures.jpeg()), content=b"x", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["problem"] == {"code": "invalid", "field": "upload-offset"}


async def test_bytes_of_another_photo_are_refused_and_sending_starts_at_0(
    db: Database, stage: World, phone: httpx.AsyncClient
) -> None:
    content = pictures.jpeg()
    place = await place_for(db, stage, content)
    answer = await patch(phone, place, content[:-1] + b"?")
    assert (answer.status_code, answer.json()["problem"]["code"]) == (422, "wrong_hash")
    assert await offset_of(phone, place) == (0, "false")
    assert (await patch(phone, place, content)).headers["Upload-Complete"] == "true"


async def test_more_bytes_than_declared_are_refused_while_they_come(
    db: Database, stage: World, phone: httpx.AsyncClient
) -> None:
    content = pictures.jpeg()
    place = await place_for(db, stage, content)
    sent = 0

    async def far_too_much() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += PIECE
            yield bytes(PIECE)

    answer = await phone.patch(place, content=far_too_much(), headers={"Upload-Offset": "0"})
    assert answer.status_code == 422
    assert answer.json()["problem"] == {"code": "wrong_size", "params": {"most": len(content)}}
    assert sent <= len(content) + 2 * PIECE
    assert await offset_of(phone, place) == (0, "false")


async def test_the_same_photo_again_is_a_success(db: Database, stage: World, phone: httpx.AsyncClient) -> None:
    content = pictures.jpeg()
    place = await place_for(db, stage, content)
    await patch(phone, place, content)
    for waiting in (1, 0):
        again = await patch(phone, place, content)
        assert (again.status_code, again.headers["Upload-Complete"]) == (204, "true")
        assert await decode_waiting() == waiting
    assert await offset_of(phone, place) == (len(content), "true")


async def test_two_uploads_of_one_photo_at_once_end_well(db: Database, stage: World, phone: httpx.AsyncClient) -> None:
    content = pictures.jpeg()
    place = await place_for(db, stage, content)
    await asyncio.gather(*(send_as_a_phone_does(phone, place, content) for _ in range(3)))
    assert await decode_waiting() == 1
    assert (await phone.get(place)).status_code == 200
    assert await decode_waiting() == 0


async def test_an_upload_that_a_twin_overtook_ends_well_and_keeps_no_original(
    db: Database, stage: World, phone: httpx.AsyncClient
) -> None:
    content = pictures.jpeg(exif=pictures.exif())
    place = await place_for(db, stage, content)

    async def overtaken() -> AsyncIterator[bytes]:
        await patch(phone, place, content)
        await decode_waiting()
        yield content

    answer = await phone.patch(place, content=overtaken(), headers={"Upload-Offset": "0"})
    assert (answer.status_code, answer.headers["Upload-State"]) == (204, "ready")
    kept = [path for path in (settings().data_dir / "photos").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [f"{pictures.sha256(content)}.jpg"]


async def test_only_the_author_may_send(db: Database, stage: World, phone: httpx.AsyncClient) -> None:
    content = pictures.jpeg()
    place = await place_for(db, stage, content)
    for who in (stage.leader, stage.second_member, stage.commune_officer):
        browser = await other_browser(db, who)
        for answer in (await browser.head(place), await patch(browser, place, content)):
            assert answer.status_code == 403
    assert await offset_of(phone, place) == (0, "false")


async def test_a_photo_that_no_visit_names_has_no_place(db: Database, stage: World, phone: httpx.AsyncClient) -> None:
    content, other = pictures.jpeg(), pictures.jpeg()
    place = await place_for(db, stage, content)
    unnamed = place.replace(pictures.sha256(content), pictures.sha256(other))
    no_visit = f"/api/v1/visits/{uuid4()}/photos/{pictures.sha256(content)}"
    for nowhere in (unnamed, no_visit):
        assert (await phone.head(nowhere)).status_code == 404
        assert (await patch(phone, nowhere, other)).status_code == 404
        assert (await phone.get(nowhere)).status_code == 404
    assert (await phone.head(place[:-1])).status_code == 422
    assert not (settings().data_dir / "photos").exists()


async def test_nobody_sees_a_photo_before_it_is_decoded(db: Database, stage: World, phone: httpx.AsyncClient) -> None:
    content = pictures.jpeg()
    place = await place_for(db, stage, content)
    await patch(phone, place, content)
    leader = await other_browser(db, stage.leader)
    for browser in (phone, leader):
        for size in ("full", "thumb"):
            assert (await browser.get(place, params={"size": size})).status_code == 404


async def test_a_refused_photo_is_never_seen(db: Database, stage: World, phone: httpx.AsyncClient) -> None:
    place = await place_for(db, stage, pictures.SVG)
    await patch(phone, place, pictures.SVG)
    await decode_waiting()
    assert (await phone.get(place)).status_code == 404
    told = await phone.head(place)
    assert (told.headers["Upload-State"], told.headers["Upload-Complete"]) == ("refused", "true")


async def test_those_who_may_see_the_visit_see_its_photo_and_nobody_else(
    db: Database, stage: World, phone: httpx.AsyncClient
) -> None:
    place = await shown_photo(db, stage, phone)
    elsewhere = await build.commune(db, stage.province, code="21200", name="Bình Sơn")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    allowed = (stage.member, stage.leader, stage.deputy, stage.commune_officer)
    refused = (stage.second_member, stage.next_leader, stage.province_officer, stranger)
    for who, status in [(w, 200) for w in allowed] + [(w, 403) for w in refused]:
        browser = await other_browser(db, who)
        for size in ("full", "thumb"):
            answer = await browser.get(place, params={"size": size})
            assert answer.status_code == status, who
    signed_out = httpx.AsyncClient(transport=httpx.ASGITransport(create_api()), base_url=ORIGIN)
    assert (await signed_out.get(place)).status_code == 401


async def test_to_know_the_hash_of_a_photo_is_not_to_have_it(
    db: Database, stage: World, phone: httpx.AsyncClient
) -> None:
    decoded, content = await shown_photo(db, stage, phone), pictures.jpeg()
    half_sent = await place_for(db, stage, content)
    await patch(phone, half_sent, content[:5000])
    thief = await other_browser(db, stage.second_member)
    for place in (decoded, half_sent):
        photo = {"sha256": place.rsplit("/", 1)[1], "bytes": len(content), "type": "image/jpeg"}
        record = build.visit(stage.second_member, stage.households[1], photos=[photo])
        await build.send(db, stage.second_member, record)
        claimed = f"/api/v1/visits/{record['id']}/photos/{photo['sha256']}"
        assert await offset_of(thief, claimed) == (0, "false")
        await decode_waiting()
        assert (await thief.get(claimed)).status_code == 404


async def test_a_picture_on_a_page_names_its_slot_in_the_address(
    db: Database, stage: World, phone: httpx.AsyncClient
) -> None:
    place = await shown_photo(db, stage, phone)
    desk = await other_browser(db, stage.commune_officer)
    del desk.headers["x-slot"]
    assert (await desk.get(place)).status_code == 401
    assert (await desk.get(place, params={"slot": "desk"})).status_code == 200
    assert (await desk.get(place, params={"slot": "p0"})).status_code == 401


async def test_only_reading_may_name_its_slot_in_the_address(
    db: Database, stage: World, phone: httpx.AsyncClient
) -> None:
    content = pictures.jpeg()
    place = await place_for(db, stage, content)
    del phone.headers["x-slot"]
    assert (await patch(phone, f"{place}?slot=p0", content)).status_code == 401


async def test_a_member_whose_phone_was_signed_out_still_sends_but_sees_nothing(
    db: Database, stage: World, phone: httpx.AsyncClient
) -> None:
    content = pictures.jpeg()
    place = await place_for(db, stage, content)
    async with db.write() as session:
        row = await sessions.find_by_token(session, phone.cookies[cookie_name("p0")])
        assert row is not None
        await sessions.end(session, None, row, SessionState.CLOSING)
    assert (await patch(phone, place, content)).headers["Upload-Complete"] == "true"
    await decode_waiting()
    assert (await phone.get(place)).status_code == 401


async def test_the_decoder_wakes_when_a_photo_was_sent(db: Database, stage: World, phone: httpx.AsyncClient) -> None:
    first, second = pictures.jpeg(), pictures.jpeg()
    places = [await place_for(db, stage, content) for content in (first, second)]
    await patch(phone, places[0], first)
    decoder = asyncio.create_task(run_decoder())
    try:
        async with asyncio.timeout(20):
            while (await phone.get(places[0])).status_code == 404:
                pass
            await patch(phone, places[1], second)
            while (await phone.get(places[1])).status_code == 404:
                pass
    finally:
        decoder.cancel()
        with pytest.raises(asyncio.CancelledError):
            await decoder
