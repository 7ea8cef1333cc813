"""The REST API: its routes, and the one place where a Problem becomes an answer."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from fieldapp.api import card_page, cards, exports, health, photos, session, sync
from fieldapp.api.compression import CompressedPull
from fieldapp.api.intake import Intake
from fieldapp.problems import Problem

log = structlog.get_logger("api")


def create_api() -> FastAPI:
    """The API, to be mounted beside the site."""
    api = FastAPI(title="Tổ Số", version="1", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    api.state.intake = Intake()
    for module in (health, card_page):
        api.include_router(module.router)
    for module in (session, sync, photos, cards, exports):
        api.include_router(module.router, prefix="/api/v1")
    api.add_middleware(CompressedPull)
    api.add_exception_handler(Problem, _problem)  # type: ignore[arg-type]
    api.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    api.add_exception_handler(Exception, _unexpected)
    return api


async def _problem(request: Request, problem: Problem) -> JSONResponse:
    headers = {"retry-after": str(60 * problem.params["minutes"])} if "minutes" in problem.params else None
    return JSONResponse({"problem": problem.to_dict()}, problem.status, headers)


async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    place = ".".join(str(part) for part in error.errors()[0]["loc"][1:])
    return JSONResponse({"problem": Problem("invalid", place or None).to_dict()}, 422)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"problem": {"code": "unexpected"}}, 500)
