"""INSERT ... ON CONFLICT for both databases: one spelling for rows that may be there already.

A statement is made once and its rows are given beside it: one that holds its rows would be compiled anew for every
visit, which costs more than running it.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

CHUNK = 400


def dialect_of(session: AsyncSession) -> str:
    return session.get_bind().dialect.name


def insert_for(dialect: str, table: Table) -> Any:
    """The dialect's own insert, which knows `on_conflict_do_*`."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


async def add_to(
    session: AsyncSession, table: Table, rows: Sequence[dict[str, Any]], sums: Iterable[str], returning: bool = False
) -> list[Any]:
    """Adds each row's `sums` to the row of the same primary key, or inserts it. With `returning`, the rows after."""
    if not rows:
        return []
    statement = _addition(dialect_of(session), table, tuple(sums), returning)
    answer = await session.execute(statement, rows[0] if len(rows) == 1 else rows)
    return list(answer) if returning else []


async def insert_new(session: AsyncSession, table: Table, *rows: dict[str, Any]) -> set[Any]:
    """Inserts the rows whose primary key, of one column, is not there already, waiting for twins in flight.

    Gives the keys of those that it did.
    """
    if not rows:
        return set()
    answer = await session.execute(_novelty(dialect_of(session), table), rows[0] if len(rows) == 1 else list(rows))
    return set(answer.scalars())


@lru_cache
def _addition(dialect: str, table: Table, sums: tuple[str, ...], returning: bool) -> Any:
    insert = insert_for(dialect, table)
    addition = insert.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + insert.excluded[name] for name in sums},
    )
    return addition.returning(*table.c) if returning else addition


@lru_cache
def _novelty(dialect: str, table: Table) -> Any:
    keys = list(table.primary_key.columns)
    return insert_for(dialect, table).on_conflict_do_nothing(index_elements=keys).returning(*keys)
