"""Work that only one of the test run's processes may do at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from fieldapp.config import ROOT

FOLDER = ROOT / "build"


@contextmanager
def in_turn(work: str) -> Iterator[None]:
    """Waits until no other process is at it."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / f"{work}.turn").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
