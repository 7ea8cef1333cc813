"""Household cards: printing is issuing; binding happens at the door; the server itself verifies every scan."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.card_code import code_hash, make_code, make_short_code, parse_scanned, parse_typed
from fieldapp.domain.flags import CardFacts
from fieldapp.domain.visit import CardBindPayload
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.scopes import raise_villages
from models.base import utc_now
from models.household import BatchKind, CardBatch, CardState, Household, HouseholdCard
from models.unit import Unit

CARDS, HOUSEHOLDS, UNITS = HouseholdCard.__table__, Household.__table__, Unit.__table__
MAX_BATCH = 1000


@dataclass(frozen=True)
class PrintedCard:
    """What goes on paper: the only place where the code is ever written out."""

    code: str
    short_code: str
    household_number: str | None
    head_name: str | None


async def issue_for_households(session: AsyncSession, who: Principal | None, village_id: int) -> list[PrintedCard]:
    """A new card for each household of a village; cards bound before are revoked, since the new one replaces them."""
    await _require_print(session, who, village_id)
    query = select(HOUSEHOLDS).where(HOUSEHOLDS.c.village_id == village_id, HOUSEHOLDS.c.discarded_at.is_(None))
    households = sorted(await session.execute(query), key=lambda h: (len(h.number), h.number))
    version = (await raise_villages(session, [village_id]))[village_id]
    now = utc_now()
    await session.execute(
        update(CARDS)
        .where(CARDS.c.village_id == village_id, CARDS.c.state == CardState.BOUND)
        .values(state=CardState.REVOKED, revoked_at=now, scope_version=version)
    )
    printed = [PrintedCard(make_code(), make_short_code(), h.number, h.head_name) for h in households]
    owners = [h.id for h in households]
    await _store(session, who, village_id, BatchKind.KNOWN, printed, owners, version, now)
    return printed


async def issue_anonymous(
    session: AsyncSession, who: Principal | None, village_id: int, size: int
) -> list[PrintedCard]:
    """Cards without a household, to be bound by a scan at the first visit. Raises `invalid` outside 1 to 1000."""
    await _require_print(session, who, village_id)
    if not 1 <= size <= MAX_BATCH:
        raise Problem("invalid", "size", most=MAX_BATCH)
    version = (await raise_villages(session, [village_id]))[village_id]
    printed = [PrintedCard(make_code(), make_short_code(), None, None) for _ in range(size)]
    await _store(session, who, village_id, BatchKind.ANONYMOUS, printed, [None] * size, version, utc_now())
    return printed


async def _require_print(session: AsyncSession, who: Principal | None, village_id: int) -> None:
    village = await session.get(Unit, village_id)
    if village is None:
        raise Problem("not_found", "village")
    if who is not None:
        require(who, Action.PRINT_CARD, Place(village_id, village.parent_id))


async def _store(
    session: AsyncSession,
    who: Principal | None,
    village_id: int,
    kind: BatchKind,
    printed: list[PrintedCard],
    owners: list[UUID | None],
    version: int,
    now: datetime,
) -> None:
    batch = CardBatch(
        village_id=village_id, kind=kind, size=len(printed), made_by_account_id=who.account_id if who else None
    )
    session.add(batch)
    await session.flush()
    if printed:
        await session.execute(
            CARDS.insert(),
            [
                {
                    "batch_id": batch.id,
                    "village_id": village_id,
                    "code_hash": code_hash(card.code),
                    "short_code": card.short_code,
                    "state": CardState.BOUND if owner else CardState.PRINTED,
                    "household_id": owner,
                    "bound_at": now if owner else None,
                    "scope_version": version,
                }
                for card, owner in zip(printed, owners, strict=True)
            ],
        )
    event = audit.event(who, "card.print", "card_batch", batch.id, village_id, size=len(printed), cards=kind)
    await audit.write(session, [event])


async def find_card(session: AsyncSession, raw: str | None) -> HouseholdCard | None:
    """The card behind a scanned address or a typed short code."""
    if not raw:
        return None
    if code := parse_scanned(raw):
        condition = CARDS.c.code_hash == code_hash(code)
    elif short := parse_typed(raw):
        condition = CARDS.c.short_code == short
    else:
        return None
    return (await session.execute(select(HouseholdCard).where(condition))).scalar_one_or_none()


def facts_of(card: HouseholdCard | None, household_id: UUID, village_id: int) -> CardFacts:
    """What a card says about a visit to this household."""
    if card is None:
        return CardFacts(known=False)
    return CardFacts(
        known=True,
        revoked=card.state == CardState.REVOKED,
        same_household=card.household_id == household_id,
        same_village=card.village_id == village_id,
        bindable=card.state == CardState.PRINTED and card.village_id == village_id,
    )


async def bind(
    session: AsyncSession, payload: CardBindPayload, household: Household, member_id: int, version: int
) -> None:
    """Ties an anonymous card to a household. Raises `card_unknown` or `card_taken` (bound elsewhere, revoked)."""
    card = await find_card(session, payload.card)
    if card is None or card.village_id != household.village_id:
        raise Problem("card_unknown", "card")
    if card.state == CardState.BOUND and card.household_id == household.id:
        return
    if card.state != CardState.PRINTED:
        raise Problem("card_taken", "card")
    card.state, card.household_id = CardState.BOUND, household.id
    card.bound_at, card.bound_by_id, card.scope_version = utc_now(), member_id, version
    await session.flush()


@dataclass(frozen=True)
class PublicCard:
    """All that a card tells a stranger: which village's team it belongs to. Nothing about the household."""

    village_name: str
    commune_name: str
    contact: str | None


async def public_card(session: AsyncSession, code: str) -> PublicCard | None:
    """The public face of a card, or None for a code that is unknown or revoked."""
    commune = UNITS.alias("commune")
    query = (
        select(UNITS.c.name, commune.c.name.label("commune_name"), commune.c.contact)
        .join(CARDS, CARDS.c.village_id == UNITS.c.id)
        .join(commune, commune.c.id == UNITS.c.parent_id)
        .where(CARDS.c.code_hash == code_hash(code.upper()), CARDS.c.state != CardState.REVOKED)
    )
    row = (await session.execute(query)).first()
    return PublicCard(row.name, row.commune_name, row.contact) if row else None
