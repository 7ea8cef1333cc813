"""Desk pages past the browser: their handlers are called as anybody with a socket can call them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest
import reflex as rx
from reflex.istate.data import HeaderData, ReflexURL, URLData

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.pages.desk.cards import CardsState
from fieldapp.pages.desk.overview import OverviewState
from fieldapp.pages.desk.sessions import SessionsState
from fieldapp.pages.desk.teams import TeamsState
from fieldapp.pages.desk.visits import VisitsState
from fieldapp.permissions import may
from fieldapp.reports.visit_filter import VisitFilter
from fieldapp.services import samples, sessions
from fieldapp.states.session import DeskState
from models.account import Account, Role
from models.device import Device
from models.session import Session, SessionState
from tests import build, pictures

BY_REFLEX = {"setvar"}
"""Reflex gives it to every state; it calls a setter of ours, and there is none."""

State = TypeVar("State", bound=DeskState)
TODAY = vn_day(datetime.now(UTC))


def tab(page: type[State], session_id: str = "") -> State:
    """A browser tab on a desk page, whose socket came with the session's id where its cookie was."""
    root = rx.State(_reflex_internal_init=True)
    root.rx_router_headers = HeaderData(cookie=f"session={session_id}" if session_id else "")
    return root.get_substate(page.get_full_name().split("."))


async def open_session(db: Database, who: Account) -> str:
    async with db.write() as session:
        return str((await sessions.open_session(session, account_id=who.id))[0].id)


async def enter(db: Database, page: type[State], who: Account) -> State:
    """The page as it stands when this officer has opened it."""
    state = tab(page, await open_session(db, who))
    await state.load()
    return state


async def open_at(state: Any, address: str) -> Any:
    """The page as it stands at this address."""
    state.parent_state.parent_state.rx_router_url = URLData.from_url(ReflexURL("http://localhost:8000" + address))
    return await state.load()


def leads_to(event: Any) -> str:
    """Where a redirect goes."""
    return next(value._var_value for name, value in event.args if str(name) == "path")


def states_below(state: type[DeskState]) -> set[type[DeskState]]:
    return {state}.union(*(states_below(below) for below in state.get_substates()))


def test_no_state_has_a_setter():
    assert [name for state in states_below(DeskState) for name in dir(state) if name.startswith("set_")] in (
        [],
        ["set_is_hydrated"] * len(states_below(DeskState)),
    )


@pytest.mark.parametrize("role", [Role.PROVINCE_OFFICER, Role.ADMIN])
async def test_handlers_refuse_those_of_the_province_who_may_not(db: Database, role: Role):
    """All others: tests/scope."""
    world = await build.world(db)
    who = await build.account(db, world.province, role, username="somebody")
    principal, session_id = await build.principal(db, who), await open_session(db, who)
    for page in states_below(DeskState):
        for name, handler in page.event_handlers.items():
            if name not in BY_REFLEX and not may(principal, handler.fn.action):
                state = tab(page, session_id)
                await getattr(state, name)()
                assert state.problem == "forbidden", (page, name)


async def test_a_session_that_was_ended_is_noticed_at_the_next_event(db: Database):
    world = await build.world(db)
    state = await enter(db, OverviewState, world.commune_officer)
    assert state.view.name == world.commune.name
    async with db.write() as session:
        row = await session.get_one(Session, (await session.run_sync(_only_session)).id)
        await sessions.end(session, None, row, SessionState.CLOSED)
    assert leads_to(await state.sort("name")) == "/"
    assert (state.view.name, state.name, state.allowed) == ("", "", [])


def _only_session(session) -> Session:
    return session.query(Session).one()


