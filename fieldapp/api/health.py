"""Whether the process lives, and whether it can serve."""

from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy.exc import SQLAlchemyError

from fieldapp.api.document import says
from fieldapp.api.shapes import Health
from fieldapp.config import settings
from fieldapp.db import database
from fieldapp.problems import Problem
from fieldapp.services import backups
from fieldapp.services.pull import epoch
from models.base import utc_now

router = APIRouter()


@router.get("/healthz", responses=says(Health))
async def alive() -> dict[str, Any]:
    """The process lives."""
    return {"ok": True}


@router.get("/readyz", responses=says(Health) | {503: {"model": Health, "description": "Not yet, or no more"}})
async def ready(response: Response) -> dict[str, Any]:
    """Ready means that the database answers and holds our schema. `backup` tells of the scheduled one, where one is."""
    try:
        async with database().read() as db:
            await epoch(db)
            scheduled = settings().backup_at is not None
            detail = {"backup": await backups.state(db, utc_now())} if scheduled else {}
    except (SQLAlchemyError, Problem, OSError):
        response.status_code = 503
        return {"ok": False}
    return {"ok": True, **detail}
