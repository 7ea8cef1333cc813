"""Who is a stranger to a village sees nothing of it, wherever they ask: done-when of the desk.

Every route and every handler of every page is called by nobody, by a partner, by people of another village, by an
officer and a leader of another commune, with real ids that they might have guessed. Each is refused by name or
answers with what is the stranger's own; no answer holds a word, code, number or picture of the village.
"""

import inspect
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from reflex.state import BaseState
from sqlmodel import SQLModel

from fieldapp.api.identity import SLOT_HEADER, cookie_name
from fieldapp.db import Database
from fieldapp.jobs.send_webhooks import content_of
from fieldapp.permissions import Action, may
from fieldapp.services import webhooks
from fieldapp.states.session import DeskState
from models.account import Account, Role
from models.base import utc_now
from models.member import Member
from tests import build
from tests.conftest import ORIGIN
from tests.house.test_doors import OWN_PAGES, PUBLIC, REFLEX_OWN, ROUTES, SESSION, handlers
from tests.pages.test_desk import leads_to, open_session, states_below, tab
from tests.scope.asked import (
    ANSWER_ALL_THE_SAME,
    ANSWER_WITH_OWN,
    OF_THE_COMMUNE,
    Route,
    arguments,
    by_name,
    filled,
    requests,
    ways,
)
from tests.scope.land import COMMUNE, PHONE, VILLAGE, Land, lay

pytestmark = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
REFUSED = {"forbidden": 403, "not_found": 404}
REFUSALS = {*REFUSED, "household_unknown", "/", "/desk/percentages/"}
"""What a handler says no with, or where it leads instead; another commune's household is none that there is."""

READ_BY_PROGRAMS = {path for path in ROUTES if path[1].startswith("/api/v1/exports/")} | {("GET", "/api/v1/units")}


@pytest.fixture
async def land(db: Database) -> Land:
    return await lay(db)


def seen(content: str | bytes, marks: set[str]) -> set[str]:
    """The marks that stand in what was answered, also within a workbook."""
    if isinstance(content, bytes):
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                content = b"".join(book.read(name) for name in book.namelist())
        content = content.decode("utf-8", "replace")
    return {mark for mark in marks if mark.lower() in content.lower()}


async def ask(land: Land, token: str, slot: str, route: Route, **given: Any) -> httpx.Response:
    headers = {"Origin": ORIGIN, SLOT_HEADER: slot} | given.pop("headers", {})
    cookies = {cookie_name(slot): token} if token else {}
    transport = httpx.ASGITransport(land.api)
    method, path = route
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers, cookies=cookies) as client:
        return await client.request(method, filled(path, land, given.pop("way", {})), **given)


def code_of(answer: httpx.Response) -> str:
    if answer.request.method == "HEAD" or answer.status_code < 400:
        return ""
    return answer.json()["problem"]["code"]


async def test_every_route_and_every_handler_is_asked(land: Land) -> None:
    assert requests(land, None).keys() == ROUTES.keys()
    rows, known = arguments(land), by_name(land)
    lacking = {name: given - known.keys() - set(rows.get(name, ())) for name, given in signatures()}
    assert not {name: given for name, given in lacking.items() if given}, "a row of tests/scope/asked.py is missing"
    assert rows.keys() | ANSWER_ALL_THE_SAME <= lacking.keys() == handlers().keys()
    assert ROUTES.keys() >= ANSWER_WITH_OWN | OF_THE_COMMUNE


def signatures() -> Iterator[tuple[str, set[str]]]:
    for page in states_below(DeskState):
        for name, handler in page.event_handlers.items():
            if name not in REFLEX_OWN:
                yield f"{page.__name__}.{name}", set(inspect.signature(handler.fn).parameters) - {"self"}


