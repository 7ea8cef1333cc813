"""Targets given out, taken on, shared and counted: who may, what stands, and that nothing is mixed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.target import Length, period
from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from fieldapp.services import citations, target_grid, targets
from fieldapp.services.targets import WHOLE, Cell, Frame
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.member import Member
from models.target import Measure, Target, TargetShare
from tests import build
from tests.build import World
from tests.services.test_materials import abroad, keep
from tests.services.test_pull import Phone

TARGETS, SHARES, EVENTS = Target.__table__, TargetShare.__table__, AuditEvent.__table__
TODAY = vn_day(datetime.now(UTC))
QUARTER = period(Length.QUARTER, TODAY)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def frame(world: World, measure: Measure = Measure.HOUSEHOLD, own: bool = False, **given: Any) -> Frame:
    return Frame(given.get("commune_id", world.commune.id), given.get("span", QUARTER), measure, own)


async def allot(db: Database, who: Account, of: Frame, *cells: Cell, reason: str = "") -> int:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await targets.allot(session, principal, of, cells, reason)


async def give(db: Database, world: World, amount: int = 120, measure: Measure = Measure.HOUSEHOLD) -> Target:
    """The team's target in VNeID."""
    cell = Cell(world.team.id or 0, "VNEID", None, amount)
    await allot(db, world.commune_officer, frame(world, measure), cell)
    async with db.read() as session:
        mine = TARGETS.c.team_id == world.team.id, TARGETS.c.measure == str(measure)
        return (await session.execute(select(Target).where(*mine))).scalar_one()


async def grid(db: Database, who: Account, of: Frame, **given: Any) -> target_grid.Grid:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return await target_grid.read_grid(session, principal, of, **given)


async def refused(db: Database, who: Account, of: Frame, *cells: Cell, reason: str = "") -> str:
    with pytest.raises(Problem) as raised:
        await allot(db, who, of, *cells, reason=reason)
    return raised.value.code


async def stands(db: Database, target: Target) -> Target:
    async with db.read() as session:
        return await session.get_one(Target, target.id)


def acceptance(author: Member, target: Target, **given: Any) -> dict[str, Any]:
    outer = {name: given.pop(name) for name in ("id", "made_at") if name in given}
    payload = {"team": target.team_id, "target": str(target.id), "amount": target.amount} | given
    return build.record("target.accept", author, payload, **outer)


def split(author: Member, target: Target, parts: dict[int | None, int], **given: Any) -> dict[str, Any]:
    named = [{"member": member, "amount": amount} for member, amount in parts.items()]
    return build.record(
        "target.split", author, {"team": target.team_id, "target": str(target.id), "parts": named}, **given
    )


async def send(db: Database, who: Member, *records: dict[str, Any]) -> list[str]:
    return [answer["result"] for answer in await build.send(db, who, *records)]


async def shares_of(db: Database, target: Target) -> dict[int, int]:
    async with db.read() as session:
        rows = await session.execute(select(SHARES).where(SHARES.c.target_id == target.id))
        return {row.member_id: row.amount for row in rows}


def ago(**given: float) -> int:
    return build.millis(datetime.now(UTC) - timedelta(**given))


async def test_a_number_goes_down_from_the_province_and_what_is_left_of_it_shows(db: Database, world: World) -> None:
    top = frame(world, commune_id=None)
    await allot(
        db, world.province_officer, top,
        Cell(WHOLE, "VNEID", None, 1000), Cell(world.commune.id or 0, "VNEID", None, 300),
    )  # fmt: skip
    seen = await grid(db, world.province_officer, top)
    column, line = seen.columns[0], seen.lines[0]
    assert (column.above.amount, column.given, column.left) == (1000, 300, 700)
    assert (line.name, line.numbers["VNEID"].amount) == (world.commune.name, 300)
    here = frame(world)
    teams = world.team.id or 0, world.next_team.id or 0
    await allot(db, world.commune_officer, here, *(Cell(team, "VNEID", None, 180) for team in teams))
    seen = await grid(db, world.commune_officer, here)
    column = seen.columns[0]
    assert (column.above.amount, column.given, column.left) == (300, 360, -60), "more was given out than there is"
    assert (seen.accepted, seen.of, seen.unaccepted_above) == (0, 2, 1)


