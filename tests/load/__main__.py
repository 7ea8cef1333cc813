"""`make bench`: every figure in one run, printed as tables, those with a budget beside it.

Nothing is asserted; docs/bench.md says what each means. `python -m tests.load intake sync` measures parts of it.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests import postgres
from tests.e2e.stage import Server, use_server_settings
from tests.load import (
    approvals,
    bundles,
    desk,
    exports,
    field,
    filled,
    full_phone,
    intake,
    reports,
    saving,
    screens,
    summaries,
    syncing,
)
from tests.load.figures import Figure, print_figures
from tests.load.servers import Floor, ProductOn, machine, postgres_tree, tree_of

ServerKind = TypeVar("ServerKind", bound=Server)
PARTS = ("phone", "desk", "reports", "intake", "summaries", "exports", "bundles")


def main(parts: Sequence[str]) -> None:
    print(f"Before: {machine()}\n")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="toso-bench-") as name:
        folder = Path(name)
        if "phone" in parts:
            figures += _phone(folder)
        if "desk" in parts:
            with sync_playwright() as playwright:
                figures += _on_a_server(folder / "desk", lambda server: desk.measure(playwright, server))
        if "reports" in parts:
            figures += _on_a_server(folder / "reports", reports.measure)
        if "intake" in parts:
            figures += _sqlite(folder / "sqlite") + _postgres(folder / "postgres")
        if {"summaries", "exports"} & {*parts}:
            figures += _filled(folder, parts)
        if "bundles" in parts:
            figures += _bundles(folder / "bundles")
    print_figures("Budgets", [figure for figure in figures if figure.budget is not None])
    print(f"After: {machine()}")


def _phone(folder: Path) -> list[Figure]:
    with sync_playwright() as playwright:
        return [
            *_on_a_server(folder / "screens", lambda server: screens.measure(playwright, server)),
            *_on_a_server(folder / "full", lambda server: full_phone.measure(playwright, server)),
            *_on_a_server(folder / "saving", lambda server: saving.measure(playwright, server, folder / "film")),
        ]


def _bundles(folder: Path) -> list[Figure]:
    server = Server(folder)
    with pytest.MonkeyPatch.context() as patch:
        use_server_settings(server, patch)
        server.prepare()
        try:
            return bundles.measure(server)
        finally:
            server.kill()


def _on_a_server(folder: Path, measure: Callable[[Server], list[Figure]]) -> list[Figure]:
    """Measures on a server of its own, with an empty database."""
    return _on(Server(folder), measure)


def _on(server: ServerKind, measure: Callable[[ServerKind], list[Figure]]) -> list[Figure]:
    with pytest.MonkeyPatch.context() as patch:
        use_server_settings(server, patch)
        server.prepare()
        server.start()
        try:
            return measure(server)
        finally:
            server.kill()


def _sqlite(folder: Path) -> list[Figure]:
    return _intake("SQLite", Server(folder / "product"), Floor(folder / "floor", str(folder / "floor.sqlite3")), "")


def _postgres(folder: Path) -> list[Figure]:
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


def _intake(database: str, product: Server, floor: Server, socket: str) -> list[Figure]:
    """Intake on one database, and what is measured on the visits that it leaves behind."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as ends:
        use_server_settings(product, patch)
        product.prepare()
        people = product.do(field.settle)
        village = product.do(lambda db: syncing.settle(db, people.commune))
        for server in (product, floor):
            ends.callback(server.kill)
            server.start()
        idle = tree_of(product).megabytes()
        backend = (lambda: postgres_tree(socket)) if socket else (lambda: None)
        load = ends.enter_context(intake.generator_process())
        figures = intake.measure_all(load, database, people, product, floor, backend)
        intake.bring_up_to(load, people, product, 10_000, approvals.EACH * approvals.ROUNDS)
        memory = [
            Figure(f"memory idle, {database}", idle, "MB", 250),
            Figure(f"memory after 10,000 visits, {database}", tree_of(product).megabytes(), "MB", 400),
        ]
        print_figures(f"Memory on {database}, resident", memory)
        figures += [*memory, *syncing.measure(product, database, village)]
        return figures + approvals.measure(load, product, database, people.leader)


def _filled(folder: Path, parts: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDAPP_DATA_DIR", str(folder / "filling"))
        with filled.databases(summaries.SIZES) as databases:
            if "summaries" in parts:
                figures += summaries.measure(databases)
            if "exports" in parts:
                for database, addresses in databases.items():
                    address = addresses[summaries.MILLION]
                    served = ProductOn(folder / f"exports-{database}", address)
                    figures += _on(served, lambda server, name=database: exports.measure(server, name))
                large = exports.gather(databases["SQLite"][summaries.MILLION], folder / "large.sqlite3")
                figures += _on(ProductOn(folder / "exports-large", large), exports.measure_large)
    return figures


if __name__ == "__main__":
    main(sys.argv[1:] or PARTS)
