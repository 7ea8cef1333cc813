"""The REST API: its routes, and the one place where a Problem becomes an answer."""

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from fieldapp.api import (
    accounts,
    browser_page,
    bundles,
    card_page,
    cards,
    connections,
    decisions,
    delegations,
    due_calendar,
    exports,
    health,
    imports,
    invitations,
    materials,
    member_cards,
    narrations,
    notices,
    open_data,
    papers,
    partner_page,
    photos,
    provider,
    report_papers,
    rescues,
    session,
    sync,
    units,
)
from fieldapp.api.compression import CompressedPull
from fieldapp.api.document import PROBLEMS, describe
from fieldapp.api.identity import make_callers
from fieldapp.api.intake import make_intake
from fieldapp.problems import Problem

log = structlog.get_logger("api")
CLIENT_GONE = 499
ROUTES = (
    session, accounts, delegations, sync, photos, rescues, cards, exports, notices, narrations, connections, units,
    imports, decisions, provider, invitations, materials, member_cards, papers, report_papers, bundles,
    open_data, due_calendar, partner_page,
)  # fmt: skip
BY_STATUS = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_unknown",
    HTTPStatus.BAD_REQUEST: "invalid",
}


def create_api() -> FastAPI:
    """The API, to be mounted beside the site."""
    api = FastAPI(title="Tổ Số", version="1", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    api.state.callers, api.state.intake, api.state.acceptance = make_callers(), make_intake(), photos.make_acceptance()
    api.state.rescuing = rescues.make_rescuing()
    for module in (health, card_page, browser_page):
        api.include_router(module.router)
    for module in ROUTES:
        api.include_router(module.router, prefix="/api/v1", responses=PROBLEMS)
    api.add_middleware(CompressedPull)
    api.openapi = lambda: describe(api)
    api.add_exception_handler(Problem, _problem)  # type: ignore[arg-type]
    api.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    api.add_exception_handler(HTTPException, _by_status)  # type: ignore[arg-type]
    api.add_exception_handler(ClientDisconnect, _gone)
    api.add_exception_handler(Exception, _unexpected)
    return api


async def _problem(request: Request, problem: Problem) -> JSONResponse:
    seconds = problem.params.get("seconds") or 60 * problem.params.get("minutes", 0)
    headers = {"retry-after": str(seconds)} if seconds else None
    return JSONResponse({"problem": problem.to_dict()}, problem.status, headers)


async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    place = ".".join(str(part) for part in error.errors()[0]["loc"][1:])
    return JSONResponse({"problem": Problem("invalid", _sayable(place) or None).to_dict()}, 422)


async def _by_status(request: Request, error: HTTPException) -> JSONResponse:
    """What the framework itself refuses, in the shape of everything else."""
    code = BY_STATUS.get(HTTPStatus(error.status_code), "unexpected")
    return JSONResponse({"problem": {"code": code}}, error.status_code, error.headers)


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=CLIENT_GONE)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"problem": {"code": "unexpected"}}, 500)


def _sayable(text: str) -> str:
    """Half of a surrogate pair in a body's own names fits into no answer."""
    return text[:200].encode(errors="replace").decode()
