"""Guiding papers and good practice: who is shown what, what phones are given after what they have, who approves."""

from typing import Any

import pytest

from fieldapp.db import Database
from fieldapp.domain.material import MaterialForm
from fieldapp.problems import Problem
from fieldapp.reports.material_list import list_materials
from fieldapp.services import materials
from models.account import Account, Role
from models.material import Material, MaterialKind
from models.member import Member
from models.team import SeatRole
from tests import build
from tests.build import World
from tests.services.test_pull import Phone


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def keep(db: Database, who: Account, kind: str = "paper", **given: Any) -> Material:
    principal = await build.principal(db, who)
    async with db.write() as session:
        form = MaterialForm.model_validate({"kind": kind, "title": "Hướng dẫn", "text": "Nội dung"} | given)
        return await materials.keep(session, principal, form, None)


async def rule(db: Database, who: Account, row: Material, reason: str = "") -> None:
    principal = await build.principal(db, who)
    async with db.write() as session:
        if reason:
            await materials.send_back(session, principal, row.id or 0, reason)
        else:
            await materials.approve(session, principal, row.id or 0)


async def listed(db: Database, who: Account, kind: MaterialKind, query: str = "") -> list[tuple[str, str]]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        page = await list_materials(session, principal, kind, query)
    return [(row.title, str(row.state)) for row in page.rows]


async def abroad(db: Database, world: World) -> tuple[Account, Member]:
    """An officer and a member of another commune."""
    far = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    village = await build.village(db, far, code="21175001", name="Thôn Trà Lạc")
    member = await build.member(db, await build.team(db, far, village), "Hồ Văn Xa", SeatRole.LEADER)
    return await build.account(db, far, Role.COMMUNE_OFFICER), member


class Shelf(Phone):
    """What a phone has of the library."""

    def __init__(self, db: Database, who: Member) -> None:
        super().__init__(db, who)
        self.shelf: dict[int, str] = {}

    async def page(self) -> bool:
        more = await super().page()
        for row in self.last.get("materials", ()):
            self.shelf.pop(row["id"], None)
            if not row.get("gone"):
                self.shelf[row["id"]] = row["title"]
        return more

    async def titles(self) -> list[str]:
        await self.pull()
        return sorted(self.shelf.values())


async def test_phones_are_given_what_changed_in_pages_and_nothing_of_other_communes(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(materials, "A_PAGE", 2)
    _, member_abroad = await abroad(db, world)
    here, there = Shelf(db, world.member), Shelf(db, member_abroad)
    papers = [await keep(db, world.province_officer, title=f"Công văn {n}") for n in range(5)]
    await keep(db, world.commune_officer, title="Của xã")
    everybodys = [f"Công văn {n}" for n in range(5)]
    assert await here.titles() == sorted([*everybodys, "Của xã"])
    assert await there.titles() == everybodys
    assert here.last.get("materials") in (None, []) or len(here.last["materials"]) <= 2
    await keep(db, world.province_officer, title="Công văn mới", material=papers[0].id)
    principal = await build.principal(db, world.province_officer)
    async with db.write() as session:
        await materials.withdraw(session, principal, papers[1].id or 0)
    await here.pull()
    assert await here.titles() == sorted(["Công văn mới", *everybodys[2:], "Của xã"])
    await here.pull()
    assert "materials" not in here.last, "nothing is given twice"
    begins = Shelf(db, world.second_member)
    assert await begins.titles() == await here.titles()


async def test_good_practice_waits_for_the_province_and_is_for_everybody_then(db: Database, world: World) -> None:
    officer_abroad, member_abroad = await abroad(db, world)
    far, practice = Shelf(db, member_abroad), MaterialKind.PRACTICE
    row = await keep(db, world.commune_officer, "practice", title="Góc số ở chợ")
    assert await listed(db, world.province_officer, practice) == [("Góc số ở chợ", "waiting")]
    assert (await listed(db, officer_abroad, practice), await far.titles()) == ([], [])
    await rule(db, world.province_officer, row, "Thêm kết quả")
    assert await listed(db, world.commune_officer, practice) == [("Góc số ở chợ", "returned")]
    row = await keep(db, world.commune_officer, "practice", title="Góc số, có kết quả", material=row.id)
    await rule(db, world.province_officer, row)
    assert await listed(db, officer_abroad, practice) == [("Góc số, có kết quả", "approved")]
    assert await far.titles() == ["Góc số, có kết quả"]
    await keep(db, world.commune_officer, "practice", title="Sửa lại", material=row.id)
    assert await far.titles() == [], "what was changed waits again"


async def test_search_knows_no_diacritics_and_reads_the_number(db: Database, world: World) -> None:
    await keep(db, world.province_officer, title="Thành lập Tổ", number="335/SKHCN", issuer="Sở")
    await keep(db, world.province_officer, title="Đất đai")
    for query, found in (("thanh lap", ["Thành lập Tổ"]), ("335", ["Thành lập Tổ"]), ("dat", ["Đất đai"]), ("%", [])):
        assert [title for title, _ in await listed(db, world.commune_officer, MaterialKind.PAPER, query)] == found


async def test_nobody_keeps_or_rules_what_is_not_theirs(db: Database, world: World) -> None:
    officer_abroad, _ = await abroad(db, world)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    paper, practice = await keep(db, world.commune_officer), await keep(db, world.commune_officer, "practice")
    for who in (officer_abroad, world.province_officer):
        with pytest.raises(Problem, match="forbidden"):
            await keep(db, who, material=paper.id)
    for who, row, reason, code in (
        (head, practice, "", "forbidden"), (world.commune_officer, practice, "", "forbidden"),
        (world.province_officer, paper, "", "forbidden"), (world.province_officer, practice, " ", "reason_missing"),
    ):  # fmt: skip
        with pytest.raises(Problem, match=code):
            await rule(db, who, row, reason)
    with pytest.raises(Problem, match="forbidden"):
        await keep(db, head)
    with pytest.raises(Problem, match="invalid"):
        await keep(db, world.commune_officer, "practice", material=paper.id)
