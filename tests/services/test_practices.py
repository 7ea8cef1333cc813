"""Good practice from the phone: its commune, then the province, and what its author is told of it on the way."""

from typing import Any

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.problems import Problem
from fieldapp.reports.material_list import list_materials
from fieldapp.services import materials
from models.account import Account
from models.material import Material, MaterialKind, MaterialState
from models.member import Member
from tests import build
from tests.build import World
from tests.services.test_materials import Shelf, abroad, keep, listed, rule

PRACTICE = MaterialKind.PRACTICE


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def practice(author: Member, village: Any, title: str = "Góc số ở chợ", **given: Any) -> dict[str, Any]:
    return build.record("practice.submit", author, {"village": village.id, "title": title, "text": "Một bàn"} | given)


async def send(db: Database, who: Member, *records: dict[str, Any]) -> list[str]:
    return [answer["result"] for answer in await build.send(db, who, *records)]


async def last(db: Database) -> Material:
    async with db.read() as session:
        return (await session.execute(select(Material).order_by(Material.__table__.c.id.desc()))).scalars().first()  # type: ignore[return-value]


async def deed(db: Database, who: Account, name: str, *arguments: Any) -> None:
    principal = await build.principal(db, who)
    async with db.write() as session:
        await getattr(materials, name)(session, principal, *arguments)


class Author(Shelf):
    """What a phone is told of its own."""

    async def told(self) -> list[tuple[str, str]]:
        self.own: dict[int, tuple[str, str]] = getattr(self, "own", {})
        await self.pull()
        for row in self.last.get("materials", ()):
            if "record" in row:
                self.own[row["id"]] = (row["state"], row["reason"])
        return list(self.own.values())


async def test_it_goes_from_its_author_by_the_commune_and_the_province_to_everybody(db: Database, world: World) -> None:
    _, member_abroad = await abroad(db, world)
    author, neighbour, far = Author(db, world.member), Shelf(db, world.second_member), Shelf(db, member_abroad)
    record = practice(world.member, world.village)
    assert await send(db, world.member, record, record) == ["created", "identical"]
    row = await last(db)
    assert (row.state, row.at_commune, row.commune_id) == (MaterialState.WAITING, True, world.commune.id)
    assert await author.told() == [("commune", "")]
    assert (await neighbour.titles(), await listed(db, world.province_officer, PRACTICE)) == ([], [])
    with pytest.raises(Problem, match="not_found"):
        await rule(db, world.province_officer, row)
    async with db.read() as session:
        page = await list_materials(session, await build.principal(db, world.commune_officer), PRACTICE)
    assert ([one.author for one in page.rows], page.waiting) == ([world.member.full_name], 1)
    await deed(db, world.commune_officer, "pass_on", row.id)
    assert await author.told() == [("waiting", "")]
    await rule(db, world.province_officer, row)
    assert await author.told() == [("approved", "")]
    assert await far.titles() == ["Góc số ở chợ"]
    async with db.read() as session:
        page = await list_materials(session, await build.principal(db, world.province_officer), PRACTICE)
    assert [one.author for one in page.rows] == [""], "a name goes no further than its commune"
    await deed(db, world.commune_officer, "withdraw", row.id)
    assert (await author.told(), await far.titles()) == ([("withdrawn", "")], [])


async def test_what_was_sent_back_is_said_anew_in_its_place(db: Database, world: World) -> None:
    author = Author(db, world.member)
    first = practice(world.member, world.village)
    await send(db, world.member, first)
    row = await last(db)
    with pytest.raises(Problem, match="reason_missing"):
        await deed(db, world.commune_officer, "give_back", row.id, " ")
    await deed(db, world.commune_officer, "give_back", row.id, "Thêm kết quả")
    assert await author.told() == [("returned", "Thêm kết quả")]
    assert await listed(db, world.province_officer, PRACTICE) == []
    second = practice(world.member, world.village, "Góc số, có kết quả", earlier=first["id"])
    assert await send(db, world.member, second) == ["created"]
    again = await last(db)
    assert (again.id, str(again.record_id), again.title) == (row.id, second["id"], "Góc số, có kết quả")
    assert await author.told() == [("commune", "")]
    await keep(db, world.commune_officer, "practice", title="Góc số, đã sửa chữ", material=row.id)
    assert await author.told() == [("waiting", "")], "who mends its words passes it on"
    third = practice(world.member, world.village, "Nữa", earlier=second["id"])
    await send(db, world.member, third)
    assert (await last(db)).id != row.id, "nobody had sent it back"


async def test_nobody_rules_over_what_another_commune_was_told(db: Database, world: World) -> None:
    officer_abroad, member_abroad = await abroad(db, world)
    assert await send(db, member_abroad, practice(member_abroad, world.village)) == ["forbidden"]
    await send(db, world.member, practice(world.member, world.village))
    row = await last(db)
    for who in (officer_abroad, world.province_officer):
        for name, given in (("pass_on", ()), ("give_back", ("Không",))):
            with pytest.raises(Problem, match="forbidden"):
                await deed(db, who, name, row.id, *given)
    await deed(db, world.commune_officer, "pass_on", row.id)
    with pytest.raises(Problem, match="not_found"):
        await deed(db, world.commune_officer, "give_back", row.id, "Muộn")
