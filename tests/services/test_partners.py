"""Partner companies: who keeps which, where they work, and what their people are told of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.domain.partner import PartnerForm
from fieldapp.domain.percentage import FEW, NEARLY, NONE, Percentage, Word
from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from fieldapp.reports.partner_list import PartnerFilter, PartnerStanding, list_partners
from fieldapp.services import partners
from fieldapp.services.percentages import Percentages, read_percentages
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.device import Device
from models.partner import Partner
from models.target import Level, Measure, Target
from models.team import Seat
from models.unit import Unit
from tests import build
from tests.build import World

TODAY = vn_day(utc_now())
EVENTS, UNITS = AuditEvent.__table__, Unit.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def save(db: Database, who: Account, **given: Any) -> Partner | str:
    """The company, or the code of what is wrong with it."""
    default = {"name": "Bưu điện", "kind": "post", "active_from": TODAY, "platforms": ["VNEID"]}
    principal = await build.principal(db, who)
    try:
        async with db.write() as session:
            return await partners.save(session, principal, PartnerForm.model_validate(default | given))
    except Problem as problem:
        return problem.code


async def listed(db: Database, who: Account, **asked: Any) -> list[str]:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return [row.name for row in (await list_partners(session, principal, PartnerFilter(**asked), TODAY)).rows]


async def look(db: Database, who: Account, platform: str = "", page: int = 0) -> Percentages:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return await read_percentages(session, principal, platform, page, utc_now())


async def test_the_province_keeps_all_and_a_commune_its_own(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    wide = await save(db, world.province_officer, name="Viễn thông", everywhere=True)
    there = await save(db, world.province_officer, name="Ngân hàng", communes=[elsewhere.id])
    own = await save(db, world.commune_officer, name="Hợp tác xã số", communes=[elsewhere.id], everywhere=True)
    assert isinstance(wide, Partner) and isinstance(there, Partner) and isinstance(own, Partner)  # noqa: PT018
    assert (own.commune_id, own.everywhere) == (world.commune.id, False), "in its commune alone, whatever is ticked"
    assert await listed(db, world.commune_officer) == await listed(db, head) == ["Hợp tác xã số", "Viễn thông"]
    assert await listed(db, stranger) == ["Ngân hàng", "Viễn thông"]
    assert await listed(db, world.province_officer, query="ngan") == ["Ngân hàng"]
    for who, company in ((stranger, own), (stranger, there), (head, own), (world.commune_officer, wide)):
        assert await save(db, who, partner=company.id, communes=[elsewhere.id]) == "forbidden"
    ended = await save(
        db, world.province_officer, partner=wide.id, name="Viễn thông", active_from=TODAY - timedelta(days=9),
        active_to=TODAY - timedelta(days=1), everywhere=True,
    )  # fmt: skip
    assert isinstance(ended, Partner)
    assert await listed(db, world.province_officer, standing=PartnerStanding.ENDED) == ["Viễn thông"]
    async with db.read() as session:
        deeds = (await session.execute(select(EVENTS.c.action).where(EVENTS.c.subject_kind == "partner"))).scalars()
        assert sorted(deeds) == ["partner.add", "partner.add", "partner.add", "partner.change"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "  "}, "name_missing"), ({"platforms": []}, "platforms_missing"), ({}, "communes_missing"),
        ({"platforms": ["NICHTS"], "everywhere": True}, "invalid"), ({"communes": [10_000]}, "invalid"),
        ({"everywhere": True, "active_to": TODAY - timedelta(days=1)}, "day_wrong"),
        ({"everywhere": True, "agreement_on": "1999-01-01"}, "day_wrong"), ({"partner": 10_000}, "not_found"),
    ],
)  # fmt: skip
async def test_what_is_no_company_is_refused(db: Database, world: World, given: dict[str, Any], code: str) -> None:
    assert await save(db, world.province_officer, **given) == code


async def test_one_name_stands_once_in_the_provinces_list(db: Database, world: World) -> None:
    assert isinstance(await save(db, world.province_officer, everywhere=True), Partner)
    assert await save(db, world.province_officer, everywhere=True) == "partner_known"
    assert isinstance(await save(db, world.commune_officer), Partner)


async def test_a_partner_is_told_percentages_of_its_communes_and_platforms(db: Database, world: World) -> None:
    """26 households, of which the team reached 13 in VNeID and three in online services."""
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    homes = [*world.households, *[await build.household(db, world.village, str(n)) for n in range(13, 27)]]
    visits = [build.visit(world.member, home) for home in homes[:13]]
    visits += [build.visit(world.second_member, home, "DVC", result="introduced") for home in homes[:3]]
    for visit in visits:
        author = world.member if visit["author"] == world.member.id else world.second_member
        assert (await build.send(db, author, visit))[0]["result"] == "created"
    aim = {"level": Level.COMMUNE, "measure": Measure.HOUSEHOLD, "first_day": TODAY, "last_day": TODAY, "amount": 40}
    async with db.write() as session:
        for unit in (world.commune, elsewhere):
            holder = {"holder": f"commune:{unit.id}", "commune_id": unit.id}
            session.add(Target(id=uuid7(), platform_code="VNEID", **holder, **aim))
    company = await build.partner(db, world.commune, supports=("VNEID", "DVC"))
    who = await build.account(db, world.province, Role.PARTNER, partner_id=company.id)
    [row] = (found := await look(db, who)).rows
    assert (row.name, row.reached, row.target) == (
        world.commune.name, Percentage(Word.PERCENT, 50), Percentage(Word.PERCENT, 32),
    )  # fmt: skip
    assert ([p.code for p in found.platforms], found.platform, found.measure) == (
        ["VNEID", "DVC"],
        "VNEID",
        "household",
    )
    [row] = (found := await look(db, who, "DVC")).rows
    assert (row.reached, row.target, found.target_days) == (FEW, NONE, None)
    with pytest.raises(Problem, match="not_found"):
        await look(db, who, "SSK")
    async with db.write() as session:
        await session.execute(update(UNITS).where(UNITS.c.id == world.commune.id).values(households_declared=18))
    assert (await look(db, who)).rows[0].reached.percent == 50, "never more than all"
    for home in homes[13:22]:
        await build.send(db, world.member, build.visit(world.member, home))
    assert (await look(db, who)).rows[0].reached == NEARLY
    wide = await build.partner(db, name="Bưu điện")
    other = await build.account(db, world.province, Role.PARTNER, username="buudien", partner_id=wide.id)
    rows = (await look(db, other)).rows
    assert [(row.name, row.reached) for row in rows] == [(world.commune.name, NEARLY), ("Trà Bồng", NONE)]
    assert rows[1].target == Percentage(Word.PERCENT, 0)
    async with db.write() as session:
        phone = Device(id=uuid7(), member_id=world.member.id, label="điện thoại", last_contact_at=utc_now())
        session.add(phone)
    assert (await look(db, who)).rows[0].sent_on == TODAY
    async with db.write() as session:
        await session.execute(update(Seat.__table__).values(valid_to=TODAY - timedelta(days=1)))
    assert (await look(db, who)).rows[0].sent_on is None, "what left members send is no word of the commune"


async def test_nothing_is_told_to_a_partner_whose_company_does_not_work_here(db: Database, world: World) -> None:
    company = await build.partner(db, active_to=TODAY - timedelta(days=1))
    nobody = await build.account(db, world.province, Role.PARTNER, username="none")
    for who in (await build.account(db, world.province, Role.PARTNER, partner_id=company.id), nobody):
        with pytest.raises(Problem, match="partner_idle"):
            await look(db, who)
    for who in (world.province_officer, world.commune_officer):
        with pytest.raises(Problem, match="forbidden"):
            await look(db, who)
