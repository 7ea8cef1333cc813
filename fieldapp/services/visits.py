"""Takes in visits: created, replaced, withdrawn. The phone's word is checked here, against the record."""

import dataclasses
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.counting import CountedVisit, Movement
from fieldapp.domain.flags import CardFacts, is_verified, raised_by
from fieldapp.domain.visit import GONE, VisitPayload, WithdrawPayload
from fieldapp.problems import Problem
from fieldapp.services import cards, late_flags, photo_consents, visit_facts, visit_places
from fieldapp.services.counters import counted_visits
from fieldapp.services.holding import Held
from fieldapp.services.visit_facts import HERE, Found, Taking
from fieldapp.services.visit_rows import settle_household
from models.account import Account
from models.flag import Flag, FlagKind
from models.held import HeldReason
from models.household import HouseholdCard
from models.member import Member
from models.visit import Photo, PhotoState, Visit, VisitState

VISITS, PHOTOS, FLAGS = Visit.__table__, Photo.__table__, Flag.__table__
_MARKS = ("mark_1", "mark_2", "mark_3", "mark_4")


class Superseded(Exception):
    """Somebody decided before: who, when, and what."""

    def __init__(self, detail: dict[str, Any]) -> None:
        super().__init__("superseded")
        self.detail = detail


async def create(session: AsyncSession, taking: Taking, payload: VisitPayload) -> Movement:
    """Stores a visit, its flags and photos; gives its movement. Raises `Held` for a card of another commune."""
    return await _store(session, taking, payload, None, await _examine(session, taking, payload, taking.id))


async def _examine(session: AsyncSession, taking: Taking, payload: VisitPayload, root_id: UUID) -> Found:
    """Everything by which a visit may be refused or held, before anything is written."""
    found = await visit_facts.gather(session, taking, payload, root_id)
    if found.card_commune_id not in (None, taking.posting.commune_id) and not taking.sorted_out:
        raise Held(HeldReason.CARD_OTHER_COMMUNE, taking.village_id)
    return found


async def _store(
    session: AsyncSession, taking: Taking, payload: VisitPayload, base: Visit | None, found: Found
) -> Movement:
    flags = raised_by(found.facts)
    if found.erased_at is not None and taking.made_at <= found.erased_at:
        payload = payload.model_copy(update={"note": "", "photos": [], "place": None})
    outcomes = [
        {
            "visit_id": taking.id,
            "platform_code": o.platform,
            "result": o.result,
            "people": payload.people,
            "detail": o.model_dump(mode="json", include={"steps", "come_back_on", "again"}, exclude_defaults=True),
        }
        for o in payload.outcomes
    ]
    raised = [{"visit_id": taking.id, "kind": kind, "detail": {}, "raised_at": taking.received_at} for kind in flags]
    photos = await _expected_photos(session, taking, payload, found, base)
    place = await visit_places.find_kept(session, taking, payload.place)
    if place is not None and await visit_places.is_elsewhere(session, taking.posting.commune_id, place):
        raised.append({"visit_id": taking.id, "kind": FlagKind.OUTSIDE, "detail": {}, "raised_at": taking.received_at})
    await taking.rows.add(session, _visit_row(taking, payload, base, found), outcomes, raised, photos)
    if place is not None:
        await taking.rows.write(session)
        await visit_places.keep(session, taking.id, place)
    if FlagKind.SAME_DAY in flags:
        await taking.rows.write(session)
        await late_flags.flag_duplicates(
            session,
            visit_id=taking.id,
            root_id=base.root_id if base else taking.id,
            household_id=taking.household.id,
            village_id=taking.village_id,
            day=taking.done_on,
            platforms=[o.platform for o in payload.outcomes],
            version=taking.version,
            raised_at=taking.received_at,
        )
    visit = CountedVisit(
        taking.household.id,
        taking.village_id,
        taking.posting.commune_id,
        taking.posting.team_id,
        taking.done_by_id or taking.author_id,
        taking.done_on,
        payload.mode,
        payload.beneficiary,
        tuple((o.platform, str(o.result), payload.people) for o in payload.outcomes),
    )
    return Movement(visit, None, VisitState.WAITING)


async def replace(
    session: AsyncSession, taking: Taking, payload: VisitPayload, base: Visit, base_version: int
) -> list[Movement]:
    """A new version in the place of one that waits or was sent back; both stay in the record.

    `base_version` is of the base's village, which need not be the new one's. Raises `visit_decided` (approved
    already) or `replaced_already`.
    """
    if base.state == VisitState.APPROVED:
        raise Problem("visit_decided", "replaces")
    if base.state in GONE:
        raise Problem("replaced_already", "replaces")
    found = await _examine(session, taking, payload, base.root_id)
    found = await _with_card_of(session, base, taking, payload, found)
    if not found.facts.photo_seen and await _keeps_seen_photo(session, payload, base):
        found = dataclasses.replace(found, facts=dataclasses.replace(found.facts, photo_seen=True))
    leaving = await leave(session, base, VisitState.REPLACED, base_version)
    return [leaving, await _store(session, taking, payload, base, found)]


async def _with_card_of(
    session: AsyncSession, base: Visit, taking: Taking, payload: VisitPayload, found: Found
) -> Found:
    """The card goes on from the base where the household was identified in the same way and no code came again: the
    phone that mends a visit need not be the one that scanned. What was verified stays so, whatever the card is now."""
    same = base.household_id == taking.household.id and base.identified_by == payload.identified_by
    if payload.card or base.card_id is None or not same:
        return found
    card = await session.get_one(HouseholdCard, base.card_id)
    facts = cards.facts_of(card.state, card.household_id, card.village_id, taking.household)
    if base.verified:
        facts = CardFacts(known=True, same_household=True)
    return dataclasses.replace(found, card_id=card.id, facts=dataclasses.replace(found.facts, card=facts))