async def test_the_next_person_in_a_tab_finds_nothing_of_the_one_before(db: Database):
    world = await build.world(db)
    state = await enter(db, OverviewState, world.commune_officer)
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    other = await open_session(db, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    state.parent_state.parent_state.rx_router_headers = HeaderData(cookie=f"session={other}")
    await state.load()
    assert (state.problem, state.view.name) == ("", "Trà Bồng")


async def test_an_officer_does_not_look_into_another_commune(db: Database):
    world = await build.world(db)
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    state = await enter(db, OverviewState, world.commune_officer)
    for unit in (elsewhere, world.province):
        await open_at(state, f"/desk/?unit={unit.id}")
        assert (state.problem, state.view.name, state.units) == ("forbidden", "", [])


@pytest.mark.parametrize(
    ("handler", "argument"),
    [
        ("choose_days", {"first": "2026-02-30", "last": "2026-03-01"}),
        ("choose_days", {"first": "2026-03-02", "last": "2026-03-01"}),
        ("choose_days", {"first": "0001-01-01", "last": "9999-12-31"}),
        ("choose_days", "2026-03-02"),
        ("sort", "__class__"),
        ("turn", -1),
        ("look_for", {"find": "x" * 81}),
    ],
)
async def test_nonsense_is_refused_by_name(db: Database, handler: str, argument: Any):
    world = await build.world(db)
    state = await enter(db, OverviewState, world.commune_officer)
    await getattr(state, handler)(argument)
    assert (state.problem, state.view.name) == ("invalid", world.commune.name)


async def test_nobody_can_hand_in_who_they_are(db: Database):
    """A socket's payload becomes keyword arguments: one named `who` must not stand in for the session."""
    world = await build.world(db)
    leader = await build.principal(db, world.province_officer)
    state = tab(OverviewState)
    assert leads_to(await state.load(who=leader)) == "/"
    state = await enter(db, OverviewState, world.commune_officer)
    await state.sort(by="name", who=leader)
    assert state.problem == "invalid"


async def test_visits_are_for_the_commune(db: Database):
    world = await build.world(db)
    for role in (Role.PARTNER, Role.ADMIN):
        await build.account(db, world.province, role)
    state = await enter(db, VisitsState, world.province_officer)
    assert (state.problem, state.lines) == ("forbidden", [])


async def test_visits_are_found_without_diacritics(db: Database):
    world = await build.world(db)
    home = await build.household(db, world.village, "77", head_name="Đặng Thị Nguyệt")
    await build.send(db, world.member, build.visit(world.member, home))
    await build.send(db, world.member, build.visit(world.member, world.households[0], "DVC"))
    state = await enter(db, VisitsState, world.commune_officer)
    assert state.total == 2
    for words in ("dang nguyet", "77", "ĐẶNG", "nguyệt 77"):
        await state.search(dict.fromkeys(VisitFilter.model_fields.keys() - {"page"}, "") | {"query": words})
        assert [line.head for line in state.lines] == ["Đặng Thị Nguyệt"], words
    await state.search({"query": "dinh thi lan"})
    assert state.total == 2
    await state.search({"query": "%"})
    assert state.total == 0


async def test_visits_are_filtered_by_what_hangs_on_them(db: Database):
    world = await build.world(db)
    yesterday = build.millis(datetime.now(UTC) - timedelta(days=1))
    scanned = await build.card(db, world.village, world.households[0])
    clean = build.visit(
        world.member, world.households[0], identified_by="scan", card=scanned.address, made_at=yesterday
    )
    listed = build.visit(world.second_member, world.households[1], "DVC")
    await build.send(db, world.member, clean)
    await build.send(db, world.second_member, listed)
    await build.send(db, world.leader, build.decision(world.leader, clean["id"]))
    state = await enter(db, VisitsState, world.commune_officer)
    for asked, expected in (
        ({"state": "approved"}, clean),
        ({"state": "waiting"}, listed),
        ({"flag": "no_scan"}, listed),
        ({"flag": "any"}, listed),
        ({"platform": "DVC"}, listed),
        ({"member": str(world.member.id)}, clean),
        ({"last": (TODAY - timedelta(days=1)).isoformat()}, clean),
        ({"first": TODAY.isoformat()}, listed),
    ):
        await state.search(asked)
        assert [line.id for line in state.lines] == [expected["id"]], asked
    await state.search({"village": str(world.next_village.id)})
    assert state.lines == []
    await state.search({"nonsense": "1"})
    assert state.problem == "invalid"


async def test_a_visit_tells_all_that_happened_to_it(db: Database):
    world = await build.world(db)
    wrong = build.visit(world.member, world.households[0], note="Máy hết pin")
    await build.send(db, world.member, wrong)
    back = build.decision(world.leader, wrong["id"], verdict="send_back", reason="Xem lại kết quả")
    await build.send(db, world.leader, back)
    mended = build.visit(world.member, world.households[0], result="introduced", replaces=wrong["id"])
    await build.send(db, world.member, mended)
    await build.send(db, world.leader, build.decision(world.leader, mended["id"]))
    state = await enter(db, VisitsState, world.commune_officer)
    assert [line.id for line in state.lines] == [mended["id"]]
    await state.open_visit(mended["id"])
    visit = state.open
    assert (visit.state, visit.version, visit.outcomes[0].result) == ("approved", 2, "introduced")
    assert [(r.verdict, r.by, r.reason) for r in visit.reviews] == [
        ("send_back", world.leader.full_name, "Xem lại kết quả"),
        ("approve", world.leader.full_name, ""),
    ]
    assert [(e.action, e.version) for e in visit.trail] == [
        ("visit.create", 1),
        ("visit.send_back", 1),
        ("visit.replace", 2),
        ("visit.approve", 2),
    ]
    await state.close_visit()
    assert state.open.id == ""


async def test_a_visit_tells_how_those_in_a_photo_agreed(db: Database):
    world = await build.world(db)
    face, hand = pictures.named(pictures.jpeg(80, 60), pictures.jpeg(80, 60))
    agreed = face | {"consent": {"way": "oral", "text_version": 1}}
    visit = build.visit(world.member, world.households[0], photos=[agreed, hand])
    await build.send(db, world.member, visit)
    state = await enter(db, VisitsState, world.commune_officer)
    await state.open_visit(visit["id"])
    assert [photo.consent for photo in state.open.photos] == ["oral", ""]
    assert "photo.consent" in [event.action for event in state.open.trail]


async def test_a_visit_of_another_commune_is_not_shown(db: Database):
    world = await build.world(db)
    visit = build.visit(world.member, world.households[0])
    await build.send(db, world.member, visit)
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    state = await enter(db, VisitsState, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    assert state.lines == []
    await state.open_visit(visit["id"])
    assert (state.problem, state.open.id) == ("forbidden", "")
    await state.open_visit(str(uuid4()))
    assert state.problem == "not_found"


async def test_pages_of_fifty(db: Database):
    world = await build.world(db)
    start = datetime.now(UTC) - timedelta(hours=30)
    visits = [
        build.visit(world.member, home, code, made_at=build.millis(start + timedelta(minutes=10 * i + j)))
        for i, home in enumerate(world.households)
        for j, code in enumerate(["VNEID", "DVC", "SSK", "VNEID", "DVC"])
    ]
    await build.send(db, world.member, *visits)
    state = await enter(db, VisitsState, world.commune_officer)
    await state.search({})
    assert (state.total, state.pages, len(state.lines)) == (60, 2, 50)
    first = {line.id for line in state.lines}
    await state.turn(1)
    assert (state.page, len(state.lines)) == (1, 10)
    assert first.isdisjoint(line.id for line in state.lines)
    await state.turn(99)
    assert state.page == 1


async def test_a_withdrawn_phone_may_still_send_and_a_lost_one_may_not(db: Database, client):
    world = await build.world(db)
    await build.enter(client, db, world.member)
    phone = await _phone(db)
    state = await enter(db, TeamsState, world.commune_officer)
    seat = next(s for team in state.teams for s in team.seats if s.member == world.member.id)
    assert [(p.id, p.state) for p in seat.phones] == [(str(phone.id), "open")]
    await state.end_phone(str(phone.id), "closing")
    [closing] = [p for team in state.teams for s in team.seats for p in s.phones]
    assert (closing.state, closing.until) == ("closing", written_day(TODAY + timedelta(days=30)))
    assert (await client.post("/api/v1/sync/push", json=build.push_body())).status_code == 200
    assert (await client.get("/api/v1/sync/pull")).status_code == 401
    await state.end_phone(str(phone.id), "closed")
    assert (await client.post("/api/v1/sync/push", json=build.push_body())).status_code == 401
    assert (state.ended, state.ended_names) == (1, world.member.full_name)
    [closed] = [p for team in state.teams for s in team.seats for p in s.phones]
    assert (closed.state, closed.until) == ("closed", "")


async def test_phones_are_ended_only_by_those_who_may(db: Database, client):
    world = await build.world(db)
    await build.enter(client, db, world.member)
    phone = await _phone(db)
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    for officer in (
        await build.account(db, elsewhere, Role.COMMUNE_OFFICER),
        await build.account(db, world.commune, Role.COMMUNE_LEADER),
        world.province_officer,
    ):
        state = await enter(db, TeamsState, officer)
        await state.end_phone(str(phone.id), "closed")
        assert state.problem == "forbidden"
    state = await enter(db, TeamsState, world.commune_officer)
    await state.end_phone(str(phone.id), "open")
    assert (state.problem, state.ended) == ("invalid", -1)
    assert (await client.get("/api/v1/sync/pull")).status_code == 200


async def _phone(db: Database) -> Device:
    async with db.read() as session:
        return await session.run_sync(lambda s: s.query(Device).one())


async def test_those_of_the_province_choose_a_commune(db: Database):
    world = await build.world(db)
    state = await enter(db, TeamsState, world.province_officer)
    assert ([option.label for option in state.communes], state.teams) == ([world.commune.name], [])
    await state.choose_commune(str(world.commune.id))
    assert {team.name for team in state.teams} == {world.team.name, world.next_team.name}
    own = await enter(db, TeamsState, world.commune_officer)
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    await own.choose_commune(str(elsewhere.id))
    assert {team.name for team in own.teams} == {world.team.name, world.next_team.name}


async def test_the_printing_page_counts_cards(db: Database):
    world = await build.world(db)
    await build.card(db, world.village, world.households[0])
    await build.card(db, world.village)
    state = await enter(db, CardsState, world.commune_officer)
    lines = [(line.name, line.households, line.with_card, line.unbound) for line in state.villages]
    assert lines == [(world.village.name, 12, 1, 1), (world.next_village.name, 0, 0, 0)]
    reader = await enter(db, CardsState, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    assert (reader.problem, reader.villages) == ("forbidden", [])


async def test_one_ends_own_sessions_and_no_others(db: Database):
    world = await build.world(db)
    foreign = await open_session(db, world.province_officer)
    old = await open_session(db, world.commune_officer)
    state = await enter(db, SessionsState, world.commune_officer)
    assert {line.id: line.here for line in state.sessions} == {state._session_id: True, old: False}
    await state.end(old)
    assert [line.id for line in state.sessions] == [state._session_id]
    await state.end(foreign)
    assert state.problem == "not_found"


async def test_sample_data_says_so(db: Database):
    world = await build.world(db)
    assert (await enter(db, OverviewState, world.commune_officer)).sample is False
    async with db.write() as session:
        await samples.mark(session)
    assert (await enter(db, OverviewState, world.commune_officer)).sample is True


async def test_a_number_leads_to_the_visits_behind_it(db: Database):
    """The overview's links carry the filter in the address."""
    world = await build.world(db)
    await build.send(db, world.member, build.visit(world.member, world.households[0]))
    session_id = await open_session(db, world.commune_officer)
    state = tab(VisitsState, session_id)
    past = date(2025, 8, 1).isoformat()
    address = f"http://localhost/desk/visits/?first={past}&last={past}&state=waiting&from=zalo"
    await open_at(state, address)
    assert (state.problem, state.total) == ("", 0)
    assert state.asked == {"state": "waiting", "first": past, "last": past}
