"""The list for the province: the commune's own and all of them, what is missing, its columns, and who may."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.register import Col
from fieldapp.pages.desk.register_state import RegisterState
from models.account import Role
from models.audit_event import AuditEvent
from models.register import RegisterReport
from models.team import SeatKind
from tests import build
from tests.build import World
from tests.pages.test_decisions import decided
from tests.pages.test_desk import enter

EXPORT = "/api/v1/exports/register.csv"


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def columns(**given: str) -> dict[str, str]:
    form = {f"position_{code}": str(place) for place, code in enumerate(Col)} | {f"heading_{code}": "" for code in Col}
    return form | {f"shown_{code}": "on" for code in Col} | given


async def test_a_commune_sees_its_list_and_says_that_it_handed_it_in(db: Database, world: World) -> None:
    await decided(db, world, "45/QĐ-UBND", world.team.id or 0)
    state = await enter(db, RegisterState, world.commune_officer)
    assert (state.wide, state.open_name, state.people, len(state.lines)) == (False, world.commune.name, 5, 5)
    codes = [column.code for column in state.columns]
    first = dict(zip(codes, state.lines[0][1:], strict=True))
    assert (first["name"], first["role"], first["decision"], first["villages"]) == (
        "Trần Văn Bình", "Tổ trưởng", "45/QĐ-UBND", world.village.name,
    )  # fmt: skip
    assert state.reported_at == ""
    await state.report()
    assert (state.done, state.reported_at != "", state.changed_since) == ("reported", True, False)
    async with db.read() as session:
        row = (await session.execute(select(RegisterReport))).scalar_one()
    assert (row.commune_id, row.teams, row.people) == (world.commune.id, 2, 5)


async def test_the_province_sees_which_communes_lack_what(db: Database, world: World) -> None:
    """Scenario 18: a commune's team with one teacher of informatics."""
    own = await build.team(db, world.commune)
    await build.member(db, own, "Y Hoa", kind=SeatKind.IT_TEACHER)
    full = await build.commune(db, world.province, code="21484", name="Ba Tơ")
    team = await build.team(db, full)
    for number in range(2):
        await build.member(db, team, f"Người {number}", kind=SeatKind.IT_TEACHER)
    await decided(db, world, "1/QĐ-UBND", team.id or 0, commune_id=full.id)
    empty = await build.commune(db, world.province, code="21490", name="Trống")
    state = await enter(db, RegisterState, world.province_officer)
    assert state.wide
    rows = {row.name: row for row in state.communes}
    here = rows[world.commune.name]
    assert (here.teams, here.villages, here.undecided, here.people, here.it_teachers) == (3, 2, 3, 6, 1)
    assert here.lacks_it_teachers
    assert (rows["Ba Tơ"].it_teachers, rows["Ba Tơ"].lacks_it_teachers) == (2, False)
    assert (rows["Trống"].it_teachers, rows["Trống"].lacks_it_teachers) == (-1, True)
    await state.show("it_teachers")
    assert {row.name for row in state.communes} == {world.commune.name, empty.name}
    await state.show("undecided")
    assert {row.name for row in state.communes} == {world.commune.name, empty.name}
    assert (state.numbers["decided"], state.numbers["teams"], state.numbers["unreported"]) == (1, 4, 3)
    await state.open_commune(full.id or 0)
    assert (state.open_name, state.people) == ("Ba Tơ", 2)
    await state.open_commune(999_999)
    assert (state.problem, state.open) == ("not_found", 0)


async def test_columns_are_the_province_s_own(db: Database, world: World, client: httpx.AsyncClient) -> None:
    state = await enter(db, RegisterState, world.province_officer)
    form = columns(heading_name="Họ tên thành viên", position_name="0", position_commune="9")
    del form["shown_phone"]
    await state.shape(form)
    assert (state.problem, state.done) == ("", "shaped")
    assert next(c for c in state.columns if c.code == "phone").shown is False
    commune = await enter(db, RegisterState, world.commune_officer)
    names = [c.heading or c.code for c in commune.columns if c.shown]
    assert names.index("Họ tên thành viên") < names.index("commune")
    await build.enter(client, db, world.commune_officer)
    sheet = (await client.get(EXPORT)).content.decode("utf-8-sig")
    assert "Họ tên thành viên" in sheet
    assert "Số điện thoại" not in sheet
    await state.shape({name: value for name, value in form.items() if not name.startswith("shown_")})
    assert state.problem == "nothing_chosen"
    for wrong in ({}, columns(position_name="x"), columns(heading_name="x" * 81), None):
        await state.shape(wrong)  # type: ignore[arg-type]
        assert state.problem == "invalid"
    await commune.shape(columns())
    assert commune.problem == "forbidden"


async def test_the_export_holds_those_in_reach_and_is_written_down(
    db: Database, world: World, client: httpx.AsyncClient
) -> None:
    async with db.write() as session:
        (await session.get_one(type(world.member), world.member.id)).phone = "0000123456"
    elsewhere = await build.commune(db, world.province, code="21484", name="Ba Tơ")
    far = await build.village(db, elsewhere, code="21484001", name="Làng Teng")
    await build.member(db, await build.team(db, elsewhere, far), "=cmd()")

    async def sheet(who: Any) -> str:
        await build.enter(client, db, who)
        answer = await client.get(EXPORT)
        assert answer.status_code == 200, answer.text
        return answer.content.decode("utf-8-sig")

    own = await sheet(world.commune_officer)
    assert ("Đinh Thị Lan" in own, "0000123456" in own, "cmd" in own) == (True, True, False)
    every = await sheet(world.province_officer)
    assert ("Đinh Thị Lan" in every, "'=cmd()" in every) == (True, True)
    assert (await client.get(EXPORT.replace("csv", "xlsx"))).content[:2] == b"PK"
    async with db.read() as session:
        events = (await session.execute(select(AuditEvent.__table__))).all()
    assert [e.unit_id for e in events if e.action == "export.register"] == [world.commune.id, *2 * [world.province.id]]
    for who in (
        await build.account(db, world.commune, Role.COMMUNE_LEADER),
        await build.account(db, world.province, Role.PARTNER),
        world.leader,
    ):
        await build.enter(client, db, who)
        assert (await client.get(EXPORT)).status_code == 403
