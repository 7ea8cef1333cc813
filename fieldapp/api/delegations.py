"""Reviewing that a leader hands over for some days."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from fieldapp.api.document import says
from fieldapp.api.identity import OpenCaller
from fieldapp.api.shapes import Delegated, Nothing
from fieldapp.db import database
from fieldapp.domain.given import Key
from fieldapp.permissions import Action, require
from fieldapp.services import delegations

router = APIRouter(prefix="/delegations")


class Delegating(BaseModel):
    member: Key
    first: date
    last: date


@router.post("", responses=says(Delegated))
async def delegate(form: Delegating, caller: OpenCaller) -> dict[str, Any]:
    """Lets a member of the caller's team review from a day to a day, both included."""
    require(caller.principal, Action.DELEGATE_REVIEW)
    async with database().write() as db:
        row = await delegations.delegate(db, caller.principal, form.member, form.first, form.last)
    return {"id": row.id, "first": row.valid_from, "last": row.valid_to}


@router.delete("/{delegation}", responses=says(Nothing))
async def take_back(delegation: Key, caller: OpenCaller) -> dict[str, Any]:
    """Ends it with today; one that has not begun is gone."""
    require(caller.principal, Action.DELEGATE_REVIEW)
    async with database().write() as db:
        await delegations.take_back(db, caller.principal, delegation)
    return {}