async def _keeps_seen_photo(session: AsyncSession, payload: VisitPayload, base: Visit) -> bool:
    """Whether a photo goes on from a version that was flagged for it: what is decoded already is not compared again."""
    kept = [photo.sha256 for photo in payload.photos]
    query = select(FLAGS.c.visit_id).where(
        FLAGS.c.visit_id == base.id,
        FLAGS.c.kind == FlagKind.PHOTO_SEEN,
        select(PHOTOS.c.id).where(PHOTOS.c.visit_id == base.id, PHOTOS.c.sha256.in_(kept)).exists(),
    )
    return bool(kept) and (await session.execute(query)).first() is not None


async def withdraw(session: AsyncSession, payload: WithdrawPayload, author_id: int, version: int) -> list[Movement]:
    """Takes away a visit of one's own that waits or was sent back. Raises `Superseded` where it is neither any more."""
    visit = await get_own(session, payload.visit, author_id)
    if visit.state == VisitState.WITHDRAWN:
        return []
    if visit.state not in (VisitState.WAITING, VisitState.RETURNED):
        raise Superseded(await decided(session, visit))
    return [await leave(session, visit, VisitState.WITHDRAWN, version)]


async def get_own(session: AsyncSession, visit_id: UUID, author_id: int) -> Visit:
    visit = await session.get(Visit, visit_id)
    if visit is None:
        raise Problem("visit_unknown", "visit")
    if visit.author_id != author_id:
        raise Problem("not_author", "visit")
    return visit


async def leave(session: AsyncSession, visit: Visit, state: VisitState, version: int) -> Movement:
    """Moves a visit to another state and gives the movement for the counters."""
    counted = (await counted_visits(session, [visit.id]))[visit.id]
    movement = Movement(counted, VisitState(visit.state), state)
    visit.state, visit.scope_version = state, version
    await session.flush()
    await settle_household(session, visit.household_id)
    return movement


async def decided(session: AsyncSession, visit: Visit) -> dict[str, Any]:
    """Who decided a visit, when and how: what a `superseded` answer tells."""
    by = await session.get(Member, visit.decided_by_id) if visit.decided_by_id else None
    if visit.decided_by_account_id:
        by = await session.get(Account, visit.decided_by_account_id)
    at = visit.decided_at.isoformat() if visit.decided_at else None
    return {"state": visit.state, "by": by.full_name if by else None, "at": at}


async def raise_flag(session: AsyncSession, visit: Visit, kind: FlagKind, version: int, /, **detail: Any) -> None:
    """A flag that comes after the visit; on an approved one it asks for another look and moves no number."""
    if await session.get(Flag, (visit.id, kind)) is None:
        session.add(Flag(visit_id=visit.id, kind=kind, detail=detail))
    visit.needs_look = visit.needs_look or visit.state == VisitState.APPROVED
    visit.scope_version = version
    await session.flush()


def _visit_row(taking: Taking, payload: VisitPayload, base: Visit | None, found: Found) -> dict[str, Any]:
    return {
        "id": taking.id,
        "root_id": base.root_id if base else taking.id,
        "version": base.version + 1 if base else 1,
        "replaces_id": base.id if base else None,
        "author_id": taking.author_id,
        "done_by_id": taking.done_by_id,
        "device_id": taking.device_id,
        "team_id": taking.posting.team_id,
        "village_id": taking.village_id,
        "commune_id": taking.posting.commune_id,
        "household_id": taking.household.id,
        "mode": payload.mode,
        "beneficiary": payload.beneficiary,
        "people": payload.people,
        "note": payload.note,
        "identified_by": payload.identified_by,
        "verified": is_verified(found.facts),
        "card_id": found.card_id,
        "device_made_at": taking.device_made_at,
        "made_at": taking.made_at,
        "done_on": taking.done_on,
        "received_at": taking.received_at,
        "state": VisitState.WAITING,
        "needs_look": False,
        "scope_version": taking.version,
    }


async def _expected_photos(
    session: AsyncSession, taking: Taking, payload: VisitPayload, found: Found, base: Visit | None
) -> list[dict[str, Any]]:
    """Photos named by the visit; one that this author sent before, for an earlier version, is here already."""
    here = await _photos_here(session, taking, payload) if found.photos_here else {}
    named = await photo_consents.without_withdrawn(session, taking.posting.commune_id, payload.photos)
    agreed = await photo_consents.of_visit(session, base.id) if base and payload.photos else {}
    copied = ("state", "width", "height", "thumbnail", *_MARKS, "accepted_at", "decoded_at")
    return [
        {"visit_id": taking.id, **p.model_dump(exclude={"consent"}), "state": PhotoState.EXPECTED}
        | photo_consents.columns(p, agreed.get(p.sha256), taking.made_at)
        | ({name: here[p.sha256][name] for name in copied} if p.sha256 in here else dict.fromkeys(copied[1:]))
        for p in named
    ]


async def _photos_here(session: AsyncSession, taking: Taking, payload: VisitPayload) -> dict[str, Any]:
    query = (
        select(PHOTOS)
        .join(VISITS, VISITS.c.id == PHOTOS.c.visit_id)
        .where(
            PHOTOS.c.sha256.in_([p.sha256 for p in payload.photos]),
            VISITS.c.author_id == taking.author_id,
            PHOTOS.c.state.in_(HERE),
        )
    )
    return {row.sha256: row._mapping for row in await session.execute(query)}
