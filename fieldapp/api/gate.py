"""What a request must be before anybody reads it: of a known method and a sane shape, not too large, not too slow.

Stands inside the edge, which writes headers and log, and before Reflex and the API alike. Here the address of a
caller behind a trusted proxy is worked out as well.
"""

import asyncio
import time
from collections import Counter
from typing import Any

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fieldapp.config import settings
from fieldapp.domain.decision_form import MAX_FORM_BYTES as MAX_DECISION_BYTES
from fieldapp.domain.docx_file import MAX_FORM_BYTES as MAX_TEMPLATE_FORM_BYTES
from fieldapp.domain.material import MAX_FORM_BYTES as MAX_MATERIAL_BYTES
from fieldapp.domain.narration import MAX_FORM_BYTES
from fieldapp.domain.rescue_file import MAX_FILE_BYTES
from fieldapp.domain.sheet import MAX_FORM_BYTES as MAX_LIST_BYTES
from fieldapp.domain.visit import MAX_PHOTO_BYTES
from fieldapp.integrations.phone_box import BOX_BYTES
from fieldapp.problems import Problem
from fieldapp.services.audit import acting_from

METHODS = {"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"}
MAX_PATH, MAX_QUERY, MAX_HEADERS, MAX_MESSAGE = 1_000, 8_000, 32_000, 64_000
MAX_BODY = 64_000
"""Bytes of a body that no line of `_most` speaks of."""

LARGE = {
    "/api/v1/rescues": MAX_FILE_BYTES,
    "/api/v1/narrations": MAX_FORM_BYTES,
    "/api/v1/imports": MAX_LIST_BYTES,
    "/api/v1/decisions": MAX_DECISION_BYTES,
    "/api/v1/materials": MAX_MATERIAL_BYTES,
    "/api/v1/papers/templates": MAX_TEMPLATE_FORM_BYTES,
}
"""Paths whose bodies are files or bring one."""

ONCE = {b"host", b"origin", b"content-length", b"content-type", b"transfer-encoding", b"x-slot", b"upload-offset"}
"""Headers that two readers could read differently where they stand twice."""

TOO_BIG = 1009
LET_GO_SECONDS = 0.05
WHOLE_BODY = 10
"""How many times the longest silence a whole body may take."""


class Gate:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        proxies = settings().trusted_proxies
        self._entry = wrap_asgi_with_proxy_headers(self._pass, proxies) if proxies else self._pass

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._entry(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            with acting_from((scope.get("client") or ("",))[0]):
                await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.app(scope, _Messages(receive, send), send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        if problem := refused(scope):
            await _answer(problem)(scope, receive, send)
            return
        body, replaced = _Body(receive, _most(scope)), False

        async def answer(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and body.problem:
                replaced = True
                await _answer(body.problem)(scope, receive, send)
            elif not replaced:
                await send(message)

        await self.app(scope, body, answer)


def refused(scope: Scope) -> Problem | None:
    """Why a request is not let in, by its head alone."""
    headers = scope["headers"]
    if scope["method"] not in METHODS:
        return Problem("method_unknown")
    if len(scope["path"]) > MAX_PATH or not scope["path"].isprintable() or "\\" in scope["path"]:
        return Problem("malformed", "path")
    if len(scope.get("query_string", b"")) > MAX_QUERY:
        return Problem("malformed", "query")
    if sum(len(name) + len(value) for name, value in headers) > MAX_HEADERS:
        return Problem("malformed", "headers")
    names = Counter(name.lower() for name, _ in headers)
    if repeated := next((name for name in names if name in ONCE and names[name] > 1), None):
        return Problem("malformed", repeated.decode())
    given = {name.lower(): value for name, value in headers}
    if given.get(b"content-encoding", b"identity").lower() != b"identity":
        return Problem("encoded_body")
    length = given.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > 15:
        return Problem("malformed", "content-length")
    return Problem("too_large", most=_most(scope)) if int(length) > _most(scope) else None


def _most(scope: Scope) -> int:
    """How many bytes the body of this request may have."""
    path = scope["path"]
    if path == "/api/v1/sync/push":
        return settings().push_max_bytes
    if path in LARGE:
        return LARGE[path]
    if scope["method"] == "PATCH" and "/photos/" in path:
        return MAX_PHOTO_BYTES + BOX_BYTES
    return MAX_BODY


def _answer(problem: Problem) -> JSONResponse:
    return JSONResponse({"problem": problem.to_dict()}, problem.status, {"connection": "close"})


class _Body:
    """Reads a body for those behind the gate. What is too large or too slow ends for them as if the caller had gone,
    and `problem` says what to answer."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most = receive, most
        self._read, self._whole, self._began = 0, False, time.monotonic()
        self.problem: Problem | None = None

    async def __call__(self) -> Message:
        if self.problem:
            return {"type": "http.disconnect"}
        if self._whole:
            return await self._receive()
        wait = settings().body_wait_seconds
        left = self._began + WHOLE_BODY * wait - time.monotonic()
        reading = asyncio.ensure_future(self._receive())
        await asyncio.wait((reading,), timeout=max(0, min(wait, left)))
        if not reading.done():
            await _let_go(reading)
            return self._end("too_slow")
        message = reading.result()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
        return self._end("too_large", most=self._most) if self._read > self._most else message

    def _end(self, code: str, **params: Any) -> Message:
        self.problem = Problem(code, **params)
        return {"type": "http.disconnect"}


async def _let_go(reading: asyncio.Future) -> None:
    """Ends a read that brought nothing. The server's own threads need a moment to leave the connection's body alone;
    answered before that, the connection would stay open after its answer."""
    reading.cancel()
    await asyncio.wait((reading,), timeout=1)
    await asyncio.sleep(LET_GO_SECONDS)


class _Messages:
    """Reads a socket for those behind the gate, and closes it at a message that no page of ours would send."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send

    async def __call__(self) -> Message:
        message = await self._receive()
        if len(message.get("bytes") or message.get("text") or "") <= MAX_MESSAGE:
            return message
        await self._send({"type": "websocket.close", "code": TOO_BIG})
        return {"type": "websocket.disconnect", "code": TOO_BIG}
