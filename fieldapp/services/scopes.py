"""Versions of scopes: one locked row each, raised in the writing transaction, so commit order is version order."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.services.upsert import add_to
from models.sync import Scope

SCOPES = Scope.__table__
PROVINCE = "province"
LIBRARY = "library"
"""Of all guiding papers and good practice; cursors name it with the commune (`library:3`), which has its own too."""

VILLAGE = "village:"
"""What a village's id follows in its key."""


def village_key(village_id: int) -> str:
    return f"{VILLAGE}{village_id}"


def member_key(member_id: int) -> str:
    return f"member:{member_id}"


def commune_key(commune_id: int) -> str:
    return f"commune:{commune_id}"


def team_key(team_id: int) -> str:
    return f"team:{team_id}"


def library_key(commune_id: int) -> str:
    """How a phone's cursor calls what it has of the library: another commune's phone begins anew."""
    return f"{LIBRARY}:{commune_id}"


def allotment_key(commune_id: int | None) -> str:
    """Whoever gives out the targets of a commune (None: of the province) holds this; no phone has it."""
    return f"allotment:{commune_id or 0}"


def ended_key(village_id: int) -> str:
    """How a phone's cursor calls an ended village whose rows it is given as those of the one that continues it."""
    return f"ended:{village_id}"


async def raise_versions(session: AsyncSession, keys: Iterable[str]) -> dict[str, int]:
    """Locks these scopes in key order and gives their new versions; held to the end of the transaction."""
    ordered = sorted(set(keys), key=_lock_order)
    rows = await add_to(session, SCOPES, [{"key": k, "version": 1} for k in ordered], ["version"], returning=True)
    return {row.key: row.version for row in rows}


async def raise_villages(session: AsyncSession, village_ids: Iterable[int]) -> dict[int, int]:
    """`raise_versions` for villages, by id."""
    ids = set(village_ids)
    versions = await raise_versions(session, (village_key(i) for i in ids))
    return {i: versions[village_key(i)] for i in ids}


async def versions_of(session: AsyncSession, keys: Iterable[str]) -> dict[str, int]:
    """The present versions; a scope that never changed is at 0."""
    wanted = list(keys)
    rows = await session.execute(select(SCOPES).where(SCOPES.c.key.in_(wanted)))
    return dict.fromkeys(wanted, 0) | {row.key: row.version for row in rows}


def _lock_order(key: str) -> tuple[str, int]:
    kind, _, number = key.partition(":")
    return kind, int(number or 0)
