"""Which pictures are held to show the same, and that an index finds every pair of them."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter

from fieldapp.domain.likeness import ALIKE, Marks, are_alike, distance, marks_of, near
from fieldapp.jobs.decoding import decode
from tests import pictures

MARK = st.integers(0, 0xFFFF)
BITS = st.sets(st.integers(0, 63), max_size=ALIKE)


@given(st.tuples(MARK, MARK, MARK, MARK), BITS)
def test_of_two_alike_one_mark_differs_in_at_most_one_bit(marks: Marks, flipped: set[int]) -> None:
    first, second, third, fourth = (
        mark ^ sum(1 << bit % 16 for bit in flipped if bit // 16 == place) for place, mark in enumerate(marks)
    )
    other = (first, second, third, fourth)
    assert distance(marks, other) == len(flipped)
    assert are_alike(marks, other)
    assert any((a ^ b).bit_count() <= 1 for a, b in zip(marks, other, strict=True))


@given(MARK)
def test_near_are_a_mark_and_those_one_bit_away(mark: int) -> None:
    found = near(mark)
    assert found == [] or {(mark ^ other).bit_count() for other in found} == {0, 1}
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("mark", [0, 0xFFFF, 0x0100, 0xFFFE])
def test_a_plain_mark_is_not_looked_up(mark: int) -> None:
    assert near(mark) == []


@pytest.mark.parametrize("grey", [bytes(72), bytes([200, 215] * 36)])
def test_a_picture_without_light_and_shade_has_no_marks(grey: bytes) -> None:
    assert marks_of(grey) is None


def marks(image: Image.Image, quality: int = 82) -> Marks:
    found = decode(pictures.saved(image, quality)).marks
    assert found is not None
    return found


SAME: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved anew": lambda image: image,
    "half the size": lambda image: image.reduce(2),
    "lighter": lambda image: ImageEnhance.Brightness(image).enhance(1.1),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.7),
    "more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.2),
    "out of focus": lambda image: image.filter(ImageFilter.GaussianBlur(3)),
    "one hundredth cut off": lambda image: image.crop((8, 6, 792, 594)),
}


@pytest.mark.parametrize("change", SAME)
def test_a_photo_that_was_worked_on_is_alike(change: str) -> None:
    for seed in range(8):
        image = pictures.scene(Random(seed))
        assert are_alike(marks(image), marks(SAME[change](image), 60)), seed


def test_photos_of_other_scenes_are_not_alike() -> None:
    found = [marks(pictures.scene(Random(seed))) for seed in range(40)]
    assert min(distance(a, b) for place, a in enumerate(found) for b in found[:place]) > ALIKE + 3
