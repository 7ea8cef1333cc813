"""Accounts from above: who may do what to whose, what a change ends, and that one administrator always stays."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.account_rule import GIVES, STANDS_IN
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.reports.account_list import AccountFilter, AccountState, get_account, list_accounts
from fieldapp.services import account_care, account_links, accounts, sessions
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.session import Session, SessionState
from models.unit import UnitKind
from tests import build
from tests.build import World

EVENTS, SESSIONS, ACCOUNTS = AuditEvent.__table__, Session.__table__, Account.__table__
OFFICERS = tuple(STANDS_IN)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def admin(db: Database, world: World) -> Account:
    return await build.account(db, world.province, Role.ADMIN, username="admin.one")


async def do(db: Database, deed: Any, who: Principal, *args: Any) -> Any:
    """What the deed gives, or the code of what it raises."""
    try:
        async with db.write() as session:
            return await deed(session, who, *args)
    except Problem as problem:
        return problem.code


async def fresh(db: Database, account: Account) -> Account:
    async with db.read() as session:
        return await session.get_one(Account, account.id)


async def someone(db: Database, world: World, role: Role, username: str) -> Account:
    unit = world.commune if STANDS_IN[role] is UnitKind.COMMUNE else world.province
    return await build.account(db, unit, role, username=username)


async def test_every_role_against_every_other_and_every_deed(db: Database, world: World, admin: Account) -> None:
    """By enumeration: nobody makes, changes, raises, locks or ends what the table does not give them."""
    company = (await build.partner(db)).id
    for actor in OFFICERS:
        who = await build.principal(db, await someone(db, world, actor, f"actor.{actor}"))
        for role in OFFICERS:
            theirs = await someone(db, world, role, f"{actor}-{role}")
            unit = theirs.unit_id
            may = role in GIVES.get(actor, ())
            made = await do(db, account_care.make, who, f"new-{actor}-{role}", "Người mới", role, unit, company)
            assert isinstance(made, Account) == may, (actor, role, made)
            for other in OFFICERS:
                home = world.commune.id if STANDS_IN[other] is UnitKind.COMMUNE else world.province.id
                changed = await do(db, account_care.change, who, theirs.id, "Tên khác", other, home, "", company)
                assert isinstance(changed, Account) == (may and other in GIVES[actor]), (actor, role, other)
                if isinstance(changed, Account):
                    await do(db, account_care.change, who, theirs.id, "Tên khác", role, unit, "", company)
            for name in ("block", "unblock", "discard"):
                assert await do(db, getattr(account_care, name), who, theirs.id) == (None if may else "forbidden")


async def test_an_account_is_made_without_a_password_and_none_is_right(
    db: Database, world: World, admin: Account
) -> None:
    who = await build.principal(db, admin)
    made = await do(db, account_care.make, who, " Xa.Moi ", " Nguyễn Văn  A ", Role.COMMUNE_OFFICER, world.commune.id)
    assert (made.username, made.password_hash) == ("xa.moi", "")
    for guess in ("", "nobody has this account", "a password that is long enough"):
        assert not await accounts.is_right(made, guess)
    async with db.read() as session:
        assert (await get_account(session, who, made.id)).state is AccountState.WAITING


@pytest.mark.parametrize(
    ("username", "name", "role", "unit", "code"),
    [
        ("xa.moi", "A", Role.COMMUNE_OFFICER, "province", "unit_wrong"),
        ("xa.moi", "A", Role.PARTNER, "commune", "unit_wrong"),
        ("xa.moi", "A", Role.COMMUNE_OFFICER, "village", "unit_wrong"),
        ("xa.moi", "A", Role.COMMUNE_OFFICER, "nowhere", "unit_wrong"),
        ("xã mới", "A", Role.COMMUNE_OFFICER, "commune", "username_wrong"),
        ("xa.moi", "  ", Role.COMMUNE_OFFICER, "commune", "name_missing"),
        ("ADMIN.one", "A", Role.COMMUNE_OFFICER, "commune", "username_taken"),
        ("xa.moi", "A", Role.MEMBER, "commune", "forbidden"),
        ("xa.moi", "A", Role.LEADER, "commune", "forbidden"),
    ],
)
async def test_what_makes_no_account(
    db: Database, world: World, admin: Account, username: str, name: str, role: Role, unit: str, code: str
) -> None:
    who = await build.principal(db, admin)
    unit_id = 10**6 if unit == "nowhere" else getattr(world, unit).id
    assert await do(db, account_care.make, who, username, name, role, unit_id) == code


async def test_whatever_takes_a_right_away_ends_the_sessions(db: Database, world: World, admin: Account) -> None:
    who = await build.principal(db, admin)
    officer = world.commune_officer

    async def open_ones() -> int:
        async with db.read() as session:
            mine = (SESSIONS.c.account_id == officer.id, SESSIONS.c.state == SessionState.OPEN)
            return len((await session.execute(select(SESSIONS.c.id).where(*mine))).all())

    async def changed(name: str, role: Role) -> int:
        await build.sign_in(db, officer)
        before = await open_ones()
        await do(db, account_care.change, who, officer.id, name, role, world.commune.id)
        return before - await open_ones()

    assert await changed("Tên khác", Role.COMMUNE_OFFICER) == 0, "a name is no right"
    assert await changed("Tên khác", Role.COMMUNE_LEADER) == 2
    token = await build.sign_in(db, officer)
    await do(db, account_care.block, who, officer.id)
    assert await open_ones() == 0
    async with db.read() as session:
        row = await sessions.find_by_token(session, token)
        with pytest.raises(Problem, match="session_closed"):
            await sessions.principal_of(session, row)


async def test_a_lock_ends_the_links_too_and_unlocking_begins_the_count_anew(
    db: Database, world: World, admin: Account
) -> None:
    who = await build.principal(db, admin)
    async with db.write() as session:
        _, token = await account_links.make_link(session, who, world.commune_officer)
    await do(db, account_care.block, who, world.commune_officer.id)
    assert await do(db, lambda session, _: account_links.whose(session, token), who) == "account_link_spent"
    async with db.write() as session:
        row = await session.get_one(Account, world.commune_officer.id)
        row.failed_count, row.locked_until = 3, datetime.now(UTC)
    await do(db, account_care.unblock, who, world.commune_officer.id)
    row = await fresh(db, world.commune_officer)
    assert (row.blocked_at, row.failed_count, row.locked_until) == (None, 0, None)


async def test_nobody_changes_their_own_rights(db: Database, world: World, admin: Account) -> None:
    await build.account(db, world.province, Role.ADMIN, username="admin.two")
    who = await build.principal(db, admin)
    for deed in (account_care.block, account_care.unblock, account_care.discard, account_care.drop_second_step):
        assert await do(db, deed, who, admin.id) == "own_account"
    moved = await do(db, account_care.change, who, admin.id, "A", Role.PROVINCE_OFFICER, world.province.id)
    assert moved == "own_account"
    renamed = await do(db, account_care.change, who, admin.id, "Tên mới", Role.ADMIN, world.province.id)
    assert renamed.full_name == "Tên mới"


async def test_one_administrator_always_stays(db: Database, world: World, admin: Account) -> None:
    """Also where two lock each other at the same moment, and one who has no password yet counts for none."""
    other = await build.account(db, world.province, Role.ADMIN, username="admin.two")
    await build.account(db, world.province, Role.ADMIN, username="admin.new", password_hash="")
    one, two = await build.principal(db, admin), await build.principal(db, other)
    codes = await asyncio.gather(do(db, account_care.block, one, other.id), do(db, account_care.discard, two, admin.id))
    assert sorted(map(str, codes)) == ["None", "last_admin"]


async def test_what_was_changed_is_told_with_what_it_was(db: Database, world: World, admin: Account) -> None:
    who = await build.principal(db, admin)
    officer = world.commune_officer
    await do(db, account_care.change, who, officer.id, "Tên khác", Role.COMMUNE_LEADER, world.commune.id)
    await do(db, account_care.change, who, officer.id, "Tên khác", Role.COMMUNE_LEADER, world.commune.id)
    async with db.read() as session:
        query = select(EVENTS).where(EVENTS.c.action == "account.change")
        [event] = (await session.execute(query)).all()
    assert (event.account_id, event.subject_id, event.unit_id) == (admin.id, str(officer.id), world.commune.id)
    assert event.detail == {
        "old": {"full_name": "Phạm Văn Thành", "role": "commune_officer"},
        "new": {"full_name": "Tên khác", "role": "commune_leader"},
    }


async def test_an_account_that_ended_is_gone_and_its_deeds_keep_its_name(
    db: Database, world: World, admin: Account
) -> None:
    who = await build.principal(db, admin)
    await do(db, account_care.discard, who, world.commune_officer.id)
    assert await do(db, account_care.unblock, who, world.commune_officer.id) == "not_found"
    assert (await fresh(db, world.commune_officer)).full_name == "Phạm Văn Thành"
    taken = await do(
        db, account_care.make, who, world.commune_officer.username, "B", Role.COMMUNE_OFFICER, world.commune.id
    )
    assert taken == "username_taken", "a name that did something is nobody else's"


async def test_a_name_at_the_shared_sign_in_is_one_persons(db: Database, world: World, admin: Account) -> None:
    who = await build.principal(db, admin)

    async def name(account: Account, known_as: str) -> Any:
        unit, role = account.unit_id, Role(account.role)
        return await do(db, account_care.change, who, account.id, account.full_name, role, unit, known_as)

    assert (await name(world.commune_officer, " xa@example.vn ")).provider_name == "xa@example.vn"
    assert await name(world.province_officer, "xa@example.vn") == "provider_name_taken"
    await name(world.commune_officer, "")
    assert (await name(world.province_officer, "xa@example.vn")).provider_name == "xa@example.vn"


async def test_a_partners_account_belongs_to_one_company(db: Database, world: World) -> None:
    """Its company changes with its sessions' end; another role has none."""
    who, company = await build.principal(db, world.province_officer), await build.partner(db)
    other = await build.partner(db, world.commune, name="Bưu điện")
    given = ("vienthong", "Công ty", Role.PARTNER, world.province.id)
    for nobody in (None, 999):
        assert await do(db, account_care.make, who, *given, nobody) == "partner_missing"
    made = await do(db, account_care.make, who, *given, company.id)
    partner = await build.principal(db, made)
    assert (partner.partner_id, partner.commune_id) == (company.id, None)
    change = (account_care.change, who, made.id, "Công ty", Role.PARTNER, world.province.id, "")
    await do(db, *change, other.id)
    async with db.read() as session:
        with pytest.raises(Problem, match="session_closed"):
            await sessions.principal_by_id(session, partner.session_id)
    officer = await do(db, account_care.change, who, made.id, "A", Role.COMMUNE_OFFICER, world.commune.id, "", other.id)
    assert officer.partner_id is None


