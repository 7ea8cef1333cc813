"""Which reasons there are to look twice at a visit, from facts that the service has gathered."""

from dataclasses import dataclass
from datetime import timedelta

from models.flag import FlagKind
from models.visit import IdentifiedBy

CLOCK_TOLERANCE = timedelta(minutes=10)
TOO_CLOSE = timedelta(seconds=60)
MANY_UNSCANNED = 5
"""Visits of one author on one day without a scan, this one included, from which each new one is flagged."""


@dataclass(frozen=True)
class CardFacts:
    """What the server found behind the scanned or typed code of a visit."""

    known: bool
    revoked: bool = False
    same_household: bool = False
    same_village: bool = False
    bindable: bool = False

    @property
    def right(self) -> bool:
        return self.known and not self.revoked and self.same_household


@dataclass(frozen=True)
class VisitFacts:
    identified_by: IdentifiedBy
    card: CardFacts | None
    provisional_household: bool
    same_day_visit: bool
    photo_seen: bool
    nearest_other_household: timedelta | None
    clock_error: timedelta
    unscanned_today: int


def is_verified(facts: VisitFacts) -> bool:
    """Only a scan or a still of the household's own card proves that the member stood at its door."""
    scanned = facts.identified_by in (IdentifiedBy.SCAN, IdentifiedBy.STILL)
    return scanned and facts.card is not None and facts.card.right


def raised_by(facts: VisitFacts) -> list[FlagKind]:
    """Every flag that these facts raise, in a fixed order."""
    return [kind for kind, raised in _rules(facts) if raised]


def _rules(facts: VisitFacts) -> list[tuple[FlagKind, bool]]:
    card = facts.card or CardFacts(known=False)
    scanned = facts.identified_by in (IdentifiedBy.SCAN, IdentifiedBy.STILL)
    wrong_household = card.known and not card.same_household and not card.bindable
    near = facts.nearest_other_household
    return [
        (FlagKind.SAME_DAY, facts.same_day_visit),
        (FlagKind.CARD_REVOKED, card.known and card.revoked),
        (FlagKind.CARD_UNKNOWN, (scanned or facts.identified_by == IdentifiedBy.KEYPAD) and not card.known),
        (FlagKind.CARD_OTHER_VILLAGE, wrong_household and not card.same_village),
        (FlagKind.CARD_OTHER_HOUSEHOLD, wrong_household and card.same_village),
        (FlagKind.NO_SCAN, facts.identified_by == IdentifiedBy.LIST and not facts.provisional_household),
        (FlagKind.KEYPAD, facts.identified_by == IdentifiedBy.KEYPAD),
        (FlagKind.NEW_HOUSEHOLD, facts.provisional_household),
        (FlagKind.PHOTO_SEEN, facts.photo_seen),
        (FlagKind.TOO_CLOSE, near is not None and near < TOO_CLOSE),
        (FlagKind.CLOCK_OFF, abs(facts.clock_error) > CLOCK_TOLERANCE),
        (FlagKind.MANY_UNSCANNED, not scanned and facts.unscanned_today >= MANY_UNSCANNED),
    ]
