"""The envelope of a record: what makes a repeat a repeat, and when the thing was done."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from fieldapp.domain.record import Envelope, corrected

ID = "0190b5a0-0000-7000-8000-000000000001"
NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)


def envelope(**given: Any) -> Envelope:
    default = {"id": ID, "kind": "visit.create", "schema": 1, "author": 7, "made_at": 1000, "replaces": None}
    return Envelope.model_validate(default | {"payload": {"a": 1, "b": [1, {"c": "ữ"}]}} | given)


def test_the_order_of_fields_is_no_difference() -> None:
    assert envelope(payload={"b": [1, {"c": "ữ"}], "a": 1}).content_hash == envelope().content_hash


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "visit.replace"},
        {"schema": 2},
        {"author": 8},
        {"made_at": 1001},
        {"replaces": ID},
        {"payload": {"a": 1, "b": [{"c": "ữ"}, 1]}},
        {"payload": {"a": 1, "b": [1, {"c": "ử"}]}},
        {"payload": {}},
    ],
)
def test_any_other_content_is_a_difference(given: dict[str, Any]) -> None:
    assert envelope(**given).content_hash != envelope().content_hash


def test_the_id_is_no_content() -> None:
    assert envelope(id=ID.replace("1", "2")).content_hash == envelope().content_hash


@pytest.mark.parametrize(
    "given",
    [
        {"id": "a"},
        {"author": "somebody"},
        {"made_at": -1},
        {"made_at": 10**15},
        {"payload": []},
        {"payload": {"note": "x" * 200_001}},
        {"payload": {"note": "a\x00b"}},
        {"payload": {"note": "a\ud800b"}},
        {"kind": "visit\x00create"},
        {"kind": "x" * 41},
        {"schema": 0},
        {"signature": "x"},
    ],
)
def test_what_no_database_holds_and_no_phone_makes_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        envelope(**given)


def test_a_backslash_in_a_note_is_no_null_character() -> None:
    assert envelope(payload={"note": r"C:\u0000"}).payload == {"note": r"C:\u0000"}


@pytest.mark.parametrize(
    ("made", "phone_now", "expected"),
    [
        (NOON - timedelta(hours=1), NOON, NOON - timedelta(hours=1)),
        (NOON + timedelta(hours=1), NOON + timedelta(hours=2), NOON - timedelta(hours=1)),
        (NOON - timedelta(days=400), NOON - timedelta(days=399), NOON - timedelta(days=1)),
        (NOON + timedelta(minutes=3), NOON, NOON),
        (NOON + timedelta(hours=2, minutes=3), NOON + timedelta(hours=2), NOON),
    ],
    ids=["right clock", "fast clock", "clock of another year", "after the push", "after the push, fast clock"],
)
def test_the_clocks_error_at_push_sets_the_moment_right(made: datetime, phone_now: datetime, expected: datetime):
    assert corrected(made, phone_now, NOON) == expected
