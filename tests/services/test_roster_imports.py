"""Lists of members and households: staged, brought in whole or not at all, undone as far as nothing was done since."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from fieldapp.db import Database
from fieldapp.domain.sheet import Line
from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from fieldapp.reports.import_list import Part, list_lines
from fieldapp.services import enrolments, erasures, pull, roster_imports, teams
from fieldapp.services.scopes import versions_of, village_key
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.household import Household
from models.member import Member
from models.roster_import import ImportKind, ImportState, RosterImport, RosterImportRow, RowDeed, Twins
from models.team import Seat, SeatRole
from tests import build
from tests.build import World

MEMBERS, HOUSEHOLDS, SEATS = Member.__table__, Household.__table__, Seat.__table__
ROWS = RosterImportRow.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def people(*lines: Sequence[str]) -> list[Line]:
    names = ("name", "phone", "village", "role", "position")
    return [Line(n, dict(zip(names, line, strict=False))) for n, line in enumerate(lines, 2)]


def homes(*lines: Sequence[str]) -> list[Line]:
    return [Line(n, dict(zip(("village", "number", "head"), line, strict=False))) for n, line in enumerate(lines, 2)]


async def stage(db: Database, who: Account, kind: ImportKind, lines: list[Line]) -> RosterImport:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await roster_imports.stage(session, principal, kind, "ds.xlsx", lines)


async def apply(db: Database, who: Account, row: RosterImport, twins: Twins = Twins.SKIP) -> RosterImport:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await roster_imports.apply(session, principal, row.id, twins)


async def undo(db: Database, who: Account, row: RosterImport) -> RosterImport:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await roster_imports.undo(session, principal, row.id)


async def rows(db: Database, row: RosterImport) -> list[Any]:
    async with db.read() as session:
        query = select(ROWS).where(ROWS.c.import_id == row.id).order_by(ROWS.c.line)
        return list(await session.execute(query))


async def faults(db: Database, row: RosterImport) -> list[tuple[int, str, str]]:
    return [(line.line, fault["column"], fault["code"]) for line in await rows(db, row) for fault in line.faults]


async def seated(db: Database, world: World) -> list[tuple[str, str, str | None, str | None]]:
    today = vn_day(utc_now())
    async with db.read() as session:
        query = (
            select(MEMBERS.c.full_name, SEATS.c.role, SEATS.c.position, MEMBERS.c.phone)
            .join(SEATS, SEATS.c.member_id == MEMBERS.c.id)
            .where(SEATS.c.team_id == world.team.id, SEATS.c.valid_from <= today)
            .where((SEATS.c.valid_to.is_(None)) | (SEATS.c.valid_to >= today), MEMBERS.c.discarded_at.is_(None))
            .order_by(MEMBERS.c.id)
        )
        return [tuple(row) for row in await session.execute(query)]  # type: ignore[misc]


async def numbers(db: Database, village: int) -> dict[str, str | None]:
    async with db.read() as session:
        query = select(HOUSEHOLDS.c.number, HOUSEHOLDS.c.head_name)
        there = query.where(HOUSEHOLDS.c.village_id == village, HOUSEHOLDS.c.discarded_at.is_(None))
        return {row.number: row.head_name for row in await session.execute(there)}


async def test_people_come_as_they_are_written_and_are_seated_from_today(db: Database, world: World) -> None:
    lines = people(
        ("A Thút", "+84 905.123.456", "Thôn Đông Hòa", "Tổ phó", "Trưởng thôn"),
        ("Y Hoa", "905123457", "dong hoa", "", ""),
        ("Nguyễn Văn D\u031bư", "", "21172001", "thành viên", ""),
    )
    row = await stage(db, world.commune_officer, ImportKind.MEMBERS, lines)
    assert (row.line_count, row.faulty_count, row.twin_count, row.state) == (3, 0, 0, ImportState.STAGED)
    before = await seated(db, world)
    done = await apply(db, world.commune_officer, row)
    assert (done.state, done.added_count, done.updated_count) == (ImportState.APPLIED, 3, 0)
    assert (await seated(db, world))[len(before) :][:2] == [
        ("A Thút", "deputy", "Trưởng thôn", "0905123456"),
        ("Y Hoa", "member", None, "0905123457"),
    ]
    async with db.read() as session:
        events = (await session.execute(select(AuditEvent).where(AuditEvent.action == "roster.apply"))).scalars().all()  # type: ignore[arg-type]
    assert [event.detail["added"] for event in events] == [3]


async def test_faults_are_named_by_line_and_column_and_nothing_comes_in(db: Database, world: World) -> None:
    lines = people(
        ("", "", "Thôn Đông Hòa"),
        ("Lê Thị 2", "12345", "Thôn Không Có", "Giám đốc", "012345678901"),
        ("Lê Thị Mới", "", "Thôn Đông Hòa"),
        ("le thi moi", "", "Đông Hòa"),
    )
    row = await stage(db, world.commune_officer, ImportKind.MEMBERS, lines)
    assert set(await faults(db, row)) == {
        (2, "name", "missing"),
        (3, "name", "name_wrong"),
        (3, "phone", "phone_wrong"),
        (3, "village", "team_unknown"),
        (3, "role", "role_wrong"),
        (3, "position", "identity"),
        (5, "name", "repeated"),
    }
    before = await seated(db, world)
    with pytest.raises(Problem, match="import_faulty"):
        await apply(db, world.commune_officer, row)
    assert await seated(db, world) == before


async def test_two_of_one_name_with_two_telephones_are_two(db: Database, world: World) -> None:
    lines = people(("Trần Văn Hai", "0905000001", "Thôn Đông Hòa"), ("Trần Văn Hai", "0905000002", "Thôn Đông Hòa"))
    row = await stage(db, world.commune_officer, ImportKind.MEMBERS, lines)
    assert (await apply(db, world.commune_officer, row)).added_count == 2
    again = await stage(db, world.commune_officer, ImportKind.MEMBERS, lines)
    assert (again.faulty_count, again.twin_count) == (0, 2)


@pytest.mark.parametrize(
    ("twins", "role", "phone"), [(Twins.SKIP, "member", None), (Twins.UPDATE, "deputy", "0905000009")]
)
async def test_who_is_there_already_is_skipped_or_updated_and_updates_are_undone(
    db: Database, world: World, twins: Twins, role: str, phone: str | None
) -> None:
    lines = people(("dinh thi lan", "0905 000 009", "Thôn Đông Hòa", "Tổ phó"), ("Trần Văn Bình", "", "Thôn Đông Hòa"))
    before = await seated(db, world)
    row = await stage(db, world.commune_officer, ImportKind.MEMBERS, lines)
    assert (row.twin_count, row.faulty_count) == (2, 0)
    done = await apply(db, world.commune_officer, row, twins)
    assert (done.added_count, done.updated_count) == (0, 1 if twins == Twins.UPDATE else 0)
    now = {name: (post, number) for name, post, _, number in await seated(db, world)}
    assert now["Đinh Thị Lan"] == (role, phone)
    assert now["Trần Văn Bình"] == ("leader", None), "an empty cell takes nothing away"
    assert (await undo(db, world.commune_officer, row)).state == ImportState.UNDONE
    assert sorted(await seated(db, world)) == sorted(before)


async def test_undoing_keeps_whom_somebody_invited_and_says_so(db: Database, world: World) -> None:
    lines = people(("A Thút", "", "Thôn Đông Hòa"), ("Y Hoa", "", "Thôn Đông Hòa"))
    row = await apply(db, world.commune_officer, await stage(db, world.commune_officer, ImportKind.MEMBERS, lines))
    invited = int((await rows(db, row))[0].subject_id)
    async with db.write() as session:
        await enrolments.make_enrolment(session, None, invited)
    assert (await undo(db, world.commune_officer, row)).undone_count == 1
    assert [(line.deed, line.reason) for line in await rows(db, row)] == [("stays", "joined"), ("undone", None)]
    names = [name for name, *_ in await seated(db, world)]
    assert ("A Thút" in names, "Y Hoa" in names) == (True, False)
    with pytest.raises(Problem, match="import_not_applied"):
        await undo(db, world.commune_officer, row)


async def test_households_come_and_phones_of_the_village_hear_of_them_once(db: Database, world: World) -> None:
    lines = homes(
        ("Thôn Tây Hòa", "1", "Nguyễn Thị Bảy (vợ)"), ("tay hoa", "2A", ""), ("Thôn Đông Hòa", "12", "Hồ Tên Khác")
    )
    async with db.read() as session:
        was = await versions_of(session, [village_key(world.next_village.id)])
    row = await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, lines)
    assert (row.faulty_count, row.twin_count) == (0, 1)
    assert (await apply(db, world.commune_officer, row)).added_count == 2
    assert await numbers(db, world.next_village.id) == {"1": "Nguyễn Thị Bảy (vợ)", "2A": None}
    assert (await numbers(db, world.village.id))["12"] == "Nguyễn Văn 12"
    async with db.read() as session:
        now = await versions_of(session, [village_key(world.next_village.id)])
        page = await pull.pull(session, await build.principal(db, world.next_leader), "")
    assert [now[key] - was[key] for key in was] == [1]
    assert {home["number"] for home in page["households"]} == {"1", "2A"}


async def test_a_household_is_one_by_its_number_and_heads_are_named_where_that_is_wanted(
    db: Database, world: World
) -> None:
    lines = homes(("Thôn Đông Hòa", "3", "Phạm Mới"), ("Thôn Đông Hòa", "4", ""))
    row = await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, lines)
    done = await apply(db, world.commune_officer, row, Twins.UPDATE)
    assert (done.added_count, done.updated_count) == (0, 1)
    there = await numbers(db, world.village.id)
    assert (there["3"], there["4"]) == ("Phạm Mới", "Nguyễn Văn 4")
    await undo(db, world.commune_officer, row)
    assert (await numbers(db, world.village.id))["3"] == "Nguyễn Văn 3"


async def test_undone_households_leave_the_phones_and_those_with_visits_stay(db: Database, world: World) -> None:
    lines = homes(("Thôn Đông Hòa", "101", ""), ("Thôn Đông Hòa", "102", ""), ("Thôn Đông Hòa", "103", ""))
    row = await apply(db, world.commune_officer, await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, lines))
    brought = [UUID(line.subject_id) for line in await rows(db, row)]
    async with db.read() as session:
        first, second = [await session.get_one(Household, i) for i in brought[:2]]
        page = await pull.pull(session, await build.principal(db, world.member), "")
    await build.send(db, world.member, build.visit(world.member, first, "VNEID"))
    await build.card(db, world.village, second)
    done = await undo(db, world.commune_officer, row)
    assert done.undone_count == 1
    assert [(line.deed, line.reason) for line in await rows(db, row)] == [
        ("stays", "visited"),
        ("stays", "card"),
        ("undone", None),
    ]
    async with db.read() as session:
        after = await pull.pull(session, await build.principal(db, world.member), page["cursor"])
    assert {home["id"] for home in after["households"] if home["gone"]} == {str(brought[2])}
    assert {"kind": "households", "id": str(brought[2])} in after["tombstones"]


async def test_what_waits_under_an_undone_household_is_still_taken_in(db: Database, world: World) -> None:
    row = await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, homes(("Thôn Đông Hòa", "101", "")))
    row = await apply(db, world.commune_officer, row)
    async with db.read() as session:
        household = await session.get_one(Household, UUID((await rows(db, row))[0].subject_id))
    await undo(db, world.commune_officer, row)
    (answer,) = await build.send(db, world.member, build.visit(world.member, household, "VNEID"))
    assert answer["result"] == "created"


async def test_what_changes_meanwhile_is_judged_again_and_nothing_comes_in(db: Database, world: World) -> None:
    row = await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, homes(("Thôn Tây Hòa", "1", "")))
    async with db.write() as session:
        village = await session.get_one(type(world.next_village), world.next_village.id)
        village.valid_to = vn_day(utc_now()).replace(day=1, month=1)
    done = await apply(db, world.commune_officer, row)
    assert (done.state, done.faulty_count) == (ImportState.STAGED, 1)
    assert await faults(db, row) == [(2, "village", "village_unknown")]
    assert await numbers(db, world.next_village.id) == {}


async def test_a_mended_list_takes_the_place_of_the_one_before(db: Database, world: World) -> None:
    first = await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, homes(("Thôn Đông Hòa", "", "")))
    await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, homes(("Thôn Đông Hòa", "20", "")))
    assert await rows(db, first) == []
    async with db.read() as session:
        assert (await session.execute(select(func.count()).select_from(RosterImport.__table__))).scalar_one() == 1


async def test_erasing_a_household_erases_it_in_lists_too(db: Database, world: World) -> None:
    lines = homes(("Thôn Đông Hòa", "3", "Phạm Mới"), ("Thôn Đông Hòa", "201", "Lê Mới"))
    applied = await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, lines)
    await apply(db, world.commune_officer, applied, Twins.UPDATE)
    waiting = await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, lines)
    for number in ("3", "201"):
        async with db.write() as session:
            household = await erasures.get_household(session, f"{world.village.code}/{number}")
            await erasures.erase(session, erasures.new_entry(household))
    kept = [(line.given, line.before) for row in (applied, waiting) for line in await rows(db, row)]
    assert not any(name in str(kept) for name in ("Phạm Mới", "Lê Mới", "Nguyễn Văn 3"))
    await apply(db, world.commune_officer, waiting, Twins.UPDATE)
    again = await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, lines)
    await apply(db, world.commune_officer, again, Twins.UPDATE)
    assert [head for number, head in (await numbers(db, world.village.id)).items() if number in ("3", "201")] == [
        None,
        None,
    ]


async def test_nobody_else_touches_a_list(db: Database, world: World) -> None:
    other = await build.commune(db, world.province, code="21484", name="Ba Tơ")
    stranger = await build.account(db, other, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    row = await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, homes(("Thôn Đông Hòa", "20", "")))
    for who in (stranger, head, world.province_officer):
        principal = await build.principal(db, who)
        async with db.read() as session:
            with pytest.raises(Problem, match="forbidden"):
                await list_lines(session, principal, row.id, Part.ALL, 0)
        for deed in (
            lambda s, p=principal: roster_imports.apply(s, p, row.id, Twins.SKIP),
            lambda s, p=principal: roster_imports.undo(s, p, row.id),
            lambda s, p=principal: roster_imports.discard(s, p, row.id),
        ):
            with pytest.raises(Problem, match="forbidden"):
                async with db.write() as session:
                    await deed(session)
    with pytest.raises(Problem, match="forbidden"):
        await stage(db, head, ImportKind.HOUSEHOLDS, homes(("Thôn Đông Hòa", "20", "")))
    foreign = await stage(db, stranger, ImportKind.HOUSEHOLDS, homes(("Thôn Đông Hòa", "20", "")))
    assert await faults(db, foreign) == [(2, "village", "village_unknown")]


async def test_a_list_comes_in_once(db: Database, world: World) -> None:
    row = await stage(db, world.commune_officer, ImportKind.HOUSEHOLDS, homes(("Thôn Đông Hòa", "20", "")))
    await apply(db, world.commune_officer, row)
    with pytest.raises(Problem, match="import_done"):
        await apply(db, world.commune_officer, row)
    deeds = [line.deed for line in await rows(db, row)]
    assert (deeds, SeatRole.MEMBER) == ([RowDeed.ADDED], "member")


async def test_who_comes_into_a_team_that_is_to_end_ends_with_it(db: Database, world: World) -> None:
    last = vn_day(utc_now()) + timedelta(days=9)
    officer = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        await teams.end(session, officer, world.team.id or 0, last)
    lines = people(("A Thút", "", "Thôn Đông Hòa"), ("Đinh Thị Lan", "", "Thôn Đông Hòa", "Tổ phó"))
    row = await stage(db, world.commune_officer, ImportKind.MEMBERS, lines)
    row = await apply(db, world.commune_officer, row, Twins.UPDATE)
    async with db.read() as session:
        still = select(SEATS.c.valid_to).where(SEATS.c.team_id == world.team.id)
        ends = (await session.execute(still)).scalars().all()
    assert None not in ends
    assert max(ends) == last
    assert (await undo(db, world.commune_officer, row)).state == ImportState.UNDONE


async def test_a_list_whose_seats_went_with_their_team_is_undone_as_far_as_it_goes(db: Database, world: World) -> None:
    lines = people(("A Thút", "", "Thôn Đông Hòa"), ("Y Hoa", "", "Thôn Tây Hòa"))
    row = await apply(db, world.commune_officer, await stage(db, world.commune_officer, ImportKind.MEMBERS, lines))
    officer = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        await teams.end(session, officer, world.team.id or 0, vn_day(utc_now()) - timedelta(days=1))
    assert (await undo(db, world.commune_officer, row)).undone_count == 1
    assert [(line.deed, line.reason) for line in await rows(db, row)] == [("stays", "changed"), ("undone", None)]
