"""What a decision does to a visit, given the state it finds."""

from models.review import Verdict
from models.sync import PushResult
from models.visit import VisitState

_REACHES = {Verdict.APPROVE: VisitState.APPROVED, Verdict.SEND_BACK: VisitState.RETURNED}


def decide(state: VisitState, verdict: Verdict) -> tuple[PushResult, VisitState | None]:
    """The named result, and the state to move to where the decision takes effect.

    A decision on an older version, or after another's, is `superseded`; the same verdict again is `identical`.
    """
    target = _REACHES[verdict]
    if state == VisitState.WAITING:
        return PushResult.CREATED, target
    if state == target:
        return PushResult.IDENTICAL, None
    return PushResult.SUPERSEDED, None
