"""The slices of what is sent and kept to be read: announcements."""

from dataclasses import dataclass

from fieldapp.device.work_slices import WorkLine


@dataclass
class AnnouncementLine:
    """`fresh`: not opened yet; `over`: its day has passed."""

    id: str
    title: str
    text: str
    by: str
    day: str
    time: str
    due: str
    over: bool
    fresh: bool


@dataclass
class Announcements:
    """`at` is what the address asks for, `found` whether it is there."""

    ready: bool
    unread: int
    lines: list[AnnouncementLine]
    at: str
    found: bool
    open: AnnouncementLine


@dataclass
class MaterialLine:
    """`by` is the commune whose it is, empty for the province's; `file` where its PDF is fetched, `size` in MB.

    Of a link `url` is the address, and `finished` whether this person said so.
    """

    id: int
    kind: str
    url: str
    meant_for: str
    dead: bool
    finished: bool
    title: str
    number: str
    issuer: str
    day: str
    text: str
    by: str
    file: str
    size: float


@dataclass
class Materials:
    """`at` is what the address asks for, 0 for the list; `found` whether it is there."""

    ready: bool
    kind: str
    query: str
    lines: list[MaterialLine]
    at: int
    found: bool
    open: MaterialLine


@dataclass
class PracticeLine:
    """One's own good practice; `sync` is `shown` where the server says of it what `state` and `reason` are."""

    id: str
    title: str
    state: str
    sync: str
    reason: str


@dataclass
class RefusedPractice(WorkLine):
    title: str


@dataclass
class Practices:
    ready: bool
    lines: list[PracticeLine]
    refused: list[RefusedPractice]


@dataclass
class PracticeForm:
    open: bool
    village: int
    title: str
    text: str
    missing: str


@dataclass
class ContactLine:
    """`zalo` is an address, empty where they are not on Zalo."""

    id: int
    kind: str
    name: str
    about: str
    phone: str
    zalo: str


@dataclass
class CommonGroup:
    name: str
    link: str
    leaders: int
    teams: int
    companies: int
    day: str


@dataclass
class Contacts:
    """`ours` are the commune's, `provinces` those of the province for this part of it."""

    ready: bool
    ours: list[ContactLine]
    provinces: list[ContactLine]
    group: CommonGroup
