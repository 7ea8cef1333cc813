"""The slices of the phone's state, one a screen or a part of one, as Python types."""

from dataclasses import dataclass
from typing import Any

from fieldapp.device.shapes import (
    Attended,
    DayLog,
    DueLine,
    HouseholdLine,
    MemberSum,
    NewHousehold,
    Person,
    PhonePerson,
    Picture,
    PlatformLine,
    PlatformSum,
    QueuedRecord,
    SupersededRecord,
    Tiles,
    Village,
    VisitLine,
)


@dataclass
class Lock:
    locked: bool


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
    classes: list[Attended]
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
    due: list[DueLine]
    lines: list[VisitLine]
    returned: list[VisitLine]
    parked: list[VisitLine]
    said: int
    said_answer: bool
    said_text: str
    said_by: str
    told: int
    told_title: str
    reports: int


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
class Outbox:
    ready: bool
    count: int
    look_count: int
    photos: int
    photos_held: int
    photos_wifi: bool
    all_sent: bool
    pill: str
    phase: str
    online: bool
    lines: list[QueuedRecord]
    parked: list[QueuedRecord]
    superseded: list[SupersededRecord]
    pulled_at: str


@dataclass
class Review:
    ready: bool
    leads: bool
    count: int
    days: list[DayLog]


@dataclass
class Newcomers:
    ready: bool
    count: int
    lines: list[NewHousehold]


@dataclass
class Confirm:
    number: str
    head: str
    error: str
    query: str
    lines: list[HouseholdLine]


@dataclass
class Summary:
    ready: bool
    span: str
    first: str
    last: str
    approved: int
    waiting: int
    returned: int
    unsent: int
    people: int
    shops_committed: int
    households_approved: int
    households_standing: int
    households_total: int
    platforms: list[PlatformSum]
    members: list[MemberSum]
    fresh: str


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
    last_time: str
    mending: bool
    at_the_door: bool
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
    reason_error: str
    open_day: str
    update: bool
    unopened: bool


@dataclass
class Join:
    phase: str
    name: str
    team: str
    code: str
    ios: bool
    standalone: bool


@dataclass
class Enrol:
    typed: str
    error: str
    scanning: bool
    camera: str


@dataclass
class Door:
    household: str
    number: str
    head: str
    village: int
    error: str


@dataclass
class PhonePeople:
    ready: bool
    lines: list[PhonePerson]
    full: bool


@dataclass
class Leaving:
    """What is still owed to the server, in numbers."""

    records: int
    parked: int
    photos: int
    held: int
    draft: int
    saved: bool
