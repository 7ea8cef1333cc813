"""From accepted to shown: what decoding leaves of a photo, what it refuses, and what survives a crash."""

import io
import os
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.integrations.photo_store import Part, photo_store
from fieldapp.jobs.decode_photos import decode_waiting, sweep_orphans
from fieldapp.problems import Problem
from fieldapp.services.pull import pull
from models.flag import Flag, FlagKind
from models.visit import Photo, PhotoState, Visit
from tests import build, pictures
from tests.build import World
from tests.uploads import once, photo_of, upload, visit_with


@pytest.fixture
async def stage(db: Database) -> World:
    return await build.world(db)


async def shown(db: Database, stage: World, content: bytes) -> bytes:
    """The picture that people see after this one was uploaded and decoded."""
    visit_id = await visit_with(db, stage, content)
    await upload(db, stage.member, visit_id, content)
    assert await decode_waiting() == 1
    assert (await photo_of(db, visit_id, content)).state == PhotoState.READY
    picture = await photo_store().find_picture(pictures.sha256(content))
    assert picture is not None
    return picture


def files_under(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def test_nothing_of_where_and_with_what_it_was_taken_is_kept(db: Database, stage: World) -> None:
    profile = b"\0" * 16 + b"PROFILE-MARK" + b"\0" * 100
    content = pictures.jpeg(exif=pictures.exif(), comment=b"COMMENT-MARK", icc_profile=profile, xmp=b"XMP-MARK")
    assert b"PhoneMaker" in content
    picture = await shown(db, stage, content)
    assert not pictures.opened(picture).getexif()
    for kept in files_under(settings().data_dir / "photos"):
        assert not [mark for mark in (b"PhoneMaker", b"COMMENT-MARK", b"PROFILE-MARK", b"XMP-MARK") if mark in kept]


@pytest.mark.parametrize(
    ("orientation", "corner_of_red"), [(1, (10, 10)), (3, (10, -10)), (6, (-10, 10)), (8, (10, 10))]
)
async def test_a_photo_is_shown_upright(
    db: Database, stage: World, orientation: int, corner_of_red: tuple[int, int]
) -> None:
    content = pictures.red_above_blue(exif=pictures.exif(orientation))
    picture = pictures.opened(await shown(db, stage, content))
    assert picture.size == ((600, 400) if orientation in (1, 3) else (400, 600))
    x, y = corner_of_red
    red, _, blue = picture.getpixel((x % picture.width, y % picture.height))
    assert red > 180
    assert blue < 60


async def test_a_large_photo_shrinks_and_gets_a_small_thumbnail(db: Database, stage: World) -> None:
    content = pictures.red_above_blue(size=(2400, 1600))
    assert pictures.opened(await shown(db, stage, content)).size == (1280, 853)
    async with db.read() as session:
        row = (await session.execute(select(Photo))).scalar_one()
    assert (row.width, row.height) == (1280, 853)
    assert row.thumbnail is not None
    assert pictures.opened(row.thumbnail).size == (160, 107)
    assert len(row.thumbnail) < 5000


async def test_what_hangs_behind_a_photo_is_cut_off(db: Database, stage: World) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as parts:
        parts.writestr("page.html", "<script>alert(1)</script>")
    content = pictures.jpeg() + archive.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(content))
    picture = await shown(db, stage, content)
    assert not zipfile.is_zipfile(io.BytesIO(picture))
    assert picture.endswith(b"\xff\xd9")


@pytest.mark.parametrize("mode", ["L", "CMYK"])
async def test_a_jpeg_of_other_colours_is_shown_too(db: Database, stage: World, mode: str) -> None:
    buffer = io.BytesIO()
    pictures.opened(pictures.red_above_blue()).convert(mode).save(buffer, "JPEG")
    assert pictures.opened(await shown(db, stage, buffer.getvalue())).mode == "RGB"


@pytest.mark.parametrize("damaged", [b"XXgarbage", b"MM\0*\0\0\0\x08\0\1\x01\x12\0\2\0\0\0\4abc\0\0\0\0\0"])
async def test_a_photo_with_damaged_exif_is_shown_as_it_lies(db: Database, stage: World, damaged: bytes) -> None:
    content = pictures.red_above_blue(exif=b"Exif\0\0" + damaged)
    assert pictures.opened(await shown(db, stage, content)).size == (600, 400)


