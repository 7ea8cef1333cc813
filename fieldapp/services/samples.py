"""Bulk writes of sample data, which come past the rules of the record: for empty databases only."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.problems import Problem
from models.account import Account
from models.sync import Scope, ServerFact
from models.unit import Unit, UnitKind

UNITS, ACCOUNTS, SCOPES = Unit.__table__, Account.__table__, Scope.__table__
SAMPLE, SAMPLE_WORDS = "sample", "DỮ LIỆU MẪU"
"""The server fact that says that this database holds sample data, and the words that people see."""

CHUNK = 5000
Row = dict[str, Any]


async def require_empty(session: AsyncSession) -> None:
    """Raises `sample_refused` where any unit is: sample data never comes among real data, nor twice."""
    if (await session.execute(select(UNITS.c.id).limit(1))).first():
        raise Problem("sample_refused")


async def mark(session: AsyncSession) -> None:
    """Says for good that this database holds sample data."""
    session.add(ServerFact(key=SAMPLE, value=SAMPLE_WORDS))
    await session.flush()


async def unit_ids(session: AsyncSession, kind: UnitKind) -> dict[str, int]:
    """Ids of all units of a kind, by code."""
    rows = await session.execute(select(UNITS.c.code, UNITS.c.id).where(UNITS.c.kind == kind))
    return {row.code: row.id for row in rows}


async def insert_rows(session: AsyncSession, table: Table, rows: Sequence[Row]) -> None:
    """Inserts rows that all have the same columns."""
    for start in range(0, len(rows), CHUNK):
        await session.execute(insert(table), rows[start : start + CHUNK])


async def insert_numbered(session: AsyncSession, table: Table, rows: Sequence[Row]) -> list[int]:
    """Inserts rows whose ids the database gives; gives the ids in the order of the rows."""
    ids: list[int] = []
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    for start in range(0, len(rows), CHUNK):
        ids.extend((await session.execute(statement, rows[start : start + CHUNK])).scalars())
    return ids


async def open_scopes(session: AsyncSession, keys: Sequence[str]) -> None:
    """A first version for each new scope."""
    await insert_rows(session, SCOPES, [{"key": key, "version": 1} for key in keys])
