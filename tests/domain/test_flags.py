"""Which facts make a visit worth a second look, as a table, and what the word "verified" takes."""

from datetime import timedelta
from typing import Any

import pytest

from fieldapp.domain.flags import CardFacts, VisitFacts, is_verified, raised_by
from models.visit import IdentifiedBy

OWN = CardFacts(known=True, same_household=True, same_village=True)
BLANK = CardFacts(known=True, same_village=True, bindable=True)
NEIGHBOURS = CardFacts(known=True, same_village=True)
ELSEWHERE = CardFacts(known=True)
REVOKED = CardFacts(known=True, revoked=True, same_household=True, same_village=True)
UNKNOWN = CardFacts(known=False)
SCAN, STILL, KEYPAD, LIST = IdentifiedBy.SCAN, IdentifiedBy.STILL, IdentifiedBy.KEYPAD, IdentifiedBy.LIST


def facts(**given: Any) -> VisitFacts:
    """A visit that raises nothing: the household's own card, scanned, on an honest day."""
    quiet: dict[str, Any] = {
        "identified_by": SCAN, "card": OWN, "provisional_household": False, "same_day_visit": False,
        "photo_seen": False, "nearest_other_household": None, "clock_error": timedelta(0), "unscanned_today": 0,
    }  # fmt: skip
    return VisitFacts(**(quiet | given))


TABLE: list[tuple[str, dict[str, Any], set[str]]] = [
    ("nothing unusual", {}, set()),
    ("a still picture of the card", {"identified_by": STILL}, set()),
    ("the same household and platform on one day", {"same_day_visit": True}, {"same_day"}),
    ("chosen from the list", {"identified_by": LIST, "card": None}, {"no_scan"}),
    ("a household met at the door has no card to scan",
     {"identified_by": LIST, "card": None, "provisional_household": True}, {"new_household"}),
    ("the short code typed in", {"identified_by": KEYPAD}, {"keypad"}),
    ("a short code that nobody printed", {"identified_by": KEYPAD, "card": UNKNOWN}, {"keypad", "card_unknown"}),
    ("a card that nobody printed", {"card": UNKNOWN}, {"card_unknown"}),
    ("said to be scanned, without a code", {"card": None}, {"card_unknown"}),
    ("a card that was revoked", {"card": REVOKED}, {"card_revoked"}),
    ("a card of another household", {"card": NEIGHBOURS}, {"card_other_household"}),
    ("a card of another village", {"card": ELSEWHERE}, {"card_other_village"}),
    ("a card of the village that waits to be bound", {"card": BLANK}, set()),
    ("a photo that was seen before", {"photo_seen": True}, {"photo_seen"}),
    ("another household 59 seconds before", {"nearest_other_household": timedelta(seconds=59)}, {"too_close"}),
    ("another household a minute before", {"nearest_other_household": timedelta(seconds=60)}, set()),
    ("a clock 10 minutes slow", {"clock_error": timedelta(minutes=10)}, set()),
    ("a clock more than 10 minutes slow", {"clock_error": timedelta(minutes=10, seconds=1)}, {"clock_off"}),
    ("a clock more than 10 minutes fast", {"clock_error": -timedelta(minutes=10, seconds=1)}, {"clock_off"}),
    ("the fourth of a day without a scan", {"identified_by": KEYPAD, "unscanned_today": 4}, {"keypad"}),
    ("the fifth of a day without a scan",
     {"identified_by": LIST, "card": None, "unscanned_today": 5}, {"no_scan", "many_unscanned"}),
    ("a scan after many without", {"unscanned_today": 9}, set()),
    ("all at once",
     {"same_day_visit": True, "card": ELSEWHERE, "photo_seen": True, "clock_error": timedelta(hours=1)},
     {"same_day", "card_other_village", "photo_seen", "clock_off"}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_each_fact_raises_its_flag_and_no_other(given: dict[str, Any], expected: set[str]) -> None:
    assert {str(kind) for kind in raised_by(facts(**given))} == expected


@pytest.mark.parametrize("how", IdentifiedBy)
@pytest.mark.parametrize("card", [OWN, BLANK, NEIGHBOURS, ELSEWHERE, REVOKED, UNKNOWN, None])
def test_only_a_scan_of_the_households_own_card_is_verified(how: IdentifiedBy, card: CardFacts | None) -> None:
    assert is_verified(facts(identified_by=how, card=card)) == (how in (SCAN, STILL) and card is OWN)


def test_no_flag_is_raised_twice() -> None:
    every = facts(
        identified_by=KEYPAD, card=ELSEWHERE, same_day_visit=True, photo_seen=True, provisional_household=True,
        nearest_other_household=timedelta(0), clock_error=timedelta(days=1), unscanned_today=50,
    )  # fmt: skip
    kinds = raised_by(every)
    assert len(kinds) == len(set(kinds)) == 8
