"""The slices of the guides: the list, the one that is open, what can be heard of it."""

from dataclasses import dataclass


@dataclass
class GuideLine:
    code: str
    name: str
    icon: str
    about: str
    lacking: int
    heard: bool


@dataclass
class Trouble:
    when: str
    then: str


@dataclass
class Guides:
    """`code` is what the address asks for, `found` whether there is such a guide, `call` the commune's number, `back`
    where it was opened from."""

    ready: bool
    query: str
    lines: list[GuideLine]
    code: str
    found: bool
    name: str
    icon: str
    about: str
    steps: list[str]
    troubles: list[Trouble]
    safe: str
    call: str
    back: str


@dataclass
class NarrationLine:
    """`here` says that it is on this phone, `url` that it is playing; `size` in millions of bytes."""

    id: str
    title: str
    lasts: str
    size: float
    here: bool
    coming: bool
    percent: int
    wanted: bool
    failed: str
    playable: bool
    url: str


@dataclass
class Narrations:
    """What the commune recorded for the guide `at`; `waits` says that some are to come when there is Wi-Fi."""

    at: str
    lines: list[NarrationLine]
    missing: int
    missing_size: float
    waits: bool
