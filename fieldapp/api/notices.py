"""Whether a phone wants to be told that something waits: asked, put and dropped by its own session."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from fieldapp.api.document import says
from fieldapp.api.identity import OpenCaller
from fieldapp.api.shapes import Nothing, NoticesNow
from fieldapp.db import database
from fieldapp.integrations.web_push import Address, public_key
from fieldapp.permissions import Action, require
from fieldapp.services import subscriptions
from fieldapp.services.subscriptions import Wish

router = APIRouter(prefix="/notices")
Base64Url = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*$")]


class Subscribing(BaseModel):
    """What the browser's push service gave the phone."""

    endpoint: str = Field(pattern=r"^https://[!-~]+$", max_length=1000)
    p256dh: Base64Url = Field(min_length=87, max_length=87)
    auth: Base64Url = Field(min_length=22, max_length=22)
    locale: Literal["vi", "en"] = "vi"


@router.get("", responses=says(NoticesNow))
async def show_notices(caller: OpenCaller) -> dict[str, Any]:
    """What a browser subscribes with, and whether this session is told."""
    require(caller.principal, Action.RECEIVE_NOTICE)
    async with database().read() as db:
        sender = await subscriptions.find_sender(db)
        on = sender is not None and await subscriptions.is_on(db, caller.session.id)
    return {"key": public_key(sender.key) if sender else "", "on": on}


@router.post("", responses=says(Nothing))
async def put_subscription(form: Subscribing, caller: OpenCaller) -> dict[str, Any]:
    """Has this session's phone told from now on."""
    wish = Wish(Address(form.endpoint, form.p256dh, form.auth), form.locale)
    async with database().write() as db:
        await subscriptions.put(db, caller.principal, caller.session.id, wish)
    return {}


@router.delete("", responses=says(Nothing))
async def drop_subscription(caller: OpenCaller) -> dict[str, Any]:
    """Tells this session's phone nothing any more."""
    async with database().write() as db:
        await subscriptions.drop(db, caller.principal, caller.session.id)
    return {}
