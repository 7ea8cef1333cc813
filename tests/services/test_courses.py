"""Links to online courses: the province keeps them, officers say which lead nowhere, members which they finished."""

from typing import Any

import pytest

from fieldapp.db import Database
from fieldapp.domain.course import LinkForm, is_course_address
from fieldapp.problems import Problem
from fieldapp.reports.material_list import MaterialRow, list_materials
from fieldapp.reports.trainee_list import Roster, list_untaught
from fieldapp.services import courses
from models.account import Account
from models.material import Material, MaterialKind
from tests import build
from tests.build import World
from tests.services.test_materials import Shelf, abroad, keep
from tests.services.test_training_classes import TODAY


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def link(db: Database, who: Account, **given: Any) -> Material:
    principal = await build.principal(db, who)
    form = LinkForm.model_validate({"title": "An toàn thông tin", "url": "https://hoc.example/7"} | given)
    async with db.write() as session:
        return await courses.keep(session, principal, form)


async def flag(db: Database, who: Account, row: Material, dead: bool) -> None:
    principal = await build.principal(db, who)
    async with db.write() as session:
        await courses.flag(session, principal, row.id or 0, dead)


async def listed(db: Database, who: Account) -> list[MaterialRow]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return list((await list_materials(session, principal, MaterialKind.LINK)).rows)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://hoc.example/ky-nang?id=051090001234", True), ("http://hoc.example/", False),
        ("https://a:b@hoc.example/", False), ("https://localhost/", False), ("javascript:alert(1)", False),
        ("https://hoc.example/a b", False), ("https://[", False), ("", False),
        ("https://hoc.example\\@x.example", False),
    ],
)  # fmt: skip
def test_only_https_on_a_public_name_is_a_course(address: str, may: bool) -> None:
    assert is_course_address(address) is may


async def test_phones_have_it_and_are_told_that_it_leads_nowhere(db: Database, world: World) -> None:
    _, member_abroad = await abroad(db, world)
    row = await link(db, world.province_officer, meant_for="thành viên mới")
    phone = Shelf(db, member_abroad)
    assert await phone.titles() == ["An toàn thông tin"]
    await flag(db, world.commune_officer, row, True)
    await phone.pull()
    said = phone.last["materials"][0]
    assert (said["url"], said["meant_for"], said["dead"]) == ("https://hoc.example/7", "thành viên mới", True)
    shown = (await listed(db, world.province_officer))[0]
    assert (shown.dead_by, shown.dead_at is not None) == (world.commune_officer.full_name, True)
    await flag(db, world.province_officer, row, True)
    assert (await listed(db, world.commune_officer))[0].dead_by == world.commune_officer.full_name
    await link(db, world.province_officer, material=row.id, url="https://hoc.example/8")
    assert (await listed(db, world.commune_officer))[0].dead_at is None, "another address"


async def test_a_member_finishes_it_by_their_own_word_and_the_desk_reads_that(db: Database, world: World) -> None:
    officer_abroad, _ = await abroad(db, world)
    row, paper = await link(db, world.province_officer), await keep(db, world.province_officer)
    said = [build.record("course.done", world.member, {"course": one.id}) for one in (row, row, paper)]
    answers = await build.send(db, world.member, *said)
    assert [answer["result"] for answer in answers] == ["created", "created", "invalid"]
    phone = Shelf(db, world.member)
    await phone.pull()
    assert phone.last["me"]["courses"] == [row.id]
    found = [(await listed(db, who))[0].finished for who in (world.commune_officer, officer_abroad)]
    assert found == [1, 0]
    principal = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        page = await list_untaught(session, principal, Roster(world.commune.id or 0, TODAY))
    assert {one.name: list(one.courses) for one in page.rows}[world.member.full_name] == ["An toàn thông tin"]


async def test_who_keeps_none_adds_none(db: Database, world: World) -> None:
    with pytest.raises(Problem, match="forbidden"):
        await link(db, world.commune_officer)
    with pytest.raises(Problem, match="invalid"):
        await keep(db, world.province_officer, "link")
    with pytest.raises(Problem, match="not_found"):
        await flag(db, world.commune_officer, await keep(db, world.province_officer), True)
