"""The numbers of a small world, worked out by hand, at each level that reads them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import VIETNAM, month_end, month_start, vn_day
from fieldapp.problems import Problem
from fieldapp.reports.distinct_households import Households
from fieldapp.reports.summary import Summary, read_summary
from fieldapp.reports.summary_counts import Counts
from models.account import Role
from models.device import Device
from models.unit import Unit
from models.visit import Result
from tests import build

TODAY = vn_day(datetime.now(UTC))
EARLY, LATE = TODAY - timedelta(days=3), TODAY - timedelta(days=2)
BOTH = DayRange(EARLY, LATE)


def at(day: date, hour: int, minute: int) -> int:
    """A time of that day in Việt Nam, as a phone's clock tells it."""
    return build.millis(datetime.combine(day, time(hour, minute), VIETNAM))


async def read(db: Database, who, unit: Unit, days: DayRange) -> Summary:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return await read_summary(session, principal, unit.id, days, datetime.now(UTC))


@pytest.fixture
async def world(db: Database) -> build.World:
    """Six lượt that stand and one that was sent back, over a midnight of Việt Nam.

    23:30 of the early day: house 1, VNeID and e-services, two people, approved.
    00:30 of the late day: house 1, VNeID, one person, approved; house 2, VNeID independent, three people, waiting.
    10:00 of the late day, by the other member: house 3 absent, approved; house 4, sent back.
    And in the next village, by its leader, house 20: waiting.
    """
    world = await build.world(db)
    one, two, three, four = world.households[:4]
    other = await build.household(db, world.next_village, "20")
    first = build.visit(world.member, one, "VNEID", "DVC", made_at=at(EARLY, 23, 30), people=2)
    second = build.visit(world.member, one, made_at=at(LATE, 0, 30))
    third = build.visit(world.member, two, made_at=at(LATE, 0, 31), result="independent", people=3)
    absent = build.visit(world.second_member, three, made_at=at(LATE, 10, 0), result="absent")
    wrong = build.visit(world.second_member, four, made_at=at(LATE, 10, 5))
    await build.send(db, world.member, first, second, third)
    await build.send(db, world.second_member, absent, wrong)
    await build.send(db, world.next_leader, build.visit(world.next_leader, other, made_at=at(LATE, 11, 0)))
    approve = build.decision(world.leader, first["id"], second["id"], absent["id"])
    await build.send(db, world.leader, approve, build.decision(world.leader, wrong["id"], verdict="send_back"))
    return world


async def test_a_village_counts_each_review_state_apart(db: Database, world: build.World):
    summary = await read(db, world.commune_officer, world.village, BOTH)
    assert summary.totals == Counts(4, 1, 1, approved_people=6, waiting_people=3, returned_people=1)


async def test_half_past_eleven_and_half_past_midnight_are_two_days(db: Database, world: build.World):
    early = await read(db, world.commune_officer, world.village, DayRange(EARLY, EARLY))
    late = await read(db, world.commune_officer, world.village, DayRange(LATE, LATE))
    assert early.totals == Counts(2, 0, 0, approved_people=4)
    assert late.totals == Counts(2, 1, 1, approved_people=2, waiting_people=3, returned_people=1)
    assert [(p.days.first, p.counts.standing) for p in late.line] == [(LATE, 3)]


async def test_a_commune_is_its_villages(db: Database, world: build.World):
    summary = await read(db, world.commune_officer, world.commune, BOTH)
    assert {row.name: (row.counts.approved, row.counts.waiting, row.counts.returned) for row in summary.units} == {
        world.village.name: (4, 1, 1),
        world.next_village.name: (0, 1, 0),
    }
    assert summary.totals == Counts(4, 2, 1, approved_people=6, waiting_people=4, returned_people=1)
    assert {(team.name, team.counts.standing) for team in summary.teams} == {
        (world.team.name, 5),
        (world.next_team.name, 1),
    }


async def test_distinct_households_are_not_the_sum_of_days(db: Database, world: build.World):
    """House 1 was helped on both days; who was absent was not helped, who was sent back does not stand."""
    summary = await read(db, world.commune_officer, world.commune, BOTH)
    assert summary.households == Households(approved=1, standing=3)
    assert {row.name: row.households for row in summary.units} == {
        world.village.name: Households(1, 2),
        world.next_village.name: Households(0, 1),
    }


async def test_a_kept_period_and_its_days_agree_on_households(db: Database, world: build.World):
    late = await read(db, world.commune_officer, world.commune, DayRange(LATE, LATE))
    assert late.households == Households(approved=1, standing=3)
    month = DayRange(month_start(LATE), month_end(LATE))
    kept = await read(db, world.province_officer, world.province, month)
    assert kept.households == (await read(db, world.commune_officer, world.commune, month)).households


async def test_a_province_widens_its_days_to_half_months(db: Database, world: build.World):
    asked = DayRange(LATE, LATE)
    summary = await read(db, world.province_officer, world.province, asked)
    assert (summary.asked, summary.days) == (asked, asked.widened())
    same = await read(db, world.province_officer, world.commune, asked.widened())
    assert summary.totals == same.totals
    assert [(row.name, row.counts) for row in summary.units] == [(world.commune.name, same.totals)]