async def test_strangers_are_refused_at_every_route(db: Database, land: Land) -> None:
    wrong: list[Any] = []
    before = await held(db, land)
    for stranger in land.strangers:
        principal = await build.principal(db, stranger.who)
        asked = requests(land, stranger.who if isinstance(stranger.who, Member) else None)
        for route, needs in ROUTES.items():
            token = await build.sign_in(db, stranger.who)
            for way in ways(land, route):
                answer = await ask(land, token, stranger.slot, route, **asked[route], way=way)
                if leaked := seen(answer.content + str(answer.headers).encode(), stranger.marks):
                    wrong.append((stranger.name, route, answer.status_code, leaked))
                if needs in (PUBLIC, OWN_PAGES, SESSION):
                    continue
                named = code_of(answer) in REFUSED or route[0] == "HEAD"
                refused = named and answer.status_code in REFUSED.values()
                own = may(principal, Action(needs)) and route in ANSWER_WITH_OWN
                near = VILLAGE in stranger.marks and COMMUNE not in stranger.marks and route in OF_THE_COMMUNE
                if not refused and not own and not near:
                    wrong.append((stranger.name, route, answer.status_code, answer.text[:200]))
                if route[1].endswith("/sync/push") and answer.status_code == 200:
                    taken = [one for one in answer.json()["results"] if one["result"] in ("created", "identical")]
                    wrong += [(stranger.name, "push", one) for one in taken]
    assert not wrong, "\n".join(map(str, wrong))
    assert await held(db, land) == before, "nothing of the village was changed"


async def test_every_role_is_refused_where_the_permission_table_says(db: Database, land: Land) -> None:
    """Also those of the village's own commune, and of the province."""
    people: list[Member | Account] = [land.leader]
    for role in (Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER, Role.PROVINCE_OFFICER, Role.PARTNER, Role.ADMIN):
        unit = land.commune if "commune" in role else land.province
        people.append(await build.account(db, unit, role, username=f"own.{role}"))
    wrong = []
    for who in people:
        principal = await build.principal(db, who)
        for route, needs in ROUTES.items():
            if needs in (PUBLIC, OWN_PAGES, SESSION) or may(principal, Action(needs)):
                continue
            slot = "desk" if isinstance(who, Account) else "p0"
            answer = await ask(land, await build.sign_in(db, who), slot, route, **requests(land, None)[route])
            # A thing that is not there for this person answers as if it were not there at all.
            if answer.status_code not in REFUSED.values():
                wrong.append((principal.role, route, answer.status_code, answer.text[:200]))
    assert not wrong, "\n".join(map(str, wrong))


async def test_nobody_passes_without_a_session(db: Database, land: Land) -> None:
    wrong = []
    for route, needs in ROUTES.items():
        for token in ("", "guessed"):
            answer = await ask(land, token, "desk", route, **requests(land, None)[route])
            named = answer.status_code == 401 and code_of(answer) in ("not_signed_in", "")
            if seen(answer.content, land.marks) or not (named or needs in (PUBLIC, OWN_PAGES)):
                wrong.append((route, answer.status_code, answer.text[:200]))
    assert not wrong, "\n".join(map(str, wrong))


def words_of(state: BaseState, *returned: Any) -> str:
    """All that the browser is sent: every variable that the tab's states hold, and what the handler gave back."""
    root = state
    while root.parent_state is not None:
        root = root.parent_state
    return f"{state.dict()} {root.get_delta()} {returned}"


async def test_strangers_are_refused_by_every_handler(db: Database, land: Land) -> None:
    wrong: list[Any] = []
    before, rows, known = await held(db, land), arguments(land), by_name(land)
    for stranger in land.strangers:
        principal = await build.principal(db, stranger.who)
        session_id = principal.session_id
        for page in states_below(DeskState):
            for name, handler in page.event_handlers.items():
                if name in REFLEX_OWN:
                    continue
                full, action = f"{page.__name__}.{name}", handler.fn.action
                names = set(inspect.signature(handler.fn).parameters) - {"self"}
                given = {one: rows.get(full, {}).get(one, known.get(one)) for one in names}
                state, allowed = tab(page, session_id), may(principal, action) and isinstance(stranger.who, Account)
                if allowed and name != "load":
                    await state.load()
                returned = await getattr(state, name)(**given)
                if leaked := seen(words_of(state, returned), stranger.marks):
                    wrong.append((stranger.name, full, leaked))
                problem = _problem(state, returned)
                foreign = any(str(value) in str(given) for value in guessed(land)) and full not in ANSWER_ALL_THE_SAME
                expected = foreign or not allowed
                if expected and problem not in REFUSALS:
                    wrong.append((stranger.name, full, problem))
    assert not wrong, "\n".join(map(str, wrong))
    assert await held(db, land) == before, "nothing of the village was changed"


def guessed(land: Land) -> set[str]:
    """Ids that cannot be anything else."""
    return {str(value) for value in land.ids.values()} - {"0"}


