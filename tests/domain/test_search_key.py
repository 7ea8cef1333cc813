"""Names in the order in which people count."""

from fieldapp.domain.search_key import in_order


def test_a_village_with_a_smaller_number_stands_before_one_with_a_greater() -> None:
    names = ["Thôn 10", "Thôn Đèo Hạ", "Thôn 2", "thôn 1", "Thôn Ấp", "Thôn 2 Bắc"]
    assert sorted(names, key=in_order) == ["thôn 1", "Thôn 2", "Thôn 2 Bắc", "Thôn 10", "Thôn Ấp", "Thôn Đèo Hạ"]
