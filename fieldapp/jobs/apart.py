"""A process of one's own for slow work: requests do not wait for it, one that kills it stops nobody else, and its
memory goes back to the system when there has been nothing to do for a while."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from typing import Any, TypeVar

NICE = 19
T = TypeVar("T")


class ProcessApart:
    """Begun with the first piece of work, and anew with the first after `close`."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def run(self, work: Callable[..., T], *given: Any) -> T:
        """What `work` gives, over there. Raises BrokenProcessPool if that process dies of it."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)
        try:
            return await asyncio.wrap_future(self._pool.submit(work, *given))
        except BrokenProcessPool:
            self.close()
            raise

    def close(self) -> None:
        """Lets the process end, and its memory go."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _begin() -> None:
    """Steps back behind whoever serves, leaves Ctrl-C to them, and ends when they do, however they end."""
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(0)
