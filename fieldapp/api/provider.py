"""The officers' sign-in by the province's own provider: there and back, and why it went wrong on the front page."""

from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse

from fieldapp.api.document import says
from fieldapp.api.identity import DESK, set_cookie
from fieldapp.api.rates import by_address
from fieldapp.api.shapes import ProviderOffered
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.given import PlainText
from fieldapp.integrations.oidc_provider import OidcProvider
from fieldapp.problems import Problem
from fieldapp.services import provider_sign_ins, sessions
from models.session import SignInWay

router = APIRouter(prefix="/provider")
PATH, MINUTES = "/api/v1/provider", 10
Given = Annotated[PlainText, Query(max_length=2000)]
PerSignIn = Depends(by_address("sign_in"))


@lru_cache
def _provider(issuer: str, origin: str) -> OidcProvider:
    return OidcProvider(settings())


def _cookie() -> str:
    return "__Secure-toso-provider" if settings().secure else "toso-provider"


def _require() -> OidcProvider:
    if not settings().oidc_issuer:
        raise Problem("not_found")
    return _provider(settings().oidc_issuer, settings().origin)


@router.get("", responses=says(ProviderOffered))
async def offered() -> dict[str, Any]:
    """What the front page calls this way in; empty where there is none."""
    return {"name": settings().oidc_name if settings().oidc_issuer else "", "on": bool(settings().oidc_issuer)}


@router.get("/begin", dependencies=[PerSignIn], response_class=RedirectResponse, status_code=303)
async def begin() -> RedirectResponse:
    """Sends the browser to the provider; this browser alone can bring the answer."""
    provider = _require()
    async with database().write() as db:
        begun = await provider_sign_ins.begin(db)
    try:
        answer = RedirectResponse(await provider.address(begun.state, begun.nonce, begun.verifier), 303)
    except Problem as problem:
        return _back(problem)
    answer.set_cookie(
        _cookie(), begun.state, max_age=MINUTES * 60, path=PATH, httponly=True, samesite="lax",
        secure=settings().secure,
    )  # fmt: skip
    return answer


@router.get("/answer", dependencies=[PerSignIn], response_class=RedirectResponse, status_code=303)
async def answer(request: Request, state: Given = "", code: Given = "") -> RedirectResponse:
    """Takes the provider's answer: proves it, and signs the officer in whose account is known by it."""
    provider = _require()
    try:
        if not state or request.cookies.get(_cookie()) != state:
            raise Problem("provider_failed")
        async with database().write() as db:
            begun = await provider_sign_ins.take(db, state)
        if not code:
            raise Problem("provider_failed")
        told = await provider.prove(code, begun.nonce, begun.verifier)
        async with database().write() as db:
            account = await provider_sign_ins.account_of(db, told)
            browser = request.headers.get("user-agent", "")
            _, token = await sessions.open_for_officer(db, account.id or 0, browser, SignInWay.PROVIDER)
    except Problem as problem:
        return _back(problem)
    response = RedirectResponse("/desk/", 303)
    response.delete_cookie(_cookie(), path=PATH)
    set_cookie(response, DESK, token, settings().desk_session_hours / 24)
    return response


def _back(problem: Problem) -> RedirectResponse:
    """To the front page, which says why."""
    response = RedirectResponse(f"/?problem={problem.code}", 303)
    response.delete_cookie(_cookie(), path=PATH)
    return response
