"""What a search finds, in which order, and for whom."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from fieldapp.db import Database
from fieldapp.domain.search_key import fold
from fieldapp.domain.search_rank import TEAMS, nearness
from fieldapp.domain.unit_change import MergeForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from fieldapp.reports import search_sql
from fieldapp.reports.search import MOST, Found, Kind, search
from fieldapp.services import unit_changes
from fieldapp.services.reference import load_units, old_commune_names
from models.account import Account, Role
from models.member import Member
from models.team import Seat, SeatRole
from models.unit import Division, Unit, UnitKind
from tests import build
from tests.build import World

MEMBERS, SEATS, UNITS = Member.__table__, Seat.__table__, Unit.__table__
TODAY = vn_day(datetime.now(UTC))


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@pytest.fixture
async def province(db: Database) -> Account:
    """The real province with its 96 communes, and an officer of it."""
    async with db.write() as session:
        await load_units(session)
        top = (await session.execute(select(Unit).where(UNITS.c.kind == UnitKind.PROVINCE))).scalar_one()
    return await build.account(db, top, Role.PROVINCE_OFFICER)


async def find(db: Database, who: Account, query: str, day: date = TODAY) -> Found:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return await search(session, principal, query, day, old_commune_names())


def names(found: Found, kind: Kind) -> list[str]:
    return [hit.name for one, hits in found.groups if one is kind for hit in hits]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("son ha", ["Xã Sơn Hà", "Xã Sơn Hạ"]),
        ("SƠN HẠ", ["Xã Sơn Hà", "Xã Sơn Hạ"]),
        ("ba to", ["Xã Ba Tô", "Xã Ba Tơ"]),
        ("dang thuy", ["Xã Đặng Thùy Trâm"]),
        ("thùy trâm", ["Xã Đặng Thùy Trâm"]),
        ("thuỳ trâm", ["Xã Đặng Thùy Trâm"]),
        ("Tịnh Ấn Đông", ["Phường Trương Quang Trọng"]),
        ("  tinh an   dong ", ["Phường Trương Quang Trọng"]),
    ],
)
async def test_communes_are_found_by_all_their_names(
    db: Database, province: Account, typed: str, first: list[str]
) -> None:
    found = await find(db, province, typed)
    assert sorted(names(found, Kind.COMMUNE)[: len(first)]) == sorted(first)


async def test_an_old_name_is_said(db: Database, province: Account) -> None:
    found = await find(db, province, "tinh an dong")
    [(_, [hit])] = found.groups
    assert (hit.name, hit.once) == ("Phường Trương Quang Trọng", "Xã Tịnh Ấn Đông")


async def test_people_teams_and_households_of_ones_own_commune(db: Database, world: World) -> None:
    found = await find(db, world.commune_officer, "hoa")
    assert names(found, Kind.VILLAGE) == ["Thôn Tây Hòa", "Thôn Đông Hòa"]
    assert names(found, Kind.MEMBER) == ["Lê Thị Hoa"]
    assert len(names(found, Kind.TEAM)) == 2
    found = await find(db, world.commune_officer, "12")
    assert [(hit.name, hit.head, hit.beneath) for _, hits in found.groups for hit in hits] == [
        ("12", "Nguyễn Văn 12", "Thôn Đông Hòa")
    ]
    numbers = names(await find(db, world.commune_officer, "1"), Kind.HOUSEHOLD)
    assert numbers[0] == "1"
    assert set(numbers) == {"1", "10", "11", "12"}


async def test_nobody_sees_what_their_role_may_not(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    for query in ("hoa", "lan", "12", "nguyen van", "son tinh", "to cong nghe"):
        assert (await find(db, stranger, query)).total == 0
    for who in (world.province_officer, await build.account(db, world.province, Role.ADMIN)):
        found = await find(db, who, "nguyen van")
        assert names(found, Kind.HOUSEHOLD) == []
        assert names(await find(db, who, "dinh thi lan"), Kind.MEMBER) == ["Đinh Thị Lan"]
    partner = await build.account(db, world.province, Role.PARTNER)
    for who in (partner, world.member):
        with pytest.raises(Problem, match="forbidden"):
            await find(db, who, "lan")  # type: ignore[arg-type]


async def test_those_who_left_are_not_found(db: Database, world: World) -> None:
    async with db.write() as session:
        mine = SEATS.c.member_id == world.member.id
        await session.execute(update(SEATS).where(mine).values(valid_to=TODAY - timedelta(days=1)))
    assert (await find(db, world.commune_officer, "dinh thi lan")).total == 0


async def test_a_merged_village_leads_on_and_old_numbers_are_known(db: Database, world: World) -> None:
    await build.household(db, world.next_village, "3", head_name=None)
    officer = await build.principal(db, world.commune_officer)
    form = MergeForm(
        villages=[world.village.id or 0, world.next_village.id or 0],
        name="Thôn Hợp Nhất",
        division=Division.THON,
        on=TODAY,
        teams=[world.team.id or 0],
    )
    async with db.write() as session:
        await unit_changes.merge(session, officer, form)
    found = await find(db, world.commune_officer, "tay hoa")
    [hit] = [hit for kind, hits in found.groups if kind is Kind.VILLAGE for hit in hits]
    assert (hit.name, hit.into, hit.ended) == ("Thôn Tây Hòa", "Thôn Hợp Nhất", TODAY - timedelta(days=1))
    found = await find(db, world.commune_officer, "3")
    homes = {(hit.name, hit.once) for kind, hits in found.groups if kind is Kind.HOUSEHOLD for hit in hits}
    assert homes >= {("3", ""), ("3B", "")}


async def test_no_more_than_fifty_and_the_nearest_first(db: Database, world: World) -> None:
    async with db.write() as session:
        for n in range(MOST + 10):
            name = f"Trần Thị Lanh {n:02}"
            row = Member(full_name=name, key=fold(name))
            session.add(row)
            await session.flush()
            session.add(Seat(team_id=world.team.id, member_id=row.id, role=SeatRole.MEMBER, valid_from=build.SINCE))
    found = await find(db, world.commune_officer, "lan")
    assert (found.total, found.more) == (MOST, True)
    assert names(found, Kind.MEMBER)[0] == "Đinh Thị Lan"


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "\\", "a" * 500, "'; drop table unit", "́", "日本"])
async def test_what_is_no_name_finds_nothing(db: Database, world: World, typed: str) -> None:
    assert (await find(db, world.commune_officer, typed)).total == 0


letters = st.lists(st.text(st.sampled_from("ab%_ "), min_size=1, max_size=8).map(fold), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=letters, typed=st.text(st.sampled_from("ab%_ "), max_size=5).map(fold).filter(bool))
async def test_the_database_ranks_as_the_rule_says(db: Database, keys: list[str], typed: str) -> None:
    keys += [TEAMS[1] + key for key in keys]
    async with db.write() as session:
        await session.execute(delete(MEMBERS))
        rows = [{"full_name": key, "key": key, "created_at": datetime.now(UTC)} for key in keys]
        await session.execute(insert(MEMBERS), rows)
        near = search_sql.nearness(MEMBERS.c.key, typed, TEAMS)
        found = (await session.execute(select(MEMBERS.c.key, near).where(search_sql.holds(MEMBERS.c.key, typed)))).all()
    expected = sorted((key, near) for key in keys if (near := nearness(key, typed, TEAMS)) is not None)
    assert sorted((key, value) for key, value in found) == expected
