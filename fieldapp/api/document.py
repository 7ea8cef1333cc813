"""The API's own description (`/api/v1/openapi.json`): the shapes of its answers and how a caller is known.

The shapes are in `shapes.py`. Rows of push and pull are described in docs/sync.md and stay open here.
"""

from typing import Any, Literal

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from fieldapp.domain.sound import MEDIA_TYPES
from fieldapp.problems import STATUS

Responses = dict[int | str, dict[str, Any]]
SESSION = {"session": [], "slot": []}
TOKEN = {"token": []}
BY_TOKEN = ("/api/v1/exports/", "/api/v1/units")
"""What programs read."""

SCHEMES = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "toso-p0",
        "description": "A session's secret, HttpOnly, one cookie a slot: toso-<slot>, over https __Host-toso-<slot>.",
    },
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A personal token, made on the desk's page of connections: it reads what it was made for.",
    },
    "slot": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Slot",
        "description": "Which cookie counts: p0 to p9 for the people of a phone, desk for officers.",
    },
}
WITHOUT_SESSION = {
    "/healthz", "/readyz", "/api/v1/enrolments/preview", "/api/v1/enrolments/join",
    "/api/v1/account-links/preview", "/api/v1/account-links/use",
    "/api/v1/open/summary.{kind}", "/api/v1/open/platforms.{kind}", "/api/v1/calendar/{secret}.ics",
    "/api/v1/partners/{secret}",
    "/api/v1/provider", "/api/v1/provider/begin", "/api/v1/provider/answer",
}  # fmt: skip
SIGN_IN = ("/api/v1/session", "post")
DESCRIPTION = (
    "What phones and the desk's downloads ask of the server. Every failure is a problem with a code; writes are taken "
    "from the product's own pages only (header Origin). docs/sync.md holds the contract of push and pull."
)


class ProblemBody(BaseModel):
    """A named failure; docs/problems.md lists every code."""

    code: Literal["unexpected", *sorted(STATUS)]  # type: ignore[valid-type]
    field: str | None = None
    params: dict[str, Any] = {}


class ProblemAnswer(BaseModel):
    problem: ProblemBody


PROBLEMS: Responses = {code: {"model": ProblemAnswer, "description": "A named problem"} for code in ("4XX", "5XX", 422)}
JPEG: Responses = {200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}}
SOUND: Responses = {
    code: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()}}
    for code in (200, 206)
}
PDF: Responses = {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}
ZIP: Responses = {200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}}
OPEN: Responses = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string", "format": "binary"}},
            "application/json": {"schema": {"type": "object"}},
        }
    }
}
PAGE: Responses = {
    code: {"description": "A page for people", "content": {"text/html": {"schema": {"type": "string"}}}}
    for code in (200, 404)
}
CALENDAR: Responses = {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}
WORD_FILE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCX: Responses = {200: {"content": {WORD_FILE: {"schema": {"type": "string", "format": "binary"}}}}}
PAPER: Responses = {
    200: {
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in (
                WORD_FILE,
                "application/pdf",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "text/csv",
            )
        }
    }
}
TABLE: Responses = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string", "format": "binary"}},
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                "schema": {"type": "string", "format": "binary"}
            },
        }
    }
}


def says(model: type[BaseModel]) -> Responses:
    """What a route's good answer looks like, described but not worked out again for every answer."""
    return {200: {"model": model, "description": "Done"}}


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """The body of a route that reads it itself."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": model.model_json_schema()}}}}


def takes_form(model: type[BaseModel], file: str) -> dict[str, Any]:
    """The form of a route that reads it itself: its texts and a file."""
    schema = model.model_json_schema()
    schema["properties"][file] = {"type": "string", "format": "binary"}
    schema["required"] = [*schema.get("required", []), file]
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def describe(api: FastAPI) -> dict[str, Any]:
    """The document, made once."""
    if api.openapi_schema is None:
        document = get_openapi(title=api.title, version=api.version, description=DESCRIPTION, routes=api.routes)
        document["components"]["securitySchemes"] = SCHEMES
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if path not in WITHOUT_SESSION and (path, method) != SIGN_IN:
                    operation["security"] = [SESSION, TOKEN] if path.startswith(BY_TOKEN) else [SESSION]
        api.openapi_schema = document
    return api.openapi_schema
