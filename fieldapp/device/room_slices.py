"""The slices that screens bring along: a leader's, the form's further parts, what is missing, rescue files."""

from dataclasses import dataclass

from fieldapp.device.shapes import (
    BroughtRecord,
    CrewMember,
    Gap,
    HouseholdLine,
    Person,
    Village,
)


@dataclass
class VisitPlace:
    """Whether the commune asks where a visit is made, and whether the draft says so."""

    asked: bool
    given: bool
    reads: bool


@dataclass
class TextSize:
    size: str


@dataclass
class LookedAt:
    """The picture before the person's eyes; `here` says that its bytes are on this phone, `open` that it needs them."""

    hash: str
    url: str
    here: bool
    clear: bool
    agreed: bool
    way: str
    blurred: bool
    open: bool
    blurring: bool


@dataclass
class Wifi:
    """Whether photos wait for Wi-Fi, and which network the browser tells of: free, paid or unknown."""

    only: bool
    network: str


@dataclass
class Doer:
    """Who did the visit that is being recorded, where that is not oneself (0), and who else it may be."""

    id: int
    name: str
    people: list[Person]


@dataclass
class Crew:
    """The people of the team; `quiet` is how many have no visit of late; whoever `delegates` is the leader."""

    ready: bool
    leads: bool
    delegates: bool
    people: list[CrewMember]
    quiet: int
    fresh: str


@dataclass
class Handing:
    """Reviewing that is about to be handed over, or taken back; days as 2026-11-25."""

    person: int
    name: str
    delegation: int
    first: str
    last: str
    today: str
    code: str
    busy: bool


@dataclass
class Ending:
    """A phone that the leader is about to end, or has ended: for whom."""

    phase: str
    person: int
    name: str
    device: str
    label: str
    closing: bool
    code: str
    names: str
    others: int


@dataclass
class Invite:
    phase: str
    link: str
    qr: str
    short: str
    name: str
    code: str


@dataclass
class Gaps:
    """Platforms with the households that they have reached; of one of them, the households that it has not."""

    ready: bool
    total: int
    villages: list[Village]
    village: int
    platforms: list[Gap]
    platform: str
    name: str
    query: str
    found: int
    more: bool
    lines: list[HouseholdLine]


@dataclass
class Rescue:
    """What a rescue file would hold, when the last one was saved, and whether that holds all of it."""

    ready: bool
    phase: str
    records: int
    photos: int
    saved_at: str
    saved_all: bool


@dataclass
class Brought:
    """What became of the rescue files that were brought from this phone."""

    phase: str
    code: str
    author: str
    records: int
    known: int
    look: int
    photos: int
    photos_left: int
    lines: list[BroughtRecord]
