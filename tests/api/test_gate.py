"""What a request must be before anybody reads it: method, path, headers, size; and whose address is believed."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from fieldapp.api.app import create_api
from fieldapp.api.edge import Edge
from fieldapp.api.gate import MAX_BODY, MAX_MESSAGE, Gate
from fieldapp.config import settings
from fieldapp.db import Database
from tests import build
from tests.conftest import ORIGIN

pytestmark = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
API = "/api/v1"


@pytest.fixture
async def browser(db: Database) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Edge(Gate(create_api())))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN}) as client:
        yield client


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["problem"]["code"]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PROPFIND", "X" * 500])
async def test_only_methods_that_something_answers_to_come_in(browser: httpx.AsyncClient, method: str) -> None:
    assert refusal(await browser.request(method, f"{API}/sync/pull")) == (405, "method_unknown")


async def test_what_the_framework_refuses_has_the_shape_of_a_problem(browser: httpx.AsyncClient) -> None:
    assert refusal(await browser.get(f"{API}/nowhere")) == (404, "not_found")
    answer = await browser.post(f"{API}/sync/pull")
    assert (refusal(answer), answer.headers["allow"]) == ((405, "method_unknown"), "GET")
    assert refusal(await browser.post(f"{API}/session", content=b"\xff\xfe{")) == (422, "invalid")
    assert (await browser.options(f"{API}/session")).status_code == 405
    assert (await browser.head("/healthz")).status_code == 405


@pytest.mark.parametrize("path", ["/" + "a" * 1001, "/%00", "/a%0d%0aSet-Cookie:x=1", "/..%5c..%5cetc", "/h/%1b[2J"])
async def test_absurd_paths_are_refused(browser: httpx.AsyncClient, path: str) -> None:
    assert refusal(await browser.get(path)) == (400, "malformed")


async def test_heads_are_bounded(browser: httpx.AsyncClient) -> None:
    assert refusal(await browser.get(f"/healthz?{'a' * 8001}")) == (400, "malformed")
    assert refusal(await browser.get("/healthz", headers={"x-filler": "a" * 33_000})) == (400, "malformed")
    many = [(f"x-{number}", "a" * 100) for number in range(400)]
    assert refusal(await browser.get("/healthz", headers=many)) == (400, "malformed")


@pytest.mark.parametrize("name", ["origin", "x-slot", "content-type", "content-length", "upload-offset"])
async def test_a_header_that_decides_something_stands_once(browser: httpx.AsyncClient, name: str) -> None:
    answer = await browser.get("/healthz", headers=[(name, "0"), (name.title(), "1")])
    assert (refusal(answer), answer.json()["problem"]["field"]) == ((400, "malformed"), name)


@pytest.mark.parametrize("kind", ["gzip", "br", "deflate, gzip", "GZIP"])
async def test_compressed_bodies_are_not_unpacked(browser: httpx.AsyncClient, kind: str) -> None:
    answer = await browser.post(f"{API}/session", content=b"\x1f\x8b" + b"0" * 99, headers={"content-encoding": kind})
    assert refusal(answer) == (415, "encoded_body")


BODIES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "parts": "multipart/form-data; boundary=x",
}


@pytest.mark.parametrize("kind", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("path", [f"{API}/session", f"{API}/enrolments/join", "/_upload", "/_event/", "/", "/healthz"])
@pytest.mark.parametrize("told", [True, False], ids=["with a length", "without a length"])
async def test_no_body_is_larger_than_its_place_takes(db: Database, kind: str, path: str, told: bool) -> None:
    taken = 0

    async def reader(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal taken
        while (message := await receive())["type"] == "http.request":
            taken += len(message["body"])
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"all of it"})

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(80):
            yield b"x" * 1000

    async with httpx.AsyncClient(transport=httpx.ASGITransport(Gate(reader)), base_url=ORIGIN) as client:
        body = b"x" * 80_000 if told else pieces()
        answer = await client.post(path, content=body, headers={"content-type": kind})
    assert (refusal(answer), answer.json()["problem"]["params"]) == ((413, "too_large"), {"most": MAX_BODY})
    assert taken <= MAX_BODY


async def test_a_push_has_a_limit_of_its_own_and_a_photo_too(browser: httpx.AsyncClient, db: Database) -> None:
    world = await build.world(db)
    await build.enter(browser, db, world.member)
    push = build.push_body(*[build.visit(world.member, world.households[0], note="x" * 400) for _ in range(100)])
    assert (await browser.post(f"{API}/sync/push", json=push)).status_code == 200
    assert refusal(await browser.post(f"{API}/sync/push", content=b" " * 1_000_001)) == (413, "too_large")
    photo = f"{API}/visits/{push['records'][0]['id']}/photos/{'a' * 64}"
    answer = await browser.patch(photo, content=b" " * 2_100_000, headers={"upload-offset": "0"})
    assert refusal(answer) == (413, "too_large")


async def test_a_message_that_no_page_sends_closes_its_socket(db: Database) -> None:
    heard: list[Message] = []
    sent: list[Message] = []
    messages: list[Any] = [
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": "x" * MAX_MESSAGE},
        {"type": "websocket.receive", "bytes": b"x" * (MAX_MESSAGE + 1)},
    ]

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        while not heard or heard[-1]["type"] != "websocket.disconnect":
            heard.append(await receive())

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    await Gate(inner)({"type": "websocket", "path": "/_event/", "headers": []}, receive, send)
    assert [message["type"] for message in heard] == ["websocket.connect", "websocket.receive", "websocket.disconnect"]
    assert sent == [{"type": "websocket.close", "code": 1009}]


CALLERS = [
    ("", "203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ("10.0.0.1", "203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ("10.0.0.1", "10.0.0.1", "198.51.100.1", "198.51.100.1"),
    ("10.0.0.0/8, ::1", "10.3.2.1", "6.6.6.6, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
    ("10.0.0.1", "10.0.0.1", "6.6.6.6, 10.9.9.9", "10.9.9.9"),
    ("10.0.0.1, 10.0.0.2", "10.0.0.2", "198.51.100.1, 10.0.0.1", "198.51.100.1"),
    (" 10.0.0.9/24 ,", "10.0.0.2", "198.51.100.1", "198.51.100.1"),
    ("10.0.0.0/8", "::ffff:10.0.0.2", "198.51.100.1, ::ffff:10.0.0.1", "198.51.100.1"),
]


@pytest.mark.parametrize(("proxies", "peer", "told", "seen"), CALLERS)
async def test_only_a_proxy_of_ours_is_believed_about_the_caller(
    db: Database, monkeypatch: pytest.MonkeyPatch, proxies: str, peer: str, told: str, seen: str
) -> None:
    monkeypatch.setenv("FIELDAPP_PROXIES", proxies)
    settings.cache_clear()
    callers: list[Any] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        callers.append(scope["client"][0])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    transport = httpx.ASGITransport(Gate(inner), client=(peer, 1))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        await client.get("/", headers={"x-forwarded-for": told, "forwarded": "for=6.6.6.6", "x-real-ip": "6.6.6.6"})
    assert callers == [seen]
