"""A line of a <select>, as states hold it."""

from dataclasses import dataclass


@dataclass
class Option:
    """`english` is the same name in English where the record holds one."""

    value: str = ""
    label: str = ""
    english: str = ""
