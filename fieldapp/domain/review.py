"""What a decision does to a visit, given the state it finds."""

from models.review import Verdict
from models.sync import PushResult
from models.visit import VisitState

_REACHES = {Verdict.APPROVE: VisitState.APPROVED, Verdict.SEND_BACK: VisitState.RETURNED}


def decide(state: VisitState, verdict: Verdict, before_reopening: bool = False) -> tuple[PushResult, VisitState | None]:
    """The named result, and the state to move to where the decision takes effect.

    A decision on an older version, after another's, or made before the commune reopened the visit is `superseded`;
    the same verdict again is `identical`.
    """
    target = _REACHES[verdict]
    if before_reopening:
        return PushResult.SUPERSEDED, None
    if state == VisitState.WAITING:
        return PushResult.CREATED, target
    if state == target:
        return PushResult.IDENTICAL, None
    return PushResult.SUPERSEDED, None
