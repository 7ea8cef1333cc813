"""What may be done to villages: days, names, codes, and the numbers of households that meet in one village."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from fieldapp.domain.search_key import fold
from fieldapp.domain.unit_change import MAX_NUMBER, MergeForm, OpenForm, day_problem, next_code, renumber, same_name

TODAY = date(2026, 7, 15)
numbers = st.text(st.sampled_from("123ABCabc/"), min_size=1, max_size=MAX_NUMBER)
villages = st.lists(st.lists(numbers, max_size=12), min_size=1, max_size=4).map(
    lambda lists: [{f"{place}-{n}": number for n, number in enumerate(one)} for place, one in enumerate(lists)]
)


@pytest.mark.parametrize(
    ("on", "since", "problem"),
    [
        (TODAY, [date(2025, 7, 1)], None),
        (TODAY - timedelta(days=14), [date(2025, 7, 1), date(2026, 6, 30)], None),
        (TODAY + timedelta(days=1), [date(2025, 7, 1)], "unit_day_ahead"),
        (TODAY, [TODAY], "unit_day_early"),
        (date(2025, 6, 30), [date(2025, 7, 1)], "unit_day_early"),
        (TODAY, [], None),
    ],
)
def test_a_village_changes_on_a_day_after_its_first_and_not_to_come(on, since, problem):
    assert day_problem(on, TODAY, since) == problem


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Thôn Sơn Hà", "Thôn Sơn Hạ", False),
        ("Thôn Sơn Hà", "thôn  sơn hà", True),
        ("Thôn Sơn Hà", "Thôn Sơn Hà", True),
        ("Thôn 1", "Thôn 10", False),
    ],
)
def test_names_are_the_same_only_with_their_marks(one, other, same):
    assert same_name(one, other) is same


def test_codes_are_never_used_again():
    assert next_code("21484", []) == "21484-01"
    assert next_code("21484", ["21484-01", "21484-02", "21484-91", "23293-03"]) == "21484-03"


@pytest.mark.parametrize(
    ("before", "changed"),
    [
        ([{"a": "1", "b": "2"}, {"c": "1", "d": "3"}], {"c": "1B"}),
        ([{"a": "1"}, {"b": "1"}, {"c": "1"}], {"b": "1B", "c": "1C"}),
        ([{"a": "12", "b": "12B"}, {"c": "12"}], {"c": "12C"}),
        ([{"a": "12A"}, {"b": "12a"}], {"b": "12aB"}),
        ([{"a": "1", "b": "1"}, {"c": "2"}], {}),
        ([{"a": "1"}, {"b": "1", "c": "1"}], {"b": "1B", "c": "1C"}),
        ([{"a": "x" * 20}, {"b": "x" * 20}], {"b": "x" * 19 + "B"}),
        ([{}, {"b": "1"}], {}),
    ],
)
def test_numbers_that_meet_get_a_letter(before, changed):
    assert renumber(before) == changed


@given(villages)
def test_after_a_merge_no_two_villages_share_a_number(before):
    changed = renumber(before)
    after = [{fold(changed.get(home, number)) for home, number in village.items()} for village in before]
    for place, mine in enumerate(after):
        assert all(mine.isdisjoint(others) for others in after[:place])
    assert not changed.keys() & before[0].keys()
    assert all(0 < len(number) <= MAX_NUMBER for number in changed.values())
    taken = [fold(number) for number in changed.values()]
    assert len(set(taken)) == len(taken)


@given(villages)
def test_only_numbers_that_another_village_has_change(before):
    changed = renumber(before)
    for place, village in enumerate(before):
        earlier = {fold(number) for other in before[:place] for number in other.values()}
        assert {home for home, number in village.items() if fold(number) in earlier} == changed.keys() & village.keys()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"name": "Thôn 0912345678"},
        {"name": "Thôn\x00"},
        {"division": "xa"},
        {"on": "2026-13-01"},
        {"decision": "x" * 201},
        {"commune": 0},
        {"more": 1},
    ],
)
def test_forms_refuse_what_they_cannot_keep(wrong):
    right = {"commune": 3, "name": " Thôn  Mới ", "division": "thon", "on": "2026-07-01", "decision": ""}
    form = OpenForm.model_validate(right)
    assert (form.name, form.decision) == ("Thôn Mới", None)
    with pytest.raises(ValidationError):
        OpenForm.model_validate(right | wrong)


def test_one_village_is_no_merge():
    one = {"villages": [1], "name": "Thôn Mới", "division": "thon", "on": "2026-07-01"}
    with pytest.raises(ValidationError):
        MergeForm.model_validate(one)