async def test_a_province_does_not_guess_households_of_a_quarter(db: Database, world: build.World):
    start = LATE.replace(month=LATE.month - (LATE.month - 1) % 3, day=1)
    quarter = DayRange(start, month_end(start.replace(month=start.month + 2)))
    summary = await read(db, world.province_officer, world.province, quarter)
    assert summary.households is None
    assert all(row.households is None for row in summary.units)


async def test_platforms_results_and_pillars_hold_the_same_supports(db: Database, world: build.World):
    summary = await read(db, world.commune_officer, world.commune, BOTH)
    assert {p.code: (p.counts.approved, p.counts.waiting, p.independent) for p in summary.platforms} == {
        "VNEID": (3, 2, 0),
        "DVC": (1, 0, 0),
    }
    assert summary.results[Result.ABSENT].approved == 1
    assert summary.results[Result.INDEPENDENT] == Counts(waiting=1, waiting_people=3)
    for parts in (summary.results.values(), summary.pillars.values(), [p.counts for p in summary.line]):
        assert sum(parts, Counts()) == summary.totals


async def test_members_are_named_with_what_they_did(db: Database, world: build.World):
    summary = await read(db, world.commune_officer, world.village, BOTH)
    assert [(row.name, row.counts.standing, row.counts.returned) for row in summary.members] == [
        (world.member.full_name, 4, 0),
        (world.second_member.full_name, 1, 1),
    ]


async def test_the_range_before_stands_beside(db: Database, world: build.World):
    late = await read(db, world.commune_officer, world.village, DayRange(LATE, LATE))
    assert late.before == DayRange(EARLY, EARLY)
    assert late.previous == Counts(2, 0, 0, approved_people=4)
    assert late.previous_households == Households(1, 1)


async def test_a_platform_has_its_range_before_and_its_year(db: Database, world: build.World):
    late = await read(db, world.commune_officer, world.commune, DayRange(LATE, LATE))
    earlier = int(EARLY.year == LATE.year)
    assert {p.code: (p.trend.before, p.trend.year) for p in late.platforms} == {
        "VNEID": (1, 2 + earlier),
        "DVC": (1, earlier),
    }
    assert (late.year, late.year_approved) == (DayRange(LATE.replace(month=1, day=1), LATE), 2 + 2 * earlier)
    province = await read(db, world.province_officer, world.province, BOTH)
    same = await read(db, world.commune_officer, world.commune, BOTH.widened())
    assert [(p.code, p.trend) for p in province.platforms] == [(p.code, p.trend) for p in same.platforms]


async def test_units_are_ranked_by_the_households_that_they_have(db: Database, world: build.World):
    """As declared, else as the roster or the villages say."""
    async with db.write() as session:
        (await session.get_one(Unit, world.next_village.id)).households_declared = 80
    commune = await read(db, world.commune_officer, world.commune, BOTH)
    of = {row.name: (row.of, row.standing.rate) for row in commune.units}
    houses = len(world.households)
    assert of == {world.village.name: (houses, round(400 / houses, 1)), world.next_village.name: (80, 0.0)}
    province = await read(db, world.province_officer, world.province, BOTH)
    assert [(row.of, row.standing.rank) for row in province.units] == [(80 + houses, None)]


async def test_a_village_that_sent_today_is_fresh(db: Database, client, world: build.World):
    before = await read(db, world.commune_officer, world.commune, BOTH)
    assert (before.freshness.heard, before.freshness.villages, before.freshness.last_at) == (0, 2, None)
    await build.enter(client, db, world.member)
    await client.post("/api/v1/sync/push", json=build.push_body())
    after = await read(db, world.commune_officer, world.commune, BOTH)
    assert (after.freshness.heard, after.freshness.villages) == (1, 2)
    assert vn_day(after.freshness.last_at) == TODAY
    province = await read(db, world.province_officer, world.province, BOTH)
    assert [(row.freshness.heard, row.freshness.villages) for row in province.units] == [(1, 2)]


async def test_a_phone_last_heard_yesterday_is_not_fresh(db: Database, client, world: build.World):
    await build.enter(client, db, world.member)
    await client.post("/api/v1/sync/push", json=build.push_body())
    midnight = datetime.combine(TODAY, time.min, VIETNAM)
    async with db.write() as session:
        await session.execute(update(Device.__table__).values(last_contact_at=midnight - timedelta(seconds=1)))
    summary = await read(db, world.commune_officer, world.commune, BOTH)
    assert (summary.freshness.heard, summary.freshness.last_at) == (0, midnight - timedelta(seconds=1))


async def test_an_officer_of_another_commune_gets_nothing(db: Database, world: build.World):
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    for unit in (world.village, world.commune, world.province):
        with pytest.raises(Problem, match="forbidden"):
            await read(db, stranger, unit, BOTH)
    assert (await read(db, stranger, elsewhere, BOTH)).totals == Counts()


async def test_a_member_reads_the_own_village_only(db: Database, world: build.World):
    assert (await read(db, world.member, world.village, BOTH)).totals.standing == 5
    with pytest.raises(Problem, match="forbidden"):
        await read(db, world.member, world.next_village, BOTH)


async def test_a_village_that_was_merged_away_still_counts(db: Database, world: build.World):
    async with db.write() as session:
        (await session.get_one(Unit, world.next_village.id)).valid_to = EARLY - timedelta(days=30)
    summary = await read(db, world.commune_officer, world.commune, BOTH)
    assert summary.totals.waiting == 2
