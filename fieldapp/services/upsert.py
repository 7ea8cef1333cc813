"""INSERT ... ON CONFLICT for both databases: one spelling for rows that may be there already."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

CHUNK = 400


def insert_for(session: AsyncSession, table: Table) -> Any:
    """The dialect's own insert, which knows `on_conflict_do_*`."""
    dialect = session.get_bind().dialect.name
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


async def add_to(
    session: AsyncSession, table: Table, rows: Sequence[dict[str, Any]], sums: Sequence[str], returning: bool = False
) -> list[Any]:
    """Adds each row's `sums` to the row of the same primary key, or inserts it. With `returning`, the rows after."""
    after: list[Any] = []
    for start in range(0, len(rows), CHUNK):
        insert = insert_for(session, table).values(rows[start : start + CHUNK])
        insert = insert.on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={name: table.c[name] + insert.excluded[name] for name in sums},
        )
        answer = await session.execute(insert.returning(*table.c) if returning else insert)
        after.extend(answer.all() if returning else [])
    return after
