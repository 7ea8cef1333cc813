"""Telephone numbers as people type them, and what is none. All are of a range that no network has."""

import pytest

from fieldapp.domain.phone_number import read_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0000123456", "0000123456"),
        (" 0000 123 456 ", "0000123456"),
        ("0000.123.456", "0000123456"),
        ("0000-123-456", "0000123456"),
        ("+84000123456", "0000123456"),
        ("+84 000 123 456", "0000123456"),
        ("84000123456", "0000123456"),
        ("", None),
        ("  ", None),
    ],
)
def test_a_number_is_kept_as_ten_digits(typed: str, kept: str | None) -> None:
    assert read_phone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["12", "00001234567", "0255123456", "0000abc456", "1000123456", "+1 000 123 4567", "٠٠٠٠١٢٣٤٥٦"]
)
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_phone(typed) is None
