"""Sorts what is held: an officer accepts or refuses it, what waited for it follows, a new server tries again.

A record that is accepted goes the way of every record (`push_kinds.act_on`), as if it were acted on when it was
pushed: by its receipt, by its phone's clock as it was then, and by the posting that the officer confirmed.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.counting import Movement
from fieldapp.domain.note import holds_identity
from fieldapp.domain.record import NAMES_VILLAGE, TAKES_AWAY, Envelope, RecordKind, corrected
from fieldapp.domain.search_key import nfc
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import activities, audit, counters, holding, household_moves, households, log_comments, reviews
from fieldapp.services.holding import HELD, RECORDS, REFUSED, Held
from fieldapp.services.members import Posting, list_postings
from fieldapp.services.push_batch import Answer, Batch
from fieldapp.services.push_kinds import act_on
from fieldapp.services.scopes import member_key, raise_versions, village_key
from fieldapp.services.visits import Superseded
from models.account import Role
from models.base import utc_now
from models.held import HeldReason
from models.sync import PushResult

MAX_REASON = 300
OFFICER_SORTS = (HeldReason.SEAT_UNCLEAR, HeldReason.CARD_OTHER_COMMUNE)
"""The others sort themselves: with their base, or with a newer server."""

OFFICER_REFUSES = (*OFFICER_SORTS, HeldReason.BASE_MISSING)
WAITS = (HeldReason.BASE_HELD, HeldReason.BASE_MISSING)
_ROW = (
    HELD,
    *(RECORDS.c[name] for name in ("kind", "device_id", "payload", "received_at", "schema_version", "detail")),
)
Outcome = tuple[PushResult, dict[str, Any]]


@dataclass
class _Work:
    """One sorting: who, in which locked scopes, and what it moved and did."""

    who: Principal | None
    versions: dict[str, int]
    movements: list[Movement] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


async def list_choices(
    session: AsyncSession, wanted: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], list[Posting]]:
    """By (author, village): the postings by which they ever served there, one a team, to credit a record to."""
    pairs = set(wanted)
    found: dict[tuple[int, int], dict[int, Posting]] = {pair: {} for pair in pairs}
    for posting in await list_postings(session, sorted({author for author, _ in pairs})):
        if posting.continued_by is None and (key := (posting.member_id, posting.village_id)) in found:
            found[key].setdefault(posting.team_id, posting)
    return {key: [teams[team_id] for team_id in sorted(teams)] for key, teams in found.items()}


async def accept(session: AsyncSession, who: Principal, record_id: UUID, team_id: int | None = None) -> PushResult:
    """Acts on a held record, credited to the author's posting in this team where the seat was unclear.

    The result is `held` where there is another reason to hold it, `invalid` or `forbidden` where it breaks a rule
    besides. Raises `not_found`, `forbidden`, `sorted_already`, or `invalid` for a team that it cannot be credited to.
    """
    row = await _get(session, who, record_id)
    if row.reason == HeldReason.SEAT_UNCLEAR:
        pair = (row.author_id, row.village_id)
        if team_id not in {p.team_id for p in (await list_choices(session, [pair]))[pair]}:
            raise Problem("invalid", "team")
    ruling = {"ruled": sorted({*row.ruled, row.reason}), "team_id": team_id or row.team_id}
    # A card is ruled on by itself: what follows may have been scanned at another door.
    theirs = ruling | {"ruled": [reason for reason in ruling["ruled"] if reason != HeldReason.CARD_OTHER_COMMUNE]}

    async def take(work: _Work, one: Any) -> Outcome:
        return await _take(session, work, one, ruling if one.record_id == record_id else theirs)

    return await _sort(session, who, record_id, take)


async def refuse(session: AsyncSession, who: Principal, record_id: UUID, reason: str) -> PushResult:
    """Gives a held record back to its author with a reason. Raises as `accept`, or `reason_missing`."""
    await _get(session, who, record_id, OFFICER_REFUSES)
    words = nfc(reason.strip())[:MAX_REASON]
    if not words:
        raise Problem("reason_missing", "reason")
    if holds_identity(words):
        raise Problem("note_identity", "reason")

    async def give_back(work: _Work, one: Any) -> Outcome:
        if one.record_id != record_id and one.kind in (*TAKES_AWAY, RecordKind.REVIEW_DECIDE):
            return await _take(session, work, one, {})
        return PushResult.INVALID, {"code": "held_refused", "reason": words}

    return await _sort(session, who, record_id, give_back)


async def retry(session: AsyncSession, record_id: UUID) -> PushResult:
    """Acts on a record that sorts itself, with nobody's ruling."""
    return await _sort(session, None, record_id, lambda work, one: _take(session, work, one, {}))


