"""The page of accounts past the browser: what it shows and does, and what no socket makes it do."""

import pytest

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.pages.desk.account import OwnAccountState
from fieldapp.pages.desk.accounts import AccountsState
from fieldapp.pages.desk.overview import OverviewState
from models.account import Account, Role
from tests import build
from tests.build import World
from tests.pages.test_desk import enter


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def admin(db: Database, world: World) -> Account:
    return await build.account(db, world.province, Role.ADMIN, username="quantri", full_name="Quản trị")


def form(world: World, **given: str) -> dict[str, str]:
    default = {"username": "xa.moi", "full_name": "Cán bộ mới", "role": "commune_officer"}
    return {**default, "commune": str(world.commune.id), **given}


async def test_an_administrator_makes_changes_locks_and_ends_an_account(
    db: Database, world: World, admin: Account
) -> None:
    state = await enter(db, AccountsState, admin)
    assert state.roles == ["commune_officer", "commune_leader", "province_officer", "partner", "admin"]
    assert [option.label for option in state.communes] == ["Sơn Tịnh"]
    await state.make(form(world))
    assert (state.problem, state.done, state.open.username, state.open.state) == ("", "made", "xa.moi", "waiting")
    account = state.open.id
    changed = {"account": str(account), "full_name": "Tên khác", "role": "partner", "commune": "", "provider_name": ""}
    await state.change(changed | {"partner": ""})
    assert (state.done, state.problem) == ("", "partner_missing")
    company = await build.partner(db, name="Công ty viễn thông")
    await state.change(changed | {"partner": str(company.id)})
    assert (state.open.partner, state.open.partner_id) == ("Công ty viễn thông", str(company.id))
    assert (state.done, state.open.name, state.open.role, state.open.unit) == (
        "changed", "Tên khác", "partner", "Quảng Ngãi",
    )  # fmt: skip
    await state.block(account)
    assert (state.done, state.open.state) == ("blocked", "blocked")
    await state.unblock(account)
    assert (state.done, state.open.state) == ("unblocked", "waiting")
    await state.drop_second_step(account)
    assert (state.done, state.problem) == ("", "second_step_off")
    await state.discard(account)
    assert (state.done, state.open.id) == ("discarded", 0)
    assert "xa.moi" not in [line.username for line in state.lines]


async def test_what_is_wrong_with_a_form_is_said_and_nothing_is_made(
    db: Database, world: World, admin: Account
) -> None:
    state = await enter(db, AccountsState, admin)
    before = state.total
    for given, code in (
        ({"commune": ""}, "unit_wrong"),
        ({"commune": str(world.village.id)}, "unit_wrong"),
        ({"username": "Xã mới"}, "username_wrong"),
        ({"username": "quantri"}, "username_taken"),
        ({"full_name": " "}, "name_missing"),
        ({"role": "leader"}, "forbidden"),
        ({"role": "emperor"}, "invalid"),
        ({"commune": "x"}, "invalid"),
        ({"full_name": "a\x00"}, "invalid"),
    ):
        await state.make(form(world, **given))
        assert (state.problem, state.done) == (code, ""), given
    assert state.total == before


async def test_the_province_reaches_no_administrator_through_the_page(
    db: Database, world: World, admin: Account
) -> None:
    state = await enter(db, AccountsState, world.province_officer)
    assert state.roles == ["commune_officer", "commune_leader", "partner"]
    assert [line.username for line in state.lines] == ["commune_officer.21172"]
    await state.make(form(world, role="admin", commune=""))
    assert state.problem == "forbidden"
    await state.open_account(admin.id)  # type: ignore[arg-type]
    assert (state.problem, state.open.id) == ("not_found", 0)
    for deed in (state.block, state.unblock, state.discard, state.drop_second_step):
        await deed(admin.id)  # type: ignore[arg-type]
        assert state.problem == "forbidden"


@pytest.mark.parametrize("role", [Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER, Role.PARTNER])
async def test_nobody_else_opens_the_page(db: Database, world: World, role: Role) -> None:
    unit = world.province if role == Role.PARTNER else world.commune
    state = await enter(db, AccountsState, await build.account(db, unit, role, username="nobody"))
    assert (state.problem, state.lines, state.communes) == ("forbidden", [], [])
    assert "account.manage" not in state.allowed


async def test_it_is_searched_and_turned_in_pages_of_fifty(db: Database, world: World, admin: Account) -> None:
    for number in range(60):
        await build.account(
            db, world.commune, Role.COMMUNE_LEADER, username=f"lanhdao.{number:02}", full_name=f"Đỗ Thị {number}"
        )
    state = await enter(db, AccountsState, admin)
    assert (len(state.lines), state.total, state.pages) == (50, 63, 2)
    await state.turn(1)
    assert (len(state.lines), state.page) == (13, 1)
    await state.turn(10**9)
    assert state.page == 1
    await state.search({"query": "do thi lanhdao.07", "role": "", "unit": "", "state": ""})
    assert [line.name for line in state.lines] == ["Đỗ Thị 7"]
    await state.search({"query": "x", "nonsense": "1"})
    assert state.problem == "invalid"
    await state.clear()
    assert state.total == 63


async def test_who_owes_a_second_step_is_led_to_it_alone(
    db: Database, world: World, admin: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDAPP_SECOND_STEP_ROLES", "admin")
    settings.cache_clear()
    own = await enter(db, OwnAccountState, admin)
    assert (own.problem, own.owes, own.second_step, own.codes_left) == ("", True, False, 0)
    assert own.allowed == ["session.manage", "account.own"]
    assert (await enter(db, OverviewState, admin)).problem == "forbidden"
    assert (await enter(db, AccountsState, admin)).problem == "forbidden"
    other = await enter(db, OwnAccountState, world.commune_officer)
    assert (other.owes, "visit.read" in other.allowed) == (False, True)