async def test_each_sees_those_whom_they_look_after(db: Database, world: World, admin: Account) -> None:
    await build.account(db, world.commune, Role.COMMUNE_LEADER, username="lanhdao", full_name="Đỗ Thị Huệ")
    await build.account(db, world.province, Role.PARTNER, username="vienthong", full_name="Công ty Viễn thông")
    province = await build.principal(db, world.province_officer)

    async def seen(who: Principal, **asked: Any) -> list[str]:
        async with db.read() as session:
            return [row.username for row in (await list_accounts(session, who, AccountFilter(**asked))).rows]

    assert await seen(province) == ["vienthong", "lanhdao", "commune_officer.21172"], "the province first"
    everybody = {"admin.one", "province_officer.51", "vienthong", "lanhdao", "commune_officer.21172"}
    assert set(await seen(await build.principal(db, admin))) == everybody
    assert await seen(province, query="do thi hue") == ["lanhdao"]
    assert await seen(province, role=Role.PARTNER) == ["vienthong"]
    assert await seen(province, role=Role.ADMIN) == []
    assert await seen(province, unit=world.province.id) == ["vienthong"]
    assert await seen(province, state=AccountState.BLOCKED) == []
    with pytest.raises(Problem, match="forbidden"):
        await seen(await build.principal(db, world.commune_officer))
    async with db.read() as session:
        with pytest.raises(Problem, match="not_found"):
            await get_account(session, province, admin.id or 0)
