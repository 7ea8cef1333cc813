"""Counters equal the raw visits after any history, and move as people expect them to."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.domain.counting import CountedVisit, Movement
from fieldapp.permissions import Principal
from fieldapp.services import counters, push
from fieldapp.services.counters import COMMUNE, HOUSEHOLDS, PERIODS, PLATFORMS, VILLAGE
from fieldapp.services.reconciliation import reconcile
from models.counter import PeriodKind
from models.household import Household
from models.member import Member
from models.team import Seat, SeatRole
from models.visit import VisitState
from tests import build
from tests.build import World

MIDNIGHTS = [datetime(2026, 6, 30, 17, tzinfo=UTC), datetime(2026, 9, 14, 17, tzinfo=UTC)]
"""Where in Việt Nam a day, a half-month and a month begin: 1 July; and a day and a half-month: 15 September."""

PLATFORM_SETS = [("VNEID",), ("DVC",), ("VNEID", "DVC")]
RESULTS = ["introduced", "installed", "independent", "come_back", "absent"]
on_sqlite = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
"""For what no database decides."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


@dataclass
class History:
    """What several phones did, one step after another; only what the server took in can be acted on again."""

    db: Database
    people: list[Member]
    principals: dict[int, Principal]
    households: list[Household]
    visits: list[dict[str, Any]] = field(default_factory=list)
    results: Counter[str] = field(default_factory=Counter)

    async def send(self, who: Member, *records: dict[str, Any]) -> None:
        async with self.db.write() as session:
            sender = self.principals[who.id or 0]
            answers = await push.receive(session, sender, None, datetime.now(UTC), list(records))
        self.results.update(str(answer["result"]) for answer in answers)
        taken = {answer["id"] for answer in answers if answer["result"] == "created"}
        self.visits += [r for r in records if r["id"] in taken and r["kind"] in ("visit.create", "visit.replace")]

    def author_of(self, record: dict[str, Any]) -> Member:
        return next(person for person in self.people if person.id == record["author"])

    def visit(self, who: Member, draw: st.DataObject, **given: Any) -> dict[str, Any]:
        household = draw.draw(st.sampled_from(self.households))
        platforms = draw.draw(st.sampled_from(PLATFORM_SETS))
        moment = draw.draw(st.sampled_from(MIDNIGHTS)) + timedelta(minutes=draw.draw(st.sampled_from([-1, 0, 700])))
        more = {"result": draw.draw(st.sampled_from(RESULTS)), "people": draw.draw(st.integers(1, 3))}
        return build.visit(who, household, *platforms, made_at=build.millis(moment), **more, **given)

    async def step(self, draw: st.DataObject) -> None:
        deeds = ["record", "record"] + (
            ["replace", "withdraw", "approve", "send_back", "resend"] if self.visits else []
        )
        deed = draw.draw(st.sampled_from(deeds))
        who = draw.draw(st.sampled_from(self.people))
        if deed == "record":
            await self.send(who, *[self.visit(who, draw) for _ in range(draw.draw(st.integers(1, 3)))])
            return
        old = draw.draw(st.sampled_from(self.visits))
        author = self.author_of(old)
        if deed == "replace":
            await self.send(author, self.visit(author, draw, replaces=old["id"]))
        elif deed == "withdraw":
            await self.send(author, build.record("visit.withdraw", author, {"visit": old["id"]}))
        elif deed == "resend":
            await self.send(author, old)
        else:
            chosen = {old["id"], draw.draw(st.sampled_from(self.visits))["id"]}
            await self.send(who, build.decision(who, *sorted(chosen), verdict=deed))


@pytest.fixture
async def history(db: Database, world: World) -> AsyncIterator[History]:
    """Two leaders and two members of a team that serves both villages of the commune, before anything was done."""
    both = await build.team(db, world.commune, world.village, world.next_village)
    async with db.write() as session:
        for who, role in ((world.leader, SeatRole.LEADER), (world.deputy, SeatRole.DEPUTY)):
            session.add(Seat(team_id=both.id, member_id=who.id, role=role, valid_from=build.SINCE))
        for who in (world.member, world.second_member):
            session.add(Seat(team_id=both.id, member_id=who.id, role=SeatRole.MEMBER, valid_from=build.SINCE))
    far = [await build.household(db, world.next_village, number) for number in ("1", "2")]
    people = [world.leader, world.deputy, world.member, world.second_member]
    principals = {who.id or 0: await build.principal(db, who) for who in people}
    history = History(db, people, principals, [*world.households[:3], *far])
    yield history
    assert history.results.keys() >= {"created", "identical", "superseded", "invalid"}, "the histories said too little"


