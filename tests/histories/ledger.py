"""What phones said: every record that one called saved, those that a kill left in doubt, those that were taken back."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Ledger:
    saved: dict[str, dict[str, Any]] = field(default_factory=dict)
    maybe: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Written while the page was killed: kept or not, but never half."""

    undone: set[str] = field(default_factory=set)
    phones: dict[str, str] = field(default_factory=dict)
    """Record id -> the phone that made it."""

    clocks_moved: bool = False
    people_moved: bool = False
    restored: bool = False
    sorted: bool = False

    def take_in(self, other: "Ledger", phone: str) -> None:
        """Adds what another ledger holds, all of it this phone's."""
        self.saved |= other.saved
        self.maybe |= other.maybe
        self.undone |= other.undone
        self.phones |= dict.fromkeys(other.phones, phone)

    def note(self, phone: str, answer: dict[str, Any]) -> None:
        doubtful = answer.get("dead", False)
        for record in answer.get("saved", []):
            self.saved[record["id"]] = record
            self.phones[record["id"]] = phone
        for record in answer.get("maybe", []):
            if record["id"] not in self.saved:
                self.maybe[record["id"]] = record
                self.phones[record["id"]] = phone
        for name in answer.get("undone", []):
            self.undone.add(name)
            self.saved.pop(name, None)
            self.maybe.pop(name, None)
        if doubtful and (name := answer.get("undoing")) in self.saved:
            self.maybe[name] = self.saved.pop(name)