async def test_measures_and_lines_of_its_own_are_never_mixed(db: Database, world: World) -> None:
    team = world.team.id or 0
    for of, amount in ((frame(world), 10), (frame(world, Measure.SUPPORT), 20), (frame(world, own=True), 30)):
        await allot(db, world.commune_officer, of, Cell(team, "VNEID", None, amount))
    await allot(db, world.commune_officer, frame(world, own=True), Cell(WHOLE, "VNEID", None, 100))
    plain, supports, own = [
        (await grid(db, world.commune_officer, of)).columns[0]
        for of in (frame(world), frame(world, Measure.SUPPORT), frame(world, own=True))
    ]
    assert [(c.above.amount, c.given, c.left) for c in (plain, supports, own)] == [
        (None, 10, None), (None, 20, None), (100, 30, 70),
    ]  # fmt: skip


async def test_a_change_says_why_and_is_kept(db: Database, world: World) -> None:
    target = await give(db, world)
    team = world.team.id or 0
    assert await send(db, world.leader, acceptance(world.leader, target)) == ["created"]
    change = Cell(team, "VNEID", 120, 150)
    assert await refused(db, world.commune_officer, frame(world), change) == "reason_missing"
    assert await refused(db, world.commune_officer, frame(world), change, reason="0905123456") == "note_identity"
    assert await refused(db, world.commune_officer, frame(world), Cell(team, "VNEID", 99, 150)) == "target_changed"
    assert await allot(db, world.commune_officer, frame(world), change, reason="Thêm hộ mới") == 1
    assert (await stands(db, target)).accepted_at is None, "who took on 120 has not taken on 150"
    assert await allot(db, world.commune_officer, frame(world), Cell(team, "VNEID", 150, 150)) == 0
    await allot(db, world.commune_officer, frame(world), Cell(team, "VNEID", 150, None), reason="Rút")
    principal = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        history = await target_grid.list_changes(session, principal, frame(world), team)
        told = (await session.execute(select(EVENTS.c.action).where(EVENTS.c.subject_kind == "target"))).scalars().all()
    steps = {(str(line.step), line.before, line.after, line.reason, line.by) for line in history}
    assert steps == {
        ("given", None, 120, "", world.commune_officer.full_name),
        ("accepted", None, 120, "", world.leader.full_name),
        ("changed", 120, 150, "Thêm hộ mới", world.commune_officer.full_name),
        ("withdrawn", 150, None, "Rút", world.commune_officer.full_name),
    }
    assert sorted(told) == ["target.changed", "target.given", "target.withdrawn"]


async def test_each_level_gives_to_the_one_below_and_nowhere_else(db: Database, world: World) -> None:
    here, team = frame(world), world.team.id or 0
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    cell = Cell(team, "VNEID", None, 5)
    for who in (stranger, head, world.province_officer):
        assert await refused(db, who, here, cell) == "forbidden"
    assert await refused(db, world.commune_officer, here, Cell(WHOLE, "VNEID", None, 5)) == "forbidden"
    assert await refused(db, world.commune_officer, frame(world, commune_id=None), cell) == "forbidden"
    theirs = frame(world, commune_id=elsewhere.id)
    assert await refused(db, stranger, theirs, cell) == "not_found"
    assert await refused(db, world.commune_officer, here, Cell(team, "NONE", None, 5)) == "platform_unknown"
    odd = Frame(world.commune.id, DayRange(TODAY, TODAY), Measure.HOUSEHOLD)
    assert await refused(db, world.commune_officer, odd, cell) == "invalid"
    for amount in (-1, 10_000_001):
        assert await refused(db, world.commune_officer, here, Cell(team, "VNEID", None, amount)) == "invalid"
    with pytest.raises(Problem, match="forbidden"):
        await grid(db, stranger, here)


async def test_proposals_go_by_households_and_use_up_what_is_left(db: Database, world: World) -> None:
    await allot(
        db, world.province_officer, frame(world, commune_id=None), Cell(world.commune.id or 0, "VNEID", None, 100)
    )
    await build.household(db, world.next_village, "1")
    principal = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        proposed = await target_grid.propose_numbers(session, principal, frame(world))
    assert proposed == {(world.team.id, "VNEID"): 92, (world.next_team.id, "VNEID"): 8}


