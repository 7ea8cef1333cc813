"""A commune's year of visits and a province's summary as CSV and XLSX: how long, how much memory, beside COPY."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event, Thread
from uuid import uuid4

import asyncpg
import httpx
from sqlalchemy import func, select

from fieldapp.api.identity import DESK, SLOT_HEADER, cookie_name
from fieldapp.db import Database
from models.account import Role
from models.unit import Unit
from models.visit import Visit
from tests import build
from tests.load.figures import Figure, print_figures
from tests.load.filling import YEAR
from tests.load.servers import ProductOn, Tree, tree_of

COMMUNE = 2
ROUNDS = 3
CSV_BY_COPY, CSV_SECONDS, MOST_MEGABYTES = 6, 60, 400
PLAIN = f"""SELECT v.*, u.name, h.number, h.head_name, m.full_name FROM visit v
    JOIN unit u ON u.id = v.village_id JOIN household h ON h.id = v.household_id JOIN member m ON m.id = v.author_id
    WHERE v.commune_id = {COMMUNE}"""
"""The visits with the names beside them, as the database alone gives them."""


def measure(server: ProductOn, database: str) -> list[Figure]:
    officers, visits = server.do(_officers)
    plain = median(_timed(lambda: _copied(server.address)) for _ in range(ROUNDS))
    year = f"first={YEAR}-01-01&last={YEAR}-12-31"
    what = (
        (f"{visits:,} visits of a commune", officers["commune"], "visits", "", plain),
        ("a commune's year", officers["commune"], "summary", f"unit={COMMUNE}&{year}", 0),
        ("a province's year", officers["province"], "summary", f"unit=1&{year}", 0),
    )
    figures = [Figure(f"{visits:,} visits by COPY, {database}", plain, "s")]
    for name, token, path, query, base in what:
        for kind in ("csv", "xlsx"):
            waits, peak, size = _exported(server, token, f"{path}.{kind}?{query}")
            title, spent = f"{name} as {kind}, {database}", median(waits)
            budget = CSV_SECONDS if path == "visits" else None
            figures.append(Figure(title, spent, "s", budget))
            if base and kind == "csv":
                figures.append(Figure(f"{title}, by COPY", spent / base, "times", CSV_BY_COPY))
            if path == "visits":
                figures.append(Figure(f"{title}, bytes", size))
                figures.append(Figure(f"{title}, most memory", peak, "MB", MOST_MEGABYTES))
    print_figures(f"Exports on {database}, a million visits in the database", figures)
    return figures


def gather(address: str, copy: Path) -> str:
    """A copy in which the commune has the visits of fourteen: 132,000 and more, as a large one has after some years."""
    shutil.copy(address.split("///")[1], copy)
    with sqlite3.connect(copy) as connection:
        moved = f"commune_id BETWEEN {COMMUNE} AND {COMMUNE + 13}"
        connection.execute(f"UPDATE visit SET commune_id = {COMMUNE} WHERE {moved}")
    return f"sqlite+aiosqlite:///{copy}"


def measure_large(server: ProductOn) -> list[Figure]:
    officers, visits = server.do(_officers)
    waits, peak, size = _exported(server, officers["commune"], "visits.xlsx?", rounds=1)
    title = f"{visits:,} visits of a commune as xlsx"
    figures = [
        Figure(title, waits[0], "s", CSV_SECONDS),
        Figure(f"{title}, most memory", peak, "MB", 300),
        Figure(f"{title}, bytes", size),
    ]
    print_figures("A large export", figures)
    return figures


async def _officers(db: Database) -> tuple[dict[str, str], int]:
    """Sessions of a new officer of the commune and of the province; how many visits the commune has."""
    async with db.read() as session:
        commune, province = await session.get_one(Unit, COMMUNE), await session.get_one(Unit, 1)
        count = select(func.count()).where(Visit.__table__.c.commune_id == COMMUNE)
        visits = (await session.execute(count)).scalar_one()
    tokens = {}
    for unit, role in ((commune, Role.COMMUNE_OFFICER), (province, Role.PROVINCE_OFFICER)):
        account = await build.account(db, unit, role, username=uuid4().hex)
        tokens[str(unit.kind)] = await build.sign_in(db, account)
    return tokens, visits


def _copied(address: str) -> None:
    """The same rows as the database gives them: COPY, or on SQLite all rows fetched."""
    if address.startswith("sqlite"):
        with sqlite3.connect(address.split("///")[1]) as connection:
            for row in connection.execute(PLAIN):
                ",".join(map(str, row))
        return

    async def copy() -> None:
        connection = await asyncpg.connect(address.replace("+asyncpg", ""))
        taken = bytearray()

        async def take(piece: bytes) -> None:
            taken.extend(piece)

        await connection.copy_from_query(PLAIN, output=take, format="csv")
        await connection.close()

    asyncio.run(copy())


def _exported(server: ProductOn, token: str, path: str, rounds: int = ROUNDS) -> tuple[list[float], float, int]:
    """Seconds of each round, the most memory of the server meanwhile (MB), the size of the file."""
    headers = {SLOT_HEADER: DESK, "Cookie": f"{cookie_name(DESK)}={token}"}
    waits, size = [], 0
    with httpx.Client(base_url=server.origin, headers=headers, timeout=300) as desk, _watched(tree_of(server)) as most:
        for _ in range(rounds):
            started = time.perf_counter()
            answer = desk.get(f"/api/v1/exports/{path}")
            waits.append(time.perf_counter() - started)
            answer.raise_for_status()
            size = len(answer.content)
    return waits, max(most), size


@contextmanager
def _watched(tree: Tree) -> Iterator[list[float]]:
    """Memory as it was every 20 milliseconds of the block."""
    seen, over = [tree.megabytes()], Event()

    def watch() -> None:
        while not over.wait(0.02):
            seen.append(tree.megabytes())

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
