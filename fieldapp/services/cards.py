"""Household cards: printing is issuing; binding happens at the door; the server itself verifies every scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.card_code import code_hash, make_code, make_short_code, parse_scanned, parse_typed
from fieldapp.domain.flags import CardFacts
from fieldapp.domain.printed_card import PrintedCard
from fieldapp.domain.visit import CardBindPayload
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.scopes import raise_villages
from models.base import utc_now
from models.household import BatchKind, CardBatch, CardState, Household, HouseholdCard
from models.unit import Unit, UnitKind

CARDS, HOUSEHOLDS, UNITS = HouseholdCard.__table__, Household.__table__, Unit.__table__
MAX_BATCH = 1000


@dataclass(frozen=True)
class Printing:
    """A batch that is ready for the paper and not yet issued: nobody can use a card before `issue`.

    Codes stand nowhere else, and a PDF takes seconds. So an edge prepares in a read session, writes the PDF, and
    issues in a short write: no batch is issued whose paper failed, and no writer waits for a PDF.
    """

    village_id: int
    village_code: str
    village_name: str
    commune_name: str
    sample: bool
    kind: BatchKind
    cards: list[PrintedCard]
    owners: Sequence[UUID | None]


async def prepare(
    session: AsyncSession,
    who: Principal | None,
    village_id: int,
    kind: BatchKind,
    size: int,
    household_id: UUID | None = None,
) -> Printing:
    """Cards for every household of a village or for one of them, or `size` anonymous ones; stores nothing.

    `who` is None only for the command line. Raises `not_found` for an unknown village or one without households,
    `forbidden`, or `invalid` for a size outside 1 to 1000.
    """
    village = await _get_printable(session, who, village_id)
    commune = await session.get_one(Unit, village.parent_id)
    households = await _list_households(session, village_id) if kind == BatchKind.KNOWN else []
    if household_id is not None:
        households = [household for household in households if household.id == household_id]
    if kind == BatchKind.KNOWN and not households:
        raise Problem("not_found", "households")
    if kind == BatchKind.ANONYMOUS and not 1 <= size <= MAX_BATCH:
        raise Problem("invalid", "size", most=MAX_BATCH)
    faces = [(h.number, h.head_name if settings().head_names else None) for h in households] or [(None, None)] * size
    short_codes = await _unused_short_codes(session, len(faces))
    cards = [PrintedCard(make_code(), short, *face) for short, face in zip(short_codes, faces, strict=True)]
    owners = [h.id for h in households] or [None] * size
    return Printing(village_id, village.code, village.name, commune.name, village.is_sample, kind, cards, owners)


async def issue(session: AsyncSession, who: Principal | None, printing: Printing) -> None:
    """Makes printed cards valid; cards bound to the same households before are revoked.

    Permission is asked again. Raises `household_unknown` when a household has left the village meanwhile.
    """
    await _get_printable(session, who, printing.village_id)
    village_id, now = printing.village_id, utc_now()
    version = (await raise_villages(session, [village_id]))[village_id]
    if printing.kind == BatchKind.KNOWN:
        if not set(printing.owners) <= {h.id for h in await _list_households(session, village_id)}:
            raise Problem("household_unknown", "village")
        bound = [CARDS.c.village_id == village_id, CARDS.c.state == CardState.BOUND]
        await session.execute(
            update(CARDS)
            .where(*bound, CARDS.c.household_id.in_(printing.owners))
            .values(state=CardState.REVOKED, revoked_at=now, scope_version=version)
        )
    await _store(session, who, printing, version, now)


async def issue_for_households(session: AsyncSession, who: Principal | None, village_id: int) -> list[PrintedCard]:
    """`prepare` and `issue` at once, for a caller that has no paper to wait for."""
    printing = await prepare(session, who, village_id, BatchKind.KNOWN, 0)
    await issue(session, who, printing)
    return printing.cards


async def issue_anonymous(
    session: AsyncSession, who: Principal | None, village_id: int, size: int
) -> list[PrintedCard]:
    """As `issue_for_households`, for cards that are bound by a scan at the first visit."""
    printing = await prepare(session, who, village_id, BatchKind.ANONYMOUS, size)
    await issue(session, who, printing)
    return printing.cards


async def _get_printable(session: AsyncSession, who: Principal | None, village_id: int) -> Unit:
    village = await session.get(Unit, village_id)
    if village is None or village.kind != UnitKind.VILLAGE:
        raise Problem("not_found", "village")
    if who is not None:
        require(who, Action.PRINT_CARD, Place(village_id, village.parent_id))
    return village


async def _list_households(session: AsyncSession, village_id: int) -> list[Row[Any]]:
    """The households of a village as their numbers count: 2 before 10."""
    query = select(HOUSEHOLDS).where(HOUSEHOLDS.c.village_id == village_id, HOUSEHOLDS.c.discarded_at.is_(None))
    return sorted(await session.execute(query), key=lambda h: (len(h.number), h.number))


async def _unused_short_codes(session: AsyncSession, count: int) -> list[str]:
    """Short codes are few enough (35 bits) to meet twice among a million cards, so taken ones are made again."""
    codes: set[str] = set()
    while len(codes) < count:
        made = {make_short_code() for _ in range(count - len(codes))}
        query = select(CARDS.c.short_code).where(CARDS.c.short_code.in_(made))
        codes |= made - set((await session.execute(query)).scalars())
    return list(codes)


async def _store(session: AsyncSession, who: Principal | None, printing: Printing, version: int, now: datetime) -> None:
    village_id, kind, size = printing.village_id, printing.kind, len(printing.cards)
    batch = CardBatch(village_id=village_id, kind=kind, size=size, made_by_account_id=who.account_id if who else None)
    session.add(batch)
    await session.flush()
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
            for card, owner in zip(printing.cards, printing.owners, strict=True)
        ],
    )
    events = [audit.event(who, "card.print", "card_batch", batch.id, village_id, size=size, batch=kind)]
    if kind == BatchKind.KNOWN and size == 1:
        events.append(audit.event(who, "card.reissue", "household", printing.owners[0], village_id))
    await audit.write(session, events)


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


def facts_of(state: str, bound_to: UUID | None, village_id: int, household: Household) -> CardFacts:
    """What a card in this state, of this household and village, says about a visit to a household."""
    same_village = village_id == household.village_id
    return CardFacts(
        known=True,
        revoked=state == CardState.REVOKED,
        same_household=bound_to == household.id,
        same_village=same_village,
        bindable=state == CardState.PRINTED and same_village,
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


async def revoke(session: AsyncSession, who: Principal, card_id: int) -> None:
    """Ends one card, whoever holds it; phones hear of it with their next pull. Again changes nothing.

    Raises `not_found`, or `forbidden` for another commune's.
    """
    village_of = select(CARDS.c.village_id).where(CARDS.c.id == card_id)
    village_id = (await session.execute(village_of)).scalar_one_or_none()
    if village_id is None:
        raise Problem("not_found", "card")
    village = await session.get_one(Unit, village_id)
    require(who, Action.REVOKE_CARD, Place(village_id, village.parent_id))
    version = (await raise_villages(session, [village_id]))[village_id]
    card = await session.get_one(HouseholdCard, card_id, populate_existing=True)
    if card.state != CardState.REVOKED:
        card.state, card.revoked_at, card.scope_version = CardState.REVOKED, utc_now(), version
        await session.flush()
        subject = card.household_id or card.id
        kind = "household" if card.household_id else "card"
        await audit.write(session, [audit.event(who, "card.revoke", kind, subject, village_id, card=card.id)])


async def revoke_of(session: AsyncSession, household_id: UUID, version: int) -> None:
    """Ends the cards in use of a household whose village is locked."""
    change = {"state": CardState.REVOKED, "revoked_at": utc_now(), "scope_version": version}
    bound = (CARDS.c.household_id == household_id, CARDS.c.state == CardState.BOUND)
    await session.execute(update(CARDS).where(*bound).values(**change))


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
