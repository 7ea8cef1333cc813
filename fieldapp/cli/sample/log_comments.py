"""What sample leaders said of the last days of their team, and what was answered."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from fieldapp.cli.sample.calendar import end_of_day
from fieldapp.cli.sample.households import uuid7_at
from fieldapp.cli.sample.schedule import Stage

LAST_DAYS, SHARE, ANSWERED = 14, 0.2, 0.6
_WORDS = (
    "Phiếu ghi rõ ràng, cảm ơn. Lần sau thêm ảnh màn hình đã cài xong.",
    "Hộ nào đã tự dùng được thì ghi đúng mức, đừng để mức đã cài.",
    "Còn nhiều hộ chưa quét thẻ. Nhớ mang thẻ theo khi đến nhà.",
    "Làm tốt. Tuần sau quay lại các hộ hẹn.",
)
_ANSWERS = ("Vâng, tôi sẽ ghi thêm.", "Đã rõ, mai tôi quay lại.", "Vâng, cảm ơn.")


def plan_log_comments(
    rng: Random, stages: Sequence[Stage], visits: Iterable[dict[str, Any]], moment: datetime
) -> list[dict[str, Any]]:
    """Rows about some of the newest days on which somebody was at work, by the first who reviews there."""
    leads = {stage.village_id: stage.deciders[0] for stage in stages}
    since = moment - timedelta(days=LAST_DAYS)
    logs = {
        (v["done_on"], v["village_id"], v["author_id"]): v
        for v in visits
        if v["made_at"] > since and v["author_id"] != leads.get(v["village_id"], v["author_id"])
    }
    return [_comment(rng, leads, logs[key], moment) for key in sorted(logs) if rng.random() < SHARE]


def _comment(rng: Random, leads: dict[int, int], visit: dict[str, Any], moment: datetime) -> dict[str, Any]:
    made_at = min(end_of_day(visit["done_on"]), moment) - timedelta(minutes=rng.randint(5, 20))
    answered_at = made_at + timedelta(minutes=rng.randint(1, 4)) if rng.random() < ANSWERED else None
    place = {name: visit[name] for name in ("team_id", "village_id", "commune_id")}
    times = {"made_at": made_at, "received_at": made_at, "answered_at": answered_at, "withdrawn_at": None}
    return place | times | {
        "id": uuid7_at(rng, made_at), "author_id": leads[visit["village_id"]], "device_id": None, "scope_version": 1,
        "member_id": visit["author_id"], "day": visit["done_on"], "text": rng.choice(_WORDS),
        "answer": rng.choice(_ANSWERS) if answered_at else "",
        "answer_id": uuid7_at(rng, answered_at) if answered_at else None,
    }  # fmt: skip
