"""After a restore phones send again in any order: what rests on another phone's record waits until that is here."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.jobs.retry_held import retry_held
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.reports.held_list import list_held
from fieldapp.services import held, losses, restores
from fieldapp.services.holding import RECORDS
from fieldapp.services.pull import pull
from fieldapp.services.reconciliation import reconcile
from models.account_link import AccountLink
from models.api_token import ApiToken
from models.base import utc_now
from models.household import Household, HouseholdCard
from models.member import Member
from models.review import Review
from models.shared_link import LinkKind, SharedLink
from models.visit import Visit
from tests import build
from tests.build import World


@pytest.fixture
async def world(db: Database) -> World:
    """A database that was restored a moment ago."""
    world = await build.world(db)
    async with db.write() as session:
        await losses.note_restore(session)
    return world


@pytest.fixture
async def officer(db: Database, world: World) -> Principal:
    return await build.principal(db, world.commune_officer)


async def words(db: Database, who: Member, *records: dict[str, Any]) -> list[str]:
    return [str(answer["result"]) for answer in await build.send(db, who, *records)]


async def states(db: Database, *records: dict[str, Any]) -> list[str | None]:
    async with db.read() as session:
        found = [await session.get(Visit, UUID(record["id"])) for record in records]
        return [str(visit.state) if visit else None for visit in found]


async def result_of(db: Database, record: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    async with db.read() as session:
        row = (await session.execute(select(RECORDS).where(RECORDS.c.id == UUID(record["id"])))).one()
    return row.result, row.detail


async def told(db: Database, who: Member) -> dict[str, dict[str, Any]]:
    """What the pull tells a phone of its held records."""
    principal = await build.principal(db, who)
    async with db.read() as session:
        return {one["id"]: one for one in (await pull(session, principal, "")).get("sorted", [])}


async def assert_numbers_are_right(db: Database) -> None:
    async with db.write() as session:
        found = await reconcile(session)
    assert found.right, found.wrong


def door(author: Member, world: World) -> tuple[dict[str, Any], Household]:
    home = Household(id=uuid7(), village_id=world.village.id or 0, number="99", key="99")
    payload = {"household": str(home.id), "village": home.village_id, "number": home.number}
    return build.record("household.add", author, payload), home


async def test_a_decision_that_comes_before_its_visit_is_applied_when_that_comes(db: Database, world: World) -> None:
    visit = build.visit(world.member, world.households[0])
    decision = build.decision(world.leader, visit["id"])
    [answer] = await build.send(db, world.leader, decision)
    assert (answer["result"], answer["reason"]) == ("held", "base_missing")
    assert await retry_held() == 0
    assert await words(db, world.member, visit) == ["created"]
    assert await retry_held() == 1
    assert await states(db, visit) == ["approved"]
    news = (await told(db, world.leader))[decision["id"]]
    assert (news["result"], news["visits"]) == ("created", {visit["id"]: {"result": "created"}})
    assert await words(db, world.leader, decision) == ["identical"]
    await assert_numbers_are_right(db)


async def test_a_decision_is_remembered_visit_by_visit(db: Database, world: World) -> None:
    """Some of its visits are here, the others come one by one and in no order of the decision's."""
    visits = [build.visit(world.member, home) for home in world.households[:3]]
    assert await words(db, world.member, visits[0]) == ["created"]
    decision = build.decision(world.leader, *[visit["id"] for visit in visits])
    [answer] = await build.send(db, world.leader, decision)
    assert [said["result"] for said in answer["visits"].values()] == ["created", "held", "held"]
    assert await states(db, *visits) == ["approved", None, None]
    await assert_numbers_are_right(db)
    for last in (visits[2], visits[1]):
        assert await words(db, world.member, last) == ["created"]
        assert await retry_held() == 1
        assert await states(db, last) == ["approved"]
    assert await retry_held() == 0
    result, detail = await result_of(db, decision)
    assert (result, {said["result"] for said in detail["visits"].values()}) == ("created", {"created"})
    async with db.read() as session:
        reviews = (await session.execute(select(Review.__table__.c.visit_id))).scalars().all()
    assert sorted(reviews) == sorted(UUID(visit["id"]) for visit in visits)
    await assert_numbers_are_right(db)


