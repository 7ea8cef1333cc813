"""Ranks: per 100 households, within a group, ties side by side, the small ones shown without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.ranking import FEWEST_COMPARED, FEWEST_HOUSEHOLDS, Entry, Standing, per_hundred, rank, size_of


@pytest.mark.parametrize(
    ("entries", "ranks"),
    [
        ([("a", 10, 100), ("a", 30, 100), ("a", 20, 100)], [3, 1, 2]),
        ([("a", 10, 100), ("a", 20, 200), ("a", 5, 100)], [1, 1, 3]),
        ([("a", 1000, 1000), ("a", 99, 100), ("b", 1, 100)], [None, None, None]),
        ([("a", 9, 100), ("a", 8, 100), ("a", 7, 100), ("a", 40, 49)], [1, 2, 3, None]),
        ([("a", 9, 100), ("a", 8, 100), ("a", 7, 0)], [None, None, None]),
        ([("a", 0, 100), ("a", 1, 100), ("a", 0, 100)], [None, 1, None]),
        # 12.34 and 12.26 both read 12,3.
        ([("a", 1234, 10_000), ("a", 1226, 10_000), ("a", 1, 100)], [1, 1, 3]),
    ],
)
def test_ranks(entries: list[tuple[str, int, int]], ranks: list[int | None]):
    found = rank(dict(enumerate(Entry(*entry) for entry in entries)))
    assert [found[key].rank for key in range(len(entries))] == ranks


def test_a_unit_without_a_rank_shows_its_rate():
    assert rank({1: Entry("a", 4, 20)}) == {1: Standing("a", 20.0, None, 0)}
    assert rank({1: Entry("a", 4, 0)}) == {1: Standing("a")}


@pytest.mark.parametrize(("households", "size"), [(0, "small"), (149, "small"), (150, "middle"), (300, "large")])
def test_villages_are_compared_with_those_of_their_size(households: int, size: str):
    assert size_of(households) == size


entries = st.dictionaries(
    st.integers(),
    st.builds(Entry, st.sampled_from("abc"), st.integers(0, 5000), st.integers(0, 900)),
    max_size=30,
)


@given(entries)
def test_a_rank_is_one_more_than_those_that_did_better(units: dict[int, Entry]):
    found = rank(units)
    assert found.keys() == units.keys()
    for key, entry in units.items():
        mine = found[key]
        peers = [k for k, e in units.items() if e.group == entry.group and e.households >= FEWEST_HOUSEHOLDS]
        if entry.households < FEWEST_HOUSEHOLDS or len(peers) < FEWEST_COMPARED or not entry.done:
            assert mine.rank is None
            continue
        better = [k for k in peers if (found[k].rate or 0) > (mine.rate or 0)]
        assert (mine.rank, mine.of) == (len(better) + 1, len(peers))


@given(entries, st.randoms())
def test_neither_the_order_nor_other_groups_nor_the_small_matter(units: dict[int, Entry], chance):
    found, keys = rank(units), list(units)
    chance.shuffle(keys)
    assert rank({key: units[key] for key in keys}) == found
    only = {k: e for k, e in units.items() if e.group == "a" and e.households >= FEWEST_HOUSEHOLDS}
    assert rank(only) == {key: found[key] for key in only}


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_rate_is_of_a_hundred(done: int, households: int):
    assert per_hundred(done, households) == pytest.approx(100 * done / households, abs=0.05 + 1e-9)
