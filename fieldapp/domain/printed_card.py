"""What goes on paper for one card: the only place where a code is ever written out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PrintedCard:
    """A card as it leaves the printer; an anonymous one has neither number nor name."""

    code: str
    short_code: str
    household_number: str | None
    head_name: str | None
