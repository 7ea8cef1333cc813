"""How much a database does for a reading, whatever the clock says: what a test can hold to on a busy machine."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.db import Database

Reading = Callable[[AsyncSession], Awaitable[Any]]
LEAST = 10
"""Instructions of SQLite's machine between two counts."""


async def work_of(db: Database, reading: Reading) -> int:
    """Rows that PostgreSQL's scans looked at, or tens of instructions of SQLite's machine."""
    async with db.read() as session:
        return await (_instructions if db.is_sqlite else _rows)(session, reading)


async def _instructions(session: AsyncSession, reading: Reading) -> int:
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    driver = (await (await session.connection()).get_raw_connection()).driver_connection
    assert driver is not None
    await driver.set_progress_handler(count, LEAST)
    await reading(session)
    await driver.set_progress_handler(None, 0)
    return counted


async def _rows(session: AsyncSession, reading: Reading) -> int:
    """Of every statement of the reading, made again under EXPLAIN; what a filter dropped was looked at too."""
    asked: list[tuple[str, Any]] = []
    connection = await session.connection()

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    await reading(session)
    event.remove(connection.sync_connection, "before_cursor_execute", note)
    total = 0
    for statement, parameters in asked:
        answer = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        plan = answer.scalar_one()
        total += _looked_at((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return total


def _looked_at(node: dict[str, Any]) -> int:
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) if "Relation Name" in node else 0
    return round(rows * node["Actual Loops"]) + sum(_looked_at(below) for below in node.get("Plans", []))
