"""Push and pull: the phone's two doors (docs/sync.md)."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, ValidationError

from fieldapp.api.body import read_json
from fieldapp.api.document import says, takes
from fieldapp.api.identity import OpenCaller, sending_caller
from fieldapp.api.intake import Intake, Push
from fieldapp.api.sealed import phone_key
from fieldapp.api.shapes import PullAnswer, PushAnswer
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.domain.given import Base64, PlainText
from fieldapp.problems import Problem
from fieldapp.services import enrolments, sessions
from fieldapp.services.pull import pull

router = APIRouter(prefix="/sync")
MAX_UNSENT = 1_000_000


class PushBody(BaseModel):
    """`device_time` is the phone's clock at sending, in milliseconds since 1970; `unsent` what stays on it besides.

    A phone behind a PIN sends records as they are closed on it, and its `key`, closed for the server.
    """

    records: list[Any]
    device_time: int = Field(ge=0, le=4_102_444_800_000)
    app_version: PlainText = Field(default="", max_length=40)
    unsent: int | None = Field(default=None, ge=0, le=MAX_UNSENT)
    key: Base64 | None = None


async def _read_push(request: Request) -> PushBody:
    content = await read_json(request, settings().push_max_bytes)
    try:
        push = PushBody.model_validate(content)
    except ValidationError as error:
        raise Problem("invalid", ".".join(map(str, error.errors()[0]["loc"]))) from None
    if len(push.records) > settings().push_max_records:
        raise Problem("too_many_records", most=settings().push_max_records)
    return push


@router.post("/push", responses=says(PushAnswer), openapi_extra=takes(PushBody))
async def push_records(request: Request) -> dict[str, Any]:
    """Takes what a phone recorded, with a result for each record; sending again changes nothing."""
    intake: Intake = request.app.state.intake
    with intake.coming():
        caller = await sending_caller(request)
        body = await _read_push(request)
        records = (await phone_key(body.key)).open_records(body.records) if body.key else body.records
        device_now = datetime.fromtimestamp(body.device_time / 1000, UTC)
        answer = intake.ask(Push(caller, device_now, records, body.app_version, body.unsent))
    results = await answer
    return {"results": results, "epoch": caller.epoch, "server_time": int(datetime.now(UTC).timestamp() * 1000)}


@router.get("/pull", responses=says(PullAnswer))
async def pull_changes(caller: OpenCaller, cursor: str = "") -> dict[str, Any]:
    """One page of what changed within the caller's reach since the cursor.

    A cursor says that an earlier answer has arrived: only that spends the invitation, since a first answer that is
    lost would lock the member out.
    """
    async with database().read() as db:
        answer = await pull(db, caller.principal, cursor)
        spends = bool(cursor) and await enrolments.is_unspent(db, caller.session.enrolment_id)
    if not cursor or spends or sessions.is_due(caller.session):
        async with database().write() as db:
            if spends:
                await enrolments.spend(db, caller.session.enrolment_id)
            await sessions.mark_seen(db, caller.session)
    return answer | {"server_time": int(datetime.now(UTC).timestamp() * 1000)}
