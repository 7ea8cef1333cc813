"""Figures add up to the unit, nothing known is lost, and what nobody knows is no zero."""

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.report_figure import Figure, added, differences, odd, read_figures, warnings

numbers = st.none() | st.integers(0, 10_000)
CODES = ("01", "07", "25")
figures = st.builds(
    Figure, st.sampled_from(CODES), numbers, numbers, st.integers(0, 99), numbers, numbers, numbers, numbers, numbers
)
reports = st.lists(st.lists(figures, max_size=4, unique_by=lambda figure: figure.code), max_size=6)


@given(reports)
def test_a_sum_is_that_of_what_is_known(parts: list[list[Figure]]) -> None:
    """Of shares, of what is known whole: a part of nothing known would be a part of the wrong whole."""
    for total in added(CODES, parts):
        own = [figure for part in parts for figure in part if figure.code == total.code]
        for name, whole in (("value", "over"), ("year", "year_over"), ("previous", "previous_over"), ("plan", None)):
            pairs = [(getattr(figure, name), whole and getattr(figure, whole)) for figure in own]
            both = [pair for pair in pairs if None not in pair]
            if both:
                assert (getattr(total, name), getattr(total, whole or name)) == tuple(map(sum, zip(*both, strict=True)))
            elif any(over is not None for _, over in pairs):
                assert getattr(total, name) is None
            else:
                known = [number for number, _ in pairs if number is not None]
                assert getattr(total, name) == (sum(known) if known else None)
        assert total.waiting == sum(figure.waiting for figure in own)


def test_a_village_of_which_nobody_said_anything_is_no_part_of_a_share() -> None:
    """50 of 80 households are in the group of one village, of 100 of another one nobody knows."""
    told = [Figure("07", 50, 80)], [Figure("07", None, 100)], [Figure("07", 30, None)]
    [total] = added(["07"], told)
    assert (total.value, total.over) == (50, 80)


@given(reports, st.integers(0, 6))
def test_it_does_not_matter_how_parts_are_put_together(parts: list[list[Figure]], cut: int) -> None:
    """Villages to communes to the province: the same as all villages at once."""
    two = [added(CODES, parts[:cut]), added(CODES, parts[cut:])]
    assert added(CODES, two) == added(CODES, parts)


@given(st.lists(figures, max_size=5))
def test_what_is_stored_is_read_back(given: list[Figure]) -> None:
    assert read_figures([figure.to_row() for figure in given]) == given


def test_what_a_later_program_stored_besides_is_left_out() -> None:
    assert read_figures([{"code": "01", "value": 3, "colour": "green"}]) == [Figure("01", 3)]


def test_odd_values_are_named() -> None:
    assert odd(Figure("25", 50, previous=10)) == "jump"
    assert odd(Figure("25", 49, previous=10)) is None
    assert odd(Figure("25", 9, previous=1)) is None, "small numbers jump every day"
    assert odd(Figure("25", 500, previous=0)) is None
    assert odd(Figure("25", None, previous=1), 3) is None
    assert odd(Figure("26", 4), 3) == "above_households"
    assert odd(Figure("07", 90, 100, previous=3)) is None, "a share cannot jump"
    assert warnings([Figure("26", 9), Figure("25", 60, previous=2)], ["26"], 8) == ["above_households:26", "jump:25"]


def test_what_came_since_is_told_by_difference_and_of_shares_not_at_all() -> None:
    locked = [Figure("25", 3), Figure("03"), Figure("28", 1, 3)]
    assert differences(locked, [Figure("25", 5), Figure("03", 2), Figure("28", 2, 5)]) == {"25": 2}
