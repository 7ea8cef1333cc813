"""Targets of sample teams for this quarter, most of them taken on, and tasks with their marks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from fieldapp.cli.sample.households import uuid7_at
from fieldapp.domain.target import Length, period
from fieldapp.domain.vn_time import VIETNAM, vn_day
from models.target import Level, Measure, TargetStep
from models.task import TaskState

PLATFORMS = ("VNEID", "DVC", "SSK", "TTTT", "GHS", "VI", "PAHT")
FEWEST, MOST = 4, 7
TAKEN, SHARED, RUNNING = 0.85, 0.4, 0.9
_SHARES = (0.6, 0.35, 0.4, 0.25, 0.08, 0.2, 0.15)
"""Of the households of a village, what each platform is to reach in a quarter."""

_TASKS = (
    ("Vận động các hộ vào nhóm Zalo thôn", 20), ("Hướng dẫn hộ kinh doanh nhận tiền bằng mã QR", 9),
    ("Dán lịch trực của tổ ở nhà văn hóa", -6), ("Họp tổ, rút kinh nghiệm đợt ra quân", 3),
)  # fmt: skip
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class SampleTeam:
    """`people` are its members, the leader first."""

    team_id: int
    households: int
    people: Sequence[int]


@dataclass
class Targets:
    targets: Rows = field(default_factory=list)
    shares: Rows = field(default_factory=list)
    changes: Rows = field(default_factory=list)
    tasks: Rows = field(default_factory=list)


def plan_targets(
    rng: Random, commune_id: int, officer_id: int, teams: Sequence[SampleTeam], moment: datetime
) -> Targets:
    """A commune gives more or less what the province asked of it; each team has some of its platforms."""
    plan = Targets()
    span = period(Length.QUARTER, vn_day(moment))
    given_at = min(datetime.combine(span.first, time(9), VIETNAM), moment - timedelta(hours=2))
    frame = {"first_day": span.first, "last_day": span.last, "measure": Measure.HOUSEHOLD, "own": False}
    codes = {team.team_id: PLATFORMS[: rng.randint(FEWEST, MOST)] for team in teams}
    sums = dict.fromkeys(PLATFORMS, 0)
    for team in teams:
        for code, share in zip(PLATFORMS, _SHARES, strict=True):
            if code in codes[team.team_id]:
                amount = max(5, round(team.households * share / 5) * 5)
                sums[code] += amount
                _add_team(rng, plan, frame, commune_id, officer_id, team, code, amount, (given_at, moment))
    for code, amount in sums.items():
        if amount:
            asked = max(5, round(amount * rng.choice((0.95, 1.0, 1.0, 1.1)) / 5) * 5)
            row = _row(rng, f"commune:{commune_id}", Level.COMMUNE, commune_id, None, code, asked, frame, given_at)
            plan.targets.append(row | {"accepted_at": given_at, "accepted_by_account_id": officer_id})
    for team in teams:
        plan.tasks += [
            _task(rng, commune_id, officer_id, team, words, moment) for words in _TASKS if rng.random() < 0.5
        ]
    return plan


def _row(
    rng: Random, holder: str, level: Level, commune_id: int, team_id: int | None, code: str, amount: int,
    frame: dict[str, Any], at: datetime,
) -> dict[str, Any]:  # fmt: skip
    nobody = dict.fromkeys(("accepted_at", "accepted_by_member_id", "accepted_by_account_id", "split_at", "split_id"))
    mine = {"holder": holder, "level": level, "commune_id": commune_id, "team_id": team_id}
    return frame | nobody | mine | {"id": uuid7_at(rng, at), "platform_code": code, "amount": amount}


def _add_team(
    rng: Random, plan: Targets, frame: dict[str, Any], commune_id: int, officer_id: int, team: SampleTeam, code: str,
    amount: int, when: tuple[datetime, datetime],
) -> None:  # fmt: skip
    given_at, moment = when
    row = _row(rng, f"team:{team.team_id}", Level.TEAM, commune_id, team.team_id, code, amount, frame, given_at)
    plan.changes.append(_change(row, TargetStep.GIVEN, given_at, account=officer_id))
    if team.people and rng.random() < TAKEN:
        at = min(given_at + timedelta(hours=rng.uniform(4, 90)), moment - timedelta(hours=1))
        row |= {"accepted_at": at, "accepted_by_member_id": team.people[0]}
        plan.changes.append(_change(row, TargetStep.ACCEPTED, at, member=team.people[0]))
        if rng.random() < SHARED:
            row |= {"split_at": at, "split_id": uuid7_at(rng, at)}
            each, rest = divmod(amount, len(team.people))
            plan.shares += [
                {"target_id": row["id"], "member_id": member, "amount": each + (n < rest)}
                for n, member in enumerate(team.people)
            ]
    plan.targets.append(row)


def _change(
    row: dict[str, Any], step: TargetStep, at: datetime, account: int | None = None, member: int | None = None
) -> dict[str, Any]:
    by = {"by_account_id": account, "by_member_id": member}
    return {"target_id": row["id"], "step": step, "before": None, "after": row["amount"], "reason": "", "at": at} | by


def _task(
    rng: Random, commune_id: int, officer_id: int, team: SampleTeam, words: tuple[str, int], moment: datetime
) -> dict[str, Any]:
    made_at = moment - timedelta(days=rng.randint(7, 14))
    state = rng.choice(tuple(TaskState))
    marked = state != TaskState.OPEN and bool(team.people)
    at = moment - timedelta(days=rng.randint(0, 5), hours=2)
    return {
        "id": uuid7_at(rng, made_at), "level": Level.TEAM, "commune_id": commune_id, "team_id": team.team_id,
        "text": words[0], "due_on": vn_day(moment) + timedelta(days=words[1]), "made_by_id": officer_id,
        "made_at": made_at, "state": state if marked else TaskState.OPEN, "note": "",
        "marked_at": at if marked else None, "marked_id": uuid7_at(rng, at) if marked else None,
        "marked_by_member_id": team.people[0] if marked else None, "marked_by_account_id": None, "withdrawn_at": None,
        "done_at": at if marked and state == TaskState.DONE else None,
    }  # fmt: skip
