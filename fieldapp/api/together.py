"""Serves requests of one process together: those that come while a group is being served go with the next one.

What a group costs beside each of its members (locks, round trips, a commit) is then paid once. Who comes alone waits
for nobody, or a moment for those who are known to be on their way.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Generic, TypeVar

import structlog

from fieldapp.problems import Problem

log = structlog.get_logger("together")
Asked = TypeVar("Asked")
Given = TypeVar("Given")

Serve = Callable[[Sequence[Asked]], Awaitable[Sequence[Given]]]
MOST = 16
PATIENCE_SECONDS = 0.005


class Together(Generic[Asked, Given]):
    """Made in the loop that it is used in. `serve` gives an answer for each of a group, in its order.

    Where a group fails, each of its members is served by `alone`, so that nobody's trouble is another's. `weight` of
    a group is at most `heaviest`, however few that are.
    """

    def __init__(
        self,
        serve: Serve[Asked, Given],
        alone: Callable[[Asked], Awaitable[Given]],
        weight: Callable[[Asked], int] = lambda _: 1,
        heaviest: int = MOST,
    ) -> None:
        self._serve, self._alone, self._weight, self._heaviest = serve, alone, weight, heaviest
        self._waiting: list[tuple[Asked, asyncio.Future[Given]]] = []
        self._run: asyncio.Task[None] | None = None
        self._coming = 0
        self._all_here = asyncio.Event()

    @contextmanager
    def coming(self) -> Iterator[None]:
        """While somebody is on the way to `ask`."""
        self._coming += 1
        try:
            yield
        finally:
            self._coming -= 1
            if not self._coming:
                self._all_here.set()

    def ask(self, asked: Asked) -> "asyncio.Future[Given]":
        """Joins those who wait; the answer comes when its group has been served."""
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._run is None:
            self._run = asyncio.create_task(self._serve_all())
        return answer

    async def _serve_all(self) -> None:
        try:
            while self._waiting:
                await self._let_come()
                group = self._waiting[: self._size()]
                del self._waiting[: len(group)]
                await self._serve_group(group)
        finally:
            self._run = None

    async def _let_come(self) -> None:
        if self._coming and len(self._waiting) < MOST:
            self._all_here.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._all_here.wait()

    def _size(self) -> int:
        """How many go together: at least one."""
        weight = 0
        for size, (asked, _) in enumerate(self._waiting[:MOST]):
            weight += self._weight(asked)
            if size and weight > self._heaviest:
                return size
        return MOST

    async def _serve_group(self, group: Sequence[tuple[Asked, "asyncio.Future[Given]"]]) -> None:
        try:
            answers = await self._serve([asked for asked, _ in group])
        except Exception as error:
            # A Problem belongs to one of them; anything else somebody should hear of.
            if not isinstance(error, Problem):
                log.warning("group_failed", size=len(group), error=type(error).__name__, exc_info=error)
            for one in group:
                await self._serve_alone(*one)
            return
        for (_, waiting), answer in zip(group, answers, strict=True):
            if not waiting.done():
                waiting.set_result(answer)

    async def _serve_alone(self, asked: Asked, waiting: "asyncio.Future[Given]") -> None:
        try:
            answer = await self._alone(asked)
        except Exception as error:
            if not waiting.done():
                waiting.set_exception(error)
            return
        if not waiting.done():
            waiting.set_result(answer)