async def try_again(session: AsyncSession, batch: Batch, record_id: UUID) -> Answer | None:
    """Acts on a record that waited for something and has come again, within the push that brought it.

    None where it was sorted already, or waits for an officer. The pull tells it too: this may be a request that arrived
    late, and its answer be lost. The author's scope is locked here behind the villages, where whoever sorts takes it
    first: of two that meet so one is done anew.
    """
    query = select(*_ROW).join(RECORDS, RECORDS.c.id == HELD.c.record_id).where(HELD.c.record_id == record_id)
    waits = query.where(HELD.c.sorted_at.is_(None), HELD.c.reason.in_(WAITS))
    row = (await session.execute(waits.with_for_update(of=HELD))).first()
    if row is None:
        return None
    versions = {village_key(village): version for village, version in batch.versions.items()}
    versions |= await raise_versions(session, [member_key(row.author_id)])
    work = _Work(None, versions, batch.movements, batch.events)
    result, detail = await _take(session, work, row, {})
    await _note(session, work, row, result, detail)
    return {"result": result, **detail}


async def _get(
    session: AsyncSession, who: Principal, record_id: UUID, reasons: Sequence[HeldReason] = OFFICER_SORTS
) -> Any:
    """The held record, for an officer who may sort it."""
    row = (await session.execute(select(HELD).where(HELD.c.record_id == record_id))).first()
    if row is None:
        raise Problem("not_found")
    require(who, Action.SORT_RECORD, Place(commune_id=row.commune_id))
    if row.sorted_at is not None:
        raise Problem("sorted_already")
    if row.reason not in reasons:
        raise Problem("invalid", "record")
    return row


async def _sort(
    session: AsyncSession, who: Principal | None, record_id: UUID, act: Callable[[_Work, Any], Awaitable[Outcome]]
) -> PushResult:
    """Locks what the record and all that waits for it may touch, then acts on one after the other."""
    rows = await _with_followers(session, record_id)
    villages = {village_key(v) for v in await _villages(session, rows)}
    versions = await raise_versions(session, villages | {member_key(row.author_id) for row in rows})
    these = HELD.c.record_id.in_([row.record_id for row in rows])
    locked = select(HELD.c.record_id).where(these, HELD.c.sorted_at.is_(None)).order_by(HELD.c.record_id)
    still = set((await session.execute(locked.with_for_update())).scalars())
    if record_id not in still:
        raise Problem("sorted_already")
    work = _Work(who, versions)
    results: dict[UUID | None, PushResult] = {}
    first = PushResult.HELD
    for row in rows:
        if row.record_id in still and (row.record_id == record_id or row.waits_for_id in results):
            result, detail = await act(work, row)
            await _note(session, work, row, result, detail)
            if result != PushResult.HELD:
                results[row.makes_id] = result
            if row.record_id == record_id:
                first = result
    await counters.move(session, work.movements)
    await audit.write(session, work.events)
    return first


async def _with_followers(session: AsyncSession, record_id: UUID) -> list[Any]:
    """The record and all that waits for it, directly or not, in an order in which they can be acted on."""
    joined = select(*_ROW).join(RECORDS, RECORDS.c.id == HELD.c.record_id)
    found = list(await session.execute(joined.where(HELD.c.record_id == record_id)))
    step = found
    while step:
        known = {row.record_id for row in found}
        waiting = HELD.c.waits_for_id.in_([row.makes_id for row in step if row.makes_id])
        query = joined.where(waiting, HELD.c.sorted_at.is_(None)).order_by(RECORDS.c.received_at, HELD.c.record_id)
        step = [row for row in await session.execute(query) if row.record_id not in known]
        found += step
    return found


