"""What became of sample visits: approved, sent back with a reason, put right, withdrawn, or still waiting."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from fieldapp.cli.sample.calendar import review_time
from fieldapp.cli.sample.households import uuid7_at
from fieldapp.cli.sample.visits import Draft
from fieldapp.domain.vn_time import vn_day
from models.flag import FlagKind
from models.review import ReturnReason, Verdict
from models.visit import VisitState

DELAY_DAYS, DELAY_SIGMA = 0.6, 1.256
"""Leaders take up a visit after a median of one day, the evening included; nine in ten within five."""

SENT_BACK, SENT_BACK_FLAGGED = 0.03, 0.16
LATE_FLAG = 0.003
_REASONS = {
    ReturnReason.WRONG_HOUSEHOLD: "Hộ này ở xóm khác, xem lại số hộ.",
    ReturnReason.DUPLICATE: "Trùng với phiếu khác của hộ này trong ngày.",
    ReturnReason.WRONG_RESULT: "Bà con chưa tự dùng được, sửa lại kết quả.",
    ReturnReason.PHOTO_UNCLEAR: None,
    ReturnReason.MISSING_DETAIL: "Ghi rõ đã làm đến bước nào.",
    ReturnReason.OTHER: "Trao đổi lại với Tổ trưởng trước khi gửi.",
}
_DOUBTFUL = {
    FlagKind.SAME_DAY: ReturnReason.DUPLICATE,
    FlagKind.CARD_OTHER_HOUSEHOLD: ReturnReason.WRONG_HOUSEHOLD,
    FlagKind.PHOTO_SEEN: ReturnReason.PHOTO_UNCLEAR,
}


@dataclass
class Leaders:
    """Decides visits evening by evening: what one leader approves in one sitting is one decision."""

    rng: Random
    moment: datetime
    rows: list[dict[str, Any]] = field(default_factory=list)
    _sittings: dict[tuple[int, date], tuple[datetime, UUID]] = field(default_factory=dict)

    def review(self, draft: Draft) -> None:
        """Approves, sends back, or leaves waiting what the leader has not come to yet."""
        wait = timedelta(days=DELAY_DAYS * self.rng.lognormvariate(0, DELAY_SIGMA))
        doubt = SENT_BACK_FLAGGED if draft.flags else SENT_BACK
        verdict = Verdict.SEND_BACK if self.rng.random() < doubt else Verdict.APPROVE
        self._decide(draft, verdict, draft.call.received_at + wait)
        if draft.state is VisitState.APPROVED and self.rng.random() < LATE_FLAG:
            draft.flags.append(FlagKind.ID_REUSED)
            draft.row["needs_look"] = True

    def send_back_soon(self, draft: Draft) -> None:
        """Sends a visit back the evening that it came, or the next."""
        self._decide(draft, Verdict.SEND_BACK, draft.call.received_at)

    def _decide(self, draft: Draft, verdict: Verdict, ready_at: datetime) -> None:
        able = [d for d in draft.call.stage.deciders if d != draft.call.author.member_id]
        decider = able[1] if len(able) > 1 and self.rng.random() < 0.15 else able[0]
        decided_at, record_id = self._sitting(decider, ready_at)
        if decided_at > self.moment:
            return
        approves = verdict is Verdict.APPROVE
        reason = None if approves else self._reason(draft)
        row = draft.row
        row["state"] = VisitState.APPROVED if approves else VisitState.RETURNED
        row["decided_at"], row["decided_by_id"] = decided_at, decider
        row["reason_code"], row["reason"] = reason, _REASONS[reason] if reason else None
        self.rows.append(
            {
                "record_id": record_id if approves else uuid7_at(self.rng, decided_at), "visit_id": row["id"],
                "verdict": verdict, "reason_code": reason, "reason": row["reason"],
                "flags_seen": ",".join(sorted(draft.flags)), "by_member_id": decider,
                "made_at": decided_at, "received_at": min(decided_at + timedelta(minutes=2), self.moment),
            }
        )  # fmt: skip

    def _sitting(self, decider: int, ready_at: datetime) -> tuple[datetime, UUID]:
        """The decider's first evening at which the visit is there."""
        day = vn_day(ready_at)
        sitting = self._evening(decider, day)
        return sitting if sitting[0] >= ready_at else self._evening(decider, day + timedelta(days=1))

    def _evening(self, decider: int, day: date) -> tuple[datetime, UUID]:
        if (decider, day) not in self._sittings:
            at = review_time(self.rng, day)
            self._sittings[decider, day] = at, uuid7_at(self.rng, at)
        return self._sittings[decider, day]

    def _reason(self, draft: Draft) -> ReturnReason:
        found = [_DOUBTFUL[kind] for kind in draft.flags if kind in _DOUBTFUL]
        return found[0] if found else self.rng.choices(list(_REASONS), (3, 1, 4, 1, 4, 1))[0]
