"""The outermost layer: headers of every answer, foreign sockets, and the cookie that Reflex never sees."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from starlette.types import Message, Receive, Scope, Send

from fieldapp.api import policy as policies
from fieldapp.api.edge import Edge
from fieldapp.api.identity import cookie_name
from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.services.sessions import find_by_token
from tests import build
from tests.build import World
from tests.conftest import ORIGIN

pytestmark = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)


class Inner:
    """What stands behind the edge: remembers what reached it, and answers."""

    def __init__(self, *headers: tuple[bytes, bytes], status: int = 200) -> None:
        self.scopes: list[Scope] = []
        self.answer: Message = {"type": "http.response.start", "status": status, "headers": list(headers)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        if scope["type"] == "http":
            await send(self.answer)
            await send({"type": "http.response.body", "body": b""})
        elif scope["type"] == "websocket":
            await send({"type": "websocket.accept"})

    @property
    def cookies(self) -> list[bytes]:
        """The cookies that came through."""
        return [value for scope in self.scopes for name, value in scope["headers"] if name == b"cookie"]


async def call(inner: Inner, path: str, kind: str = "http", **headers: str) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect" if kind == "websocket" else "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    lines = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {"type": kind, "method": "GET", "path": path, "headers": lines}
    await Edge(inner)(scope, receive, send)
    return sent


async def headers_of(path: str, *given: tuple[bytes, bytes], status: int = 200) -> dict[str, str]:
    [start, _] = await call(Inner(*given, status=status), path, host="localhost:8000")
    return {name.decode(): value.decode() for name, value in start["headers"]}


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


KINDS = [
    "/",
    "/m/",
    "/m/index.html",
    "/desk/",
    "/api/v1/sync/pull",
    "/api/v1/exports/visits.csv",
    "/assets/app-1.js",
    "/sw.js",
    "/nowhere",
]


@pytest.mark.parametrize("path", KINDS)
async def test_every_answer_carries_the_same_guards(db: Database, path: str) -> None:
    for status in (200, 404, 500):
        headers = await headers_of(path, status=status)
        for rule in ("default-src '", "frame-ancestors 'none'", "base-uri 'none'"):
            assert rule in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=(self)" in headers["permissions-policy"]
        assert len(headers["x-request-id"]) == 32


async def test_pages_run_the_scripts_that_were_built_into_them_and_no_other(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, script in (("", "one()"), ("m", "one()"), ("desk", "two()")):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "index.html").write_text(f"<script>{script}</script><script src='/a.js'></script>", "utf-8")
    monkeypatch.setattr(policies, "SITE", tmp_path)
    forget = (policies._page.cache_clear, policies._names.cache_clear)
    try:
        for clear in forget:
            clear()
        found = {path: (await headers_of(path))["content-security-policy"] for path in KINDS}
    finally:
        for clear in forget:
            clear()
    one = "'sha256-HR7iaask9daLMRRskMI++QeJtjWDOjyPA6lGzYGzKW4='"
    assert [one in found[path] for path in ("/", "/m/", "/m/index.html", "/desk/")] == [True, True, True, False]
    assert not any("'unsafe-inline'" in found[path] for path in ("/", "/m/", "/desk/", "/assets/app-1.js", "/sw.js"))
    assert " 'unsafe-eval'" not in found["/m/"] + found["/assets/app-1.js"] + found["/sw.js"]
    assert max(len(found[path]) for path in ("/assets/app-1.js", "/sw.js")) < 400
    assert found["/api/v1/sync/pull"].startswith("default-src 'none'")


async def test_what_an_answer_says_for_itself_stands(db: Database) -> None:
    headers = await headers_of("/h/X", (b"content-security-policy", b"default-src 'none'"))
    assert headers["content-security-policy"] == "default-src 'none'"


async def test_only_files_named_by_their_content_are_kept_for_ever(db: Database) -> None:
    kept = {
        path: (await headers_of(path, status=status))["cache-control"]
        for path, status in (("/assets/app-1.js", 200), ("/assets/gone.js", 404), ("/m/", 200), ("/sw.js", 200))
    }
    assert "immutable" in kept.pop("/assets/app-1.js")
    assert set(kept.values()) == {"no-cache"}


async def test_over_https_browsers_are_told_to_stay_there(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "strict-transport-security" not in await headers_of("/")
    monkeypatch.setenv("FIELDAPP_PUBLIC_ORIGIN", "https://toso.example.vn")
    settings.cache_clear()
    assert "strict-transport-security" in await headers_of("/")


@pytest.mark.parametrize("kind", ["websocket", "http"])
async def test_the_cookie_never_reaches_reflex(db: Database, world: World, kind: str) -> None:
    """Reflex keeps what it knows of a connection; in place of the cookie it gets an id that opens nothing."""
    token = await build.sign_in(db, world.commune_officer)
    cookie = f"{cookie_name('desk')}={token}; other=1"
    inner = Inner()
    await call(inner, "/_event/", kind, host="localhost:8000", origin=ORIGIN, cookie=cookie)
    [seen] = inner.cookies
    assert token.encode() not in seen
    name, _, value = seen.decode().partition("=")
    async with db.read() as session:
        row = await find_by_token(session, token)
    assert row is not None
    assert (name, UUID(value)) == ("session", row.id)
    assert token not in str(inner.scopes)


async def test_an_odd_cookie_beside_it_does_not_hide_the_session(db: Database, world: World) -> None:
    token = await build.sign_in(db, world.commune_officer)
    inner = Inner()
    cookie = f'odd[1]={{"a": 1}}; =; ü=1; {cookie_name("desk")}={token}; a b=c'
    await call(inner, "/_event/", "websocket", host="localhost:8000", origin=ORIGIN, cookie=cookie)
    assert len(inner.cookies) == 1


@pytest.mark.parametrize(
    "cookie", ["session=0190b5a0-0000-7000-8000-000000000001", "toso-desk=guess", "toso-p0=x", "toso-desk=\xff; ;="]
)
async def test_a_visitor_cannot_bring_a_session_of_their_own_making(db: Database, world: World, cookie: str) -> None:
    inner = Inner()
    await call(inner, "/_event/", "websocket", host="localhost:8000", origin=ORIGIN, cookie=cookie)
    assert len(inner.scopes) == 1
    assert inner.cookies == []


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:8001", "null", ""])
async def test_a_socket_from_another_site_is_closed_before_reflex_hears_of_it(db: Database, origin: str) -> None:
    inner = Inner()
    sent = await call(inner, "/_event/", "websocket", host="localhost:8000", origin=origin)
    assert [(message["type"], message["code"]) for message in sent] == [("websocket.close", 4403)]
    assert inner.scopes == []
    assert [m["type"] for m in await call(inner, "/_event/", "websocket", host="localhost:8000")] == ["websocket.close"]


async def test_the_api_still_gets_its_cookie(db: Database) -> None:
    inner = Inner()
    await call(inner, "/api/v1/sync/pull", host="localhost:8000", cookie="toso-p0=secret")
    assert inner.cookies == [b"toso-p0=secret"]


async def test_what_is_neither_request_nor_socket_passes(db: Database) -> None:
    inner = Inner()
    await call(inner, "", "lifespan")
    assert [scope["type"] for scope in inner.scopes] == ["lifespan"]
