"""The slices of Chỉ tiêu: the team's targets and tasks, and what is being said of them."""

from dataclasses import dataclass

from fieldapp.device.work_slices import WorkLine


@dataclass
class ShareLine:
    id: int
    name: str
    amount: int
    measure: str


@dataclass
class TargetLine:
    """`reached` of `total` households were met about the platform; `unshared` may be less than nothing."""

    id: str
    name: str
    icon: str
    code: str
    measure: str
    own: bool
    paper: str
    period: str
    n: int
    year: int
    days: str
    left: int
    when: str
    amount: int
    done: int
    lacks: int
    percent: int
    width: str
    reached: int
    total: int
    missing: int
    reach: int
    accepted: str
    accepted_by: str
    accepted_sync: str
    leads: bool
    may_accept: bool
    shares: list[ShareLine]
    split_sync: str
    sum: int
    unshared: int
    mine: int


@dataclass
class Targets:
    """`waits`: how many this person may take on and has not."""

    ready: bool
    fresh: str
    waits: int
    lines: list[TargetLine]
    past: list[TargetLine]
    refused: list[WorkLine]


@dataclass
class SplitForm:
    open: bool
    target: str
    measure: str
    amount: int
    lines: list[ShareLine]
    sum: int
    unshared: int


@dataclass
class TaskLine:
    id: str
    text: str
    due: str
    by: str
    marked: str
    state: str
    note: str
    sync: str
    may_mark: bool


@dataclass
class Tasks:
    ready: bool
    lines: list[TaskLine]


@dataclass
class MarkForm:
    open: bool
    text: str
    state: str
    note: str
    missing: str
