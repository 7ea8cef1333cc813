"""The commune forms its teams: who may, what days mean, what phones see of it, and that nothing of the past changes."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.composition import ShortfallKind
from fieldapp.domain.team_form import ReasonForm, SeatChange, SeatForm, TeamForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.problems import Problem
from fieldapp.reports.team_list import list_served, list_teams
from fieldapp.reports.team_standing import list_standings
from fieldapp.services import seats, target_counts, teams
from fieldapp.services.members import list_postings
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.member import Member
from models.target import Measure
from models.team import Seat, SeatKind, SeatRole, Team, TeamLevel
from tests import build
from tests.build import World

TODAY, DAY = vn_day(utc_now()), timedelta(days=1)
SEATS, EVENTS = Seat.__table__, AuditEvent.__table__


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def act(db: Database, who: Account, deed: Any, *given: Any) -> Any:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await deed(session, principal, *given)


async def ask(db: Database, who: Account, question: Any, *given: Any) -> Any:
    principal = await build.principal(db, who)
    async with db.read() as session:
        return await question(session, principal, *given)


def team_form(*villages: int, **given: Any) -> TeamForm:
    return TeamForm(**({"name": "Tổ CNSCĐ thôn Mới", "villages": villages, "first": TODAY} | given))


def seat_form(team: Team, **given: Any) -> SeatForm:
    usual = {"team": team.id, "name": "A Thút", "role": "member", "kind": "police", "first": TODAY}
    return SeatForm(**(usual | given))


async def seats_of(db: Database, member: Member) -> list[Seat]:
    async with db.read() as session:
        query = select(Seat).where(SEATS.c.member_id == member.id).order_by(SEATS.c.id)
        return list((await session.execute(query)).scalars())


async def reached(db: Database, member: Member, day: date = TODAY) -> set[int]:
    async with db.read() as session:
        return {p.village_id for p in await list_postings(session, [member.id or 0]) if p.covers(day)}


async def test_a_team_of_two_villages_is_founded_and_its_people_reach_both(db: Database, world: World) -> None:
    both = (world.village.id or 0, world.next_village.id or 0)
    team = await act(db, world.commune_officer, teams.found, team_form(*both, name="  Tổ   liên thôn "))
    assert (team.name, team.key, team.level) == ("Tổ liên thôn", "to lien thon", TeamLevel.VILLAGE)
    seat = await act(db, world.commune_officer, seats.place, seat_form(team, role="leader", kind="village_head"))
    async with db.read() as session:
        member = await session.get_one(Member, seat.member_id)
    assert (member.full_name, await reached(db, member), await reached(db, member, TODAY - DAY)) == (
        "A Thút",
        set(both),
        set(),
    )
    rows = await ask(db, world.commune_officer, list_teams, world.commune.id, TODAY)
    shown = next(row for row in rows if row.id == team.id)
    assert ([v for v, _ in shown.villages], shown.seats[0].kind) == (list(both), SeatKind.VILLAGE_HEAD)


async def test_another_village_from_a_day_on_leaves_the_days_before_as_they_were(db: Database, world: World) -> None:
    change = team_form(world.next_village.id or 0, name=world.team.name, first=TODAY)
    await act(db, world.commune_officer, teams.change, world.team.id, change)
    assert await reached(db, world.member) == {world.next_village.id}
    assert await reached(db, world.member, TODAY - DAY) == {world.village.id}
    back = team_form(world.village.id or 0, name=world.team.name, first=TODAY)
    await act(db, world.commune_officer, teams.change, world.team.id, back)
    assert await reached(db, world.member) == {world.village.id}


async def test_a_change_takes_the_place_of_what_was_planned(db: Database, world: World) -> None:
    here, next_door = world.village.id or 0, world.next_village.id or 0
    for villages, first in (({next_door}, 9), ({here, next_door}, 20), ({here}, 4), ({here, next_door}, 4)):
        change = team_form(*villages, name=world.team.name, first=TODAY + first * DAY)
        await act(db, world.commune_officer, teams.change, world.team.id, change)
    days = {0: {here}, 3: {here}, 4: {here, next_door}, 9: {here, next_door}, 30: {here, next_door}}
    for day, villages in days.items():
        assert await reached(db, world.member, TODAY + day * DAY) == villages, day
    async with db.read() as session:
        postings = await list_postings(session, [world.member.id or 0])
    assert len(postings) == 2, "one for each village, none twice"


async def test_a_team_that_ended_takes_its_seats_along_and_is_changed_no_more(db: Database, world: World) -> None:
    assert await act(db, world.commune_officer, teams.end, world.team.id, TODAY - DAY) == 4
    assert (await reached(db, world.leader), await reached(db, world.leader, TODAY - DAY)) == (
        set(),
        {world.village.id},
    )
    with pytest.raises(Problem, match="team_ended"):
        await act(db, world.commune_officer, seats.place, seat_form(world.team))
    assert [row.id for row in await ask(db, world.commune_officer, list_teams, world.commune.id, TODAY)] == [
        world.next_team.id
    ]


async def test_somebody_known_is_found_without_diacritics_and_sits_in_a_second_team(db: Database, world: World) -> None:
    [found] = await ask(db, world.commune_officer, seats.search, "dinh thi")
    assert (found.id, found.name, found.teams) == (world.member.id, "Đinh Thị Lan", [world.team.name])
    assert await ask(db, world.commune_officer, seats.search, "%") == []
    await act(db, world.commune_officer, seats.place, seat_form(world.next_team, member=found.id, name=""))
    assert await reached(db, world.member) == {world.village.id, world.next_village.id}
    with pytest.raises(Problem, match="seated_already"):
        await act(db, world.commune_officer, seats.place, seat_form(world.next_team, member=found.id))


async def test_a_new_person_is_written_down_once(db: Database, world: World) -> None:
    await act(db, world.commune_officer, seats.place, seat_form(world.team, phone="0000 123 456"))
    with pytest.raises(Problem, match="member_known"):
        await act(
            db, world.commune_officer, seats.place, seat_form(world.next_team, name="a thút", phone="+84000123456")
        )
    await act(db, world.commune_officer, seats.place, seat_form(world.next_team, name="Y Hoa", phone="0000123456"))
    for wrong, code in (({"name": "  "}, "name_missing"), ({"phone": "12"}, "phone_wrong")):
        with pytest.raises(Problem, match=code):
            await act(db, world.commune_officer, seats.place, seat_form(world.team, **wrong))


async def test_another_role_is_another_seat_and_another_kind_is_not(db: Database, world: World) -> None:
    [seat] = await seats_of(db, world.member)
    form = {"seat": seat.id, "name": "Đinh Thị Lan", "role": "member", "kind": "womens_union", "position": " Chi hội "}
    await act(db, world.commune_officer, seats.change, SeatChange(**form))
    [seat] = await seats_of(db, world.member)
    assert (seat.kind, seat.position, seat.valid_to) == (SeatKind.WOMENS_UNION, "Chi hội", None)
    await act(db, world.commune_officer, seats.change, SeatChange(**form | {"role": "deputy"}))
    before, after = await seats_of(db, world.member)
    assert (before.role, before.valid_to) == (SeatRole.MEMBER, TODAY - DAY)
    assert (after.role, after.valid_from, after.kind) == (SeatRole.DEPUTY, TODAY, SeatKind.WOMENS_UNION)
    await act(db, world.commune_officer, seats.change, SeatChange(**form | {"seat": after.id, "role": "leader"}))
    assert [s.role for s in await seats_of(db, world.member)] == [SeatRole.MEMBER, SeatRole.LEADER], "of the same day"
    served = await ask(db, world.commune_officer, list_served, world.team.id)
    assert [(s.role, s.until) for s in served if s.name == "Đinh Thị Lan"] == [
        ("leader", None),
        ("member", TODAY - DAY),
    ]


async def test_a_seat_ends_with_its_last_day_and_what_was_handed_over_with_it(db: Database, world: World) -> None:
    [seat] = await seats_of(db, world.member)
    async with db.write() as session:
        days = {"valid_from": TODAY, "valid_to": TODAY + 9 * DAY, "delegated_by_id": world.leader.id}
        session.add(Seat(team_id=world.team.id, member_id=world.member.id, role=SeatRole.DEPUTY, **days))
    await act(db, world.commune_officer, seats.end, seat.id, TODAY)
    assert [s.valid_to for s in await seats_of(db, world.member)] == [TODAY, TODAY]
    for last in (build.SINCE - DAY, TODAY + timedelta(days=400)):
        with pytest.raises(Problem, match="day_wrong"):
            await act(db, world.commune_officer, seats.end, seat.id, last)
    with pytest.raises(Problem, match="not_found"):
        await act(db, world.commune_officer, seats.end, (await seats_of(db, world.member))[1].id, TODAY)


async def test_a_reason_silences_one_warning_until_it_is_taken_back(db: Database, world: World) -> None:
    async def standing() -> tuple[set[str], dict[str, str]]:
        async with db.read() as session:
            found = (await list_standings(session, TODAY, world.commune.id))[world.team.id or 0]
        return {w.kind for w in found.heard}, {w.kind: w.reason for w in found.warnings if w.reason}

    heard, _ = await standing()
    assert heard == {"leader_post", "deputy_post", "police", "womens_union", "farmers_union"}
    reason = ReasonForm(team=world.team.id or 0, shortfall=ShortfallKind.POLICE, reason="Công an xã phụ trách chung")
    await act(db, world.commune_officer, teams.give_reason, reason)
    await act(db, world.commune_officer, teams.give_reason, reason.model_copy(update={"reason": "Chưa bố trí"}))
    assert await standing() == (heard - {"police"}, {"police": "Chưa bố trí"})
    await act(db, world.commune_officer, teams.take_reason_back, world.team.id, ShortfallKind.POLICE)
    assert await standing() == (heard, {})
    with pytest.raises(Problem, match="reason_missing"):
        await act(db, world.commune_officer, teams.give_reason, reason.model_copy(update={"reason": "  "}))
    with pytest.raises(ValueError, match="note_identity"):
        ReasonForm(team=1, shortfall=ShortfallKind.POLICE, reason="Gọi 0000123456")


async def test_every_deed_is_written_down_without_numbers(db: Database, world: World) -> None:
    team = await act(db, world.commune_officer, teams.found, team_form(world.village.id or 0))
    seat = await act(db, world.commune_officer, seats.place, seat_form(team, phone="0000123456"))
    await act(db, world.commune_officer, seats.end, seat.id, TODAY)
    async with db.read() as session:
        events = (await session.execute(select(EVENTS).order_by(EVENTS.c.id))).all()
    assert [e.action for e in events] == ["team.found", "member.add", "seat.give", "seat.end"]
    assert {(e.account_id, e.unit_id) for e in events} == {(world.commune_officer.id, world.commune.id)}
    assert "0000123456" not in str(events)


async def test_nobody_else_changes_a_team(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21484", name="Ba Tơ")
    far = await build.village(db, elsewhere, code="21484001", name="Làng Teng")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    [seat] = await seats_of(db, world.member)
    change = SeatChange(seat=seat.id or 0, name="x", role=SeatRole.LEADER, kind=SeatKind.OTHER)
    reason = ReasonForm(team=world.team.id or 0, shortfall=ShortfallKind.POLICE, reason="x")
    for who in (stranger, head, world.province_officer):
        for deed, given in (
            (teams.change, (world.team.id, team_form(world.village.id or 0))),
            (teams.end, (world.team.id, TODAY)),
            (teams.give_reason, (reason,)),
            (teams.take_reason_back, (world.team.id, ShortfallKind.POLICE)),
            (seats.place, (seat_form(world.team),)),
            (seats.change, (change,)),
            (seats.end, (seat.id, TODAY)),
        ):
            with pytest.raises(Problem, match="forbidden"):
                await act(db, who, deed, *given)
    assert await ask(db, stranger, seats.search, "dinh") == [], "people of another commune are not found"
    own = await act(db, stranger, teams.found, team_form(far.id or 0))
    with pytest.raises(Problem, match="not_found"):
        await act(db, stranger, seats.place, seat_form(own, member=world.member.id))
    with pytest.raises(Problem, match="forbidden"):
        await act(db, stranger, teams.found, team_form(world.village.id or 0))
    with pytest.raises(Problem, match="villages_missing"):
        await act(db, stranger, teams.found, team_form())


async def test_a_commune_has_one_team_of_its_own(db: Database, world: World) -> None:
    first = await act(db, world.commune_officer, teams.found, team_form(level="commune", name="Tổ xã"))
    await act(db, world.commune_officer, teams.found, team_form(level="commune", name="Tổ xã 2"))
    async with db.read() as session:
        found = await list_standings(session, TODAY)
    assert ShortfallKind.MANY_TEAMS in {w.kind for w in found[first.id].heard}
    assert ShortfallKind.IT_TEACHERS in {w.kind for w in found[first.id].heard}


async def test_at_one_press_every_village_without_a_team_gets_one_of_its_name(db: Database, world: World) -> None:
    new = [await build.village(db, world.commune, code=f"2117201{n}", name=f"Thôn Mới {n}") for n in range(3)]
    planned = TODAY + 40 * DAY
    await act(db, world.commune_officer, teams.found, team_form(new[2].id or 0, first=planned))
    founded = await act(db, world.commune_officer, teams.found_missing, TODAY, "Tổ của {}".format)
    assert [team.name for team in founded] == ["Tổ của Thôn Mới 0", "Tổ của Thôn Mới 1"]
    assert await act(db, world.commune_officer, teams.found_missing, TODAY, "Tổ của {}".format) == []
    found = await ask(db, world.commune_officer, list_teams, world.commune.id, TODAY)
    assert sorted(v for team in found for v, _ in team.villages) == sorted(
        unit.id or 0 for unit in (world.village, world.next_village, new[0], new[1])
    )
    with pytest.raises(Problem, match="forbidden"):
        await act(db, world.province_officer, teams.found_missing, TODAY, str)


async def test_an_end_that_moves_to_a_later_day_takes_along_what_ends_with_it(db: Database, world: World) -> None:
    for days in (10, 40):
        await act(db, world.commune_officer, teams.end, world.team.id, TODAY + days * DAY)
    assert await reached(db, world.member, TODAY + 40 * DAY) == {world.village.id}
    assert await reached(db, world.member, TODAY + 41 * DAY) == set()


async def test_a_team_that_left_a_village_and_came_back_the_same_day_has_reached_it_once(
    db: Database, world: World
) -> None:
    visit = build.visit(world.member, world.households[0], "VNEID")
    assert [a["result"] for a in await build.send(db, world.member, visit)] == ["created"]
    for village in (world.next_village, world.village):
        change = team_form(village.id or 0, name=world.team.name, first=TODAY)
        await act(db, world.commune_officer, teams.change, world.team.id, change)
    asked = target_counts.Asked(Measure.SUPPORT, TODAY - 30 * DAY, TODAY, ["VNEID"])
    async with db.read() as session:
        done = await target_counts.of_teams(session, asked, [world.team.id or 0])
    assert done == {(world.team.id, "VNEID"): 1}
