"""Automatic indicators: each one moved by what it counts, and all of them against a slow, obvious count of raw rows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.report_figure import Figure
from fieldapp.domain.vn_time import vn_day
from fieldapp.services.indicators import indicator_catalogue, list_indicators, load_indicators
from fieldapp.services.report_drafts import drafts
from fieldapp.services.report_units import OF_COMMUNE, reporting_villages
from models.activity import ActivityKind
from models.base import utc_now
from models.period import MonthStyle, Period, ReportKind
from models.target import Level, Measure, Target
from models.task import TaskState
from models.team import TeamVillage
from models.unit import Unit, UnitSuccession
from models.visit import Beneficiary, Result, Visit, VisitState
from models.zalo_group import GroupManager, ZaloGroup
from tests import build
from tests.build import World
from tests.report_rows import Said, deed, gathered, task, trouble, visited
from tests.slow_figures import slowly

TODAY = vn_day(datetime.now(UTC))
LAST = TODAY.replace(day=1) - timedelta(days=1)
MONTH = DayRange(LAST.replace(day=1), LAST)
PLATFORMS = ("VNEID", "DVC", "PAHT", "DATDAI", "CKS", "VI", "TTTT", "GHS", "SSK", "VSSID", "GD", "CSXH", "BDHVS")
STEPS = {
    "VNEID": ("install", "level2", "utilities"),
    "DVC": ("submit", "lookup", "pay"),
    "GHS": ("register", "photos", "promote", "orders", "packing", "commitment"),
}


@pytest.fixture
async def world(db: Database) -> World:
    made = await build.world(db)
    for position, code in enumerate(PLATFORMS, 4):
        if code not in ("VNEID", "DVC", "SSK"):
            await build.platform(db, code, position)
    async with db.write() as session:
        await load_indicators(session)
    return made


def a_period(world: World) -> Period:
    dues = dict.fromkeys(("village_due_on", "commune_due_on", "province_due_on"), TODAY)
    style = {"kind": ReportKind.MONTH, "month_style": MonthStyle.CALENDAR, "unit_id": world.province.id or 0}
    return Period(id=1, first_day=MONTH.first, last_day=MONTH.last, **style, **dues)


async def drawn(db: Database, world: World) -> dict[int, dict[str, Figure]]:
    """By village (0 is the commune's team) and code."""
    period, commune = a_period(world), world.commune.id or 0
    async with db.read() as session:
        indicators = await list_indicators(session, period.last_day)
        villages = await reporting_villages(session, commune, MONTH)
        found = await drafts(session, period, indicators, commune, villages, utc_now())
    return {id: {figure.code: figure for figure in figures} for id, figures in found.items()}


async def add(db: Database, *rows: Any) -> None:
    async with db.write() as session:
        visits = [row for row in rows if isinstance(row, Visit)]
        session.add_all(visits)
        await session.flush()
        session.add_all([row for row in rows if not isinstance(row, Visit)])


def one(world: World, *said: Said, **given: Any) -> list[Any]:
    return visited(world.member, world.households[0], world.team, world.village, MONTH.last, *said, **given)


Story = Callable[[World], list[Any]]
MOVED: dict[str, tuple[Story, int]] = {
    "02": (lambda w: one(w, ("VNEID", "introduced", ())), 1),
    "04": (lambda w: [gathered(w.member, w.team, w.village, MONTH.first, "loudspeaker", None)], 1),
    "05": (lambda w: [gathered(w.member, w.team, w.village, MONTH.first, "talk", 45)], 45),
    "06": (lambda w: [gathered(w.member, w.team, w.village, MONTH.last, "group_post", None)], 1),
    "08": (lambda w: one(w, ("DVC", "introduced", ())), 1),
    "09": (lambda w: one(w, ("DVC", "installed", ("submit",))), 1),
    "10": (lambda w: one(w, ("VNEID", "installed", ("level2",)), people=3), 3),
    "11": (lambda w: one(w, ("VNEID", "independent", ("utilities",)), people=2), 2),
    "12": (lambda w: one(w, ("PAHT", "independent", ())), 1),
    "13": (lambda w: one(w, ("DATDAI", "installed", ())), 1),
    "14": (lambda w: one(w, ("CKS", "installed", ()), people=2), 2),
    "15": (lambda w: one(w, ("VI", "installed", ()), people=2), 2),
    "16": (lambda w: one(w, ("TTTT", "installed", ()), beneficiary="business_household"), 1),
    "17": (lambda w: one(w, ("GHS", "installed", ("register", "photos", "orders"))), 1),
    "18": (lambda w: one(w, ("GHS", "installed", ("commitment",))), 1),
    "19": (lambda w: one(w, ("GHS", "independent", ("orders",))), 1),
    "20": (lambda w: one(w, ("SSK", "installed", ()), people=4), 4),
    "21": (lambda w: one(w, ("VSSID", "installed", ())), 1),
    "22": (lambda w: one(w, ("GD", "installed", ())), 1),
    "23": (lambda w: one(w, ("CSXH", "installed", ())), 1),
    "24": (lambda w: one(w, ("BDHVS", "independent", ()), people=2), 2),
    "25": (lambda w: one(w, ("SSK", "declined", ()), ("VI", "absent", ())), 2),
    "26": (lambda w: one(w, ("SSK", "come_back", ())), 1),
    "27": (lambda w: one(w, ("SSK", "introduced", ()), ("VI", "introduced", ()), people=3), 3),
    "28": (lambda w: one(w, ("SSK", "independent", ()), ("VI", "installed", ())), 1),
    "29.1": (lambda w: [trouble(w.member, w.team, w.village, MONTH.first, TODAY + timedelta(days=9), None)], 1),
    "29.2": (lambda w: [trouble(w.member, w.team, w.village, MONTH.first, MONTH.last, MONTH.last)], 1),
    "29.3": (lambda w: [trouble(w.member, w.team, w.village, MONTH.first, MONTH.first, None)], 1),
    "30.1": (lambda w: [task(w, w.team, MONTH.first, MONTH.last, "done", MONTH.last)], 1),
    "30.2": (lambda w: [task(w, w.team, MONTH.first, TODAY, "doing", MONTH.last)], 1),
    "30.3": (lambda w: [task(w, w.team, MONTH.first, MONTH.first, "open", None)], 1),
}  # fmt: skip
STAND = {"01", "07"}
"""Those that stand whatever is recorded."""


def test_every_automatic_indicator_has_a_story() -> None:
    auto = {row["code"] for row in indicator_catalogue() if row["source"] == "auto"}
    assert auto == MOVED.keys() | STAND


async def test_each_is_moved_by_what_it_counts(db: Database, world: World) -> None:
    """One after the other in one village: a story moves its own indicator by so much, and that of the next village by
    nothing."""
    before = await drawn(db, world)
    for code, (story, amount) in MOVED.items():
        await add(db, *story(world))
        after = await drawn(db, world)
        mine, was = after[world.village.id or 0][code], before[world.village.id or 0][code]
        if code not in ("02", "16", "17", "18", "19", "26"):
            assert (mine.value or 0) - (was.value or 0) == amount, code
        elif code in ("02", "26"):
            assert mine.value == 1, code
        assert after[world.next_village.id or 0][code].value == 0, code
        before = after


async def test_a_shop_counts_once_it_has_vouched_for_its_quality(db: Database, world: World) -> None:
    """Scenario 10."""
    steps = ("register", "photos", "promote", "orders", "packing")
    await add(db, *one(world, ("GHS", "installed", steps)))
    figures = (await drawn(db, world))[world.village.id or 0]
    assert [figures[code].value for code in ("17", "18", "19")] == [1, 0, 1]
    await add(db, *one(world, ("GHS", "independent", (*steps, "commitment"))))
    figures = (await drawn(db, world))[world.village.id or 0]
    assert [figures[code].value for code in ("17", "18", "19")] == [1, 1, 1]


async def test_members_groups_plans_and_what_nobody_knows(db: Database, world: World) -> None:
    own = await build.team(db, world.commune)
    await build.member(db, own, "Võ Thị Mai")
    figures = await drawn(db, world)
    mine = figures[world.village.id or 0]
    assert (mine["01"].value, figures[0]["01"].value, figures[0]["25"].value) == (4, 1, None)
    assert (mine["03"].value, mine["07"].value, mine["07"].over) == (None, None, 12), "nobody has said it"
    said = {**deed(world.member, world.team, world.village, MONTH.first), "name": "Nhóm", "stands": True}
    group = ZaloGroup(**said, manager=GroupManager.OTHER, households=9, counted_on=MONTH.first)
    aim = {"holder": f"team:{world.team.id}", "level": Level.TEAM, "team_id": world.team.id, "own": False}
    days = {"first_day": MONTH.first, "last_day": MONTH.last}
    given = ("DVC", Measure.SUPPORT, 25), ("PAHT", Measure.SUPPORT, 6), ("SSK", Measure.PERSON, 7)
    targets = [
        Target(id=uuid4(), platform_code=code, measure=measure, amount=amount, **days, **aim)
        for code, measure, amount in given
    ]
    await add(db, group, *targets)
    mine = (await drawn(db, world))[world.village.id or 0]
    assert (mine["07"].value, mine["07"].over) == (9, 12)
    assert (mine["12"].plan, mine["20"].plan, mine["09"].plan) == (6, 7, None)
    assert mine["08"].plan is None, "it counts what was only shown too, which reaches no target"


async def test_numbers_equal_a_slow_count_of_raw_rows(db: Database, world: World) -> None:
    """A commune of three villages, one of which two were merged into, over three months at random."""
    third = await build.village(db, world.commune, code="21172003", name="Thôn Nam Hòa")
    third_team = await build.team(db, world.commune, third)
    third_leader = await build.member(db, third_team, "Bùi Văn Nam")
    villages = [
        (world.village, world.team, [world.leader, world.member, world.second_member]),
        (world.next_village, world.next_team, [world.next_leader]),
        (third, third_team, [third_leader]),
    ]
    homes = [
        *world.households[:6],
        await build.household(db, world.next_village, "1"),
        await build.household(db, third, "1"),
    ]
    for seed in range(3):
        rng = Random(seed)
        rows: list[Any] = []
        for _ in range(60):
            village, team, people = rng.choice(villages)
            said = [
                (code, str(rng.choice(list(Result))), tuple(s for s in STEPS.get(code, ()) if rng.random() < 0.4))
                for code in rng.sample(PLATFORMS, rng.randint(1, 4))
            ]
            # Any household may be met in any village: people move.
            rows += visited(
                rng.choice(people), rng.choice(homes), team, village, MONTH.last - timedelta(days=rng.randint(-5, 80)),
                *said, state=str(rng.choice(list(VisitState))), people=rng.randint(1, 5),
                beneficiary=str(rng.choice(list(Beneficiary))),
            )  # fmt: skip
        for _ in range(20):
            village, team, people = rng.choice(villages)
            day = MONTH.last - timedelta(days=rng.randint(-3, 70))
            rows.append(
                gathered(
                    rng.choice(people), team, village, day, str(rng.choice(list(ActivityKind))), rng.choice([None, 7])
                )
            )
            due = day + timedelta(days=rng.randint(1, 30))
            rows.append(trouble(people[0], team, village, day, due, rng.choice([None, day + timedelta(days=4)])))
            marked = rng.choice([None, day + timedelta(days=rng.randint(0, 20))])
            state = str(rng.choice(list(TaskState))) if marked else "open"
            rows.append(task(world, team, day, due, state, marked))
        await add(db, *rows)
        found = await drawn(db, world)
        for village, team, _ in villages:
            async with db.read() as session:
                slow = await slowly(session, village, team, MONTH)
            figures = found[village.id or 0]
            told = {code: (figures[code].value, figures[code].waiting, figures[code].year) for code in slow}
            assert told == slow, (seed, village.name)


async def test_a_merge_within_the_month_is_told_of_by_the_village_that_continues(db: Database, world: World) -> None:
    on = MONTH.first + timedelta(days=14)
    new = await build.village(db, world.commune, code="21172009", name="Thôn Hòa", valid_from=on)
    async with db.write() as session:
        for old in (world.village, world.next_village):
            (await session.get_one(Unit, old.id)).valid_to = on - timedelta(days=1)
            session.add(UnitSuccession(from_id=old.id, to_id=new.id, on=on))
        session.add(TeamVillage(team_id=world.team.id, village_id=new.id, valid_from=on))
    early, late = MONTH.first + timedelta(days=3), MONTH.last
    home = world.households[0]
    await add(
        db,
        *visited(world.member, home, world.team, world.village, early, ("VNEID", "installed", ())),
        *visited(world.member, home, world.team, new, late, ("DVC", "installed", ())),
        *visited(
            world.next_leader,
            world.households[1],
            world.next_team,
            world.next_village,
            early,
            ("DVC", "installed", ()),
        ),
    )
    found = await drawn(db, world)
    assert found.keys() == {0, new.id}
    figures = found[new.id or 0]
    assert [figures[code].value for code in ("25", "26", "27", "01")] == [3, 2, 3, 5]


@pytest.mark.parametrize("days", [-1, 20])
async def test_what_a_village_did_that_ended_and_nobody_continues_stays_in_its_communes_numbers(
    db: Database, world: World, days: int
) -> None:
    """It ended before the month, or so many days after its first one: nobody is there any more to report of it."""
    gone, rng, last = world.next_village, Random(7), MONTH.first + timedelta(days=days)
    rows: list[Any] = []
    for _ in range(40):
        said = [(code, str(rng.choice(list(Result))), STEPS.get(code, ())) for code in rng.sample(PLATFORMS, 3)]
        day = last - timedelta(days=rng.randint(0, 60))
        who, team = world.next_leader, world.next_team
        rows += visited(who, rng.choice(world.households[:4]), team, gone, day, *said, state="approved")
        rows.append(trouble(who, team, gone, day, day + timedelta(days=5), rng.choice([None, day])))
        rows.append(gathered(who, team, gone, day, "talk", 7))
    # A home of the village that ended, met elsewhere as well, counts once.
    rows += visited(
        world.member, world.households[0], world.team, world.village, MONTH.last, ("VNEID", "installed", ())
    )
    await add(db, *rows)
    async with db.write() as session:
        (await session.get_one(Unit, gone.id)).valid_to = last
    found = await drawn(db, world)
    assert found.keys() == {OF_COMMUNE, world.village.id}
    async with db.read() as session:
        slow = await slowly(session, gone, world.next_team, MONTH)
    stock = {code for code in slow if code in ("01", "07", "29.3", "30.2", "30.3")}
    of_teams = {"02", "30.1"}
    years = {code: found[OF_COMMUNE][code].year or 0 for code in slow.keys() - stock - of_teams}
    assert years == {code: slow[code][2] for code in years}
    assert {code: found[OF_COMMUNE][code].value or 0 for code in years} == {code: slow[code][0] for code in years}
