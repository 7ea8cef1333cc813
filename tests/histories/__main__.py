"""`make histories`: many histories on both databases side by side, or one story again."""

import argparse
import asyncio
import json
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgres
from tests.conftest import TEMPLATE, _prepare, on_server
from tests.histories.base import Base, PostgresBase, SqliteBase
from tests.histories.run import play, run, staged

KINDS = ("sqlite", "postgresql")


@contextmanager
def base_of(kind: str, folder: Path) -> Iterator[Base]:
    """A database of this kind, made from a template of its own."""
    template = folder / "template.sqlite3"
    if kind == "sqlite":
        asyncio.run(_prepare(f"sqlite+aiosqlite:///{template}"))
        yield SqliteBase(template, folder)
        return
    with postgres.server() as socket:
        asyncio.run(on_server(socket, f"CREATE DATABASE {TEMPLATE}"))
        asyncio.run(_prepare(postgres.url(socket, TEMPLATE)))
        yield PostgresBase(socket, TEMPLATE)


def several(kind: str, most: int, number: int) -> None:
    with tempfile.TemporaryDirectory(prefix="toso-histories-") as name:
        folder = Path(name)
        with base_of(kind, folder) as base, staged(base, folder) as stage:
            run(stage, folder, kind, most, number)
            for result, times in sorted(stage.results.items()):
                print(f"{kind}  {times:6}  {result}")


def again(kind: str, story: str) -> None:
    with tempfile.TemporaryDirectory(prefix="toso-histories-") as name:
        folder = Path(name)
        with base_of(kind, folder) as base, staged(base, folder) as stage:
            play(stage, folder, json.loads(story))
            print(dict(stage.results))
    print(f"{kind}: ended well")


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asked = argparse.ArgumentParser(prog="python -m tests.histories")
    asked.add_argument("--histories", type=int, default=2000, help="over both databases together")
    asked.add_argument("--seed", type=int, default=None)
    asked.add_argument("--database", choices=KINDS, default=None)
    asked.add_argument("--story", default="")
    given = asked.parse_args()
    if given.database is None:
        sys.exit(both(given))
    if given.story:
        again(given.database, given.story)
    else:
        several(given.database, given.histories, given.seed or 0)


def both(given: argparse.Namespace) -> int:
    """Half of the histories on each database, at once, each half a process of its own with stories of its own."""
    each = -(-given.histories // len(KINDS))
    first = random.randrange(10**9) if given.seed is None else given.seed
    halves = []
    for place, kind in enumerate(KINDS):
        played = ["--histories", str(each), "--seed", str(first + place * each)]
        more = ["--story", given.story] if given.story else played
        halves.append(subprocess.Popen([sys.executable, "-m", "tests.histories", "--database", kind, *more]))
    return max(abs(half.wait()) for half in halves)


if __name__ == "__main__":
    main()