async def test_a_leader_takes_a_target_on_once_and_the_commune_sees_the_day(db: Database, world: World) -> None:
    target = await give(db, world)
    yesterday = ago(days=1)
    first = acceptance(world.leader, target, made_at=yesterday)
    assert await send(db, world.leader, first) == ["created"]
    assert await send(db, world.leader, first) == ["identical"]
    assert await send(db, world.deputy, acceptance(world.deputy, target)) == ["created"]
    number = (await grid(db, world.commune_officer, frame(world))).lines[0].numbers["VNEID"]
    at = number.accepted_at
    assert at is not None
    assert (at.timestamp(), number.accepted_by) == (pytest.approx(yesterday / 1000, abs=1), world.leader.full_name)
    for who in (world.member, world.next_leader):
        assert await send(db, who, acceptance(who, target)) == ["forbidden"]
    other = acceptance(world.leader, target)
    other["payload"]["target"] = "018f0000-0000-7000-8000-000000000000"
    assert await send(db, world.leader, other) == ["invalid"]


async def test_another_number_than_the_one_read_is_not_taken_on(db: Database, world: World) -> None:
    target = await give(db, world)
    cell = Cell(world.team.id or 0, "VNEID", 120, 150)
    await allot(db, world.commune_officer, frame(world), cell, reason="Thêm hộ")
    answer = (await build.send(db, world.leader, acceptance(world.leader, target)))[0]
    assert (answer["result"], answer["by"]) == ("superseded", world.commune_officer.full_name)
    assert (await stands(db, target)).accepted_at is None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_the_split_made_last_stands_in_whatever_order_they_come(
    db: Database, world: World, order: tuple[int, ...]
) -> None:
    target = await give(db, world)
    words = [
        split(world.leader, target, {world.member.id: 60, world.second_member.id: 60}, made_at=ago(minutes=9)),
        split(world.deputy, target, {world.member.id: 70, world.second_member.id: 40}, made_at=ago(minutes=5)),
    ]
    for n in order:
        assert await send(db, (world.leader, world.deputy)[n], words[n]) == ["created"]
    assert await shares_of(db, target) == {world.member.id: 70, world.second_member.id: 40}
    assert await send(db, world.leader, split(world.leader, target, {world.next_leader.id: 1})) == ["invalid"]
    assert await send(db, world.member, split(world.member, target, {world.member.id: 1})) == ["forbidden"]


async def test_phones_of_the_team_are_told_and_no_others(db: Database, world: World) -> None:
    phones = [await Phone(db, who).pull() for who in (world.leader, world.member, world.next_leader)]
    target = await give(db, world)
    answers = [(await pull(phone)).get("targets") for phone in phones]
    assert answers[0] == answers[1]
    assert answers[2] is None, "nothing of theirs has changed"
    [row] = answers[0]
    wanted = {"id": str(target.id), "team": world.team.id, "villages": [world.village.id], "platform": "VNEID"}
    wanted |= {"amount": 120, "first": QUARTER.first.isoformat(), "accepted": 0, "parts": [], "measure": "household"}
    assert {name: row[name] for name in wanted} == wanted
    await send(db, world.leader, acceptance(world.leader, target), split(world.leader, target, {world.member.id: 50}))
    [row] = (await pull(phones[1]))["targets"]
    assert (row["accepted_by"], row["parts"]) == (world.leader.full_name, [[world.member.id, 50]])
    assert "targets" not in await pull(phones[1])


async def pull(phone: Phone) -> dict[str, Any]:
    """The next page as it comes."""
    await phone.page()
    return phone.last


