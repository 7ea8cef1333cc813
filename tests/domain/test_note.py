"""Identity and telephone numbers in every way of writing them, and honest notes: no case slips by the other rule."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.note import holds_identity

CITIZEN = st.from_regex(r"0[0-9]{11}", fullmatch=True)
MOBILE = st.from_regex(r"0[35789][0-9]{8}", fullmatch=True)
GROUPINGS = {
    12: [(12,), (3, 3, 3, 3), (4, 4, 4), (6, 6), (3, 9)],
    10: [(10,), (4, 3, 3), (3, 3, 4), (4, 2, 2, 2), (4, 6)],
}
WORDS = st.sampled_from(["", "gọi ", "CCCD:", "bà Lan, ", "đt 2 "])


@given(number=CITIZEN | MOBILE, way=st.integers(0, 4), mark=st.sampled_from([" ", ".", "-"]), before=WORDS, after=WORDS)
def test_a_number_is_found_however_it_is_grouped(number: str, way: int, mark: str, before: str, after: str) -> None:
    parts, start = [], 0
    for length in GROUPINGS[len(number)][way]:
        parts.append(number[start : start + length])
        start += length
    assert holds_identity(f"{before}{mark.join(parts)} {after}")


@given(day=st.dates(date(1930, 1, 1), date(2050, 1, 1)), at=st.times(), mark=st.sampled_from(["/", ".", "-"]))
def test_days_and_times_are_let_through(day: date, at: time, mark: str) -> None:
    written, clock = day.strftime(f"%d{mark}%m{mark}%Y"), f"{at:%H:%M}"
    for note in (f"{written} {clock}", f"{clock} {written}", f"hẹn {written} lúc {clock}", f"{day:%Y-%m-%d} {clock}"):
        assert not holds_identity(note), note


@given(
    amount=st.integers(1, 80_000_000_000),
    mark=st.sampled_from(["", " ", "."]),
    word=st.sampled_from(["đ", " đồng", " VNĐ"]),
)
def test_amounts_of_money_are_let_through(amount: int, mark: str, word: str) -> None:
    assert not holds_identity("đã vay " + f"{amount:,}".replace(",", mark) + word)


@pytest.mark.parametrize("note", ["1" * 100_000, "1-" * 50_000, "12.12.2026 " * 10_000, "１" * 50_000])
def test_a_huge_note_is_judged_at_once(note: str) -> None:
    assert isinstance(holds_identity(note), bool)
