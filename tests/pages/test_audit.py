"""The audit's page and its files: what they show, and that a file shows no more than the page."""

import csv
import io

import pytest

from fieldapp.db import Database
from fieldapp.pages.desk.accounts import AccountsState
from fieldapp.pages.desk.audit import AuditState
from models.account import Account, Role
from tests import build
from tests.api.test_session import API, browser, refusal
from tests.build import World
from tests.pages.test_desk import enter


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def admin(db: Database, world: World) -> Account:
    return await build.account(db, world.province, Role.ADMIN, username="quantri", full_name="Quản trị")


async def make_and_change(db: Database, world: World, admin: Account) -> None:
    accounts = await enter(db, AccountsState, admin)
    form = {"username": "xa.moi", "full_name": "=Cán bộ mới", "role": "commune_officer"}
    await accounts.make({**form, "commune": str(world.commune.id)})
    changed = {"account": str(accounts.open.id), "full_name": "Tên khác", "role": "admin", "provider_name": ""}
    await accounts.change(changed)
    assert accounts.problem == ""


async def test_an_administrator_reads_what_was_changed_from_what(db: Database, world: World, admin: Account) -> None:
    await make_and_change(db, world, admin)
    state = await enter(db, AuditState, admin)
    change, made = state.lines
    assert (change.by, change.role, change.deed, change.subject) == ("Quản trị", "admin", "account.change", "Tên khác")
    assert {(d.name, d.before, d.value, d.coded) for d in change.details} == {
        ("full_name", "=Cán bộ mới", "Tên khác", False),
        ("role", "role.commune_officer", "role.admin", True),
        ("unit_id", "Sơn Tịnh", "Quảng Ngãi", False),
    }
    assert (made.deed, made.unit) == ("account.create", "Sơn Tịnh")
    assert [(count.deed, count.n) for count in state.counts] == [("account.change", 1), ("account.create", 1)]
    await state.search({"deed": "account.create"})
    assert [line.deed for line in state.lines] == ["account.create"]
    await state.turn(7)
    assert (state.page, len(state.lines)) == (0, 1)
    await state.search({"deed": "account.create", "nonsense": "x"})
    assert state.problem == "invalid"
    await state.clear()
    assert len(state.lines) == 2


async def test_a_commune_reads_its_own_and_sees_no_numbers_of_the_province(
    db: Database, world: World, admin: Account
) -> None:
    await make_and_change(db, world, admin)
    await build.send(db, world.member, build.visit(world.member, world.households[0]))
    state = await enter(db, AuditState, world.commune_officer)
    assert [line.deed for line in state.lines] == ["visit.create", "account.create"]
    assert (state.counts, [unit.label for unit in state.units]) == ([], ["Sơn Tịnh", "Thôn Đông Hòa", "Thôn Tây Hòa"])


async def test_the_file_is_what_the_page_shows_and_is_written_down_itself(
    db: Database, world: World, admin: Account
) -> None:
    await make_and_change(db, world, admin)
    desk = await build.enter(browser(), db, world.commune_officer)
    answer = await desk.get(f"{API}/exports/audit.csv", params={"deed": "account.create"})
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    [row] = lines[-1:]
    assert row[1:5] == ["Quản trị", "quantri", "Quản trị hệ thống", "Tạo tài khoản"]
    assert row[5:8] == ["Tài khoản: Tên khác", "Sơn Tịnh", "Tên đăng nhập: xa.moi; Vai trò: Cán bộ xã"]
    assert (await desk.get(f"{API}/exports/audit.xlsx")).content[:2] == b"PK"
    state = await enter(db, AuditState, world.commune_officer)
    assert [line.deed for line in state.lines] == ["export.audit", "export.audit", "account.create"]
    told = {d.name: d.value for d in state.lines[1].details}
    assert told == {"deed": "event.account.create"}
    assert refusal(await desk.get(f"{API}/exports/audit.csv", params={"deed": "x" * 50})) == (422, "invalid")
    partner = await build.enter(browser(), db, await build.account(db, world.province, Role.PARTNER))
    assert refusal(await partner.get(f"{API}/exports/audit.csv")) == (403, "forbidden")
