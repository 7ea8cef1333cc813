"""The rules that live both here and on the phone, by the cases that drive both (`tests/js/rules.test.js`)."""

import json
from datetime import date, datetime
from typing import Any

import pytest

from fieldapp.config import ROOT
from fieldapp.domain.card_code import check_character, parse_scanned, parse_typed
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.note import holds_identity
from fieldapp.domain.report_figure import Figure, odd
from fieldapp.domain.search_key import fold
from fieldapp.domain.target import days_left, percent
from fieldapp.domain.task import standing
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.zalo_group import is_group_link
from fieldapp.i18n import fill
from models.task import TaskState


def cases(file: str, name: str) -> list[Any]:
    found = json.loads((ROOT / "tests" / "contract" / f"{file}.json").read_text("utf-8"))[name]
    assert found
    return found


@pytest.mark.parametrize("case", cases("card_codes", "check_characters"))
def test_a_check_character_is_by_iso_7064(case: dict[str, str]) -> None:
    assert check_character(case["of"]) == case["is"]


@pytest.mark.parametrize("case", cases("card_codes", "scanned"))
def test_what_a_camera_read_gives_the_code_or_nothing(case: dict[str, Any]) -> None:
    assert parse_scanned(case["raw"]) == case["code"]


@pytest.mark.parametrize("case", cases("card_codes", "typed"))
def test_what_a_person_typed_gives_the_short_code_or_nothing(case: dict[str, Any]) -> None:
    assert parse_typed(case["raw"]) == case["code"]


@pytest.mark.parametrize("note", cases("notes", "holds"))
def test_a_note_with_an_identity_is_known(note: str) -> None:
    assert holds_identity(note)


@pytest.mark.parametrize("note", cases("notes", "free"))
def test_an_honest_note_is_let_through(note: str) -> None:
    assert not holds_identity(note)


@pytest.mark.parametrize("link", cases("group_links", "good"))
def test_a_link_to_a_group_is_known(link: str) -> None:
    assert is_group_link(link)


@pytest.mark.parametrize("link", cases("group_links", "bad"))
def test_a_link_to_anything_else_is_refused(link: str) -> None:
    assert not is_group_link(link)


@pytest.mark.parametrize("case", cases("folds", "folds"))
def test_a_folded_name_has_no_marks(case: dict[str, str]) -> None:
    assert fold(case["of"]) == case["is"]


@pytest.mark.parametrize("case", cases("days", "days"))
def test_a_day_is_a_day_in_viet_nam(case: dict[str, str]) -> None:
    assert vn_day(datetime.fromisoformat(case["at"])) == date.fromisoformat(case["day"])


@pytest.mark.parametrize("case", cases("places", "filled"))
def test_words_are_filled_and_one_of_a_thing_is_not_many(case: dict[str, Any]) -> None:
    assert fill(case["words"], case["params"]) == case["is"]


@pytest.mark.parametrize("case", cases("targets", "days_left"))
def test_days_of_a_target_that_are_left_count_today(case: dict[str, Any]) -> None:
    first, last, today = (date.fromisoformat(case[name]) for name in ("first", "last", "today"))
    assert days_left(DayRange(first, last), today) == case["is"]


@pytest.mark.parametrize("case", cases("targets", "percent"))
def test_a_target_is_reached_at_a_hundred_percent(case: dict[str, int]) -> None:
    assert percent(case["done"], case["amount"]) == case["is"]


@pytest.mark.parametrize("case", cases("targets", "standing"))
def test_a_task_is_late_by_its_day(case: dict[str, str]) -> None:
    due, today = date.fromisoformat(case["due"]), date.fromisoformat(case["today"])
    assert standing(TaskState(case["state"]), due, today) == case["is"]


@pytest.mark.parametrize("case", cases("odd_figures", "odd"))
def test_an_odd_number_asks_for_a_reason(case: dict[str, Any]) -> None:
    assert odd(Figure("03", **case["figure"]), case["households"]) == case["is"]
