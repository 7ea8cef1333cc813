"""The API's own description (`/api/v1/openapi.json`): the shapes of its answers and how a caller is known.

The shapes say what a caller may rely on. Rows of push and pull are described in docs/sync.md and stay open here.
"""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict

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


class Health(BaseModel):
    ok: bool
    backup: str | None = None


class SignedIn(BaseModel):
    """`owes_second_step`: this role must give a code at sign-in, and until that is set up nothing else is open."""

    name: str
    role: str
    owes_second_step: bool


class ProviderOffered(BaseModel):
    """Whether officers may sign in by the province's own provider, and what that is called."""

    on: bool
    name: str


class AccountLinkMade(BaseModel):
    """`link` holds the secret behind a #; `qr` is the same as an SVG picture."""

    link: str
    qr: str
    expires_at: datetime


class AccountSeen(BaseModel):
    name: str
    username: str


class SecondStepBegun(BaseModel):
    """What the officer's phone is to keep: as an SVG picture, and as text to type."""

    qr: str
    secret: str


class SecondStepOn(BaseModel):
    """Recovery codes: each opens once, and nobody can read them again."""

    codes: list[str]


class Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OneSession(BaseModel):
    id: UUID
    label: str
    since: datetime
    seen: datetime
    this: bool


class OwnSessions(BaseModel):
    sessions: list[OneSession]


class PhoneEnded(BaseModel):
    """For whom a phone was ended: names of those in the caller's reach, and how many others."""

    names: list[str]
    others: int


class Delegated(BaseModel):
    id: int
    first: date
    last: date


class InvitationMade(BaseModel):
    """`link` holds the secret behind a #; `qr` is the same as an SVG picture; `code` is for who can open neither."""

    link: str
    qr: str
    code: str
    expires_at: datetime


class InvitationSeen(BaseModel):
    id: int
    name: str
    team: str


class RescueSeal(BaseModel):
    """What a phone closes rescue files with, and what it proves itself with inside of them."""

    key: str
    proof: str


class Joined(BaseModel):
    id: int
    device: UUID
    rescue: RescueSeal


class NoticesNow(BaseModel):
    """`key` is what a browser subscribes with, empty where this server tells nobody anything."""

    key: str
    on: bool


class RecordAnswer(BaseModel):
    model_config = ConfigDict(extra="allow")
    id: str
    result: Literal["created", "identical", "held", "differs", "superseded", "invalid", "forbidden", "failed"]
    code: str | None = None
    field: str | None = None


class PushAnswer(BaseModel):
    """A result for each record, in their order; `server_time` in milliseconds since 1970."""

    results: list[RecordAnswer]
    epoch: str
    server_time: int


class PullAnswer(BaseModel):
    """One page of what is new for this phone; kinds without a change are left out."""

    model_config = ConfigDict(extra="allow")
    epoch: str
    reset: bool
    left: list[str]
    me: dict[str, Any]
    platforms: list[dict[str, Any]] = []
    narrations: list[dict[str, Any]] = []
    households: list[dict[str, Any]] = []
    cards: list[dict[str, Any]] = []
    visits: list[dict[str, Any]] = []
    tombstones: list[dict[str, Any]] = []
    sorted: list[RecordAnswer] = []
    more: bool
    cursor: str
    server_time: int


class RescueLine(RecordAnswer):
    kind: str


class Rescued(BaseModel):
    """What became of a rescue file: records new here, here before, and to look at (`lines`, the first hundred)."""

    author: str
    records: int
    known: int
    look: int
    lines: list[RescueLine]
    photos: int
    photos_known: int
    photos_left: int


class NarrationAdded(BaseModel):
    id: UUID
    title: str
    seconds: int
    bytes: int


class ListStaged(BaseModel):
    """How many lines a list has, how many of them have a fault, and of how many the record knows already."""

    id: UUID
    lines: int
    faulty: int
    twins: int


class DecisionKept(BaseModel):
    """`warnings` is how many of the teams that it names still lack something that nobody gave a reason for."""

    id: int
    number: str
    teams: int
    warnings: int
    silenced: int


PROBLEMS: Responses = {code: {"model": ProblemAnswer, "description": "A named problem"} for code in ("4XX", "5XX", 422)}
JPEG: Responses = {200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}}
SOUND: Responses = {
    code: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()}}
    for code in (200, 206)
}
PDF: Responses = {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}
WORD_FILE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCX: Responses = {200: {"content": {WORD_FILE: {"schema": {"type": "string", "format": "binary"}}}}}
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
