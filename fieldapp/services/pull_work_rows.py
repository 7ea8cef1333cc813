"""The rows of a pull that tell what a team does besides visits, and says of them, as phones hold them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.difficulty_deeds import INTERNAL
from fieldapp.permissions import Action, Place, Principal, may
from fieldapp.services import work_photos
from fieldapp.services.photo_keepers import OF_ACTIVITIES, OF_DIFFICULTIES
from fieldapp.services.pull_rows import Row, names_of, photo_row
from models.account import Account
from models.difficulty import DifficultyStep

STEPS, ACCOUNTS = DifficultyStep.__table__, Account.__table__


async def activities(session: AsyncSession, who: Principal, rows: Sequence[Any]) -> list[Row]:
    names = await names_of(session, {r.author_id for r in rows})
    photos = await work_photos.by_owner(session, OF_ACTIVITIES, [r.id for r in rows])
    return [
        _made(who, r, names)
        | {"kind": r.kind, "people": r.people, "platforms": r.platforms, "note": r.note, "day": r.done_on.isoformat()}
        | ({"gone": True} if r.withdrawn_at else _pictures(who, r, photos))
        for r in rows
    ]


async def difficulties(session: AsyncSession, who: Principal, rows: Sequence[Any]) -> list[Row]:
    names = await names_of(session, {r.author_id for r in rows})
    steps = await _steps(session, [r.id for r in rows])
    photos = await work_photos.by_owner(session, OF_DIFFICULTIES, [r.id for r in rows])
    return [
        _made(who, r, names)
        | {"kind": r.kind, "severity": r.severity, "description": r.description, "state": r.state}
        | {"due": r.due_on.isoformat(), "steps": steps.get(r.id, [])}
        | _pictures(who, r, photos)
        for r in rows
    ]


async def groups(session: AsyncSession, who: Principal, rows: Sequence[Any]) -> list[Row]:
    """The row of a village bears the village's id, so that a newer one takes its place on the phone."""
    names = await names_of(session, {r.author_id for r in rows})
    return [
        _made(who, r, names)
        | {"id": r.village_id, "record": str(r.id), "name": r.name, "link": r.link, "manager": r.manager}
        | {"households": r.households, "counted_on": r.counted_on.isoformat()}
        for r in rows
    ]


async def comments(session: AsyncSession, who: Principal, rows: Sequence[Any]) -> list[Row]:
    """One that was taken away is told without its words."""
    names = await names_of(session, {i for r in rows for i in (r.author_id, r.member_id)})
    return [
        {"id": str(r.id), "village": who.continues.get(r.village_id, r.village_id), "gone": True}
        if r.withdrawn_at
        else _made(who, r, names)
        | {"member": r.member_id, "member_name": names.get(r.member_id, ""), "day": r.day.isoformat(), "text": r.text}
        | ({"answer": r.answer, "answered_at": int(r.answered_at.timestamp() * 1000)} if r.answer else {})
        for r in rows
    ]


def _pictures(who: Principal, row: Any, photos: dict[UUID, list[Any]]) -> Row:
    """With thumbnails for those who may see them, whatever became of it."""
    shown = may(who, Action.READ_PHOTO, Place(row.village_id, row.commune_id, row.author_id))
    return {"photos": [photo_row(photo, shown) for photo in photos[row.id]]} if row.id in photos else {}


def _made(who: Principal, row: Any, names: dict[int, str]) -> Row:
    return {
        "id": str(row.id),
        "author": row.author_id,
        "by": names.get(row.author_id, ""),
        "village": who.continues.get(row.village_id, row.village_id),
        "made_at": int(row.made_at.timestamp() * 1000),
    }


async def _steps(session: AsyncSession, ids: list[UUID]) -> dict[UUID, list[Row]]:
    """Each with who took it: a member or an officer, by name. What the desk says to itself is left out."""
    query = select(STEPS, ACCOUNTS.c.full_name).outerjoin(ACCOUNTS, ACCOUNTS.c.id == STEPS.c.by_account_id)
    query = query.where(STEPS.c.difficulty_id.in_(ids), STEPS.c.deed.not_in(INTERNAL))
    rows = (await session.execute(query.order_by(STEPS.c.at, STEPS.c.id))).all()
    names = await names_of(session, {r.by_member_id for r in rows if r.by_member_id})
    steps: dict[UUID, list[Row]] = {}
    for r in rows:
        by = r.full_name or names.get(r.by_member_id or 0, "")
        step = {"state": r.state, "deed": r.deed, "note": r.note, "at": int(r.at.timestamp() * 1000), "by": by}
        step |= {"due": r.due_on.isoformat()} if r.due_on else {}
        steps.setdefault(r.difficulty_id, []).append(step)
    return steps
