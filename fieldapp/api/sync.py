"""Push and pull: the phone's two doors (docs/sync.md)."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, ValidationError

from fieldapp.api.body import read_json
from fieldapp.api.identity import OpenCaller, SendingCaller
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.problems import Problem
from fieldapp.services import devices, enrolments, sessions
from fieldapp.services.pull import epoch, pull
from fieldapp.services.push import receive

router = APIRouter(prefix="/sync")


class Push(BaseModel):
    """`device_time` is the phone's clock at sending, in milliseconds since 1970; `unsent` what stays on it besides."""

    records: list[Any]
    device_time: int = Field(ge=0, le=4_102_444_800_000)
    app_version: str = Field(default="", max_length=40)
    unsent: int | None = Field(default=None, ge=0)


async def _read_push(request: Request) -> Push:
    content = await read_json(request, settings().push_max_bytes)
    try:
        push = Push.model_validate(content)
    except ValidationError as error:
        raise Problem("invalid", ".".join(map(str, error.errors()[0]["loc"]))) from None
    if len(push.records) > settings().push_max_records:
        raise Problem("too_many_records", most=settings().push_max_records)
    return push


@router.post("/push")
async def push_records(request: Request, caller: SendingCaller) -> dict[str, Any]:
    push = await _read_push(request)
    device_now = datetime.fromtimestamp(push.device_time / 1000, UTC)
    async with database().write() as db:
        results = await receive(db, caller.principal, caller.device_id, device_now, push.records)
        await devices.mark_contact(db, caller.device_id, push.app_version, push.unsent, device_now)
        await enrolments.spend(db, caller.session.enrolment_id)
        if sessions.is_due(caller.session):
            await sessions.mark_seen(db, caller.session)
        answer = {"results": results, "epoch": await epoch(db)}
    return answer | {"server_time": int(datetime.now(UTC).timestamp() * 1000)}


@router.get("/pull")
async def pull_changes(caller: OpenCaller, cursor: str = "") -> dict[str, Any]:
    """A cursor says that an earlier answer has arrived: only that spends the invitation, since a first answer that
    is lost would lock the member out."""
    async with database().read() as db:
        answer = await pull(db, caller.principal, cursor)
        spends = bool(cursor) and await enrolments.is_unspent(db, caller.session.enrolment_id)
    if not cursor or spends or sessions.is_due(caller.session):
        async with database().write() as db:
            if spends:
                await enrolments.spend(db, caller.session.enrolment_id)
            await sessions.mark_seen(db, caller.session)
    return answer | {"server_time": int(datetime.now(UTC).timestamp() * 1000)}
