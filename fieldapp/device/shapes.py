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
class Attended:
    """A training class that whoever has the phone came to."""

    topic: str = ""
    day: str = ""


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
    again: bool
    time: str
    day: str
    author: str
    done_by: str
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
    spot: bool
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
    done_by: str
    state: str


@dataclass
class DueLine:
    """A household that asked to be visited again: the visit that says so, for what, on which day."""

    id: str
    household: HouseholdLine
    title: str
    day: str
    late: bool


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
class CrewPhone:
    """A phone in use, as it last reported itself; one that is `closing` sends until a day and is given nothing."""

    id: str
    label: str
    unsent: int
    closing: bool
    until: str
    heard: str


@dataclass
class CrewMember(Person):
    """What somebody of the team did, by lượt and by household; the phones only of those `below` the leader.

    `delegation` is reviewing that was handed over, from the `first` day to the `last_day`; 0 where none was.
    """

    is_me: bool
    today_support: int
    today_households: int
    week_support: int
    week_households: int
    last: str
    quiet: bool
    delegation: int
    first: str
    last_day: str
    below: bool
    phones: list[CrewPhone]


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
    code: str = ""
    done: int = 0
    steps: int = 0
    uncommitted: bool = False


@dataclass
class Gap:
    """A platform: how many households it has reached, on which rung they stand, how many are left."""

    code: str
    name: str
    icon: str
    reached: int
    missing: int
    introduced: int
    installed: int
    independent: int
    percent: int
    width: str


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
    mend_at: str
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
    before: bool


@dataclass
class ChosenPlatform:
    code: str
    name: str
    icon: str
    result: str
    come_back_on: str
    again: bool
    steps: list[Step]
    has_steps: bool
    uncommitted: bool


@dataclass
class Tiles:
    more: bool
    lines: list[Tile]
    chosen: list[ChosenPlatform]


@dataclass
class Picture:
    """`open`: a face in it is clear, and neither did anybody agree nor was it blurred."""

    hash: str
    url: str
    open: bool = False


@dataclass
class BroughtRecord:
    """A record of a rescue file that somebody has to look at."""

    id: str
    kind: str
    held: bool
    code: str
