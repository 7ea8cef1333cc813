"""Scales, shades, circles and places that drawings are laid out by."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.drawing import LARGEST, MAP_WIDTH, SMALLEST, hull, lay_out, marks, radius, shade, shade_step


@pytest.mark.parametrize(
    ("most", "scale"),
    [(0, [0, 1]), (1, [0, 1]), (3, [0, 1, 2, 3]), (9, [0, 5, 10]), (378, [0, 100, 200, 300, 400]),
     (16_291, [0, 5000, 10_000, 15_000, 20_000])],
)  # fmt: skip
def test_a_scale_has_round_marks(most: int, scale: list[int]):
    assert marks(most) == scale


@given(st.integers(0, 10**9))
def test_a_scale_holds_the_most_in_few_marks(most: int):
    scale = marks(most)
    assert scale[0] == 0
    assert scale[-1] >= most
    assert len(scale) <= 6
    assert len({b - a for a, b in itertools.pairwise(scale)}) == 1


@given(st.lists(st.floats(0, 5000), min_size=1))
def test_shades_grow_with_the_value_and_the_largest_is_within_the_last(values: list[float]):
    step = shade_step(values)
    shades = [shade(value, step) for value in sorted(values)]
    assert shades == sorted(shades)
    assert set(shades) <= {1, 2, 3, 4}
    assert max(values) <= 4 * step
    assert shade(None, step) == 0


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_circle_is_as_large_as_its_number(value: int, most: int):
    r = radius(min(value, most), most)
    assert SMALLEST <= r <= LARGEST
    if r > SMALLEST:
        assert (r / LARGEST) ** 2 == pytest.approx(min(value, most) / most)


places = st.dictionaries(
    st.integers(), st.tuples(st.floats(14.1, 15.4), st.floats(107.4, 109.2)), min_size=1, max_size=40
)


@given(places)
def test_a_map_keeps_east_and_north_within_its_frame(units: dict[int, tuple[float, float]]):
    layout = lay_out(units)
    for a, (x, y) in layout.spots.items():
        assert 0 <= x <= MAP_WIDTH
        assert 0 <= y <= layout.height
        for b, (other_x, other_y) in layout.spots.items():
            assert not (units[a][0] > units[b][0] and y > other_y)
            assert not (units[a][1] > units[b][1] and x < other_x)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=30))
def test_a_hull_turns_one_way_around_all_points(points: list[tuple[int, int]]):
    corners = hull([(float(x), float(y)) for x, y in points])
    assert set(corners) <= {(float(x), float(y)) for x, y in points}
    if len(corners) > 2:
        for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
            for x, y in points:
                assert (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -1e-9
