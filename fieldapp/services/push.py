"""Takes in what a phone pushes: one transaction, a savepoint and a named result for each record (docs/sync.md).

Order inside: the villages that the batch touches are locked first, in id order; then every record in its own
savepoint; then the counters, once for the whole batch.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.record import Envelope, RecordKind
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import STATUS, Problem
from fieldapp.services import audit, counters, households, reviews, visits
from fieldapp.services.members import list_postings
from fieldapp.services.push_kinds import Answer, Batch, Held, act_on
from fieldapp.services.scopes import raise_villages
from fieldapp.services.upsert import insert_new
from fieldapp.services.visit_facts import known_platforms
from models.base import utc_now
from models.flag import FlagKind
from models.sync import PushResult, Record
from models.visit import Visit

RECORDS = Record.__table__


async def receive(
    session: AsyncSession, who: Principal, device_id: UUID | None, device_now: datetime, raw_records: list[Any]
) -> list[Answer]:
    """An answer for each raw record, in order. Sending the same again changes nothing."""
    require(who, Action.SYNC)
    assert who.member_id is not None
    envelopes = [_envelope(raw) for raw in raw_records]
    good = [e for e in envelopes if isinstance(e, Envelope)]
    postings = await list_postings(session, [who.member_id])
    found = await households.load(session, _ids_of(good, "household"))
    batch = Batch(who, device_id, device_now, utc_now(), postings, found, await known_platforms(session))
    batch.versions = await raise_villages(session, await _villages(session, batch, good))
    await households.follow_merges(session, batch.households)
    answers = [e if not isinstance(e, Envelope) else await _take(session, batch, e) for e in envelopes]
    await counters.move(session, batch.movements)
    await audit.write(session, batch.events)
    return answers


def _envelope(raw: Any) -> Envelope | Answer:
    try:
        return Envelope.model_validate(raw)
    except ValidationError as error:
        record_id = raw.get("id") if isinstance(raw, dict) else None
        return {"id": _sayable(record_id or ""), "result": PushResult.INVALID, **_problem(error).to_dict()}


def _problem(error: ValidationError) -> Problem:
    first = error.errors(include_url=False, include_input=False)[0]
    message = str(first.get("ctx", {}).get("error", ""))
    code = message if message in STATUS else "invalid"
    return Problem(code, _sayable(".".join(str(part) for part in first["loc"])) or None)


def _sayable(text: Any) -> str:
    """What a broken record calls itself or its fields, as far as an answer can hold it."""
    return str(text)[:80].encode(errors="replace").decode()


def _ids_of(envelopes: list[Envelope], name: str) -> set[UUID]:
    ids = set()
    for envelope in envelopes:
        try:
            ids.add(UUID(str(envelope.payload.get(name))))
        except ValueError:
            continue
    return ids


async def _villages(session: AsyncSession, batch: Batch, envelopes: list[Envelope]) -> set[int]:
    """Every village that the batch may write to: only these may be locked, and all of them at once."""
    villages = {h.village_id for h in batch.households.values()}
    mine = {p.village_id for p in batch.postings}
    for envelope in envelopes:
        village = envelope.payload.get("village")
        if envelope.kind == RecordKind.HOUSEHOLD_ADD and type(village) is int:
            villages.add(village)
    named = _ids_of(envelopes, "visit") | {e.replaces for e in envelopes if e.replaces} | {e.id for e in envelopes}
    for envelope in envelopes:
        decided = envelope.payload.get("visits")
        if envelope.kind == RecordKind.REVIEW_DECIDE and isinstance(decided, list):
            for one in decided[:1000]:
                try:
                    named.add(UUID(str(one["visit"])))
                except (KeyError, TypeError, ValueError):
                    continue
    if named:
        villages |= await reviews.villages_of(session, list(named))
    return villages & mine


async def _take(session: AsyncSession, batch: Batch, envelope: Envelope) -> Answer:
    moved, told = len(batch.movements), len(batch.events)
    try:
        async with session.begin_nested():
            answer = await _take_once(session, batch, envelope)
    except Problem as problem:
        del batch.movements[moved:], batch.events[told:]
        result = PushResult.FORBIDDEN if problem.status == 403 else PushResult.INVALID
        return {"id": str(envelope.id), "result": result, **problem.to_dict()}
    return {"id": str(envelope.id), **answer}


async def _take_once(session: AsyncSession, batch: Batch, envelope: Envelope) -> Answer:
    """Claims the record's id, waiting for a twin that is still in flight, then acts on it."""
    if envelope.author != batch.who.member_id:
        raise Problem("not_author", "author")
    claim = {
        "id": envelope.id,
        "kind": envelope.kind,
        "schema_version": envelope.schema_version,
        "author_id": envelope.author,
        "device_id": batch.device_id,
        "content_hash": envelope.content_hash,
        "result": PushResult.CREATED,
        "detail": {},
        "made_at": envelope.device_made_at,
        "received_at": batch.received_at,
    }
    if await insert_new(session, RECORDS, claim):
        return await _act(session, batch, envelope)
    return await _repeat(session, batch, envelope)


async def _repeat(session: AsyncSession, batch: Batch, envelope: Envelope) -> Answer:
    """The id is here: the same content is `identical` (with the first answer's detail), other content `differs`."""
    first = await session.get_one(Record, envelope.id, populate_existing=True)
    if first.author_id != batch.who.member_id:
        raise Problem("not_author", "id")
    if first.content_hash == envelope.content_hash:
        repeated = PushResult.IDENTICAL if first.result == PushResult.CREATED else first.result
        return {"result": repeated, **first.detail}
    visit = await session.get(Visit, envelope.id)
    if visit is not None and visit.village_id in batch.versions:
        await visits.raise_flag(session, visit, FlagKind.ID_REUSED, batch.versions[visit.village_id])
    return {"result": PushResult.DIFFERS, "code": "differs"}


async def _act(session: AsyncSession, batch: Batch, envelope: Envelope) -> Answer:
    result, detail, kept = PushResult.CREATED, {}, None
    try:
        detail = await act_on(session, batch, envelope)
    except ValidationError as error:
        raise _problem(error) from None
    except Held as held:
        result, detail, kept = PushResult.HELD, {"reason": held.reason}, envelope.model_dump(mode="json", by_alias=True)
    except visits.Superseded as superseded:
        result, detail = PushResult.SUPERSEDED, superseded.detail
    if detail:
        change = {"result": result, "detail": detail, "payload": kept}
        await session.execute(update(RECORDS).where(RECORDS.c.id == envelope.id).values(**change))
    batch.events.append(audit.event(batch.who, envelope.kind, "record", envelope.id, result=result))
    return {"result": result, **detail}
