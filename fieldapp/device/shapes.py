"""The shapes of the slices that screens read: what `views.js` works out, as Python types."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class HouseholdLine:
    id: str = ""
    number: str = ""
    head: str = ""
    is_new: bool = False
    last: str = ""
    reached: int = 0
    of: int = 0


@dataclass
class OutcomeLine:
    platform: str = ""
    result: str = ""


@dataclass
class VisitLine:
    id: str
    household: HouseholdLine
    title: str
    outcomes: list[OutcomeLine]
    time: str
    day: str
    author: str
    people: int
    mode: str
    note: str
    verified: bool
    identified_by: str
    state: str
    flags: list[str]
    reason_code: str
    reason: str
    needs_look: bool
    photo: str
    photo_count: int
    photo_refused: str
    code: str
    mendable: bool
    history: "list[PastVisit]" = field(default_factory=list)


@dataclass
class PastVisit:
    id: str
    title: str
    day: str
    author: str
    state: str


@dataclass
class Village:
    id: int
    name: str
    led: bool


@dataclass
class Person:
    id: int
    name: str
    role: str


@dataclass
class Me:
    ready: bool
    joined: bool
    id: int
    name: str
    team: str
    role: str
    leads: bool
    commune: str
    contact: str
    villages: list[Village]
    people: list[Person]
    locale: str
    persisted: bool
    free: str


@dataclass
class Today:
    ready: bool
    date: str
    weekday: int
    households: int
    visits: int
    lines: list[VisitLine]
    returned: list[VisitLine]
    parked: list[VisitLine]


@dataclass
class Roster:
    ready: bool
    total: int
    found: int
    more: bool
    filter: str
    query: str
    lines: list[HouseholdLine]


@dataclass
class PlatformLine:
    name: str
    icon: str
    rung: int = 0
    since: str = ""


@dataclass
class HouseholdPage:
    ready: bool
    found: bool
    id: str
    number: str
    head: str
    is_new: bool
    village: str
    cards: int
    reached: list[PlatformLine]
    missing: list[PlatformLine]
    history: list[VisitLine]


@dataclass
class QueuedRecord:
    id: str
    kind: str
    code: str
    time: str
    day: str
    title: str
    household: HouseholdLine
    mendable: bool


@dataclass
class Outbox:
    ready: bool
    count: int
    parked_count: int
    photos: int
    pill: str
    phase: str
    online: bool
    lines: list[QueuedRecord]
    parked: list[QueuedRecord]
    pulled_at: str


@dataclass
class DayLog:
    day: str
    label: str
    date: str
    weekday: int
    clean_count: int
    flagged_count: int
    clean: list[VisitLine]
    flagged: list[VisitLine]


@dataclass
class Review:
    ready: bool
    leads: bool
    count: int
    days: list[DayLog]


@dataclass
class PlatformSum:
    name: str
    icon: str
    support: int
    independent: int
    approved: int
    percent: str


@dataclass
class MemberSum:
    name: str
    support: int
    visits: int


@dataclass
class Summary:
    ready: bool
    range: str
    first: str
    last: str
    approved: int
    waiting: int
    returned: int
    unsent: int
    people: int
    households_approved: int
    households_standing: int
    households_total: int
    platforms: list[PlatformSum]
    members: list[MemberSum]
    fresh: str


@dataclass
class Tile:
    code: str
    name: str
    icon: str
    chosen: bool


@dataclass
class Step:
    code: str
    name: str
    done: bool


@dataclass
class ChosenPlatform:
    code: str
    name: str
    icon: str
    result: str
    come_back_on: str
    steps: list[Step]
    has_steps: bool


@dataclass
class Tiles:
    more: bool
    lines: list[Tile]
    chosen: list[ChosenPlatform]


@dataclass
class Picture:
    hash: str
    url: str


@dataclass
class Draft:
    ready: bool
    id: str
    household: HouseholdLine
    identified_by: str
    people: int
    mode: str
    beneficiary: str
    note: str
    missing: str
    mending: bool
    tiles: Tiles
    pictures: list[Picture]


@dataclass
class Scan:
    verdict: str
    household: HouseholdLine
    error: str
    typing: bool
    typed: str
    choosing: bool


@dataclass
class Page:
    toast: str
    toast_params: dict[str, Any]
    undo: str
    sheet: str
    camera: bool
    target: str
    reason_code: str
    reason: str
    open_day: str


@dataclass
class Join:
    phase: str
    name: str
    team: str
    code: str
    ios: bool
    standalone: bool


@dataclass
class Invite:
    phase: str
    link: str
    qr: str
    name: str
    code: str


@dataclass
class Door:
    number: str
    head: str
    village: int
    error: str
