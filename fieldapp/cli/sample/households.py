"""Invented households and their cards. Codes come from the seed, so that one day's sample data is always the same."""

from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any
from uuid import UUID

from fieldapp.cli.sample.names import NameSource
from fieldapp.domain.card_code import CODE_LENGTH, CROCKFORD, SHORT_LENGTH, check_character, code_hash
from fieldapp.domain.search_key import fold
from models.household import CardState, HouseholdState

WITH_CARD = 0.88
REPRINTED = 0.04
ANONYMOUS_EACH = 10
"""Printed cards of a village that wait for a household."""

PROVISIONAL_EACH = 1
_SHORT_SPACE = len(CROCKFORD) ** (SHORT_LENGTH - 1)
_SHORT_STEP = 20_787_400_621
"""Odd, hence a bijection on the space of short codes, whose size is a power of two: no two cards share one."""


@dataclass(slots=True)
class Home:
    """A household as its visits see it: the card in use, and one replaced by it, where there are any."""

    id: UUID
    number: str
    head_name: str
    provisional: bool
    card_id: int | None = None
    old_card_id: int | None = None
    last_visit_on: date | None = None


@dataclass(frozen=True)
class CardPlan:
    home: Home | None
    state: CardState


def uuid7_at(rng: Random, instant: datetime) -> UUID:
    """A UUIDv7 of this instant whose random bits come from the seed."""
    millis = int(instant.timestamp() * 1000)
    return UUID(int=millis << 80 | 7 << 76 | rng.getrandbits(12) << 64 | 2 << 62 | rng.getrandbits(62))


def plan_homes(rng: Random, names: NameSource, count: int, since: datetime) -> list[Home]:
    """Households numbered from 1; the last of them was met at the door and waits to be confirmed."""
    return [Home(uuid7_at(rng, since), str(n), names.draw(), n > count - PROVISIONAL_EACH) for n in range(1, count + 1)]


def household_row(home: Home, village_id: int, added_by_id: int, since: datetime) -> dict[str, Any]:
    return {
        "id": home.id, "village_id": village_id, "number": home.number, "head_name": home.head_name,
        "key": fold(f"{home.number} {home.head_name}"),
        "state": HouseholdState.PROVISIONAL if home.provisional else HouseholdState.CONFIRMED,
        "added_by_id": added_by_id if home.provisional else None,
        "scope_version": 1, "last_visit_on": home.last_visit_on, "created_at": since,
    }  # fmt: skip


def plan_cards(rng: Random, homes: list[Home]) -> tuple[list[CardPlan], list[CardPlan]]:
    """The cards printed for known households (some of them replaced since), and the anonymous ones."""
    known: list[CardPlan] = []
    for home in homes:
        if home.provisional or rng.random() >= WITH_CARD:
            continue
        if rng.random() < REPRINTED:
            known.append(CardPlan(home, CardState.REVOKED))
        known.append(CardPlan(home, CardState.BOUND))
    return known, [CardPlan(None, CardState.PRINTED)] * ANONYMOUS_EACH


def card_row(
    rng: Random, plan: CardPlan, serial: int, batch_id: int, village_id: int, bound_at: datetime
) -> dict[str, Any]:
    """`serial` is the card's own number in the whole province."""
    return {
        "batch_id": batch_id, "village_id": village_id, "state": plan.state,
        "code_hash": code_hash(_checked("".join(rng.choices(CROCKFORD, k=CODE_LENGTH - 1)))),
        "short_code": short_code(serial),
        "household_id": plan.home.id if plan.home else None,
        "bound_at": bound_at if plan.home else None,
        "revoked_at": bound_at if plan.state is CardState.REVOKED else None,
        "scope_version": 1,
    }  # fmt: skip


def short_code(serial: int) -> str:
    scattered, body = serial * _SHORT_STEP % _SHORT_SPACE, ""
    for _ in range(SHORT_LENGTH - 1):
        scattered, digit = divmod(scattered, len(CROCKFORD))
        body += CROCKFORD[digit]
    return _checked(body)


def _checked(body: str) -> str:
    return body + check_character(body)
