"""Which names are nearer to what somebody typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.search_key import fold
from fieldapp.domain.search_rank import DIVISIONS, TEAMS, Nearness, nearness

letters = st.text(st.sampled_from("ab %_\\"), max_size=12).map(fold)


@pytest.mark.parametrize(
    ("name", "typed", "before", "near"),
    [
        ("Xã Sơn Hà", "son ha", DIVISIONS, Nearness.EXACT),
        ("Xã Sơn Hạ", "son ha", DIVISIONS, Nearness.EXACT),
        ("Xã Sơn Hà", "xã sơn hà", DIVISIONS, Nearness.EXACT),
        ("Thôn Sơn Hà Đông", "son ha", DIVISIONS, Nearness.PREFIX),
        ("Xã Đặng Thùy Trâm", "dang thuy", DIVISIONS, Nearness.PREFIX),
        ("Xã Đặng Thùy Trâm", "tram dang", DIVISIONS, Nearness.WORDS),
        ("Thôn Hoà Bình", "hòa", DIVISIONS, Nearness.PREFIX),
        ("Thôn Hòa Bình", "hoà bình", DIVISIONS, Nearness.EXACT),
        ("Thôn Hòa Bình", "oa", DIVISIONS, Nearness.INSIDE),
        ("Xã Ba Tơ", "ba tô", DIVISIONS, Nearness.EXACT),
        ("Xã Ba Tơ", "ba gia", DIVISIONS, None),
        ("Xã Ba Tơ", "", DIVISIONS, None),
        ("Tổ công nghệ số cộng đồng thôn An Phú", "an phu", TEAMS, Nearness.EXACT),
        ("Nguyễn Văn Đức", "van duc", (), Nearness.WORDS),
    ],
)
def test_names_are_ranked(name, typed, before, near):
    assert nearness(fold(name), fold(typed), before) == near


@given(letters, letters)
def test_what_begins_a_name_is_never_farther_than_what_stands_inside(key, typed):
    near = nearness(key, typed)
    if near is None:
        assert not typed or any(word not in key for word in typed.split())
    elif near <= Nearness.PREFIX:
        assert key.startswith(typed)
    else:
        assert not key.startswith(typed)