async def _villages(session: AsyncSession, rows: Sequence[Any]) -> set[int]:
    named: set[UUID] = set()
    homes: set[UUID] = set()
    done: set[UUID] = set()
    said: set[UUID] = set()
    villages = {row.village_id for row in rows if row.village_id}
    for row in rows:
        payload = row.payload["payload"]
        named |= _ids([row.payload.get("replaces"), payload.get("visit"), row.record_id])
        homes |= _ids([payload.get("household")])
        done |= _ids([payload.get("activity")])
        said |= _ids([payload.get("comment"), row.payload.get("replaces")])
        decided = payload.get("visits")
        named |= _ids(d.get("visit") for d in decided if isinstance(d, dict)) if isinstance(decided, list) else set()
        if row.kind in NAMES_VILLAGE and type(payload.get("village")) is int:
            villages.add(payload["village"])
    villages |= {home.village_id for home in (await households.load(session, homes)).values()}
    villages |= await household_moves.villages_before(session, homes)
    villages |= set((await activities.villages_of(session, done)).values())
    villages |= set((await log_comments.villages_of(session, said)).values())
    villages |= set((await reviews.villages_of(session, list(named))).values())
    return villages | {
        after for became in (await household_moves.successors(session, villages)).values() for after, _ in became
    }


def _ids(values: Iterable[Any]) -> set[UUID]:
    found = set()
    for value in values:
        try:
            found.add(UUID(str(value)))
        except ValueError:
            continue
    return found


async def _take(session: AsyncSession, work: _Work, row: Any, ruling: dict[str, Any]) -> Outcome:
    """Acts on a record as the push would have; what breaks leaves nothing behind."""
    envelope = Envelope.model_validate(row.payload)
    held_by = {"ruled": sorted({*row.ruled, *ruling.get("ruled", ())}), "team_id": ruling.get("team_id") or row.team_id}
    moved = len(work.movements)
    try:
        async with session.begin_nested():
            batch = await _batch(session, work, row, envelope, **held_by)
            try:
                return PushResult.CREATED, await act_on(session, batch, envelope)
            except Held as held:
                await holding.keep_on(session, row.record_id, held, **held_by)
                return PushResult.HELD, {"reason": str(held.reason), **held.detail}
    except Superseded as superseded:
        result, detail = PushResult.SUPERSEDED, superseded.detail
    except ValidationError:
        result, detail = PushResult.INVALID, {"code": "invalid"}
    except Problem as problem:
        result = PushResult.FORBIDDEN if problem.status == 403 else PushResult.INVALID
        detail = problem.to_dict()
    del work.movements[moved:]
    return result, detail


async def _batch(
    session: AsyncSession, work: _Work, row: Any, envelope: Envelope, ruled: list[str], team_id: int | None
) -> Batch:
    postings = await list_postings(session, [row.author_id])
    device_now = row.received_at - timedelta(milliseconds=row.clock_error_ms)
    if team_id is not None:
        # Where the author had a seat on that very day, that seat is right and nobody had to rule.
        day = vn_day(corrected(envelope.device_made_at, device_now, row.received_at))
        seated = {p.village_id for p in postings if p.covers(day)}
        ruled_in = [p for p in postings if p.team_id == team_id and p.village_id not in seated]
        postings += [replace(p, valid_from=date.min, valid_to=None) for p in ruled_in]
    return Batch(
        who=Principal(Role.MEMBER, "", member_id=row.author_id),
        device_id=row.device_id,
        device_now=device_now,
        received_at=row.received_at,
        postings=postings,
        households=await households.load(session, _ids([envelope.payload.get("household")])),
        envelopes=[envelope],
        versions={int(key.partition(":")[2]): v for key, v in work.versions.items() if key.startswith("village:")},
        movements=work.movements,
        ruled=frozenset(ruled),
        done=row.detail,
    )


async def _note(session: AsyncSession, work: _Work, row: Any, result: PushResult, detail: dict[str, Any]) -> None:
    """Writes down how a record was sorted, for its author's phone and for the log."""
    if result == PushResult.HELD:
        await session.execute(update(RECORDS).where(RECORDS.c.id == row.record_id).values(detail=detail))
        return
    change = {"result": result, "detail": detail}
    await session.execute(update(RECORDS).where(RECORDS.c.id == row.record_id).values(**change))
    done = {
        "sorted_at": utc_now(),
        "sorted_by_id": work.who.account_id if work.who else None,
        "scope_version": work.versions[member_key(row.author_id)],
    }
    await session.execute(update(HELD).where(HELD.c.record_id == row.record_id).values(**done))
    word = "record.refuse" if result in REFUSED else "record.accept"
    thing = TAKES_AWAY.get(row.kind)
    subject = row.payload["payload"].get(thing) if thing else row.record_id
    work.events.append(audit.event(work.who, word, "record", subject, row.village_id, result=result))
