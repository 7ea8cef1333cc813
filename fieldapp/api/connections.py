"""Connections of other systems: what gives a secret away, once, and past the socket. All else is on the desk's page."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from fieldapp.api.document import says
from fieldapp.api.identity import OpenCaller
from fieldapp.api.shapes import SecretMade
from fieldapp.db import database
from fieldapp.domain.given import Key
from fieldapp.domain.webhook import WebhookForm
from fieldapp.permissions import Action, require
from fieldapp.services import api_tokens, webhooks
from fieldapp.services.api_tokens import TokenForm

router = APIRouter()


class AddedWebhook(WebhookForm):
    unit: Key


class RenewedWebhook(BaseModel):
    webhook: UUID


@router.post("/tokens", responses=says(SecretMade))
async def make_token(form: TokenForm, caller: OpenCaller) -> dict[str, Any]:
    """A personal token of the caller's; its secret is shown this once."""
    require(caller.principal, Action.MANAGE_TOKEN)
    async with database().write() as db:
        row, secret = await api_tokens.make(db, caller.principal, form)
    return {"id": str(row.id), "secret": secret}


@router.post("/webhooks", responses=says(SecretMade))
async def add_webhook(form: AddedWebhook, caller: OpenCaller) -> dict[str, Any]:
    """A webhook over a unit; what it is told is signed with the secret."""
    require(caller.principal, Action.MANAGE_HOOK)
    async with database().write() as db:
        row = await webhooks.add(db, caller.principal, form.unit, form)
    return {"id": str(row.id), "secret": row.secret}


@router.post("/webhooks/secret", responses=says(SecretMade))
async def renew_secret(form: RenewedWebhook, caller: OpenCaller) -> dict[str, Any]:
    """Another secret for a webhook, at once."""
    require(caller.principal, Action.MANAGE_HOOK)
    async with database().write() as db:
        row = await webhooks.renew_secret(db, caller.principal, form.webhook)
    return {"id": str(row.id), "secret": row.secret}
