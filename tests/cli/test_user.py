"""Accounts from the terminal: by a password that is asked for, or by a link; nothing secret is an argument."""

import getpass
import sys

import pytest
from sqlalchemy import select

from fieldapp import __main__ as door
from fieldapp.cli import user
from fieldapp.db import Database
from fieldapp.problems import Problem
from fieldapp.services import accounts, second_steps
from models.account import Account, Role
from models.second_step import SecondStep
from tests import build
from tests.build import World

ACCOUNTS = Account.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def account(db: Database, username: str) -> Account:
    async with db.read() as session:
        return (await session.execute(select(Account).where(ACCOUNTS.c.username == username))).scalar_one()


async def test_the_first_administrator_types_a_password(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda: "mot cau that de nho")
    await user.make_user("QuanTri", "Quản trị", "admin", "51")
    made = await account(db, "quantri")
    assert await accounts.is_right(made, "mot cau that de nho")
    assert made.role == Role.ADMIN


async def test_or_is_given_a_link_and_nobody_is_asked(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda: pytest.fail("asked"))
    await user.make_user("tinh", "Cán bộ tỉnh", "province_officer", "51", link=True)
    assert "/password/#" in capsys.readouterr().out
    assert (await account(db, "tinh")).password_hash == ""
    with pytest.raises(Problem, match="unit_wrong"):
        await user.make_user("xa", "Cán bộ xã", "commune_officer", "51", link=True)


async def test_who_cannot_get_in_gets_a_link_also_past_a_lost_phone(
    db: Database, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    officer = world.province_officer
    async with db.write() as session:
        await second_steps.begin(session, officer)
    await user.make_link(officer.username, second_step_lost=False)
    async with db.read() as session:
        assert await session.get(SecondStep, officer.id) is not None
    await user.make_link(officer.username, second_step_lost=True)
    async with db.read() as session:
        assert await session.get(SecondStep, officer.id) is None
    assert capsys.readouterr().out.count("/password/#") == 2
    with pytest.raises(Problem, match="not_found"):
        await user.make_link("nobody", second_step_lost=False)


def test_no_argument_takes_a_password(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["fieldapp", "user", "--help"])
    with pytest.raises(SystemExit):
        door.main()
    assert "--password" not in capsys.readouterr().out
