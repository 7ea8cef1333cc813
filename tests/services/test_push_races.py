"""Many phones at once, through the API: each record is stored once, each visit decided once, each number moved once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from fieldapp.api.app import create_api
from fieldapp.api.identity import SLOT_HEADER
from fieldapp.db import Database
from fieldapp.services import held
from fieldapp.services import push as pushes
from fieldapp.services.counters import HOUSEHOLDS, VILLAGE
from fieldapp.services.push import receive
from fieldapp.services.reconciliation import reconcile
from fieldapp.services.scopes import versions_of, village_key
from models.account import Account
from models.counter import PeriodKind
from models.household import Household
from models.member import Member
from models.review import Review
from models.sync import Record
from models.visit import Visit, VisitState
from tests import build
from tests.build import World
from tests.conftest import ORIGIN

on_postgresql = pytest.mark.parametrize("database_template", ["postgresql"], indirect=True)
"""For what SQLite, which has one writer, never sees."""


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def phone(db: Database, who: Member | Account) -> httpx.AsyncClient:
    headers = {"Origin": ORIGIN, SLOT_HEADER: "p0"}
    browser = httpx.AsyncClient(transport=httpx.ASGITransport(create_api()), base_url=ORIGIN, headers=headers)
    return await build.enter(browser, db, who)


async def push(browser: httpx.AsyncClient, *records: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await browser.post("/api/v1/sync/push", json=build.push_body(*records))
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


async def at_once(*pushes: tuple[httpx.AsyncClient, Sequence[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    return await asyncio.gather(*(push(browser, *records) for browser, records in pushes))


async def count(db: Database, table: Any, *conditions: Any) -> int:
    async with db.read() as session:
        query = select(func.count()).select_from(table.__table__).where(*conditions)
        return (await session.execute(query)).scalar_one()


async def assert_numbers_are_right(db: Database, support: int) -> None:
    async with db.write() as session:
        assert (await reconcile(session)).right
        assert (await session.execute(select(func.sum(VILLAGE.c.support_count)))).scalar_one() == support


async def test_sixteen_identical_pushes_at_once_store_one_visit(db: Database, world: World) -> None:
    browser = await phone(db, world.member)
    record = build.visit(world.member, world.households[0], "VNEID", "DVC", people=3)
    answers = await at_once(*[(browser, [record])] * 16)
    assert Counter(result["result"] for [result] in answers) == {"created": 1, "identical": 15}
    assert (await count(db, Visit), await count(db, Record)) == (1, 1)
    await assert_numbers_are_right(db, 2)
    async with db.read() as session:
        assert (await session.execute(select(func.sum(VILLAGE.c.people_count)))).scalar_one() == 6


async def test_sixteen_identical_pushes_of_what_is_held_are_held_once(db: Database, world: World) -> None:
    """No village is locked for them: the record's own id is all that they meet at."""
    browser = await phone(db, world.member)
    records = [build.record("later.kind", world.member, {"people": n}) for n in range(3)]
    answers = await at_once(*[(browser, records)] * 16)
    assert {result["result"] for results in answers for result in results} == {"held"}
    assert await count(db, Record) == 3


async def test_two_phones_that_decide_the_same_visit_at_once(db: Database, world: World) -> None:
    leader, deputy = await phone(db, world.leader), await phone(db, world.deputy)
    visits = [build.visit(world.member, household) for household in world.households[:6]]
    await build.send(db, world.member, *visits)
    approvals = [build.decision(world.leader, v["id"]) for v in visits]
    returns = [build.decision(world.deputy, v["id"], verdict="send_back") for v in reversed(visits)]
    answers = await at_once(*[(leader, [a]) for a in approvals], *[(deputy, [r]) for r in returns])
    by_visit: dict[str, list[str]] = {}
    for [result] in answers:
        for visit_id, one in result["visits"].items():
            by_visit.setdefault(visit_id, []).append(one["result"])
    assert all(sorted(both) == ["created", "superseded"] for both in by_visit.values()), by_visit
    assert len(by_visit) == 6
    assert await count(db, Review) == 6
    await assert_numbers_are_right(db, 6)


async def test_a_replacement_that_races_with_a_decision(db: Database, world: World) -> None:
    """Whoever is first wins; the other is told so, and the visit is never both approved and replaced."""
    member, leader = await phone(db, world.member), await phone(db, world.leader)
    visits = [build.visit(world.member, household) for household in world.households[:6]]
    await build.send(db, world.member, *visits)
    mended = [
        build.visit(world.member, household, replaces=v["id"], people=2)
        for household, v in zip(world.households, visits, strict=False)
    ]
    decided = [build.decision(world.leader, v["id"]) for v in visits]
    answers = await at_once(
        *[pair for m, d in zip(mended, decided, strict=True) for pair in ((member, [m]), (leader, [d]))]
    )
    for n, visit in enumerate(visits):
        [replaced], [decision] = answers[2 * n], answers[2 * n + 1]
        async with db.read() as session:
            state = (await session.get_one(Visit, UUID(visit["id"]))).state
        if replaced["result"] == "created":
            assert (decision["result"], state) == ("superseded", VisitState.REPLACED)
        else:
            assert (replaced["code"], decision["result"], state) == ("visit_decided", "created", VisitState.APPROVED)
    await assert_numbers_are_right(db, 6)


async def test_two_replacements_of_one_version_at_once(db: Database, world: World) -> None:
    member = await phone(db, world.member)
    visit = build.visit(world.member, world.households[0])
    await build.send(db, world.member, visit)
    mended = [build.visit(world.member, world.households[0], replaces=visit["id"], people=n) for n in (2, 3, 4)]
    answers = await at_once(*[(member, [m]) for m in mended])
    assert Counter(a.get("code", a["result"]) for [a] in answers) == {"created": 1, "replaced_already": 2}
    await assert_numbers_are_right(db, 1)


