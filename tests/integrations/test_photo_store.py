"""What every photo store promises, held against a folder and against S3 over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from fieldapp.config import settings
from fieldapp.integrations.photo_store import Part, PhotoStore, photo_store
from fieldapp.problems import Problem
from tests import bucket, pictures

CONTENT = bytes(range(256)) * 2400
"""More than two of the bucket's segments."""

SHA256 = pictures.sha256(CONTENT)
LIMIT = 2_000_000


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    with bucket.server() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> PhotoStore:
    if request.param == "bucket":
        for name, value in bucket.settings(request.getfixturevalue("s3_server")).items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
    return photo_store()


@pytest.fixture
def part() -> Part:
    return Part(uuid4(), SHA256)


async def pieces(content: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def cut_after(content: bytes) -> AsyncIterator[bytes]:
    async for piece in pieces(content):
        yield piece
    raise ConnectionError


def later() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


async def everything(listing: AsyncIterator[list[str]]) -> list[str]:
    return sorted([name async for some in listing for name in some])


async def test_sounds_lie_beside_photos_under_a_name_of_their_own(store: PhotoStore, part: Part) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    await store.keep_file(SHA256, CONTENT)
    await store.keep_file(SHA256, CONTENT)
    assert await store.find_file(SHA256) == CONTENT
    assert (await store.find_original(SHA256), await store.find_picture(SHA256)) == (None, None)
    assert SHA256 in await everything(store.list_files(later()))
    assert SHA256 not in await everything(store.list_files(before))
    assert await everything(store.list_pictures(later())) == []
    await store.discard_file(SHA256, before)
    assert await store.find_file(SHA256) == CONTENT
    await store.discard_file(SHA256, later())
    assert await store.find_file(SHA256) is None
    await store.discard_file(SHA256, later())


async def test_a_photo_arrives_whole(store: PhotoStore, part: Part) -> None:
    assert await store.have(part) == 0
    assert await store.append(part, 0, pieces(CONTENT), LIMIT) == len(CONTENT)
    assert await store.find_original(SHA256) is None
    await store.finish(part)
    assert await store.find_original(SHA256) == CONTENT
    assert await store.have(part) == 0
    assert await store.find_picture(SHA256) is None


async def test_a_photo_in_one_piece_takes_the_place_of_what_came_before(store: PhotoStore, part: Part) -> None:
    await store.append(part, 0, pieces(CONTENT[:100]), LIMIT)
    await store.take(part, CONTENT)
    assert await store.find_original(SHA256) == CONTENT
    assert await store.have(part) == 0


async def test_one_piece_of_other_bytes_is_dropped(store: PhotoStore, part: Part) -> None:
    with pytest.raises(Problem, match="wrong_hash"):
        await store.take(part, CONTENT[::-1])
    assert await store.find_original(SHA256) is None


@pytest.mark.parametrize("cut", [1, 65_536, 300_000, 600_000])
async def test_what_came_before_a_cut_is_kept_and_gone_on_with(store: PhotoStore, part: Part, cut: int) -> None:
    with pytest.raises(ConnectionError):
        await store.append(part, 0, cut_after(CONTENT[:cut]), LIMIT)
    assert await store.have(part) == cut
    assert await store.append(part, cut, pieces(CONTENT[cut:]), LIMIT) == len(CONTENT)
    await store.finish(part)
    assert await store.find_original(SHA256) == CONTENT


@pytest.mark.parametrize("offset", [1, 99, 101])
async def test_another_offset_is_told_the_right_one(store: PhotoStore, part: Part, offset: int) -> None:
    await store.append(part, 0, pieces(CONTENT[:100]), LIMIT)
    with pytest.raises(Problem) as raised:
        await store.append(part, offset, pieces(CONTENT[offset:]), LIMIT)
    assert raised.value.code == "wrong_offset"
    assert raised.value.params == {"offset": 100}


async def test_other_bytes_than_promised_are_dropped(store: PhotoStore, part: Part) -> None:
    await store.append(part, 0, pieces(CONTENT[::-1]), LIMIT)
    with pytest.raises(Problem, match="wrong_hash"):
        await store.finish(part)
    assert await store.have(part) == 0
    assert await store.find_original(SHA256) is None


async def test_more_bytes_than_promised_are_dropped(store: PhotoStore, part: Part) -> None:
    with pytest.raises(Problem, match="wrong_size"):
        await store.append(part, 0, pieces(CONTENT), len(CONTENT) - 1)
    assert await store.have(part) == 0


async def test_finishing_twice_says_that_nothing_is_here(store: PhotoStore, part: Part) -> None:
    await store.append(part, 0, pieces(CONTENT), LIMIT)
    await store.finish(part)
    with pytest.raises(Problem, match="wrong_offset"):
        await store.finish(part)
    assert await store.find_original(SHA256) == CONTENT


async def test_twin_uploads_end_with_the_whole_photo(store: PhotoStore, part: Part) -> None:
    """Two workers that take the same part at the same time: whoever is told another offset goes on from there."""

    async def send(size: int) -> None:
        while (at := await store.have(part)) < len(CONTENT):
            with suppress(Problem):
                await store.append(part, at, pieces(CONTENT[at:], size), LIMIT)

    await asyncio.gather(send(50_000), send(70_001), send(4096))
    assert await store.have(part) == len(CONTENT)
    await store.finish(part)
    assert await store.find_original(SHA256) == CONTENT


async def test_each_visit_has_a_part_of_its_own(store: PhotoStore, part: Part) -> None:
    await store.append(part, 0, pieces(CONTENT[:100]), LIMIT)
    assert await store.have(Part(uuid4(), SHA256)) == 0


async def test_a_picture_is_put_anew_and_dropped_when_old(store: PhotoStore) -> None:
    await store.replace(SHA256, b"first")
    await store.replace(SHA256, b"second")
    assert await store.find_picture(SHA256) == b"second"
    assert await store.find_original(SHA256) is None
    await store.discard_picture(SHA256, datetime.now(UTC) - timedelta(minutes=1))
    assert await store.find_picture(SHA256) == b"second"
    await store.discard_picture(SHA256, later())
    await store.discard_picture(SHA256, later())
    assert await store.find_picture(SHA256) is None


async def test_what_is_old_is_listed_each_in_its_own_place(store: PhotoStore, part: Part) -> None:
    await store.append(part, 0, pieces(CONTENT), LIMIT)
    await store.finish(part)
    other = pictures.sha256(b"other")
    await store.replace(other, b"picture")
    earlier = datetime.now(UTC) - timedelta(minutes=1)
    assert await everything(store.list_originals(later())) == [SHA256]
    assert await everything(store.list_pictures(later())) == [other]
    assert await everything(store.list_originals(earlier)) == []
    assert await everything(store.list_pictures(earlier)) == []
    await store.discard_original(SHA256)
    await store.discard_original(SHA256)
    assert await everything(store.list_originals(later())) == []


async def test_parts_given_up_are_dropped_and_others_stay(store: PhotoStore, part: Part) -> None:
    await store.append(part, 0, pieces(CONTENT), LIMIT)
    await store.discard_parts(datetime.now(UTC) - timedelta(minutes=1))
    assert await store.have(part) == len(CONTENT)
    await store.discard_parts(later())
    assert await store.have(part) == 0
    await store.append(part, 0, pieces(CONTENT), LIMIT)
    await store.discard_part(part)
    await store.discard_part(part)
    assert await store.have(part) == 0
