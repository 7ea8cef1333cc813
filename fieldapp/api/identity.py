"""Who is calling: the session behind the cookie of the slot that the request names, and where it may call from.

Every account slot on a device has an HttpOnly cookie of its own: `desk` for officers, `p0`, `p1`... for the
people of one phone. The header that names the slot is required, so that no other site's form can send it; only
reading may name it in the address, for an <img>, which sends no header.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from fieldapp.api.rates import spend
from fieldapp.api.together import Together
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import api_tokens, sessions
from fieldapp.services.sessions import Call, Identity

SLOT_HEADER = "x-slot"
DESK = "desk"
_SLOT = re.compile(r"^(desk|p[0-9])$")


def cookie_name(slot: str) -> str:
    return f"__Host-toso-{slot}" if settings().secure else f"toso-{slot}"


def slot_of(request: Request) -> str:
    slot = request.headers.get(SLOT_HEADER, "")
    if not slot and request.method == "GET":
        slot = request.query_params.get("slot", "")
    if not _SLOT.match(slot):
        raise Problem("not_signed_in")
    return slot


def same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a browser sent this from our own pages; off https (a demo) the asked host itself counts too."""
    origin = headers.get("origin", "")
    if origin == settings().origin:
        return True
    return not settings().secure and bool(origin) and urlsplit(origin).netloc == headers.get("host")


def require_origin(request: Request) -> None:
    """Raises `wrong_origin` on a write that does not come from our own pages."""
    if not same_origin(request.headers):
        raise Problem("wrong_origin")


def set_cookie(response: Response, slot: str, token: str, days: float) -> None:
    response.set_cookie(
        cookie_name(slot),
        token,
        max_age=int(days * 86400),
        httponly=True,
        secure=settings().secure,
        samesite="lax",
        path="/",
    )


def drop_cookie(response: Response, slot: str) -> None:
    response.delete_cookie(cookie_name(slot), path="/", secure=settings().secure, httponly=True, samesite="lax")


async def _caller(request: Request, closing_too: bool) -> Identity:
    token = request.cookies.get(cookie_name(slot_of(request)), "")
    if token:
        await spend("session", sessions.token_hash(token)[:32], settings().rate_session)
    found = await request.app.state.callers.ask(Call(token, closing_too))
    if isinstance(found, Problem):
        raise found
    if request.method not in ("GET", "HEAD"):
        require_origin(request)
    return found


Callers = Together[Call, Identity | Problem]


def make_callers() -> Callers:
    """One process's look-ups of who is calling: the database is asked at every request, for all who ask together."""
    return Together(_find_callers, _find_caller)


async def _find_callers(calls: Sequence[Call]) -> list[Identity | Problem]:
    async with database().read() as db:
        return await sessions.identify_all(db, calls)


async def _find_caller(call: Call) -> Identity | Problem:
    return (await _find_callers([call]))[0]


async def open_caller(request: Request) -> Identity:
    return await _caller(request, closing_too=False)


async def sending_caller(request: Request) -> Identity:
    """A caller whose session may be closing: it may still send what it holds."""
    return await _caller(request, closing_too=True)


async def reading_caller(request: Request) -> Principal:
    """Who reads: whoever is signed in, or the officer for whom a program reads, within what its token was made for."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return (await open_caller(request)).principal
    await spend("token", sessions.token_hash(secret)[:32], settings().rate_session)
    async with database().read() as db:
        row, who = await api_tokens.identify(db, secret)
    if api_tokens.is_due(row):
        async with database().write() as db:
            await api_tokens.mark_used(db, row.id)
    return who


OpenCaller = Annotated[Identity, Depends(open_caller)]
SendingCaller = Annotated[Identity, Depends(sending_caller)]
Reader = Annotated[Principal, Depends(reading_caller)]
FromOurPages = Depends(require_origin)
