"""The slices of the screens for what a team does besides visits: activities, difficulties, the Zalo group."""

from dataclasses import dataclass

from fieldapp.device.shapes import Picture, Tile


@dataclass
class WorkLine:
    """Who did what, when; `sync` says whether the server has it, `code` and `reason` why it was refused."""

    id: str
    kind: str
    by: str
    mine: bool
    village: str
    day: str
    time: str
    sync: str
    code: str
    reason: str


@dataclass
class ActivityLine(WorkLine):
    people: int
    platforms: str
    note: str
    pictures: list[Picture]


@dataclass
class Activities:
    ready: bool
    lines: list[ActivityLine]
    refused: list[ActivityLine]


@dataclass
class ActivityForm:
    """`meeting`: whether people must be counted; `missing` is what keeps it from being saved."""

    open: bool
    village: int
    kind: str
    people: int
    note: str
    pictures: list[Picture]
    tiles: list[Tile]
    meeting: bool
    missing: str


@dataclass
class StepLine:
    """`said` is a word of the catalogue: what was done, or of an older server the state; `due` a new day."""

    said: str
    due: str
    note: str
    by: str
    day: str
    time: str


@dataclass
class DifficultyLine(WorkLine):
    """`when` is late, today, left or none, and `days` how many."""

    severity: str
    description: str
    state: str
    due: str
    when: str
    days: int
    steps: list[StepLine]
    pictures: list[Picture]


@dataclass
class Difficulties:
    ready: bool
    lines: list[DifficultyLine]
    refused: list[DifficultyLine]


@dataclass
class DifficultyForm:
    open: bool
    village: int
    kind: str
    severity: str
    description: str
    pictures: list[Picture]
    missing: str


@dataclass
class RefusedGroup(WorkLine):
    name: str


@dataclass
class Group:
    """`percent` of the roster's `total` households are in it, `left` are not; `over`: more than the roster has."""

    ready: bool
    found: bool
    village: int
    total: int
    households: int
    percent: int
    left: int
    over: bool
    name: str
    link: str
    manager: str
    by: str
    sync: str
    counted: str
    refused: list[RefusedGroup]


@dataclass
class GroupForm:
    open: bool
    village: int
    name: str
    link: str
    manager: str
    households: int
    counted_on: str
    today: str
    missing: str