def _problem(state: DeskState, returned: Any) -> str:
    """What a handler said no with: the problem's code, or where it led instead."""
    if state.problem or returned is None:
        return state.problem
    return leads_to(returned) if "redirect" in str(returned) else ""


@pytest.mark.parametrize("cookie", ["", "no-uuid", str(uuid4())], ids=["none", "no-uuid", "unknown"])
async def test_nobody_at_the_desk_is_led_to_the_front_door(db: Database, cookie: str) -> None:
    for page in states_below(DeskState):
        for name in page.event_handlers.keys() - REFLEX_OWN:
            assert leads_to(await getattr(tab(page, cookie), name)()) == "/", (page, name)


async def test_the_village_itself_sees_what_strangers_do_not(db: Database, land: Land) -> None:
    """What was looked for is there to be seen: else the tests above could not fail."""
    token, found = await build.sign_in(db, land.officer), set()
    session_id = await open_session(db, land.officer)
    for page in states_below(DeskState):
        if "load" in page.event_handlers:
            state = tab(page, session_id)
            await state.load()
            found |= seen(words_of(state), land.marks)
    assert {VILLAGE, COMMUNE, PHONE} <= found
    for route, given in requests(land, None).items():
        if route in {r for r in ROUTES if "photos" in r[1] or "exports" in r[1]} and route[0] == "GET":
            for way in ways(land, route):
                answer = await ask(land, token, "desk", route, **given, way=way)
                assert answer.status_code == 200, answer.text
                assert seen(answer.content, land.marks), (route, way)


async def test_a_token_opens_what_programs_read_and_only_as_far_as_its_owner_may(db: Database, land: Land) -> None:
    """A token of the village's own officer, whose role and place change while it is out there."""
    wrong: list[Any] = []
    bearer = {"authorization": f"Bearer {land.token}"}

    async def answers(*codes: str) -> None:
        for route, given in requests(land, None).items():
            if ROUTES[route] in (PUBLIC, OWN_PAGES):
                continue
            answer = await ask(land, "", "desk", route, **{**given, "headers": given.get("headers", {}) | bearer})
            expected = codes if route in READ_BY_PROGRAMS else ("not_signed_in",)
            told = code_of(answer) or ("" if answer.status_code < 400 else "not_signed_in")
            if told not in expected or ("" not in codes and seen(answer.content, land.marks)):
                wrong.append((route, answer.status_code, answer.text[:120], codes))

    async def become(role: Role, unit: int) -> None:
        async with db.write() as session:
            row = await session.get_one(Account, land.officer.id)
            row.role, row.unit_id, row.full_name = role, unit, "Người lạ"

    assert land.province.id
    assert land.elsewhere.id
    await answers("", "forbidden")
    await become(Role.PARTNER, land.province.id)
    await answers("forbidden")
    await become(Role.PROVINCE_OFFICER, land.province.id)
    visits = await ask(land, "", "desk", ("GET", "/api/v1/exports/visits.{kind}"), headers=bearer)
    assert (visits.status_code, code_of(visits)) == (403, "forbidden")
    await become(Role.COMMUNE_OFFICER, land.elsewhere.id)
    summary = ("GET", "/api/v1/exports/summary.{kind}")
    for route in (*READ_BY_PROGRAMS,):
        answer = await ask(land, "", "desk", route, **requests(land, None)[route], headers=bearer)
        assert not seen(answer.content, land.marks), route
        assert route != summary or code_of(answer) == "forbidden"
    assert not wrong, "\n".join(map(str, wrong))


async def test_other_systems_are_told_of_no_person_and_no_household(db: Database, land: Land) -> None:
    """The commune's webhook and the province's: what happened to which record in which unit, and nothing of it."""
    async with db.write() as session:
        assert await webhooks.note_events(session, utc_now()) > 4
        due = await webhooks.list_due(session, utc_now(), 1000)
    named = {land.village.name, land.commune.name}
    for one in due:
        told = json.loads(content_of(one))
        for name in named:
            told = json.loads(json.dumps(told, ensure_ascii=False).replace(name, ""))
        assert not seen(json.dumps(told, ensure_ascii=False), land.marks), told


async def held(db: Database, land: Land) -> set[str]:
    """Every row that says one of the marks, but what only tells who looked."""
    rows = set()
    async with db.read() as session:
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in ("audit_event", "session"):
                rows |= {f"{table.name} {tuple(row)}" for row in await session.execute(table.select())}
    return {row for row in rows if seen(row, land.marks)}