async def play(history: History, draw: st.DataObject) -> None:
    """One history more on the same database; a number that was wrong is mended, so that the next begins clean."""
    history.visits.clear()
    for _ in range(draw.draw(st.integers(4, 16))):
        await history.step(draw)
    async with history.db.write() as session:
        found = await reconcile(session, mend=True)
    assert found.right, found.wrong


def _bounded(examples: int) -> Any:
    return settings(
        max_examples=examples, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


@on_sqlite
@_bounded(20)
@given(draw=st.data())
async def test_counters_equal_the_visits_after_any_history(history: History, draw: st.DataObject) -> None:
    await play(history, draw)


@pytest.mark.parametrize("database_template", ["postgresql"], indirect=True)
@_bounded(20)
@given(draw=st.data())
async def test_counters_equal_the_visits_after_any_history_on_a_server(history: History, draw: st.DataObject) -> None:
    await play(history, draw)


async def figures(db: Database, query: Any) -> list[tuple[Any, ...]]:
    async with db.read() as session:
        return [tuple(row) for row in await session.execute(query)]


async def distinct(db: Database, kind: PeriodKind) -> list[tuple[date, int, int]]:
    """(first day, approved, standing) of each period of this kind in which anybody was helped."""
    columns = HOUSEHOLDS.c.starts_on, HOUSEHOLDS.c.approved, HOUSEHOLDS.c.standing
    found = await figures(db, select(*columns).where(HOUSEHOLDS.c.kind == kind).order_by(HOUSEHOLDS.c.starts_on))
    return [row for row in found if row[1:] != (0, 0)]


def at(month: int, day: int, hour: int = 9) -> int:
    """Milliseconds of an hour of this day in Việt Nam, of the present year or the last where that is to come."""
    now = datetime.now(UTC) + timedelta(hours=7)
    year = now.year if (month, day) < (now.month, now.day) else now.year - 1
    return build.millis(datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=7))


async def test_a_household_counts_once_a_period_however_often_it_is_helped(db: Database, world: World) -> None:
    home, other = world.households[:2]
    moments = [(home, at(6, 30)), (home, at(6, 30, 10)), (home, at(7, 1)), (other, at(7, 1)), (other, at(7, 2))]
    records = [build.visit(world.member, who, made_at=made_at) for who, made_at in moments]
    await build.send(db, world.member, *records)
    assert [row[1:] for row in await distinct(db, PeriodKind.DAY)] == [(0, 1), (0, 2), (0, 1)]
    assert [row[1:] for row in await distinct(db, PeriodKind.MONTH)] == [(0, 1), (0, 2)]
    assert [row[1:] for row in await distinct(db, PeriodKind.YEAR)] == [(0, 2)]
    await build.send(db, world.leader, build.decision(world.leader, records[0]["id"], records[1]["id"]))
    assert [row[1:] for row in await distinct(db, PeriodKind.YEAR)] == [(1, 2)]
    withdrawals = [build.record("visit.withdraw", world.member, {"visit": r["id"]}) for r in records[3:]]
    await build.send(db, world.member, *withdrawals)
    assert [row[1:] for row in await distinct(db, PeriodKind.YEAR)] == [(1, 1)]


async def test_a_send_back_takes_a_household_out_and_its_mended_visit_brings_it_back(
    db: Database, world: World
) -> None:
    first = build.visit(world.member, world.households[0], made_at=at(7, 1))
    await build.send(db, world.member, first)
    await build.send(db, world.leader, build.decision(world.leader, first["id"], verdict="send_back"))
    assert await distinct(db, PeriodKind.YEAR) == []
    mended = build.visit(world.member, world.households[0], replaces=first["id"], made_at=at(7, 1))
    await build.send(db, world.member, mended)
    assert [row[1:] for row in await distinct(db, PeriodKind.DAY)] == [(0, 1)]
    await build.send(db, world.leader, build.decision(world.leader, mended["id"]))
    assert [row[1:] for row in await distinct(db, PeriodKind.DAY)] == [(1, 1)]


