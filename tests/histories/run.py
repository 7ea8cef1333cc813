"""Runs histories: one server, one process of phones and one database for many, each story from a number of its own."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldapp.services.reconciliation import reconcile
from tests import build
from tests.e2e.stage import free_port
from tests.histories.base import Base
from tests.histories.phones import Phones
from tests.histories.player import Player, Stage
from tests.histories.server import Process
from tests.histories.story import Step, Teller, shorter
from tests.histories.truth import read_truth
from tests.histories.verdict import judge

SHORTEN_SECONDS = 120
FRESH_AFTER = 150
"""Histories after which they begin again on an empty database, so that proving all counters stays cheap."""


@contextmanager
def staged(base: Base, folder: Path) -> Iterator[Stage]:
    """Server, phones and database, ready for any number of histories."""
    server, phones = Process(folder, base.url, free_port()), Phones()
    stage = Stage(base, server, phones)
    try:
        phones.start()
        _begin(stage)
        yield stage
    finally:
        phones.stop()
        server.end()
        stage.close()


def _begin(stage: Stage) -> None:
    stage.server.stop()
    stage.wait(stage.db.close())
    stage.wait(stage.base.make())
    stage.reopen()
    for position, code in enumerate(("VNEID", "DVC", "SSK"), 1):
        stage.wait(build.platform(stage.db, code, position))
    province = stage.wait(build.province(stage.db))
    assert province.id is not None
    stage.province = province.id
    stage.server.start()


def play(stage: Stage, folder: Path, story: list[Step]) -> None:
    """One history. Raises AssertionError with all that is wrong at its end."""
    player = Player(stage)
    player.play(story)
    looks = player.looks()

    async def read():
        async with stage.db.read() as session:
            return await read_truth(session, player.place)

    truth = stage.wait(read())
    for look in looks.values():
        stage.results.update(f"{r['kind']} {r['result']} {r.get('code') or ''}".strip() for r in look["records"])
    wrong = judge(player.place, player.ledger, looks, truth, folder)
    assert not wrong, "\n".join(wrong)


def prove(stage: Stage) -> None:
    """All counters of the database by the product's own proof."""
    found = stage.write(reconcile)
    assert found.right, found.wrong


def run(stage: Stage, folder: Path, name: str, most: int, first: int) -> None:
    """Plays so many stories, one a number from the first on. The first that fails is shortened, and raised with what
    tells it again; `name` is of the database.
    """
    print(f"{name}: {most} histories from seed {first}", flush=True)
    started = time.monotonic()
    for told, seed in enumerate(range(first, first + most), 1):
        story = Teller(seed).story()
        try:
            play(stage, folder, story)
        except Exception as error:
            again = f"make histories DATABASE={name} SEED={seed} HISTORIES=1"
            _explain(stage, folder, story, error, again)
            raise
        if told % FRESH_AFTER == 0:
            prove(stage)
            _begin(stage)
    prove(stage)
    spent, deaths = time.monotonic() - started, stage.server.deaths
    print(f"{name}: {most} histories ended well in {spent:.0f} s; the server died {deaths} times", flush=True)


def _explain(stage: Stage, folder: Path, story: list[Step], error: Exception, again: str) -> None:
    """Adds to the error the seed and the shortest story that still goes wrong."""
    deadline, last = time.monotonic() + SHORTEN_SECONDS, error
    shortest, tried = story, shorter(story)
    while time.monotonic() < deadline and (candidate := next(tried, None)) is not None:
        _begin(stage)
        try:
            play(stage, folder, candidate)
        except Exception as found:
            last, shortest, tried = found, candidate, shorter(candidate)
    told = json.dumps(shortest, separators=(",", ":"))
    error.add_note(f"{again}\nshortened: {last}\nmake history STORY='{told}'")