async def test_what_rests_on_the_household_of_another_phone_waits_for_it(db: Database, world: World) -> None:
    added, home = door(world.member, world)
    card = await build.card(db, world.village)
    visit = build.visit(world.second_member, home)
    mended = build.visit(world.second_member, home, replaces=visit["id"], people=3)
    binding = build.record("card.bind", world.second_member, {"household": str(home.id), "card": card.address})
    word = build.record("household.confirm", world.leader, {"household": str(home.id), "number": "100"})
    assert await words(db, world.second_member, visit, mended, binding) == ["held"] * 3
    assert await words(db, world.leader, word, build.decision(world.leader, mended["id"])) == ["held", "held"]
    assert await words(db, world.member, added) == ["created"]
    while await retry_held():
        pass
    assert await states(db, visit, mended) == ["replaced", "approved"]
    async with db.read() as session:
        stands = await session.get_one(Household, home.id)
        bound = (await session.execute(select(HouseholdCard.__table__.c.household_id))).scalar_one()
    assert (stands.number, bound) == ("100", home.id)
    assert {one["result"] for one in (await told(db, world.second_member)).values()} == {"created"}
    await assert_numbers_are_right(db)


async def test_a_merge_waits_for_either_household(db: Database, world: World) -> None:
    (lost, home), (other, into) = door(world.member, world), door(world.second_member, world)
    confirmed = build.record("household.confirm", world.leader, {"household": str(into.id), "number": "7"})
    payload = {"household": str(home.id), "into": str(into.id)}
    merge = build.record("household.confirm", world.leader, payload)
    assert await words(db, world.leader, confirmed, merge) == ["held", "held"]
    for phone, record in ((world.member, lost), (world.second_member, other)):
        assert await words(db, phone, record) == ["created"]
        assert await retry_held() >= 1
    assert await retry_held() == 0
    async with db.read() as session:
        assert (await session.get_one(Household, home.id)).merged_into_id == into.id


async def test_changes_by_a_members_other_phone_wait_for_the_visit(db: Database, world: World) -> None:
    visit, other = (build.visit(world.member, home) for home in world.households[:2])
    mended = build.visit(world.member, world.households[0], replaces=visit["id"], people=4)
    gone = build.record("visit.withdraw", world.member, {"visit": other["id"]})
    assert await words(db, world.member, mended, gone) == ["held", "held"]
    assert await words(db, world.member, visit, other) == ["created", "created"]
    assert await retry_held() == 2
    assert await states(db, visit, mended, other) == ["replaced", "waiting", "withdrawn"]
    await assert_numbers_are_right(db)


async def test_what_a_phone_sends_again_behind_its_base_is_taken_in_at_once(db: Database, world: World) -> None:
    """A restored server judges first what a phone had not sent yet, and then all of it in order."""
    added, home = door(world.member, world)
    visit = build.visit(world.member, home)
    mended = build.visit(world.member, home, replaces=visit["id"], people=2)
    assert await words(db, world.member, visit, mended) == ["held", "held"]
    assert await words(db, world.member, visit) == ["held"]
    assert await words(db, world.member, added, visit, mended) == ["created"] * 3
    assert await retry_held() == 0
    assert await words(db, world.member, added, visit, mended) == ["identical"] * 3
    assert await states(db, visit, mended) == ["replaced", "waiting"]
    await assert_numbers_are_right(db)


async def test_a_correction_of_a_refused_correction_rests_on_the_version_that_stands(
    db: Database, world: World
) -> None:
    first = build.visit(world.member, world.households[0])
    refused = build.visit(world.member, world.households[0], "NOPE", replaces=first["id"])
    last = build.visit(world.member, world.households[0], replaces=refused["id"], people=3)
    assert await words(db, world.member, refused, last) == ["held", "held"]
    assert await words(db, world.member, first) == ["created"]
    await retry_held()
    await retry_held()
    assert await states(db, first, refused, last) == ["replaced", None, "waiting"]
    gone = build.record("visit.withdraw", world.member, {"visit": refused["id"]})
    assert await words(db, world.member, gone) == ["superseded"]


async def test_a_correction_of_a_refused_correction_is_no_second_visit_beside_an_approved_one(
    db: Database, world: World
) -> None:
    first = build.visit(world.member, world.households[0])
    second = build.visit(world.member, world.households[0], replaces=first["id"], people=2)
    third = build.visit(world.member, world.households[0], replaces=second["id"], people=3)
    assert await words(db, world.member, second, third) == ["held", "held"]
    assert await words(db, world.member, first) == ["created"]
    assert await words(db, world.leader, build.decision(world.leader, first["id"])) == ["created"]
    await retry_held()
    await retry_held()
    assert await states(db, first, second, third) == ["approved", None, None]
    assert [(await result_of(db, one))[1].get("code") for one in (second, third)] == ["visit_decided"] * 2
    async with db.write() as session:
        assert (await reconcile(session)).right


