"""What sample teams did besides visits: activities, difficulties with the steps of their handling, Zalo groups."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from fieldapp.cli.sample.calendar import Window, start_of_session
from fieldapp.cli.sample.households import uuid7_at
from fieldapp.cli.sample.schedule import Stage
from fieldapp.config import settings
from fieldapp.domain.activity import MEETINGS
from fieldapp.domain.difficulty import due_day
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.working_days import WorkCalendar
from models.activity import ActivityKind
from models.difficulty import DifficultyDeed, DifficultyKind, DifficultyLevel, DifficultyState, Severity
from models.zalo_group import GroupManager

ACTIVITIES_A_MONTH, DIFFICULTIES_A_MONTH = 3.0, 0.6
WITH_GROUP, COVERAGE, COVERAGE_MOUNTAIN = 0.92, 0.68, 0.45
SOLVED, ESCALATED, DAYS_TO_SOLVE = 0.9, 0.15, 6.0
_KINDS, _KIND_WEIGHTS = tuple(ActivityKind), (34, 18, 14, 14, 16, 4)
_NOTES = ("Họp thôn buổi tối ở nhà văn hóa.", "Lồng ghép với sinh hoạt chi hội.", "")
_WORDS = {
    DifficultyKind.SIGNAL: "Xóm trên sóng yếu, buổi tối không vào được mạng.",
    DifficultyKind.DEVICE: "Nhiều hộ dùng điện thoại cũ, không cài được ứng dụng.",
    DifficultyKind.PLATFORM: "VNeID báo lỗi khi xác thực khuôn mặt.",
    DifficultyKind.SKILL: "Bà con lớn tuổi cần hướng dẫn bằng tiếng địa phương.",
    DifficultyKind.FUNDING: "Chưa có kinh phí in tờ hướng dẫn.",
    DifficultyKind.STAFF: "Hai thành viên đi làm xa, tổ thiếu người.",
    DifficultyKind.OTHER: "Nhà văn hóa thôn chưa có ổ cắm điện đủ dùng.",
}
_DEEDS = {
    DifficultyDeed.REPORT: (DifficultyState.REPORTED, ""),
    DifficultyDeed.ANSWER: (DifficultyState.HANDLING, "Xã đã tiếp nhận, đang làm việc với đơn vị liên quan."),
    DifficultyDeed.ESCALATE: (DifficultyState.ESCALATED, "Vượt khả năng của xã, đề nghị tỉnh hỗ trợ."),
    DifficultyDeed.SOLVE: (DifficultyState.SOLVED, "Đã xử lý xong, tổ kiểm tra lại giúp."),
}
_WORD_WEIGHTS = (24, 18, 22, 16, 8, 7, 5)
Rows = list[dict[str, Any]]


@dataclass
class VillageWork:
    activities: Rows = field(default_factory=list)
    difficulties: Rows = field(default_factory=list)
    steps: Rows = field(default_factory=list)
    groups: Rows = field(default_factory=list)


def plan_village_work(rng: Random, stages: Sequence[Stage], window: Window, officer_id: int) -> VillageWork:
    work = VillageWork()
    months = len(window.days) / 30
    for stage in stages:
        for _ in range(round(ACTIVITIES_A_MONTH * months * rng.uniform(0.5, 1.5))):
            work.activities.append(_activity(rng, stage, window))
        for _ in range(int(DIFFICULTIES_A_MONTH * months + rng.random())):
            _add_difficulty(rng, stage, window, officer_id, work)
        if rng.random() < WITH_GROUP:
            work.groups.append(_group(rng, stage, window))
    return work


def _made(rng: Random, stage: Stage, window: Window) -> dict[str, Any]:
    """What every record of a village has; all came in within the hour, where there was network."""
    made_at = start_of_session(rng, rng.choice(window.days), window.moment)
    author = rng.choices(stage.people, [person.weight for person in stage.people])[0]
    return {
        "id": uuid7_at(rng, made_at), "author_id": author.member_id, "device_id": None, "team_id": author.team_id,
        "village_id": stage.village_id, "commune_id": stage.commune_id, "made_at": made_at,
        "received_at": min(made_at + timedelta(minutes=rng.randint(1, 60)), window.moment), "scope_version": 1,
    }  # fmt: skip


def _activity(rng: Random, stage: Stage, window: Window) -> dict[str, Any]:
    made = _made(rng, stage, window)
    kind = rng.choices(_KINDS, _KIND_WEIGHTS)[0]
    people = rng.randint(12, 80) if kind in MEETINGS else None
    said = {
        "kind": kind,
        "people": people,
        "platforms": rng.choice(([], ["VNEID"], ["DVC"])),
        "note": rng.choice(_NOTES) if people else "",
    }
    return made | said | {"done_on": vn_day(made["made_at"]), "withdrawn_at": None}


def _add_difficulty(rng: Random, stage: Stage, window: Window, officer_id: int, work: VillageWork) -> None:
    made = _made(rng, stage, window)
    kind, severity = rng.choices(tuple(_WORDS), _WORD_WEIGHTS)[0], rng.choice(tuple(Severity))
    taken_up = made["received_at"] + timedelta(days=rng.uniform(0.2, 2))
    solved = made["received_at"] + timedelta(days=rng.expovariate(1 / DAYS_TO_SOLVE) + 2)
    steps = [_step(made, DifficultyDeed.REPORT, made["made_at"], made["author_id"], None)]
    goes_up = rng.random() < ESCALATED
    if taken_up < window.moment:
        deed = DifficultyDeed.ESCALATE if goes_up else DifficultyDeed.ANSWER
        steps.append(_step(made, deed, taken_up, None, officer_id))
    is_solved = solved < window.moment and rng.random() < SOLVED and not goes_up
    if is_solved:
        steps.append(_step(made, DifficultyDeed.SOLVE, solved, None, officer_id))
    is_up = steps[-1]["deed"] is DifficultyDeed.ESCALATE
    said = {
        "kind": kind, "severity": severity, "description": _WORDS[kind], "key": fold(_WORDS[kind]),
        "state": steps[-1]["state"], "level": DifficultyLevel.PROVINCE if is_up else DifficultyLevel.COMMUNE,
        "handler_id": officer_id if len(steps) > 1 and not is_up else None,
        "escalated_at": taken_up if is_up else None, "solved_at": solved if is_solved else None,
        "due_on": due_day(severity, made["received_at"], _days(), WorkCalendar()),
    }  # fmt: skip
    work.difficulties.append(made | said)
    work.steps += steps


def _days() -> dict[Severity, int]:
    given = settings()
    days = given.difficulty_days_high, given.difficulty_days_medium, given.difficulty_days_low
    return dict(zip((Severity.HIGH, Severity.MEDIUM, Severity.LOW), days, strict=True))


def _step(
    made: dict[str, Any], deed: DifficultyDeed, at: datetime, member_id: int | None, account_id: int | None
) -> dict[str, Any]:
    state, note = _DEEDS[deed]
    by = {"by_member_id": member_id, "by_account_id": account_id}
    return {"difficulty_id": made["id"], "deed": deed, "state": state, "note": note, "due_on": None, "at": at} | by


def _group(rng: Random, stage: Stage, window: Window) -> dict[str, Any]:
    made = _made(rng, stage, window)
    mean = COVERAGE_MOUNTAIN if stage.profile.is_mountain else COVERAGE
    households = round(len(stage.homes) * min(1.0, max(0.05, rng.gauss(mean, 0.15))))
    said = {"name": "Nhóm thôn (mẫu)", "link": None, "manager": rng.choice(tuple(GroupManager)), "stands": True}
    return made | said | {"households": households, "counted_on": vn_day(made["made_at"])}
