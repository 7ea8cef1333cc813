"""The catalogue of platforms: the province keeps it, phones follow, and nothing that was recorded is lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from fieldapp.db import Database
from fieldapp.domain.platform_form import MOST_STEPS, PlatformForm, StepForm, Way
from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from fieldapp.reports.platform_list import list_platforms
from fieldapp.services import platforms
from fieldapp.services.reconciliation import reconcile
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.counter import VillageCount
from models.platform import Platform, PlatformStep
from models.team import Seat, SeatRole
from tests import build
from tests.build import World
from tests.services.test_pull import Phone

COUNTS, EVENTS, SEATS = VillageCount.__table__, AuditEvent.__table__, Seat.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def act(db: Database, who: Account, deed: Any, *given: Any) -> Any:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await deed(session, principal, *given)


def form(**given: Any) -> PlatformForm:
    said = {"name_vi": "Du lịch số Măng Đen", "short_vi": "Du lịch", "pillar": "economy", "icon": "map-pinned"}
    return PlatformForm.model_validate(said | {"approved": True} | given)


async def codes(db: Database, who: Account) -> list[str]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return [row.code for row in (await list_platforms(session, principal))[0]]


def told(phone: Phone) -> dict[str, bool]:
    """What a phone's tiles offer, by code."""
    return {p["code"]: not p["gone"] for p in phone.last.get("platforms", [])}


async def test_a_new_platform_reaches_phones_and_is_recorded_and_counted(db: Database, world: World) -> None:
    phone = await Phone(db, world.member).pull()
    row = await act(db, world.province_officer, platforms.keep, form())
    assert (row.code, row.name_en) == ("DU_LICH", "Du lịch số Măng Đen")
    await act(db, world.province_officer, platforms.keep_step, StepForm(platform="DU_LICH", name_vi="Đặt phòng"))
    pulled = (await phone.pull()).last["platforms"]
    assert (pulled[-1]["code"], pulled[-1]["icon"], pulled[-1]["gone"]) == ("DU_LICH", "map-pinned", False)
    assert pulled[-1]["steps"] == [{"code": "dat_phong", "vi": "Đặt phòng", "en": "Đặt phòng"}]
    said = build.visit(world.member, world.households[0], "DU_LICH")
    assert [a["result"] for a in await build.send(db, world.member, said)] == ["created"]
    async with db.read() as session:
        deeds = (await session.execute(select(EVENTS.c.action).order_by(EVENTS.c.id))).scalars().all()
    assert deeds[:2] == ["platform.add", "platform.steps"]


async def test_an_old_phone_loses_nothing_of_a_platform_that_is_no_longer_used(db: Database, world: World) -> None:
    """Its visits and activities are taken in and counted like those of before; phones that synced offer it no more."""
    phone = await Phone(db, world.member).pull()
    before = build.visit(world.member, world.households[0], "SSK")
    await build.send(db, world.member, before)
    await act(db, world.province_officer, platforms.retire, "SSK")
    late = build.visit(world.member, world.households[1], "SSK", "DVC")
    talk = {"village": world.village.id, "kind": "talk", "people": 9, "platforms": ["SSK"], "note": ""}
    activity = build.record("activity.create", world.member, talk)
    assert [a["result"] for a in await build.send(db, world.member, late, activity)] == ["created"] * 2
    async with db.write() as session:
        counted = select(func.sum(COUNTS.c.support_count)).where(COUNTS.c.platform_code == "SSK")
        assert (await session.execute(counted)).scalar_one() == 2
        assert (await reconcile(session)).right
    assert told(await phone.pull()) == {"VNEID": True, "DVC": True, "SSK": False}
    assert (await phone.pull()).last.get("platforms") is None
    await act(db, world.province_officer, platforms.restore, "SSK")
    assert told(await phone.pull())["SSK"]


