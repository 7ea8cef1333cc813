"""The rows of what screens read: a household, a visit, a platform, as `views.js` gives them."""

from dataclasses import dataclass, field


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
class NewHousehold(HouseholdLine):
    """One met at the door, and the known ones that it may be."""

    village: str = ""
    by: str = ""
    day: str = ""
    time: str = ""
    likely: list[HouseholdLine] = field(default_factory=list)


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
class PhonePerson:
    slot: str
    name: str
    team: str
    active: bool


@dataclass
class PlatformLine:
    name: str
    icon: str
    rung: int = 0
    since: str = ""


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
    reason: str


@dataclass
class SupersededRecord(QueuedRecord):
    """One that came after somebody else's word: on how many visits; how the first stood, by whom and since when."""

    n: int
    state: str
    by: str
    at: str


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
class BroughtRecord:
    """A record of a rescue file that somebody has to look at."""

    id: str
    kind: str
    held: bool
    code: str