@on_sqlite
async def test_a_visit_that_helped_nobody_counts_as_a_visit_and_not_as_a_household(db: Database, world: World) -> None:
    await build.send(db, world.member, build.visit(world.member, world.households[0], result="absent"))
    assert await distinct(db, PeriodKind.YEAR) == []
    assert await figures(db, select(VILLAGE.c.result, VILLAGE.c.support_count)) == [("absent", 1)]


async def test_a_commune_counts_by_half_months_that_begin_at_vietnamese_midnight(db: Database, world: World) -> None:
    moments = [at(9, 14, 23) + 59 * 60_000, at(9, 15, 0), at(9, 30, 23) + 59 * 60_000, at(10, 1, 0)]
    records = [
        build.visit(world.member, home, made_at=made_at)
        for home, made_at in zip(world.households, moments, strict=False)
    ]
    await build.send(db, world.member, *records)
    columns = COMMUNE.c.half_month, COMMUNE.c.waiting
    found = await figures(db, select(*columns).where(COMMUNE.c.facet == "all").order_by(COMMUNE.c.half_month))
    assert [(day.month, day.day, support) for day, support in found] == [(9, 1, 1), (9, 15, 2), (10, 1, 1)]


async def test_a_household_stands_on_the_best_rung_that_still_holds(db: Database, world: World) -> None:
    home = world.households[0]

    async def rung() -> list[tuple[int, int, int]]:
        rows = await figures(db, select(PLATFORMS.c.rung, PLATFORMS.c.since))
        return [(rung, since.month, since.day) for rung, since in rows]

    introduced = build.visit(world.member, home, result="introduced", made_at=at(7, 1))
    independent = build.visit(world.member, home, result="independent", made_at=at(7, 3))
    earlier = build.visit(world.member, home, result="independent", made_at=at(7, 2))
    await build.send(db, world.member, introduced)
    assert await rung() == [(1, 7, 1)]
    await build.send(db, world.member, independent, earlier)
    assert await rung() == [(3, 7, 2)]
    await build.send(db, world.member, build.record("visit.withdraw", world.member, {"visit": earlier["id"]}))
    assert await rung() == [(3, 7, 3)]
    await build.send(db, world.leader, build.decision(world.leader, independent["id"], verdict="send_back"))
    assert await rung() == [(1, 7, 1)]


async def test_a_household_that_moves_stays_with_the_village_that_helped_it_first(db: Database, world: World) -> None:
    home = world.households[0]
    await build.send(db, world.member, build.visit(world.member, home, made_at=at(7, 1)))
    table = Household.__table__
    async with db.write() as session:
        await session.execute(update(table).where(table.c.id == home.id).values(village_id=world.next_village.id))
    await build.send(db, world.next_leader, build.visit(world.next_leader, home, made_at=at(7, 2)))
    credited = await figures(
        db, select(PERIODS.c.village_id, PERIODS.c.waiting).where(PERIODS.c.kind == PeriodKind.MONTH)
    )
    assert credited == [(world.village.id, 2)]
    async with db.write() as session:
        assert (await reconcile(session)).right


async def test_visits_from_before_and_after_a_move_that_come_together_are_credited_by_their_days(
    db: Database, world: World
) -> None:
    """A phone without signal hands in both at once: the later visit must not take the earlier days along."""
    early, late = world.village.id or 0, world.next_village.id or 0
    visits = [
        CountedVisit(world.households[0].id, village, world.commune.id or 0, world.team.id or 0, world.member.id or 0,
                     date(2026, 7, day), "home", "person", (("VNEID", "installed", 1),))
        for village, day in ((early, 14), (late, 17))
    ]  # fmt: skip
    movements = [Movement(visit, None, VisitState.WAITING) for visit in visits]
    async with db.write() as session:
        await counters.move(session, movements)
    credited = await figures(db, select(PERIODS.c.kind, PERIODS.c.starts_on, PERIODS.c.village_id))
    assert sorted((str(kind), day.day, village) for kind, day, village in credited) == [
        ("day", 14, early), ("day", 17, late), ("month", 1, early), ("year", 1, early),
    ]  # fmt: skip
