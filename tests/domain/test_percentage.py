"""What a partner may be told: a percentage of many, and of few that they are few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.percentage import SMALLEST, Percentage, Word, progress, share

NUMBER = st.integers(0, 5_000)


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (0, 0, "none"), (0, 9, "few"), (9, 9, "few"), (0, 10, 0), (10, 10, 100), (1, 500, "few"), (9, 500, "few"),
        (10, 500, 2), (250, 500, 50), (490, 500, 98), (491, 500, "nearly"), (499, 500, "nearly"), (500, 500, 100),
        (199, 300, 66), (10, 5_000, 0),
    ],
)  # fmt: skip
def test_a_share_of_households(part: int, whole: int, told: str | int) -> None:
    found = share(part, whole)
    assert (found.percent if found.word is Word.PERCENT else str(found.word)) == told


@given(NUMBER, NUMBER)
def test_a_percentage_speaks_of_nobody_or_of_ten_households(part: int, rest: int) -> None:
    """Neither those that were reached nor those that were not can be fewer than ten, unless there are none."""
    found = share(part, part + rest)
    if found.word is Word.PERCENT:
        assert part + rest >= SMALLEST
        assert {n for n in (part, rest) if 0 < n < SMALLEST} == set()
        assert found.percent <= 100 * part / (part + rest) < found.percent + 1
    else:
        assert found.percent == 0


@given(st.integers(1, SMALLEST - 1), st.integers(1, SMALLEST - 1), st.integers(3 * SMALLEST, 5_000))
def test_few_are_all_alike(one: int, other: int, whole: int) -> None:
    """Whoever knows how many live there learns nothing of how few it is."""
    assert share(one, whole) == share(other, whole)
    assert share(whole - one, whole) == share(whole - other, whole)


@pytest.mark.parametrize(
    ("done", "amount", "told"),
    [(0, None, "none"), (0, 9, "few"), (9, 100, "few"), (0, 100, 0), (10, 100, 10), (130, 100, 130), (99, 100, 99)],
)
def test_how_far_a_target_has_come(done: int, amount: int | None, told: str | int) -> None:
    found = progress(done, amount)
    assert found == (Percentage(Word.PERCENT, told) if isinstance(told, int) else Percentage(Word(told)))
