"""What residents of a sample commune asked of their personal data: one of each stage."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from fieldapp.cli.sample.schedule import Stage
from fieldapp.domain.data_request import due_days
from fieldapp.domain.working_days import WorkCalendar
from fieldapp.services.data_requests import days_allowed
from models.base import utc_now
from models.data_request import RequestKind, RequestState

ANSWER_DAYS = 2
_ASKED = (
    (RequestKind.WITHDRAW, RequestState.RECEIVED, 1, "Không đồng ý để ảnh chụp tại nhà nữa."),
    (RequestKind.ACCESS, RequestState.ANSWERED, 8, "Muốn xem tổ đang giữ những gì về gia đình."),
    (RequestKind.ERASE, RequestState.RECEIVED, 21, "Chuyển đi nơi khác, đề nghị xóa dữ liệu."),
    (RequestKind.CORRECT, RequestState.DONE, 30, "Ghi sai tên chủ hộ."),
)


def plan_requests(stages: Sequence[Stage], commune_id: int, officer_id: int, today: date) -> list[dict[str, Any]]:
    homes = [home for stage in stages for home in list(stage.homes)[:1]]
    return [_row(number, home.id, commune_id, officer_id, today) for number, home in enumerate(homes[: len(_ASKED)])]


def _row(number: int, household_id: Any, commune_id: int, officer_id: int, today: date) -> dict[str, Any]:
    kind, state, ago, asked = _ASKED[number]
    received = today - timedelta(days=ago)
    due = due_days(kind, received, ANSWER_DAYS, days_allowed(), WorkCalendar())
    is_answered, is_done = state is not RequestState.RECEIVED, state is RequestState.DONE
    return {
        "commune_id": commune_id, "household_id": household_id, "kind": kind, "state": state, "asked": asked,
        "received_on": received, "first_due_on": due.first, "due_on": due.last, "handler_id": officer_id,
        "answered_on": due.first if is_answered else None,
        "answer": "Đã hẹn trả lời đúng hạn." if is_answered else "",
        "closed_on": due.first if is_done else None, "result": "Đã sửa theo danh sách hộ của thôn." if is_done else "",
        "made_at": utc_now(), "made_by_id": officer_id,
    }  # fmt: skip