async def test_what_a_late_request_brings_again_is_told_by_the_pull(db: Database, world: World) -> None:
    """Its answer may reach nobody, and the phone, which was told `held` before, would never ask again."""
    visit = build.visit(world.member, world.households[0])
    decision = build.decision(world.leader, visit["id"])
    assert await words(db, world.leader, decision) == ["held"]
    assert await words(db, world.member, visit) == ["created"]
    assert await words(db, world.leader, decision) == ["created"]
    assert (await told(db, world.leader))[decision["id"]]["result"] == "created"


async def test_an_officer_sees_what_waits_in_vain_and_gives_it_back(
    db: Database, world: World, officer: Principal
) -> None:
    here, never = build.visit(world.member, world.households[0]), str(uuid7())
    assert await words(db, world.member, here) == ["created"]
    correction = build.visit(world.member, world.households[1], replaces=never)
    decision = build.decision(world.leader, here["id"], correction["id"])
    assert await words(db, world.member, correction) == ["held"]
    assert await words(db, world.leader, decision) == ["held"]
    async with db.read() as session:
        rows, total = await list_held(session, officer)
    assert ({row.reason for row in rows}, total) == ({"base_missing", "base_held"}, 2)
    async with db.write() as session:
        with pytest.raises(Problem, match="invalid"):
            await held.accept(session, officer, UUID(correction["id"]))
        assert await held.refuse(session, officer, UUID(correction["id"]), "Không còn") == "invalid"
    assert (await told(db, world.member))[correction["id"]]["code"] == "held_refused"
    result, detail = await result_of(db, decision)
    assert (result, detail["visits"][here["id"]]["result"]) == ("created", "created")
    assert detail["visits"][correction["id"]]["code"] == "visit_unknown"
    await assert_numbers_are_right(db)


async def test_without_a_restore_what_nobody_knows_is_refused(db: Database, world: World) -> None:
    async with db.write() as session:
        await session.execute(update(losses.FACTS).where(losses.FACTS.c.key == losses.RESTORED_AT).values(value=""))
    home = Household(id=uuid7(), village_id=world.village.id or 0, number="99", key="99")
    records = [
        build.visit(world.member, home),
        build.visit(world.member, world.households[0], replaces=str(uuid7())),
        build.record("visit.withdraw", world.member, {"visit": str(uuid7())}),
    ]
    assert await words(db, world.member, *records) == ["invalid"] * 3
    assert await words(db, world.leader, build.decision(world.leader, uuid7())) == ["invalid"]


async def test_a_request_that_arrives_late_tells_the_phone_that_it_waits_after_all(db: Database, world: World) -> None:
    """The phone gave it up and sent all again; what was refused then must not stay so on the phone alone."""
    visit = build.visit(world.member, world.households[0], "NO_SUCH_PLATFORM")
    withdrawal = build.record("visit.withdraw", world.member, {"visit": visit["id"]})
    assert await words(db, world.member, visit, withdrawal) == ["invalid", "invalid"]
    assert await told(db, world.member) == {}
    assert await words(db, world.member, withdrawal) == ["held"]
    news = {"id": withdrawal["id"], "result": "held", "reason": "base_missing"}
    assert (await told(db, world.member))[withdrawal["id"]] == news


async def test_what_was_ended_since_the_backup_opens_nothing_after_a_restore(db: Database) -> None:
    """A token that leaked, a link to set a password by, an address that was shared: whoever has one has it still."""
    world, now = await build.world(db), utc_now()
    account, later = world.commune_officer.id or 0, now + timedelta(days=9)
    async with db.write() as session:
        session.add(ApiToken(id=uuid7(), account_id=account, name="x", token_hash="a", scopes=[], ends_at=later))
        session.add(AccountLink(id=uuid7(), account_id=account, token_hash="b", expires_at=later))
        session.add(SharedLink(kind=LinkKind.CALENDAR, token_hash="c", account_id=account))
    async with db.write() as session:
        await restores.settle(session, [], lost=True)
    async with db.read() as session:
        for model in (ApiToken, AccountLink, SharedLink):
            [row] = (await session.execute(select(model))).scalars()
            assert row.ended_at is not None, model
