"""The page of papers and good practice, past the browser."""

from fieldapp.db import Database
from fieldapp.pages.desk.materials_state import MaterialsState
from models.account import Role
from tests import build
from tests.pages.test_desk import enter
from tests.services.test_materials import keep
from tests.services.test_practices import practice


async def test_the_province_sends_a_practice_back_and_approves_it(db: Database) -> None:
    world = await build.world(db)
    row = await keep(db, world.commune_officer, "practice", title="Góc số")
    province = await enter(db, MaterialsState, world.province_officer)
    assert (province.waiting, province.lines) == (1, [])
    await province.choose_kind("practice")
    await province.open_one(row.id or 0)
    assert (province.open.title, province.open.commune, province.open.own) == ("Góc số", world.commune.name, False)
    await province.write(row.id or 0)
    assert province.problem == "forbidden"
    await province.open_one(row.id or 0)
    await province.send_back({"reason": "Thêm kết quả"})
    assert (province.done, province.lines[0].state, province.opened) == ("returned", "returned", False)
    commune = await enter(db, MaterialsState, world.commune_officer)
    await commune.choose_kind("practice")
    await commune.write(commune.lines[0].id)
    assert (commune.open.reason, commune.writing) == ("Thêm kết quả", True)
    await commune.kept({"state": "waiting"})
    assert commune.done == "waiting"
    await province.approve(row.id or 0)
    assert (province.done, province.waiting) == ("approved", 0)
    await commune.search({"query": "goc"})
    assert [line.state for line in commune.lines] == ["approved"]
    await commune.withdraw(commune.lines[0].id)
    assert (commune.done, commune.lines) == ("withdrawn", [])
    await commune.open_one(999)
    assert commune.problem == "not_found"


async def test_the_commune_passes_on_what_a_member_wrote_or_gives_it_back(db: Database) -> None:
    world = await build.world(db)
    for title in ("Góc số", "Chợ số"):
        await build.send(db, world.member, practice(world.member, world.village, title))
    commune = await enter(db, MaterialsState, world.commune_officer)
    await commune.choose_kind("practice")
    states = {line.title: (line.state, line.author) for line in commune.lines}
    assert (commune.waiting, states["Góc số"]) == (2, ("at_commune", world.member.full_name))
    ids = {line.title: line.id for line in commune.lines}
    await commune.pass_on(ids["Góc số"])
    assert (commune.done, commune.waiting) == ("passed_on", 1)
    await commune.open_one(ids["Chợ số"])
    await commune.give_back({"reason": "Thêm kết quả"})
    states = {line.title: line.state for line in commune.lines}
    assert (commune.done, states) == ("given_back", {"Góc số": "waiting", "Chợ số": "author"})
    await commune.approve(ids["Góc số"])
    assert commune.problem == "forbidden"


async def test_who_only_reads_keeps_nothing(db: Database) -> None:
    world = await build.world(db)
    row = await keep(db, world.commune_officer)
    head = await enter(db, MaterialsState, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    assert [line.title for line in head.lines] == ["Hướng dẫn"]
    await head.withdraw(row.id or 0)
    assert (head.problem, len(head.lines)) == ("forbidden", 1)


async def test_a_link_is_kept_and_reported_broken(db: Database) -> None:
    world = await build.world(db)
    province = await enter(db, MaterialsState, world.province_officer)
    await province.choose_kind("link")
    await province.write(0)
    await province.keep_link({"title": "An toàn", "url": "http://hoc.example/", "meant_for": "", "text": ""})
    assert (province.problem, province.writing) == ("course_address", True)
    await province.keep_link({"title": "An toàn", "url": " https://hoc.example/ ", "meant_for": "", "text": ""})
    assert (province.done, [line.url for line in province.lines]) == ("kept", ["https://hoc.example/"])
    commune = await enter(db, MaterialsState, world.commune_officer)
    await commune.choose_kind("link")
    await commune.write(0)
    assert commune.problem == "forbidden"
    await commune.flag_link(commune.lines[0].id, True)
    assert (commune.done, commune.lines[0].dead) == ("dead", True)
    assert commune.lines[0].dead_said.startswith(world.commune_officer.full_name)
    await commune.flag_link(commune.lines[0].id, False)
    assert (commune.done, commune.lines[0].dead) == ("alive", False)
