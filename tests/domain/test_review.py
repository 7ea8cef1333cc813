"""What a decision does, by the state that it finds."""

import pytest

from fieldapp.domain.review import decide
from models.review import Verdict
from models.sync import PushResult
from models.visit import VisitState

APPROVE, SEND_BACK = Verdict.APPROVE, Verdict.SEND_BACK
CREATED, IDENTICAL, SUPERSEDED = PushResult.CREATED, PushResult.IDENTICAL, PushResult.SUPERSEDED
TABLE = {
    (VisitState.WAITING, APPROVE): (CREATED, VisitState.APPROVED),
    (VisitState.WAITING, SEND_BACK): (CREATED, VisitState.RETURNED),
    (VisitState.APPROVED, APPROVE): (IDENTICAL, None),
    (VisitState.APPROVED, SEND_BACK): (SUPERSEDED, None),
    (VisitState.RETURNED, APPROVE): (SUPERSEDED, None),
    (VisitState.RETURNED, SEND_BACK): (IDENTICAL, None),
    (VisitState.REPLACED, APPROVE): (SUPERSEDED, None),
    (VisitState.REPLACED, SEND_BACK): (SUPERSEDED, None),
    (VisitState.WITHDRAWN, APPROVE): (SUPERSEDED, None),
    (VisitState.WITHDRAWN, SEND_BACK): (SUPERSEDED, None),
}


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("state", VisitState)
def test_a_decision_takes_effect_on_what_waits_and_on_nothing_else(state: VisitState, verdict: Verdict) -> None:
    assert decide(state, verdict) == TABLE[state, verdict]