REFUSED = {
    "a PNG with another name": (pictures.png(), "photo_wrong_type"),
    "a PNG of 2.5 gigapixels": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\x02\0\0\0\0\0\0\0", "photo_wrong_type"
    ),
    "a HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo_wrong_type"),
    "an SVG": (pictures.SVG, "photo_not_image"),
    "a text": ("Hôm nay trời đẹp".encode(), "photo_not_image"),
    "one byte": (b"\xff", "photo_not_image"),
    "a JPEG cut in the middle": (pictures.jpeg()[:20_000], "photo_broken"),
    "a JPEG cut in its header": (pictures.jpeg()[:100], "photo_broken"),
    "a JPEG of two thousand scans": (pictures.many_scans(2000), "photo_broken"),
    "a JPEG of 2.5 gigapixels": (pictures.claiming(50_000, 50_000), "photo_too_many_pixels"),
    "a JPEG of 100 megapixels": (pictures.claiming(10_000, 10_000), "photo_too_many_pixels"),
    "a JPEG of 24.006 megapixels": (pictures.claiming(6001, 4001), "photo_too_many_pixels"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
async def test_a_bad_photo_is_refused_with_a_reason_and_flags_its_visit(
    db: Database, stage: World, content: bytes, code: str
) -> None:
    visit_id = await visit_with(db, stage, content)
    await upload(db, stage.member, visit_id, content)
    assert await decode_waiting() == 1
    row = await photo_of(db, visit_id, content)
    assert (row.state, row.reason_code, row.thumbnail) == (PhotoState.REFUSED, code, None)
    async with db.read() as session:
        flag = await session.get_one(Flag, (visit_id, FlagKind.PHOTO_REFUSED))
    assert flag.detail == {"reason": code}
    assert files_under(settings().data_dir / "photos") == []


async def test_a_photo_of_24_megapixels_is_taken(db: Database, stage: World) -> None:
    content = pictures.red_above_blue(size=(6000, 4000))
    assert pictures.opened(await shown(db, stage, content)).size == (1280, 853)


async def test_a_photo_refused_after_approval_asks_for_another_look(db: Database, stage: World) -> None:
    visit_id = await visit_with(db, stage, pictures.SVG)
    await upload(db, stage.member, visit_id, pictures.SVG)
    decision = build.decision(stage.leader, visit_id)
    await build.send(db, stage.leader, decision)
    await decode_waiting()
    async with db.read() as session:
        visit = await session.get_one(Visit, visit_id)
    assert (visit.state, visit.needs_look) == ("approved", True)


async def test_phones_are_told_every_step_of_a_photo(db: Database, stage: World) -> None:
    content = pictures.jpeg()
    visit_id = await visit_with(db, stage, content, pictures.SVG)
    leader, cursor = await build.principal(db, stage.leader), ""

    async def told() -> list[tuple]:
        nonlocal cursor
        async with db.read() as session:
            answer = await pull(session, leader, cursor)
        cursor = answer["cursor"]
        found = [p for visit in answer.get("visits", []) for p in visit["photos"]]
        return sorted((p["state"], p["reason"], "thumbnail" in p) for p in found)

    assert await told() == [("expected", None, False)] * 2
    await upload(db, stage.member, visit_id, content)
    assert await told() == [("accepted", None, False), ("expected", None, False)]
    await decode_waiting()
    assert await told() == [("expected", None, False), ("ready", None, True)]
    await upload(db, stage.member, visit_id, pictures.SVG)
    assert await told() == [("accepted", None, False), ("ready", None, True)]
    await decode_waiting()
    assert await told() == [("ready", None, True), ("refused", "photo_not_image", False)]
    assert await told() == []


async def test_after_a_crash_the_photo_is_decoded_again(db: Database, stage: World) -> None:
    content = pictures.red_above_blue(exif=pictures.exif(6))
    visit_id = await visit_with(db, stage, content)
    await upload(db, stage.member, visit_id, content)
    await photo_store().replace(pictures.sha256(content), b"what was written before the power went")
    await decode_waiting()
    assert (await photo_of(db, visit_id, content)).state == PhotoState.READY
    picture = await photo_store().find_picture(pictures.sha256(content))
    assert pictures.opened(picture or b"").size == (400, 600)


async def test_one_photo_that_fails_does_not_hold_up_the_others(db: Database, stage: World) -> None:
    stuck, *others = (pictures.jpeg() for _ in range(4))
    visit_id = await visit_with(db, stage, stuck, *others)
    for content in (stuck, *others):
        await upload(db, stage.member, visit_id, content)
    in_the_way = settings().data_dir / "photos" / pictures.sha256(stuck)[:2] / f"{pictures.sha256(stuck)}.jpg"
    in_the_way.mkdir(parents=True)
    assert await decode_waiting(limit=2) == 3
    assert (await photo_of(db, visit_id, stuck)).state == PhotoState.ACCEPTED
    in_the_way.rmdir()
    assert await decode_waiting() == 1


async def test_the_same_bytes_on_two_visits_are_decoded_once_and_shown_on_both(db: Database, stage: World) -> None:
    content = pictures.jpeg(exif=pictures.exif())
    first = await visit_with(db, stage, content)
    second = await visit_with(db, stage, content, author=stage.second_member)
    await upload(db, stage.member, first, content)
    await decode_waiting()
    assert (await photo_of(db, second, content)).state == PhotoState.EXPECTED
    await upload(db, stage.second_member, second, content)
    seen_between = await photo_store().find_picture(pictures.sha256(content))
    assert b"PhoneMaker" not in (seen_between or b"PhoneMaker")
    await decode_waiting()
    assert (await photo_of(db, second, content)).state == PhotoState.READY


async def test_bytes_that_another_decoder_took_first_get_its_verdict(db: Database, stage: World) -> None:
    for content, state in ((pictures.jpeg(), PhotoState.READY), (pictures.SVG, PhotoState.REFUSED)):
        first = await visit_with(db, stage, content)
        second = await visit_with(db, stage, content, author=stage.second_member)
        await upload(db, stage.member, first, content)
        await decode_waiting()
        await upload(db, stage.second_member, second, content)
        await photo_store().discard_original(pictures.sha256(content))
        assert await decode_waiting() == 1
        settled, like = await photo_of(db, second, content), await photo_of(db, first, content)
        assert settled.state == state
        assert (settled.reason_code, settled.thumbnail) == (like.reason_code, like.thumbnail)


async def test_a_photo_whose_bytes_were_lost_is_expected_again(db: Database, stage: World) -> None:
    content = pictures.jpeg()
    visit_id = await visit_with(db, stage, content)
    await upload(db, stage.member, visit_id, content)
    await photo_store().discard_original(pictures.sha256(content))
    await decode_waiting()
    assert (await photo_of(db, visit_id, content)).state == PhotoState.EXPECTED
    assert await upload(db, stage.member, visit_id, content) == PhotoState.ACCEPTED


async def test_a_twin_of_an_upload_that_is_done_changes_nothing(db: Database, stage: World) -> None:
    content = pictures.jpeg()
    visit_id = await visit_with(db, stage, content)
    assert await upload(db, stage.member, visit_id, content) == PhotoState.ACCEPTED
    assert await upload(db, stage.member, visit_id, content) == PhotoState.ACCEPTED
    await decode_waiting()
    before = (await photo_of(db, visit_id, content)).decoded_at
    assert await upload(db, stage.member, visit_id, content) == PhotoState.READY
    assert await decode_waiting() == 0
    assert (await photo_of(db, visit_id, content)).decoded_at == before


async def test_a_stale_twin_cannot_write_into_an_upload(tmp_path: Path) -> None:
    content = pictures.jpeg()
    store, part = photo_store(), Part(UUID(int=1), pictures.sha256(content))

    async def overtaken() -> AsyncIterator[bytes]:
        yield content[:1000]
        await store.append(part, 0, once(content[:5000]), len(content))
        yield content[1000:2000]

    with pytest.raises(Problem, match="wrong_offset") as caught:
        await store.append(part, 0, overtaken(), len(content))
    assert caught.value.params == {"offset": 5000}
    await store.append(part, 5000, once(content[5000:]), len(content))
    await store.finish(part)
    assert await store.find_original(part.sha256) == content


async def test_after_30_days_what_leads_nowhere_is_gone_and_what_waits_is_not(db: Database, stage: World) -> None:
    waits, given_up, left = pictures.jpeg(), pictures.jpeg(), pictures.jpeg()
    visit_id = await visit_with(db, stage, waits, given_up, left)
    await upload(db, stage.member, visit_id, waits)
    await photo_store().append(Part(visit_id, pictures.sha256(given_up)), 0, once(given_up[:500]), len(given_up))
    await photo_store().append(Part(visit_id, pictures.sha256(left)), 0, once(left), len(left))
    await photo_store().finish(Part(visit_id, pictures.sha256(left)))
    now = datetime.now(UTC)
    await sweep_orphans(now - timedelta(days=30))
    assert len(files_under(settings().data_dir / "photos")) == 3
    for path in (settings().data_dir / "photos").rglob("*"):
        os.utime(path, (0, (now - timedelta(days=31)).timestamp()))
    await sweep_orphans(now - timedelta(days=30))
    assert files_under(settings().data_dir / "photos") == [waits]


async def test_a_visit_mended_on_another_phone_has_the_photo_that_only_the_first_can_send(
    db: Database, stage: World
) -> None:
    content = pictures.jpeg()
    first = await visit_with(db, stage, content)
    mended = build.visit(stage.member, stage.households[0], photos=pictures.named(content), replaces=str(first))
    assert (await build.send(db, stage.member, mended))[0]["result"] == "created"
    await upload(db, stage.member, first, content)
    assert await decode_waiting() == 2
    for visit_id in (first, UUID(mended["id"])):
        assert (await photo_of(db, visit_id, content)).state == PhotoState.READY
    async with db.read() as session:
        page = await pull(session, await build.principal(db, stage.leader), "")
    assert [v["photos"][0]["state"] for v in page["visits"] if v["id"] == mended["id"]] == ["ready"]


async def test_bytes_fill_no_place_of_another_author(db: Database, stage: World) -> None:
    content = pictures.jpeg()
    mine = await visit_with(db, stage, content)
    theirs = await visit_with(db, stage, content, author=stage.second_member, household=1)
    await upload(db, stage.member, mine, content)
    assert (await photo_of(db, theirs, content)).state == PhotoState.EXPECTED
