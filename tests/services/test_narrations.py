"""Spoken guides: whose they are, that twice is once, and that phones of the commune hear of each change, no others."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.domain import narration as rules
from fieldapp.domain.narration import NarrationForm
from fieldapp.domain.sound import read_sound
from fieldapp.integrations.photo_store import photo_store
from fieldapp.jobs.decode_photos import sweep_orphans
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import narrations
from fieldapp.services.pull import pull
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.member import Member
from models.narration import Narration
from models.platform import Platform
from models.team import Seat
from tests import build
from tests.build import World
from tests.recordings import mp3, opus

SEATS, PLATFORMS, EVENTS = Seat.__table__, Platform.__table__, AuditEvent.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def add(
    db: Database, who: Account, content: bytes, platform: str = "VNEID", title: str = "Tiếng Hrê"
) -> Narration:
    sound, principal = read_sound(content), await build.principal(db, who)
    await photo_store().keep_file(narrations.name_of(sound), sound.content)
    async with db.write() as session:
        return await narrations.add(session, principal, NarrationForm(platform=platform, title=title), sound)


async def remove(db: Database, who: Account, row: Narration) -> None:
    principal = await build.principal(db, who)
    async with db.write() as session:
        await narrations.remove(session, principal, row.id)


async def pulled(db: Database, who: Member, cursor: str = "") -> tuple[dict[str, Any], str]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        page = await pull(session, principal, cursor)
    return page, page["cursor"]


def titles(page: dict[str, Any]) -> list[str] | None:
    return [row["title"] for row in page["narrations"]] if "narrations" in page else None


async def another_commune(db: Database, world: World) -> tuple[Account, Member]:
    commune = await build.commune(db, world.province, code="21484", name="Ba Tơ")
    village = await build.village(db, commune, code="21484001", name="Làng Teng")
    team = await build.team(db, commune, village)
    return await build.account(db, commune, Role.COMMUNE_OFFICER), await build.member(db, team, "Phạm Thị Bông")


async def test_phones_of_the_commune_hear_of_each_change_and_of_nothing_else(db: Database, world: World) -> None:
    officer, stranger = await another_commune(db, world)
    first, cursor = await pulled(db, world.member)
    assert titles(first) == []
    row = await add(db, world.commune_officer, mp3(65), title="  Tiếng Hrê ")
    page, cursor = await pulled(db, world.member, cursor)
    assert page["narrations"] == [
        {
            "id": str(row.id), "platform": "VNEID", "title": "Tiếng Hrê", "kind": "mp3", "seconds": 65,
            "bytes": len(mp3(65)), "sha256": row.sha256,
        }
    ]  # fmt: skip
    page, cursor = await pulled(db, world.next_leader)
    assert titles(page) == ["Tiếng Hrê"], "every village of the commune"
    theirs, their_cursor = await pulled(db, stranger)
    assert titles(theirs) == []

    _, cursor = await pulled(db, world.member)
    page, cursor = await pulled(db, world.member, cursor)
    assert "narrations" not in page, "what has not changed is not given again"
    await add(db, officer, opus(), "DVC", "Tiếng Ba Na")
    page, cursor = await pulled(db, world.member, cursor)
    assert "narrations" not in page, "another commune's change is none of ours"
    assert titles((await pulled(db, stranger, their_cursor))[0]) == ["Tiếng Ba Na"]

    await remove(db, world.commune_officer, row)
    page, _ = await pulled(db, world.member, cursor)
    assert titles(page) == []


async def test_one_who_moves_to_another_commune_is_given_its_list_and_leaves_the_old_one(
    db: Database, world: World
) -> None:
    officer, stranger = await another_commune(db, world)
    await add(db, world.commune_officer, mp3())
    _, cursor = await pulled(db, world.member)
    async with db.write() as session:
        theirs = (await session.execute(select(SEATS.c.team_id).where(SEATS.c.member_id == stranger.id))).scalar_one()
        mine = SEATS.c.member_id == world.member.id
        await session.execute(update(SEATS).where(mine).values(team_id=theirs))
    page, cursor = await pulled(db, world.member, cursor)
    assert titles(page) == []
    assert f"commune:{world.commune.id}" in page["left"]
    async with db.write() as session:
        await session.execute(update(SEATS).where(mine).values(valid_to=build.SINCE))
    page, _ = await pulled(db, world.member, cursor)
    assert (titles(page), f"commune:{officer.unit_id}" in page["left"]) == (None, True)


async def test_the_same_recording_again_is_the_one_that_is_there(db: Database, world: World) -> None:
    first = await add(db, world.commune_officer, mp3())
    again = await add(db, world.commune_officer, mp3(), title="Tiếng Co")
    assert (again.id, again.title) == (first.id, "Tiếng Hrê")
    other = await add(db, world.commune_officer, mp3(), "DVC")
    assert other.id != first.id
    async with db.read() as session:
        assert [row.platform_code for row in await narrations.list_of(session, world.commune.id or 0)] == [
            "VNEID", "DVC",
        ]  # fmt: skip
        events = (await session.execute(select(EVENTS.c.action, EVENTS.c.account_id, EVENTS.c.unit_id))).all()
    done = ("narration.add", world.commune_officer.id, world.commune.id)
    assert [tuple(e) for e in events if e.action.startswith("narration")] == [done, done]


async def test_only_the_commune_s_own_officer_adds_and_takes_off(db: Database, world: World) -> None:
    officer, stranger = await another_commune(db, world)
    row = await add(db, world.commune_officer, mp3())
    for who in (officer, await build.account(db, world.commune, Role.COMMUNE_LEADER), world.province_officer):
        with pytest.raises(Problem, match="forbidden"):
            await remove(db, who, row)
    with pytest.raises(Problem, match="forbidden"):
        await add(db, world.province_officer, mp3())
    await remove(db, world.commune_officer, row)
    with pytest.raises(Problem, match="not_found"):
        await remove(db, world.commune_officer, row)
    await narrations_heard(db, await build.principal(db, stranger), await add(db, officer, mp3()))


async def narrations_heard(db: Database, who: Principal, row: Narration) -> None:
    async with db.read() as session:
        assert (await narrations.get_for_hearing(session, who, row.id)).id == row.id


async def test_those_of_the_commune_hear_it_and_nobody_else(db: Database, world: World) -> None:
    officer, stranger = await another_commune(db, world)
    row = await add(db, world.commune_officer, mp3())
    for who in (world.member, world.next_leader, world.commune_officer):
        await narrations_heard(db, await build.principal(db, who), row)
    for who in (stranger, officer, world.province_officer):
        with pytest.raises(Problem, match="forbidden"):
            await narrations_heard(db, await build.principal(db, who), row)


async def test_a_guide_that_is_not_and_a_commune_that_has_enough_are_refused(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with db.write() as session:
        await session.execute(update(PLATFORMS).where(PLATFORMS.c.code == "SSK").values(discarded_at=utc_now()))
    for platform in ("NONE", "SSK"):
        with pytest.raises(Problem, match="platform_unknown"):
            await add(db, world.commune_officer, mp3(), platform)
    monkeypatch.setattr(narrations, "MAX_NARRATIONS", 2)
    await add(db, world.commune_officer, mp3(1))
    await add(db, world.commune_officer, mp3(2))
    with pytest.raises(Problem, match="narrations_full"):
        await add(db, world.commune_officer, mp3(3))
    assert (await add(db, world.commune_officer, mp3(2))).seconds == 2, "again is no more"
    assert rules.MAX_NARRATIONS == 120


@pytest.mark.parametrize("title", ["", "   ", "x" * 61, "Gọi 0905 123 456", "a\x00b"])
def test_a_title_that_cannot_be(title: str) -> None:
    with pytest.raises(ValueError, match="title"):
        NarrationForm(platform="VNEID", title=title)


async def test_bytes_are_swept_when_no_guide_names_them(db: Database, world: World) -> None:
    kept, gone = await add(db, world.commune_officer, mp3(1)), await add(db, world.commune_officer, mp3(2))
    await remove(db, world.commune_officer, gone)
    await sweep_orphans(utc_now() - timedelta(days=30))
    assert await photo_store().find_file(gone.sha256) is not None, "one that is being added is not swept"
    later = utc_now().replace(year=utc_now().year + 1)
    await sweep_orphans(later)
    assert await photo_store().find_file(gone.sha256) is None
    assert await photo_store().find_file(kept.sha256) == mp3(1)
