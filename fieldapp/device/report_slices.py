"""The slices of what a team says to its commune and its village: the quick report, the texts for the Zalo group."""

from dataclasses import dataclass


@dataclass
class Report:
    """`half` and `last_half` are the days of those ranges in words; `picture` is the address of one, or nothing yet."""

    ready: bool
    range: str
    own: bool
    half: str
    last_half: str
    text: str
    picture: str
    difficulty: str
    next: str
    error: str
    unsent: int
    fresh: str
    shares: bool


@dataclass
class Message:
    code: str
    text: str
    day: str
    place: str
    asks_day: bool
    asks_place: bool
    error: str
    shares: bool