async def test_pushes_that_cross_two_villages_in_opposite_order_end(db: Database, world: World) -> None:
    far = await build.household(db, world.next_village, "1")
    both = await build.team(db, world.commune, world.village, world.next_village)
    walkers = [await build.member(db, both, name) for name in ("Y Bliă", "A Thút", "Y Hơ", "A Rin")]
    near = world.households[0]
    pushes = []
    for n, walker in enumerate(walkers):
        browser = await phone(db, walker)
        order = (near, far) if n % 2 else (far, near)
        pushes += [(browser, [build.visit(walker, h, "VNEID", "DVC", "SSK") for h in order]) for _ in range(2)]
    answers = await at_once(*pushes)
    assert {result["result"] for results in answers for result in results} == {"created"}
    await assert_numbers_are_right(db, 48)


async def test_different_visits_at_once_leave_no_number_behind(db: Database, world: World) -> None:
    """Same households, same day: the distinct number is where twins would be lost."""
    phones = [(who, await phone(db, who)) for who in (world.member, world.second_member, world.leader, world.deputy)]
    pushes = [(browser, [build.visit(who, world.households[n])]) for n in range(3) for who, browser in phones]
    before = await _version(db, world)
    answers = await at_once(*pushes)
    assert {result["result"] for [result] in answers} == {"created"}
    assert before < await _version(db, world) <= before + len(pushes)
    await assert_numbers_are_right(db, 12)
    async with db.read() as session:
        day = HOUSEHOLDS.c.kind == PeriodKind.DAY
        assert (await session.execute(select(HOUSEHOLDS.c.standing).where(day))).scalars().all() == [3]


async def _version(db: Database, world: World) -> int:
    key = village_key(world.village.id or 0)
    async with db.read() as session:
        return (await versions_of(session, [key]))[key]


async def test_reconciling_waits_for_a_push_that_is_not_over(db: Database, world: World) -> None:
    """It reads table after table: a push that ended in between would look like a wrong number, and be "mended"."""

    async def proof() -> bool:
        async with db.write() as session:
            return (await reconcile(session, mend=True)).right

    sender = await build.principal(db, world.member)
    async with db.write() as session:
        await receive(session, sender, None, datetime.now(UTC), [build.visit(world.member, world.households[0])])
        proving = asyncio.create_task(proof())
        done, _ = await asyncio.wait({proving}, timeout=0.3)
        assert not done
    assert await proving
    await assert_numbers_are_right(db, 1)


def meanwhile(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], Awaitable[Any]]) -> None:
    """Once, `deed` is done and committed by somebody else between what a push reads and the locks that it takes."""
    lock, deeds = pushes.raise_versions, [deed]

    async def late(session: Any, keys: Any) -> dict[str, int]:
        if deeds:
            await deeds.pop()()
        return await lock(session, keys)

    monkeypatch.setattr(pushes, "raise_versions", late)


def door(author: Member, world: World, **given: Any) -> tuple[dict[str, Any], Household]:
    """The record of a household met at the door, and that household for the visits to it."""
    home = Household(id=uuid7(), village_id=world.village.id or 0, number="99", key="99")
    payload = {"household": str(home.id), "village": home.village_id, "number": home.number, "head_name": None}
    return build.record("household.add", author, payload, **given), home


@on_postgresql
async def test_a_visit_comes_while_the_first_try_of_its_new_household_is_in_flight(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    added, home = door(world.member, world)
    first, later = build.visit(world.member, home), build.visit(world.member, home, "DVC")
    meanwhile(monkeypatch, lambda: build.send(db, world.member, added, first))
    answers = await build.send(db, world.member, added, first, later)
    assert [a["result"] for a in answers] == ["identical", "identical", "created"]
    await assert_numbers_are_right(db, 2)


@on_postgresql
async def test_a_visit_goes_alone_while_its_new_household_is_in_flight(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    added, home = door(world.member, world)
    meanwhile(monkeypatch, lambda: build.send(db, world.member, added))
    [answer] = await build.send(db, world.member, build.visit(world.member, home))
    assert answer["result"] == "created"
    await assert_numbers_are_right(db, 1)


@on_postgresql
@pytest.mark.parametrize("about", ["household", "visit"])
async def test_a_record_about_what_is_held_comes_while_that_is_taken_in(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch, about: str
) -> None:
    """It is judged by what was made of its base: another visit is held for its own day, a withdrawal withdraws."""
    today = datetime.now(UTC)
    mover = await build.member(db, world.team, "Hồ Thị Mai", valid_to=(today - timedelta(days=30)).date())
    week_ago = build.millis(today - timedelta(days=7))
    officer = await build.principal(db, world.commune_officer)
    added, home = door(mover, world, made_at=week_ago)
    visit = build.visit(mover, world.households[0], made_at=week_ago)
    assert [a["result"] for a in await build.send(db, mover, added, visit)] == ["held", "held"]
    base, record, expected = {
        "household": (added, build.visit(mover, home, made_at=week_ago), ("held", "seat_unclear")),
        "visit": (visit, build.record("visit.withdraw", mover, {"visit": visit["id"]}), ("created", None)),
    }[about]

    async def accept() -> None:
        async with db.write() as session:
            await held.accept(session, officer, UUID(base["id"]), world.team.id)

    meanwhile(monkeypatch, accept)
    [answer] = await build.send(db, mover, record)
    assert (answer["result"], answer.get("reason")) == expected
    async with db.write() as session:
        assert (await reconcile(session)).right
