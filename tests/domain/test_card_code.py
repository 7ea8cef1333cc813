"""Codes of household cards: ISO 7064 mod 37,36 as its users publish it, and what a slip of the hand does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.card_code import (
    ALPHABET,
    CODE_LENGTH,
    CROCKFORD,
    SHORT_LENGTH,
    card_address,
    check_character,
    code_hash,
    display_short,
    is_valid,
    make_code,
    make_short_code,
    parse_scanned,
    parse_typed,
)

HOST = "toso.quangngai.gov.vn"
bodies = st.text(CROCKFORD, min_size=1, max_size=16)
places = st.integers(min_value=0, max_value=15)


def with_check(body: str) -> str:
    return body + check_character(body)


@pytest.mark.parametrize(
    ("body", "check"),
    [
        ("A12425GABC1234002", "M"),  # GRid standard, its example of a release
        ("000000003A8D0000", "Z"),  # ISAN 0000-0000-3A8D-0000-Z-0000-0000-6
        ("000000003A8D000000000000", "6"),
        ("0000000189470000", "8"),  # ISAN 0000-0001-8947-0000-8-0000-0000-D
        ("000000018947000000000000", "D"),
        ("00000000D07A009000000000", "X"),  # ISAN 0000-0000-D07A-0090-Q-0000-0000-X
    ],
)
def test_check_characters_are_those_of_published_codes(body: str, check: str):
    assert check_character(body) == check


@given(bodies, places, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_caught(body: str, at: int, wrong: str):
    code = with_check(body)
    at %= len(code)
    changed = code[:at] + wrong + code[at + 1 :]
    assert is_valid(changed) == (changed == code)


@given(bodies, st.text(CROCKFORD, max_size=8))
def test_of_630_pairs_of_neighbours_at_most_one_can_change_places_unseen(before: str, after: str):
    """A hybrid system of ISO 7064 catches all wrong characters and all but 1 in 630 exchanged neighbours."""
    unseen = [
        (one, other)
        for one in ALPHABET
        for other in ALPHABET[: ALPHABET.index(one)]
        if check_character(before + one + other + after) == check_character(before + other + one + after)
    ]
    assert len(unseen) <= 1


def test_made_codes_scan_back_and_do_not_repeat():
    codes = [make_code() for _ in range(1000)]
    assert [code for code in codes if parse_scanned(card_address(HOST, code)) != code] == []
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert len(set(codes)) == len(codes)


def test_made_short_codes_are_typed_back_as_they_are_printed():
    codes = [make_short_code() for _ in range(1000)]
    assert [code for code in codes if parse_typed(display_short(code)) != code] == []
    assert {len(code) for code in codes} == {SHORT_LENGTH}


CODE = with_check("0123456789ABCDEF")


@pytest.mark.parametrize(
    "raw",
    [
        f"HTTPS://TOSO.QUANGNGAI.GOV.VN/H/{CODE}",
        f"https://toso.quangngai.gov.vn/h/{CODE.lower()}",
        f"HTTPS://ANOTHER.HOST/H/{CODE}/",
        f"TOSO.QUANGNGAI.GOV.VN/H/{CODE}",
        f"  http://localhost:8000/h/{CODE}\n",
    ],
)
def test_a_card_is_read_on_any_host_and_in_any_case(raw: str):
    assert parse_scanned(raw) == CODE


@pytest.mark.parametrize(
    "raw",
    [
        "",
        CODE,
        "https://example.vn/",
        f"https://example.vn/x/{CODE}",
        f"https://example.vn/h/{CODE}?a=1",
        f"https://example.vn/h/{CODE}{CODE}",
        f"https://example.vn/h/{CODE[:-1]}",
        f"https://example.vn/h/{CODE[1:]}{CODE[0]}",
        "00020101021238570010A000000727012700069704220113",  # a bank's QR
        "001234567890|Đinh Thị Lan|01011980",  # an identity card's QR
    ],
)
def test_other_qrs_are_no_card(raw: str):
    assert parse_scanned(raw) is None


SHORT = with_check("10X0011")


@pytest.mark.parametrize("typed", ["{0}-{1}", "{0} {1}", " {0}{1} ", "{0} - {1}"])
def test_a_short_code_may_be_typed_with_gaps(typed: str):
    assert parse_typed(typed.format(SHORT[:4], SHORT[4:]).lower()) == SHORT


def test_letters_that_look_like_digits_are_read_as_digits():
    assert parse_typed("LOXOOI" + SHORT[6:]) == SHORT
    assert parse_typed("ioxooi" + SHORT[6:]) == SHORT


@pytest.mark.parametrize("typed", ["", "1", SHORT[:-1], SHORT + "0", SHORT[:-1] + "*", "ĐÀ" + SHORT[2:]])
def test_a_wrong_short_code_is_refused(typed: str):
    assert parse_typed(typed) is None


def test_the_address_stays_in_the_alphabet_of_a_dense_qr():
    assert set(card_address(HOST, make_code())) <= set(ALPHABET + " $%*+-./:")


def test_what_is_stored_does_not_give_the_code_back():
    assert code_hash(CODE) == code_hash(CODE)
    assert len(code_hash(CODE)) == 64
    assert CODE not in code_hash(CODE).upper()