async def test_progress_is_what_stands_on_the_second_rung_within_the_period(db: Database, world: World) -> None:
    await give(db, world)
    for measure in (Measure.SUPPORT, Measure.PERSON):
        await give(db, world, 50, measure)
    homes = world.households
    told = build.visit(world.member, homes[0], "VNEID", result="introduced", people=3)
    twice = [build.visit(world.member, homes[1], "VNEID", people=2, made_at=ago(hours=n)) for n in (1, 2)]
    alone = build.visit(world.member, homes[2], "VNEID", "DVC", result="independent")
    await send(db, world.member, told, *twice, alone)
    back = build.decision(world.leader, alone["id"], verdict="send_back")
    shown = {}
    for decided in (False, True):
        if decided:
            assert await send(db, world.leader, back) == ["created"]
        for measure in Measure:
            seen = await grid(db, world.commune_officer, frame(world, measure))
            shown[decided, measure] = (seen.lines[0].numbers["VNEID"].done, seen.columns[0].above.done)
    assert [shown[False, m] for m in Measure] == [(2, 2), (3, 3), (5, 5)]
    assert [shown[True, m] for m in Measure] == [(1, 1), (2, 2), (4, 4)]
    page = await pull(Phone(db, world.leader))
    assert sorted(page["target_counts"].values()) == [2, 4]
    over = {"first_day": TODAY - timedelta(days=40), "last_day": TODAY - timedelta(days=1)}
    async with db.write() as session:
        await session.execute(update(Target).values(**over))
    assert (await pull(Phone(db, world.leader)))["target_counts"].keys() == page["target_counts"].keys(), "shown still"
    async with db.write() as session:
        await session.execute(update(Target).values(first_day=QUARTER.first, last_day=QUARTER.last))
    before = frame(world, span=period(Length.QUARTER, QUARTER.first - timedelta(days=1)))
    assert (await grid(db, world.commune_officer, before, more=["VNEID"])).lines[0].numbers["VNEID"].done == 0
    top = await grid(db, world.province_officer, frame(world, commune_id=None), more=["VNEID"])
    assert (top.lines[0].numbers["VNEID"].done, top.columns[0].above.done) == (1, 1)


async def test_a_commune_takes_its_own_numbers_on(db: Database, world: World) -> None:
    cell = Cell(world.commune.id or 0, "VNEID", None, 100)
    await allot(db, world.province_officer, frame(world, commune_id=None), cell)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    for who, expected in ((head, "forbidden"), (world.commune_officer, 1), (world.commune_officer, 0)):
        principal = await build.principal(db, who)
        async with db.write() as session:
            try:
                found: Any = await targets.accept_own(session, principal, frame(world))
            except Problem as problem:
                found = problem.code
        assert found == expected
    number = (await grid(db, world.province_officer, frame(world, commune_id=None))).lines[0].numbers["VNEID"]
    assert number.accepted_at is not None
    assert vn_day(number.accepted_at) == vn_day(utc_now())


async def test_a_number_cites_a_paper_that_all_below_may_read(db: Database, world: World) -> None:
    officer_abroad, _ = await abroad(db, world)
    letter = await keep(db, world.province_officer, number="335/SKHCN", title="V/v lập Tổ", issued_on="2026-05-12")
    foreign, practice = await keep(db, officer_abroad), await keep(db, world.province_officer, "practice")
    target = await give(db, world)
    phone, team, of = Phone(db, world.leader), world.team.id or 0, frame(world)
    principal = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        assert [paper.number for paper in await citations.list_citable(session, principal)] == ["335/SKHCN"]
        assert await citations.cite(session, principal, of, team, letter.id) == 1
        assert await citations.cite(session, principal, of, team, letter.id) == 0
    row = (await pull(phone))["targets"][0]
    assert row["cites"] == {"number": "335/SKHCN", "day": "2026-05-12", "about": "V/v lập Tổ"}
    cited = (await grid(db, world.commune_officer, of)).lines[0].numbers["VNEID"].cites
    assert (cited and cited.about, row["amount"]) == ("V/v lập Tổ", 120)
    await allot(db, world.commune_officer, of, Cell(team, "VNEID", 120, 130), reason="Thêm hộ")
    assert (await stands(db, target)).material_id == letter.id, "a changed number keeps its paper"
    await allot(db, world.commune_officer, of, Cell(team, "VNEID", 130, None), reason="Nhầm")
    assert (await stands(db, target)).material_id is None
    for who, paper, code in (
        (world.commune_officer, foreign.id, "not_found"), (world.commune_officer, practice.id, "not_found"),
        (world.province_officer, letter.id, "forbidden"), (officer_abroad, letter.id, "forbidden"),
    ):  # fmt: skip
        asker = await build.principal(db, who)
        with pytest.raises(Problem, match=code):
            async with db.write() as session:
                await citations.cite(session, asker, of, team, paper)