async def test_a_platform_of_some_communes_is_offered_there_alone(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    village = await build.village(db, elsewhere, code="21175001", name="Thôn 1")
    stranger = await build.member(db, await build.team(db, elsewhere, village))
    phones = [await Phone(db, who).pull() for who in (world.member, stranger)]
    only = form(applies="some", **{f"tick_{elsewhere.id}": "on"})
    await act(db, world.province_officer, platforms.keep, only)
    assert [told(await phone.pull())["DU_LICH"] for phone in phones] == [False, True]
    here = build.visit(world.member, world.households[0], "DU_LICH")
    assert [a["result"] for a in await build.send(db, world.member, here)] == ["created"], "what was done is taken in"
    await act(db, world.province_officer, platforms.keep, form(platform="DU_LICH"))
    assert [told(await phone.pull())["DU_LICH"] for phone in phones] == [True, True]


async def test_order_is_kept_within_pillars(db: Database, world: World) -> None:
    who = world.province_officer
    for name, pillar in (("Gian hàng", "economy"), ("Y tế", "society"), ("Du lịch", "economy")):
        await act(db, who, platforms.keep, form(short_vi=name, pillar=pillar))
    assert await codes(db, who) == ["VNEID", "DVC", "SSK", "GIAN_HANG", "DU_LICH", "Y_TE"]
    await act(db, who, platforms.retire, "DVC")
    await act(db, who, platforms.move, "SSK", Way.UP)
    await act(db, who, platforms.move, "DU_LICH", Way.UP)
    await act(db, who, platforms.move, "DU_LICH", Way.UP)
    await act(db, who, platforms.restore, "DVC")
    order = await codes(db, who)
    assert [c for c in order if c != "DVC"] == ["SSK", "VNEID", "DU_LICH", "GIAN_HANG", "Y_TE"]
    assert "DVC" in order[:3]


async def test_steps_change_and_are_never_lost(db: Database, world: World) -> None:
    who = world.province_officer
    for name in ("Một", "Hai", "Ba"):
        await act(db, who, platforms.keep_step, StepForm(platform="VNEID", name_vi=name))
    await act(db, who, platforms.move_step, "VNEID", "ba", Way.UP)
    await act(db, who, platforms.keep_step, StepForm(platform="VNEID", step="ba", name_vi="Bước ba"))
    await act(db, who, platforms.use_step, "VNEID", "mot", False)
    phone = await Phone(db, world.member).pull()
    [vneid] = [p for p in phone.platforms if p["code"] == "VNEID"]
    assert [(s["code"], s["vi"]) for s in vneid["steps"]] == [("ba", "Bước ba"), ("hai", "Hai")]
    await act(db, who, platforms.use_step, "VNEID", "mot", True)
    async with db.write() as session:
        assert len((await session.execute(select(PlatformStep))).scalars().all()) == 3
        session.add(PlatformStep(platform_code="DVC", code="commitment", name_vi="x", name_en="x", position=1))
    for number in range(MOST_STEPS - 3):
        await act(db, who, platforms.keep_step, StepForm(platform="VNEID", name_vi=f"Bước {number}"))
    for deed, given, code in (
        (platforms.use_step, ("DVC", "commitment", False), "step_counted"),
        (platforms.keep_step, (StepForm(platform="VNEID", name_vi="Thừa"),), "steps_full"),
        (platforms.keep_step, (StepForm(platform="NONE", name_vi="Thừa"),), "not_found"),
        (platforms.move_step, ("VNEID", "none", Way.UP), "not_found"),
    ):
        with pytest.raises(Problem, match=code):
            await act(db, who, deed, *given)


async def test_only_the_province_keeps_it(db: Database, world: World) -> None:
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    for who in (world.commune_officer, head):
        assert await codes(db, who) == ["VNEID", "DVC", "SSK"]
        for deed, given in (
            (platforms.keep, (form(),)),
            (platforms.move, ("VNEID", Way.DOWN)),
            (platforms.retire, ("VNEID",)),
            (platforms.restore, ("VNEID",)),
            (platforms.keep_step, (StepForm(platform="VNEID", name_vi="x"),)),
            (platforms.use_step, ("VNEID", "x", False)),
        ):
            with pytest.raises(Problem, match="forbidden"):
                await act(db, who, deed, *given)
    for given, code in (
        (form(applies="some"), "communes_missing"),
        (form(applies="some", **{f"tick_{world.village.id}": "on"}), "communes_missing"),
        (form(platform="NONE"), "not_found"),
        (form(short_vi="vneid"), "name_taken"),
    ):
        with pytest.raises(Problem, match=code):
            await act(db, world.province_officer, platforms.keep, given)
    async with db.read() as session:
        assert len((await session.execute(select(Platform))).scalars().all()) == 3


async def test_who_moves_to_another_commune_is_given_its_catalogue(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    village = await build.village(db, elsewhere, code="21175001", name="Thôn 1")
    team = await build.team(db, elsewhere, village)
    only = form(applies="some", **{f"tick_{elsewhere.id}": "on"})
    await act(db, world.province_officer, platforms.keep, only)
    phone = await Phone(db, world.member).pull()
    assert not told(phone)["DU_LICH"]
    today = vn_day(datetime.now(UTC))
    async with db.write() as session:
        here = SEATS.c.member_id == world.member.id
        await session.execute(update(SEATS).where(here).values(valid_to=today - timedelta(days=1)))
        session.add(Seat(team_id=team.id, member_id=world.member.id, role=SeatRole.MEMBER, valid_from=today))
    assert told(await phone.pull())["DU_LICH"]
