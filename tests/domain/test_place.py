"""Where a visit was made: coarse, and outside only where that is sure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.place import FAR_KM, coarse, distance_km, is_outside

SON_TINH, BA_TO, LY_SON = (15.19, 108.75), (14.77, 108.73), (15.38, 109.11)
points = st.tuples(st.floats(-89, 89), st.floats(-179, 179))


@pytest.mark.parametrize(
    ("point", "outside"),
    [
        (SON_TINH, False),
        ((15.25, 108.80), False),
        (BA_TO, True),
        (LY_SON, True),
        ((14.98, 108.74), False),
    ],
    ids=["at its centre", "some kilometres away", "at another centre", "on the island", "half way: not sure"],
)
def test_a_place_is_outside_only_where_it_is_plainly_elsewhere(point: tuple[float, float], outside: bool) -> None:
    assert is_outside(point, SON_TINH, [BA_TO, LY_SON]) is outside


def test_far_from_its_centre_and_near_no_other_is_not_outside() -> None:
    assert distance_km((15.19, 108.40), SON_TINH) > FAR_KM
    assert not is_outside((15.19, 108.40), SON_TINH, [BA_TO, LY_SON])


def test_a_degree_is_as_long_as_it_is() -> None:
    assert distance_km((15.0, 108.0), (16.0, 108.0)) == pytest.approx(111.2, abs=0.1)
    assert distance_km((15.0, 108.0), (15.0, 109.0)) == pytest.approx(107.4, abs=0.1)


@given(points, points)
def test_a_distance_is_the_same_both_ways_and_what_is_coarse_is_near(one: tuple, other: tuple) -> None:
    assert distance_km(one, other) == pytest.approx(distance_km(other, one))
    assert distance_km(one, coarse(one)) < 0.9
