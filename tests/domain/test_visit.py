"""What a payload may say: each rule that sending again cannot mend, by the code and field that the phone is told."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from fieldapp.domain.visit import DecisionPayload, HouseholdPayload, VisitPayload
from fieldapp.problems import STATUS

PHOTO = {"sha256": "ab" * 32, "bytes": 1000, "type": "image/jpeg"}
OUTCOME = {"platform": "VNEID", "result": "installed"}


def visit(**given: Any) -> dict[str, Any]:
    default = {"household": str(uuid4()), "mode": "home", "beneficiary": "person", "people": 1, "outcomes": [OUTCOME]}
    return default | {"identified_by": "list"} | given


def refusal(model: type, payload: dict[str, Any]) -> tuple[str, str]:
    """The field, and the code where the rule has a name of its own."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(payload)
    first = caught.value.errors()[0]
    message = str(first.get("ctx", {}).get("error", ""))
    return ".".join(map(str, first["loc"])), message if message in STATUS else "invalid"


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"people": 0}, "people", "invalid"),
        ({"people": 51}, "people", "invalid"),
        ({"outcomes": []}, "outcomes", "invalid"),
        ({"outcomes": [OUTCOME | {"platform": f"P{n}"} for n in range(21)]}, "outcomes", "invalid"),
        ({"outcomes": [OUTCOME | {"platform": "vneid"}]}, "outcomes.0.platform", "invalid"),
        ({"outcomes": [OUTCOME | {"come_back_on": "soon"}]}, "outcomes.0.come_back_on", "invalid"),
        ({"outcomes": [OUTCOME, OUTCOME]}, "", "repeated"),
        ({"photos": [PHOTO, PHOTO]}, "photos", "repeated"),
        ({"photos": [PHOTO | {"sha256": f"{n:064x}"} for n in range(6)]}, "photos", "invalid"),
        ({"photos": [PHOTO | {"bytes": 2_000_001}]}, "photos.0.bytes", "invalid"),
        ({"photos": [PHOTO | {"type": "image/svg+xml"}]}, "photos.0.type", "invalid"),
        ({"photos": [PHOTO | {"sha256": "../../etc"}]}, "photos.0.sha256", "invalid"),
        ({"note": "x" * 301}, "note", "invalid"),
        ({"note": "CCCD 051088012345"}, "note", "note_identity"),
        ({"mode": "by_letter"}, "mode", "invalid"),
        ({"verified": True}, "verified", "invalid"),
    ],
)
def test_a_visit_outside_its_rules_is_refused_by_field(given: dict[str, Any], field: str, code: str) -> None:
    assert refusal(VisitPayload, visit(**given)) == (field, code)


def test_a_note_is_stored_composed_and_with_single_spaces() -> None:
    note = VisitPayload.model_validate(visit(note="  ho\u0302\u0323  tro\u031b\u0323 \n bà ")).note
    assert note == "hộ trợ bà"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"verdict": "send_back"}, "reason_missing"),
        ({"verdict": "send_back", "reason_code": "other"}, "reason_missing"),
        ({"verdict": "send_back", "reason_code": "other", "reason": " \n "}, "reason_missing"),
        ({"verdict": "send_back", "reason_code": "other", "reason": "0905 123 456"}, "note_identity"),
        ({"verdict": "send_back", "reason_code": "ugly"}, "invalid"),
        ({"verdict": "approve", "visits": []}, "invalid"),
        ({"verdict": "approve", "visits": [{"visit": str(uuid4())} for _ in range(1001)]}, "invalid"),
    ],
)
def test_a_decision_outside_its_rules_is_refused(given: dict[str, Any], code: str) -> None:
    assert refusal(DecisionPayload, {"visits": [{"visit": str(uuid4())}]} | given)[1] == code


def test_a_decision_names_each_visit_once() -> None:
    twice = [{"visit": visit_id} for visit_id in [str(uuid4())] * 2]
    assert refusal(DecisionPayload, {"visits": twice, "verdict": "approve"}) == ("", "repeated")
    thousand = [{"visit": str(uuid4())} for _ in range(1000)]
    assert len(DecisionPayload.model_validate({"visits": thousand, "verdict": "approve"}).visits) == 1000


@pytest.mark.parametrize(
    ("given", "field"),
    [({"number": ""}, "number"), ({"number": "  "}, "number"), ({"head_name": "051 088 012 345"}, "head_name")],
)
def test_a_household_met_at_the_door_has_a_number_and_no_identity(given: dict[str, Any], field: str) -> None:
    default = {"household": str(uuid4()), "village": 1, "number": "12A", "head_name": None}
    assert refusal(HouseholdPayload, default | given)[0] == field
