"""`make bench`: every figure in one run, printed as tables. Nothing is asserted; docs/bench.md says what each means."""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests import postgres
from tests.e2e.stage import Server, use_server_settings
from tests.load import field, intake, screens
from tests.load.intake import Measured
from tests.load.servers import Floor, ProductOn, machine, postgres_tree, tree_of

INTAKE = ("", "visits/s", "p50 ms", "p95 ms", "CPU-ms", "database CPU-ms", "floor visits/s", "floor CPU-ms", "ratio")


def main() -> None:
    print(f"Before: {machine()}\n")
    with tempfile.TemporaryDirectory(prefix="toso-bench-") as folder:
        _screens(Path(folder) / "screens")
        memory = [_sqlite(Path(folder) / "sqlite"), _postgres(Path(folder) / "postgres")]
    _print("Memory, resident, MB", ("", "idle", "after the intake"), memory)
    print(f"After: {machine()}")


def _screens(folder: Path) -> None:
    server = Server(folder)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        use_server_settings(server, patch)
        server.prepare()
        server.start()
        wire, waits = screens.measure(playwright, server)
    rows = [
        ("first load of Hôm nay, bytes", f"{wire.bytes:,}"),
        ("first load of Hôm nay, requests", str(wire.requests)),
        (f"offline reload to usable, CPU {screens.SLOWER} times slower, ms, median", f"{screens.middle(waits):.0f}"),
        ("offline reload to usable, each, ms", " ".join(f"{wait:.0f}" for wait in waits)),
    ]
    _print("Phone", ("", ""), rows)


def _sqlite(folder: Path) -> Sequence[str]:
    return _intake("SQLite", Server(folder / "product"), Floor(folder / "floor", str(folder / "floor.sqlite3")), "")


def _postgres(folder: Path) -> Sequence[str]:
    with postgres.server(durable=True) as socket:
        asyncio.run(_make_databases(socket, "product", "floor"))
        product = ProductOn(folder / "product", postgres.url(socket, "product"))
        floor = Floor(folder / "floor", f"postgresql://postgres@/floor?host={socket}")
        return _intake("PostgreSQL", product, floor, socket)


async def _make_databases(socket: str, *names: str) -> None:
    engine = create_async_engine(postgres.url(socket, "postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for name in names:
            await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()


def _intake(database: str, product: Server, floor: Server, socket: str) -> Sequence[str]:
    """Prints the rounds on one database; gives its row of the table of memory."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as ends:
        use_server_settings(product, patch)
        product.prepare()
        people = product.do(field.settle)
        for server in (product, floor):
            ends.callback(server.kill)
            server.start()
        idle = tree_of(product).megabytes()
        backend = (lambda: postgres_tree(socket)) if socket else (lambda: None)
        load = ends.enter_context(intake.generator_process())
        measured = [intake.measure(load, case, people, product, floor, backend) for case in intake.CASES]
        after = tree_of(product).megabytes()
    _print(f"Intake on {database}", INTAKE, [_row(m) for m in measured])
    return database, f"{idle:.0f}", f"{after:.0f}"


def _row(measured: Measured) -> Sequence[str]:
    ours, floor = measured.ours.middle, measured.floor.middle
    figures = (ours("rate"), ours("p50"), ours("p95"), ours("cpu"), ours("database_cpu"), floor("rate"), floor("cpu"))
    places = (0, 1, 1, 1, 1, 0, 1)
    words = [f"{figure:.{place}f}" for figure, place in zip(figures, places, strict=True)]
    return measured.case.name, *words, f"{measured.ratio:.2f}"


def _print(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    print(f"{title}\n")
    for row in (head, ["-" * width for width in widths], *rows):
        print("| " + " | ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) + " |")
    print(flush=True)


if __name__ == "__main__":
    main()
