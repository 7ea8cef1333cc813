"""What may be done to a difficulty: every deed from every standing by either level, against a table written by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.difficulty_deeds import INTERNAL, OPEN, Standing, move, possible
from fieldapp.problems import Problem
from models.difficulty import DifficultyDeed, DifficultyLevel, DifficultyState

COMMUNE, PROVINCE = DifficultyLevel.COMMUNE, DifficultyLevel.PROVINCE
STANDINGS = {
    "reported": Standing(DifficultyState.REPORTED),
    "handling": Standing(DifficultyState.HANDLING),
    "escalated": Standing(DifficultyState.ESCALATED, PROVINCE),
    "solved": Standing(DifficultyState.SOLVED),
    "solved above": Standing(DifficultyState.SOLVED, PROVINCE),
}
EXPECTED = {
    ("reported", COMMUNE): "take:handling answer:handling postpone:reported escalate:escalated solve:solved"
    " assign:reported comment:reported",
    ("handling", COMMUNE): "answer:handling postpone:handling escalate:escalated solve:solved assign:handling"
    " comment:handling",
    ("escalated", COMMUNE): "comment:escalated",
    ("solved", COMMUNE): "reopen:handling comment:solved",
    ("solved above", COMMUNE): "reopen:escalated comment:solved_above",
    ("reported", PROVINCE): "comment:reported",
    ("handling", PROVINCE): "comment:handling",
    ("escalated", PROVINCE): "answer:escalated postpone:escalated hand_back:handling solve:solved_above"
    " assign:escalated comment:escalated",
    ("solved", PROVINCE): "comment:solved",
    ("solved above", PROVINCE): "reopen:escalated comment:solved_above",
}
CASES = [pytest.param(name, side, words, id=f"{name}-{side}") for (name, side), words in EXPECTED.items()]


@pytest.mark.parametrize(("name", "side", "words"), CASES)
def test_what_each_level_may_do_and_where_it_leads(name: str, side: DifficultyLevel, words: str) -> None:
    standing = STANDINGS[name]
    expected = {}
    for pair in words.split():
        deed, leads = pair.split(":")
        expected[DifficultyDeed(deed)] = STANDINGS[leads.replace("_", " ")]
    assert {deed: move(standing, deed, side) for deed in possible(standing, side)} == expected
    for deed in set(DifficultyDeed) - expected.keys():
        with pytest.raises(Problem, match="difficulty_moved"):
            move(standing, deed, side)


TRIED = st.lists(st.tuples(st.sampled_from(list(DifficultyDeed)), st.sampled_from([COMMUNE, PROVINCE])), max_size=30)


@given(TRIED)
def test_whatever_is_tried_the_standing_is_one_that_is_known(tried: list) -> None:
    standing = STANDINGS["reported"]
    for deed, side in tried:
        before = standing
        try:
            standing = move(standing, deed, side)
        except Problem:
            continue
        assert standing in STANDINGS.values()
        if deed in INTERNAL:
            assert standing == before
        if before.level is not standing.level:
            assert deed in (DifficultyDeed.ESCALATE, DifficultyDeed.HAND_BACK)
        assert (standing.level is PROVINCE) == (standing in (STANDINGS["escalated"], STANDINGS["solved above"]))


@given(st.sampled_from(list(STANDINGS.values())))
def test_nothing_is_ever_at_a_dead_end(standing: Standing) -> None:
    """From everywhere some level can solve it or open it again."""
    ways = {deed for side in (COMMUNE, PROVINCE) for deed in possible(standing, side)}
    assert (DifficultyDeed.SOLVE if standing.state in OPEN else DifficultyDeed.REOPEN) in ways
