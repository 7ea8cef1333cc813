"""Every state handler called over a real socket with what no page of ours would send, by those who may not.

Nobody hears of an exception, of a household of another commune, or of a session; and the server still serves.
"""

import asyncio
import inspect
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from simple_websocket import ConnectionClosed, ConnectionError

from fieldapp.api.identity import cookie_name
from fieldapp.config import ROOT
from fieldapp.db import Database, use_database
from models.account import Role
from tests import build
from tests.e2e.stage import free_port
from tests.fuzz.socket_client import Page
from tests.house.test_doors import REFLEX_OWN, states

PROGRAM = "from fieldapp.cli.serve import server; server('fieldapp.worker:app').serve()"
LEAKS = re.compile(
    r"Traceback|site-packages|\.py\b|sqlalchemy|ValidationError|TypeError|KeyError|Exception:|/work/|/usr/lib"
)
SECRET = "Mỏ Cày Bí Mật"
HUGE = "a" * 50_000
JUNK = (None, 2**70, HUGE, [], {"first": "x"}, "\x00", "../../etc/passwd")


@dataclass
class Stage:
    port: int
    cookies: dict[str, str]
    known: dict[str, Any]
    log: Path


async def _prepare(file: Path) -> tuple[dict[str, str], dict[str, Any]]:
    db = Database(f"sqlite+aiosqlite:///{file}")
    use_database(db)
    world = await build.world(db)
    home = await build.household(db, world.village, "77", head_name=SECRET)
    visit = build.visit(world.member, home, note=SECRET)
    await build.send(db, world.member, visit)
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    stranger = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    partner = await build.account(db, world.province, Role.PARTNER)
    cookies = {"forger": f"session={visit['id']}; toso-desk=guess"}
    for name, who in (("stranger", stranger), ("partner", partner), ("officer", world.commune_officer)):
        cookies[name] = f"{cookie_name('desk')}={await build.sign_in(db, who)}"
    known: dict[str, Any] = {"unit_id": world.commune.id, "visit_id": visit["id"], "commune": world.commune.id}
    known["form"] = {"village": str(world.village.id), "query": "77"}
    use_database(None)
    await db.close()
    return cookies, known


@pytest.fixture(scope="module")
def stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("handlers")
    file = Path(shutil.copy(sqlite_template, folder / "fieldapp.sqlite3"))
    cookies, known = asyncio.run(_prepare(file))
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FIELDAPP_")} | {
        "FIELDAPP_PORT": str(port),
        "FIELDAPP_DATA_DIR": str(folder),
        "FIELDAPP_MODE": "demo",
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_SKIP_COMPILE": "true",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        while not _serves(port):
            assert process.poll() is None, (folder / "log").read_text()
        yield Stage(port, cookies, known, folder / "log")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _serves(port: int) -> bool:
    try:
        return httpx.get(f"http://localhost:{port}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def _handlers() -> dict[str, list[str]]:
    """The arguments of every handler of every state, Reflex's own among them, by its full name."""
    ours = {
        f"{state.get_full_name()}.{name}": [n for n in inspect.signature(handler.fn).parameters if n != "self"]
        for state in states()
        for name, handler in state.event_handlers.items()
    }
    assert any(name.endswith("open_visit") for name in ours)
    return ours | {f"reflex___state____state.{name}": ["vars", "var_name", "value"] for name in REFLEX_OWN}


def _payloads(arguments: list[str], known: dict[str, Any]) -> Iterator[Any]:
    yield from ({}, None, [], "x", {"": ""}, {"who": {"role": "admin"}}, {"_": HUGE}, {"self": 1, "__class__": "x"})
    for name in arguments:
        yield {name: known.get(name, 1)}
        yield from ({name: junk} for junk in JUNK)
    yield {name: known.get(name, 1) for name in arguments}


def _check(said: str) -> None:
    assert not LEAKS.search(said), LEAKS.search(said)
    assert SECRET not in said
    assert SECRET.encode("ascii", "backslashreplace").decode() not in said


@pytest.mark.parametrize("who", ["forger", "partner", "stranger"])
def test_handlers_give_nothing_away(stage: Stage, who: str) -> None:
    page = Page(stage.port, stage.cookies[who])
    for name, arguments in _handlers().items():
        for payload in _payloads(arguments, stage.known):
            try:
                page.say(name, payload)
            except ConnectionClosed:
                page = Page(stage.port, stage.cookies[who])
    _check(page.heard())
    page.close()
    assert httpx.get(f"http://localhost:{stage.port}/readyz").status_code == 200


def test_what_stands_around_an_event_is_not_believed(stage: Stage) -> None:
    page = Page(stage.port, stage.cookies["stranger"])
    visits = next(name for name in _handlers() if name.endswith("visits_state.load"))
    forged = {"headers": {"cookie": stage.cookies["officer"]}, "ip": "1", "session_id": "x", "sid": "x"}
    arounds: list[dict[str, Any]] = [
        {"router_data": forged},
        {"router_data": 7},
        {"token": HUGE},
        {"name": HUGE},
        {"name": 7},
        {"name": ".."},
        {"client_state": {"role": "admin"}},
        {"substate_token": "x"},
    ]
    for around in arounds:
        try:
            page.say(visits, {}, around)
        except ConnectionClosed:
            page = Page(stage.port, stage.cookies["stranger"])
    for raw in (
        "42/_event,[]",
        '42/_event,["event"]',
        '42/_event,["event", 7]',
        '42/_event,["client_error", {}]',
        "51-",
        "9",
    ):
        try:
            page.line.send(raw)
        except ConnectionClosed:
            page = Page(stage.port, stage.cookies["stranger"])
    _check(page.heard())
    page.close()


def test_a_page_does_not_step_into_the_state_of_another(stage: Stage) -> None:
    """Whoever knows the routing token of an officer's tab, and has no session, sees nothing of what that tab holds."""
    officer = Page(stage.port, stage.cookies["officer"])
    visits = next(name for name in _handlers() if name.endswith("visits_state.load"))
    officer.say(visits, {})
    shown = officer.heard()
    assert SECRET in shown or SECRET.encode("ascii", "backslashreplace").decode() in shown
    for gone in (False, True):
        if gone:
            officer.close()
        thief = Page(stage.port, token=officer.token)
        thief.say("reflex___state____state.hydrate", {})
        thief.say(visits, {})
        _check(thief.heard())
        thief.close()


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_site_gets_no_socket(stage: Stage, origin: str) -> None:
    with pytest.raises((ConnectionClosed, ConnectionError)):
        Page(stage.port, stage.cookies["officer"], origin=origin)
