"""What a list of households makes of the record, and what of it can be taken back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.services import households, roster_history
from fieldapp.services.roster_judging import HOUSEHOLDS, Judged
from fieldapp.services.scopes import raise_villages
from models.base import utc_now
from models.household import HouseholdCard, HouseholdState
from models.roster_import import RowDeed, Twins
from models.visit import Visit

CARDS, VISITS = HouseholdCard.__table__, Visit.__table__
Deed = dict[str, Any]


async def lock(session: AsyncSession, villages: set[int], _: date) -> dict[int, int]:
    """Locks the villages and gives the version that each of their changed rows gets."""
    return await raise_villages(session, villages)


async def bring_in(
    session: AsyncSession, judged: Sequence[Judged], versions: dict[int, int], twins: Twins, _: date
) -> list[Deed]:
    """Adds the households that are not there, names the heads of those that are where that is wanted."""
    deeds = [_deed(line, twins) for line in judged]
    pairs = list(zip(judged, deeds, strict=True))
    new = [_row(line, deed, versions) for line, deed in pairs if deed["deed"] == RowDeed.ADDED]
    if new:
        await session.execute(insert(HOUSEHOLDS), new)
    named = [_naming(line, versions) for line, deed in pairs if deed["deed"] == RowDeed.UPDATED]
    await _name_heads(session, named)
    return deeds


def _deed(line: Judged, twins: Twins) -> Deed:
    """An erased household's head is not named again by a list; a line without a head takes no name away."""
    there, head = line.twin, line.entry.read.get("head")
    if there is None:
        return {"deed": RowDeed.ADDED, "subject": str(uuid7()), "before": None}
    if twins == Twins.SKIP or head in (None, there.head_name) or there.erased_at is not None:
        return {"deed": RowDeed.SKIPPED, "subject": str(there.id), "before": None}
    return {"deed": RowDeed.UPDATED, "subject": str(there.id), "before": {"head": there.head_name}}


def _row(line: Judged, deed: Deed, versions: dict[int, int]) -> dict[str, Any]:
    number, head, village_id = line.entry.read["number"], line.entry.read.get("head"), line.place or 0
    return {
        "id": UUID(deed["subject"]),
        "village_id": village_id,
        "number": number,
        "head_name": head,
        "key": households.key_of(number, head),
        "state": HouseholdState.CONFIRMED,
        "scope_version": versions[village_id],
        "created_at": utc_now(),
    }


def _naming(line: Judged, versions: dict[int, int]) -> dict[str, Any]:
    head = line.entry.read["head"]
    return _named(line.twin.id, line.twin.number, head, versions[line.twin.village_id])


def _named(household: UUID, number: str, head: str | None, version: int) -> dict[str, Any]:
    return {"home": household, "head": head, "folded": households.key_of(number, head), "version": version}


async def _name_heads(session: AsyncSession, named: list[dict[str, Any]]) -> None:
    values = {name: bindparam(given) for name, given in
              (("head_name", "head"), ("key", "folded"), ("scope_version", "version"))}  # fmt: skip
    if named:
        await session.execute(update(HOUSEHOLDS).where(HOUSEHOLDS.c.id == bindparam("home")).values(values), named)


async def take_back(session: AsyncSession, rows: Sequence[Any], applied_at: datetime) -> dict[int, str]:
    """Takes back what these lines did; for those that stay, why."""
    ids = [UUID(row.subject_id) for row in rows]
    where = select(HOUSEHOLDS.c.village_id).where(HOUSEHOLDS.c.id.in_(ids)).distinct()
    versions = await raise_villages(session, (await session.execute(where)).scalars())
    there = {row.id: row for row in await session.execute(select(HOUSEHOLDS).where(HOUSEHOLDS.c.id.in_(ids)))}
    used = await _used(session, ids)
    later = await roster_history.changed_since(session, rows, applied_at)
    touched = await roster_history.touched_since(session, "household", [row.subject_id for row in rows], applied_at)
    reasons: dict[int, str] = {}
    for row in rows:
        home = there[UUID(row.subject_id)]
        since = "changed" if row.id in later or row.subject_id in touched or home.discarded_at else ""
        if reason := since or (used.get(home.id, "") if row.deed == RowDeed.ADDED else ""):
            reasons[row.id] = reason
    back = [(row, there[UUID(row.subject_id)]) for row in rows if row.id not in reasons]
    added = [home for row, home in back if row.deed == RowDeed.ADDED]
    await households.take_off(session, added, versions)
    was = [
        _named(home.id, home.number, row.before["head"], versions[home.village_id])
        for row, home in back
        if row.deed == RowDeed.UPDATED
    ]
    await _name_heads(session, was)
    return reasons


async def _used(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Households that were visited, have a card, or took another one's place."""
    used: dict[UUID, str] = {}
    named = (
        (VISITS.c.household_id, "visited"),
        (CARDS.c.household_id, "card"),
        (HOUSEHOLDS.c.merged_into_id, "merged"),
    )
    for column, reason in named:
        for household in (await session.execute(select(column).where(column.in_(ids)).distinct())).scalars():
            used.setdefault(household, reason)
    return used
