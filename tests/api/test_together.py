"""Who is served with whom, and that nobody's trouble is another's."""

import asyncio
from collections.abc import Sequence

import pytest

from fieldapp.api.together import Together
from fieldapp.problems import Problem


class Counter:
    """Answers a number with its double, minds the thirteen, and notes who was served with whom."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.gate, self.busy = asyncio.Event(), asyncio.Event()

    async def serve(self, numbers: Sequence[int]) -> list[int]:
        self.groups.append(list(numbers))
        self.busy.set()
        await self.gate.wait()
        if 13 in numbers:
            raise Problem("invalid")
        return [2 * number for number in numbers]

    async def alone(self, number: int) -> int:
        return (await self.serve([number]))[0]


async def test_those_who_come_while_a_group_is_served_go_together() -> None:
    counter = Counter()
    together = Together(counter.serve, counter.alone)
    first = together.ask(1)
    await counter.busy.wait()
    rest = [together.ask(number) for number in (2, 3, 4)]
    counter.gate.set()
    assert await asyncio.gather(first, *rest) == [2, 4, 6, 8]
    assert counter.groups == [[1], [2, 3, 4]]


async def test_a_group_is_no_heavier_than_it_may_be_but_one_may_be_too_heavy_alone() -> None:
    counter = Counter()
    counter.gate.set()
    together = Together(counter.serve, counter.alone, weight=lambda number: number, heaviest=10)
    assert await asyncio.gather(*(together.ask(number) for number in (4, 5, 6, 99, 1))) == [8, 10, 12, 198, 2]
    assert counter.groups == [[4, 5], [6], [99], [1]]


async def test_one_who_is_on_the_way_is_waited_for() -> None:
    counter = Counter()
    counter.gate.set()
    together = Together(counter.serve, counter.alone)
    with together.coming():
        first = together.ask(1)
        await asyncio.sleep(0)
        second = together.ask(2)
    assert await asyncio.gather(first, second) == [2, 4]
    assert counter.groups == [[1, 2]]


async def test_one_who_never_arrives_is_not_waited_for_long() -> None:
    counter = Counter()
    counter.gate.set()
    together = Together(counter.serve, counter.alone)
    with together.coming():
        assert await together.ask(1) == 2


async def test_what_breaks_for_one_breaks_for_nobody_else() -> None:
    counter = Counter()
    counter.gate.set()
    together = Together(counter.serve, counter.alone)
    asked = [together.ask(number) for number in (1, 13, 2)]
    assert [await asked[0], await asked[2]] == [2, 4]
    with pytest.raises(Problem, match="invalid"):
        await asked[1]
    assert await together.ask(3) == 6


async def test_one_who_has_gone_is_missed_by_nobody() -> None:
    counter = Counter()
    together = Together(counter.serve, counter.alone)
    gone, there = together.ask(1), together.ask(2)
    await counter.busy.wait()
    gone.cancel()
    counter.gate.set()
    assert await there == 4
