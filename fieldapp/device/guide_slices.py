"""The slice of the guides: the list, and the one that is open."""

from dataclasses import dataclass


@dataclass
class GuideLine:
    code: str
    name: str
    icon: str
    about: str


@dataclass
class Trouble:
    when: str
    then: str


@dataclass
class Guides:
    """`code` is what the address asks for; `found` whether there is such a guide."""

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
