"""The audit: who reads what of it, that nobody rewrites it, and where an officer's deed came from."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.reports.audit_filter import AuditFilter, usual
from fieldapp.reports.audit_list import AuditRow, count_deeds, every_deed, list_audit
from fieldapp.services import account_care, audit, visit_places
from models.account import Role
from models.audit_event import AuditEvent
from models.unit import Unit
from tests import build
from tests.build import World

EVENTS = AuditEvent.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def neighbour(db: Database, world: World) -> tuple[Unit, Principal]:
    commune = await build.commune(db, world.province, code="21484", name="Ba Tơ")
    return commune, await build.principal(db, await build.account(db, commune, Role.COMMUNE_OFFICER))


async def seen(db: Database, who: Principal, **asked: Any) -> list[AuditRow]:
    async with db.read() as session:
        return list((await list_audit(session, who, AuditFilter(**asked))).rows)


async def deeds(db: Database, who: Principal, **asked: Any) -> set[str]:
    return {row.deed for row in await seen(db, who, **asked)}


async def note(db: Database, who: Principal | None, action: str, *args: Any, **detail: Any) -> None:
    async with db.write() as session:
        await audit.write(session, [audit.event(who, action, *args, **detail)])


async def test_each_reads_what_is_theirs(db: Database, world: World) -> None:
    officer = await build.principal(db, world.commune_officer)
    leader = await build.principal(db, await build.account(db, world.commune, Role.COMMUNE_LEADER, username="lanhdao"))
    province = await build.principal(db, world.province_officer)
    admin = await build.principal(db, await build.account(db, world.province, Role.ADMIN))
    commune, other = await neighbour(db, world)
    await build.send(db, world.member, build.visit(world.member, world.households[0]))
    async with db.write() as session:
        await visit_places.ask(session, other, commune.id or 0, True)
        made = await account_care.make(session, admin, "xa.moi", "Người mới", Role.COMMUNE_LEADER, commune.id or 0)
    await note(db, province, "export.summary", "unit", world.province.id)
    await note(db, None, "account.lock", "account", made.id, made.unit_id)
    assert await deeds(db, officer) == await deeds(db, leader) == {"visit.create"}
    assert await deeds(db, other) == {"place.ask", "account.create", "account.lock"}
    assert await deeds(db, province) == {"export.summary", "account.create"}
    everything = {"visit.create", "place.ask", "account.create", "account.lock", "export.summary"}
    assert await deeds(db, admin) == everything
    assert await deeds(db, officer, unit=commune.id) == set()
    for nobody in (await build.principal(db, world.member), await build.principal(db, world.leader)):
        with pytest.raises(Problem, match="forbidden"):
            await seen(db, nobody)
    partner = await build.principal(db, await build.account(db, world.province, Role.PARTNER))
    with pytest.raises(Problem, match="forbidden"):
        await seen(db, partner)


async def test_what_tells_of_residents_is_the_communes_alone(db: Database, world: World) -> None:
    officer = await build.principal(db, world.commune_officer)
    admin = await build.principal(db, await build.account(db, world.province, Role.ADMIN))
    detail = {"query": "Nguyễn Văn 7", "village": str(world.village.id), "first": "2026-11-01", "head": "Lê Thị B"}
    await note(db, officer, "export.visits", "unit", world.commune.id, world.commune.id, **detail)
    [own], [above] = await seen(db, officer), await seen(db, admin)
    assert {d.name: d.value for d in own.details} == {
        "query": "Nguyễn Văn 7", "village": "Thôn Đông Hòa", "first": "2026-11-01",
    }  # fmt: skip
    assert {d.name: d.value for d in above.details} == {"first": "2026-11-01"}
    await note(db, officer, "visit.keep", "visit", world.households[0].id, world.village.id, head="Nguyễn Văn 7")
    told = str(await seen(db, admin)) + str(await seen(db, officer, deed="visit.keep"))
    assert "Nguyễn Văn" not in told


async def test_old_and_new_stand_beside_each_other_in_words(db: Database, world: World) -> None:
    admin = await build.principal(db, await build.account(db, world.province, Role.ADMIN))
    async with db.write() as session:
        account, unit = world.commune_officer, world.province.id or 0
        await account_care.change(session, admin, account.id or 0, account.full_name, Role.ADMIN, unit)
    [row] = await seen(db, admin, deed="account.change")
    assert (row.by, row.about, row.subject, row.unit) == ("Phạm Văn Thành", "account", "Phạm Văn Thành", "Quảng Ngãi")
    assert {(d.name, d.before, d.value, d.words) for d in row.details} == {
        ("role", "commune_officer", "admin", "role"),
        ("unit_id", "Sơn Tịnh", "Quảng Ngãi", ""),
    }


async def test_it_is_filtered_by_person_deed_unit_and_vietnamese_day(db: Database, world: World) -> None:
    admin = await build.principal(db, await build.account(db, world.province, Role.ADMIN, full_name="Quản trị"))
    officer = await build.principal(db, world.commune_officer)
    await note(db, officer, "card.print", "card_batch", 1, world.village.id, size=5)
    await note(db, await build.principal(db, world.leader), "enrolment.make", "member", world.member.id)
    late = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    async with db.write() as session:
        await session.execute(insert(EVENTS), [audit.event(admin, "session.open", "session", 1) | {"at": late}])
    assert await deeds(db, admin, person="pham thanh") == {"card.print"}
    assert await deeds(db, admin, person="tran binh") == {"enrolment.make"}
    assert await deeds(db, admin, person="khong co ai") == set()
    assert await deeds(db, admin, deed="card.print") == {"card.print"}
    assert await deeds(db, admin, unit=world.commune.id) == {"card.print", "enrolment.make"}
    assert await deeds(db, admin, unit=world.village.id) == {"card.print"}
    assert await deeds(db, admin, first=date(2026, 11, 21), last=date(2026, 11, 21)) == {"session.open"}
    assert await deeds(db, admin, first=date(2026, 11, 20), last=date(2026, 11, 20)) == set()
    with pytest.raises(Problem, match="not_found"):
        await seen(db, admin, unit=10**6)


async def test_pages_are_of_fifty_and_the_export_has_all_of_them_in_order(db: Database, world: World) -> None:
    officer = await build.principal(db, world.commune_officer)
    for number in range(120):
        await note(db, officer, "export.visits", "unit", number, world.commune.id)
    async with db.read() as session:
        last = await list_audit(session, officer, AuditFilter(page=99))
        parts = [part async for part in every_deed(session, officer, AuditFilter(), size=50)]
    assert (len(last.rows), last.total, last.page, last.pages) == (20, 120, 2, 3)
    ids = [row.id for part in parts for row in part]
    assert len(ids) == 120
    assert ids == sorted(ids, reverse=True)


async def test_the_province_sees_numbers_of_every_deed(db: Database, world: World) -> None:
    await build.send(db, world.member, *(build.visit(world.member, home) for home in world.households[:3]))
    await note(db, await build.principal(db, world.member), "kite.fly", "record", 1)
    async with db.read() as session:
        province = await build.principal(db, world.province_officer)
        assert await count_deeds(session, province, usual()) == [("visit.create", 3), ("other", 1)]
        old = AuditFilter(last=vn_day(datetime.now(UTC)) - timedelta(days=2))
        assert await count_deeds(session, province, old) == []
        assert await count_deeds(session, await build.principal(db, world.commune_officer), usual()) == []


async def test_no_row_is_ever_changed_and_none_is_dropped_for_two_years(db: Database, world: World) -> None:
    officer = await build.principal(db, world.commune_officer)
    now = datetime.now(UTC)
    async with db.write() as session:
        rows = [
            audit.event(officer, "card.print", "card_batch", age) | {"at": now - timedelta(days=age)}
            for age in (0, 700, 760)
        ]
        await session.execute(insert(EVENTS), rows)
    for statement in (
        update(EVENTS).values(action="visit.keep"),
        update(EVENTS).where(EVENTS.c.subject_id == "760").values(network="x"),
        delete(EVENTS),
        delete(EVENTS).where(EVENTS.c.subject_id == "700"),
    ):
        with pytest.raises(DBAPIError, match="never changed"):
            async with db.write() as session:
                await session.execute(statement)
    async with db.write() as session:
        await session.execute(delete(EVENTS).where(EVENTS.c.subject_id == "760"))
    async with db.read() as session:
        assert sorted((await session.execute(select(EVENTS.c.subject_id))).scalars()) == ["0", "700"]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("", None),
        ("a name", None),
    ],
)
async def test_of_an_address_only_its_network_is_kept_and_of_members_nothing(
    db: Database, world: World, address: str, network: str | None
) -> None:
    officer, member = await build.principal(db, world.commune_officer), await build.principal(db, world.member)
    with audit.acting_from(address):
        found = [
            audit.event(officer, "card.print", "card_batch", 1),
            audit.event(None, "account.lock", "account", 1),
            audit.event(member, "visit.create", "record", 1),
            audit.event(None, "photo.refuse", "visit", 1),
        ]
    assert [event["network"] for event in found] == [network, network, None, None]
    assert audit.event(officer, "card.print", "card_batch", 1)["network"] is None
