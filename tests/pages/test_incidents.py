"""Breaches of personal data, past the browser: the clock, what is added, and the sessions of a commune that end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from fieldapp.db import Database
from fieldapp.domain.vn_time import VIETNAM
from fieldapp.pages.desk.incidents import IncidentsState
from models.account import Role
from models.audit_event import AuditEvent
from models.incident import Incident
from models.session import Session
from tests import build, drill
from tests.build import World
from tests.pages.test_desk import enter


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


def found(hours_ago: float = 1, **given: Any) -> dict[str, Any]:
    at = datetime.now(VIETNAM) - timedelta(hours=hours_ago)
    return {"found_at": f"{at:%Y-%m-%dT%H:%M}", "what": "Mất một máy chưa khóa", "households": "", "done": ""} | given


async def states_of(db: Database) -> dict[str, list[str]]:
    """States of sessions: of members and of accounts."""
    rows = await drill.rows_of(db, Session.__table__)
    return {name: sorted(r["state"] for r in rows if r[f"{name}_id"] is not None) for name in ("member", "account")}


async def test_a_breach_is_noted_added_to_told_and_closed(db: Database, world: World) -> None:
    state = await enter(db, IncidentsState, world.commune_officer)
    await state.save(found())
    [one] = state.lines
    assert (state.problem, state.saved, one.hours, one.late, one.households) == ("", True, 70, False, "")
    assert one.unit == world.commune.name
    await state.save(found(80, incident=str(one.id), households="0", members="3", done="Đã thu hồi máy"))
    [one] = state.lines
    assert (one.late, one.hours, one.households, one.members, one.photos) == (True, 8, "0", "3", "")
    await state.mark(one.id, "reported")
    assert (state.lines[0].reported != "", state.lines[0].late) == (True, True)
    await state.mark(one.id, "closed")
    assert state.lines[0].closed != ""
    await state.save(found(incident=str(one.id)))
    assert state.problem == "request_closed"
    actions = [e["action"] for e in await drill.rows_of(db, AuditEvent.__table__) if e["subject_kind"] == "incident"]
    assert actions == ["incident.save", "incident.save", "incident.reported", "incident.closed"]


async def test_every_session_of_the_commune_ends_but_ones_own(db: Database, world: World) -> None:
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    away = await build.team(db, elsewhere, await build.village(db, elsewhere, code="21175001", name="Thôn Một"))
    for member in (world.member, world.leader, await build.member(db, away, "Hồ Thị Xa")):
        await build.sign_in(db, member)
    await build.sign_in(db, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    await build.sign_in(db, world.province_officer)
    state = await enter(db, IncidentsState, world.commune_officer)
    await state.save(found())
    await state.end_sessions(state.lines[0].id, "closing")
    assert (state.problem, state.ended, state.lines[0].sessions) == ("", 3, 3)
    assert await states_of(db) == {"member": ["closing", "closing", "open"], "account": ["closed", "open", "open"]}
    await state.end_sessions(state.lines[0].id, "closed")
    assert state.ended == 2
    assert (await states_of(db))["member"] == ["closed", "closed", "open"]
    await state.end_sessions(state.lines[0].id, "open")
    assert state.problem == "invalid"


async def test_another_commune_and_roles_are_refused(db: Database, world: World) -> None:
    state = await enter(db, IncidentsState, world.commune_officer)
    await state.save(found())
    number = state.lines[0].id
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await enter(db, IncidentsState, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    assert stranger.lines == []
    for handler, given in (
        ("save", [found(incident=str(number))]), ("mark", [number, "closed"]), ("end_sessions", [number, "closed"])
    ):  # fmt: skip
        await getattr(stranger, handler)(*given)
        assert stranger.problem == "forbidden"
    await stranger.save(found(commune=str(world.commune.id)))
    assert [line.unit for line in stranger.lines] == ["Trà Bồng"]
    above = await enter(db, IncidentsState, world.province_officer)
    assert len(above.lines) == 2
    await above.save(found(commune=""))
    whole = next(line for line in above.lines if not line.of_commune)
    await above.end_sessions(whole.id, "closed")
    assert above.problem == "invalid"
    head = await enter(db, IncidentsState, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    assert (head.problem, head.lines) == ("forbidden", [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"found_at": ""},
        {"found_at": "2999-01-01T10:00"},
        {"what": ""},
        {"what": "Gọi 0905 123 456"},
        {"households": "-1"},
        {"households": "99999999999"},
        {"incident": "x"},
    ],
)
async def test_nonsense_is_refused(db: Database, world: World, wrong: dict[str, Any]) -> None:
    state = await enter(db, IncidentsState, world.commune_officer)
    await state.save(found() | wrong)
    assert (state.problem, await drill.rows_of(db, Incident.__table__)) == ("invalid", [])


async def test_what_is_known_can_be_taken_away(client: httpx.AsyncClient, db: Database, world: World) -> None:
    state = await enter(db, IncidentsState, world.commune_officer)
    await state.save(found(households="12"))
    await build.enter(client, db, world.commune_officer)
    answer = await client.get(f"/api/v1/exports/incident.csv?incident={state.lines[0].id}")
    assert answer.status_code == 200
    assert "Mất một máy chưa khóa" in answer.text
    assert datetime.now(UTC).astimezone(VIETNAM).strftime("%d/%m/%Y") in answer.text
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    await build.enter(client, db, head)
    assert (await client.get(f"/api/v1/exports/incident.csv?incident={state.lines[0].id}")).status_code == 403
