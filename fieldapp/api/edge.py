"""The outermost layer: request id and log line, headers of every answer, and the cookie kept from Reflex.

Reflex stores what it knows of a connection. So a session cookie never reaches it: the id of the session, which
opens nothing, stands in its place. A socket is let in from our own pages only.
"""

import time
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

import structlog
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils.compat import uuid7

from fieldapp.api.browser_page import led_there
from fieldapp.api.identity import DESK, cookie_name, same_origin
from fieldapp.api.policy import policy
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.services.sessions import find_by_token

log = structlog.get_logger("http")
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": b"camera=(self), geolocation=(self), microphone=(), payment=()",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
SECRETS = ("/h/", "/api/v1/calendar/", "/api/v1/partners/")
"""Paths that end in a secret."""

IMMUTABLE = b"public, max-age=31536000, immutable"


class Edge:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not same_origin(_headers(scope)):
            await receive()
            await send({"type": "websocket.close", "code": 4403})
            return
        await self.app(await _without_cookie(scope), receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, request_id, status = time.perf_counter(), uuid7().hex, 500
        path = scope["path"]

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _answer_headers(message["headers"], path, status, request_id)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            inner = await _without_cookie(scope) if path.startswith("/_event") else led_there(scope, _headers(scope))
            try:
                await self.app(inner, receive, answer)
            except Exception as error:
                # The API has answered 500 by now; what went wrong is for the log alone.
                log.error("unexpected", error=type(error).__name__, path=_safe(path), exc_info=error)
            finally:
                spent = round((time.perf_counter() - started) * 1000, 1)
                if path.startswith("/api/") or status >= 400:
                    log.info("request", method=scope["method"], path=_safe(path), status=status, ms=spent)


def _headers(scope: Scope) -> dict[str, str]:
    return {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}


def _safe(path: str) -> str:
    """A path for the log: a card's code and other secrets are not written down."""
    before = next((one for one in SECRETS if path.lower().startswith(one)), "")
    return path[: len(before)] + "…" if before else path


async def _without_cookie(scope: Scope) -> Scope:
    """The same scope with the session's id in place of all cookies, and a token that works with this session alone.

    Reflex keeps a tab's state behind the token that the tab names, and gives all of it to whoever names it.
    """
    token = HTTPConnection(scope).cookies.get(cookie_name(DESK))
    kept, session_id = [(k, v) for k, v in scope["headers"] if k != b"cookie"], ""
    if token:
        async with database().read() as db:
            row = await find_by_token(db, token)
        if row is not None:
            session_id = str(row.id)
            kept.append((b"cookie", f"session={session_id}".encode()))
    return {**scope, "headers": kept, "query_string": _tied(scope.get("query_string", b""), session_id)}


def _tied(query: bytes, session_id: str) -> bytes:
    """The query of a socket, its `token` mixed with the session."""
    parts = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    mixed = [(k, sha256(f"{v}:{session_id}".encode()).hexdigest()[:32] if k == "token" else v) for k, v in parts]
    return urlencode(mixed).encode()


def _answer_headers(headers: list, path: str, status: int, request_id: str) -> list:
    names = {k.lower() for k, _ in headers}
    added = [(k, v) for k, v in HEADERS.items() if k not in names]
    if b"content-security-policy" not in names:
        added.append((b"content-security-policy", policy(path).encode()))
    if settings().secure:
        added.append((b"strict-transport-security", b"max-age=31536000"))
    if b"cache-control" not in names:
        hashed = path.startswith("/assets/") and status == 200
        added.append((b"cache-control", IMMUTABLE if hashed else b"no-cache"))
    return [*headers, *added, (b"x-request-id", request_id.encode())]
