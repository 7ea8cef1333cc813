"""Takes in what a phone pushes: one transaction and a named result for each record (docs/sync.md).

Order inside: the villages that the batch touches are locked first, in id order; then record by record; then the
counters, once for the whole batch. Nearly every push is good, so the first try spends nothing on savepoints; one in
which a record breaks is undone and made again with care, a savepoint for each record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy import update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.record import Envelope, RecordKind
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import STATUS, Problem
from fieldapp.services import audit, counters, holding, households, reviews, visits
from fieldapp.services.holding import Held
from fieldapp.services.members import Posting, list_postings
from fieldapp.services.push_kinds import Answer, Batch, act_on
from fieldapp.services.scopes import raise_villages
from fieldapp.services.upsert import insert_new
from models.base import utc_now
from models.flag import FlagKind
from models.household import Household
from models.sync import PushResult, Record
from models.visit import Visit

RECORDS = Record.__table__
log = structlog.get_logger("push")


class Stumble(Exception):
    """A record broke in a push without care: what was done is to be undone, and done again with care."""


@dataclass(frozen=True)
class Parcel:
    """What one phone pushes at once: raw records, its clock at that moment, and the author's seats of all times.

    What a session that is `closing` sends is marked.
    """

    who: Principal
    device_id: UUID | None
    device_now: datetime
    raw_records: list[Any]
    postings: list[Posting]
    closing: bool = False


async def receive(
    session: AsyncSession,
    who: Principal,
    device_id: UUID | None,
    device_now: datetime,
    raw_records: list[Any],
    closing: bool = False,
) -> list[Answer]:
    """`receive_all` for one push, with care."""
    postings = await list_postings(session, [who.member_id or 0])
    parcel = Parcel(who, device_id, device_now, raw_records, postings, closing)
    return (await receive_all(session, [parcel], careful=True))[0]


async def receive_all(session: AsyncSession, parcels: Sequence[Parcel], careful: bool) -> list[list[Answer]]:
    """For each push an answer for each raw record, in order. Sending the same again changes nothing.

    Pushes of one transaction share its locks and its counters' movement. Raises `Stumble` where one breaks without
    care.
    """
    opened = [(parcel, [_envelope(raw) for raw in parcel.raw_records]) for parcel in parcels]
    good = [e for _, envelopes in opened for e in envelopes if isinstance(e, Envelope)]
    found = await households.load(session, _ids_of(good, "household"))
    batches = [_open(parcel, envelopes, found) for parcel, envelopes in opened]
    villages = [await _villages(session, batch) for batch in batches]
    versions = await raise_villages(session, set[int]().union(*villages))
    await households.read_anew(session, found.values())
    take = _take_carefully if careful else _take
    answers = []
    for (_, envelopes), batch, mine in zip(opened, batches, villages, strict=True):
        batch.versions = {village: versions[village] for village in mine}
        answers.append([await take(session, batch, e) if isinstance(e, Envelope) else e for e in envelopes])
    await counters.move(session, [movement for batch in batches for movement in batch.movements])
    await audit.write(session, [event for batch in batches for event in batch.events])
    return answers


def _open(parcel: Parcel, envelopes: list[Envelope | Answer], found: dict[UUID, Household]) -> Batch:
    require(parcel.who, Action.SYNC)
    good = [e for e in envelopes if isinstance(e, Envelope)]
    batch = Batch(parcel.who, parcel.device_id, parcel.device_now, utc_now(), parcel.postings, dict(found), good)
    batch.closing = parcel.closing
    return batch


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


async def _villages(session: AsyncSession, batch: Batch) -> set[int]:
    """Every village that the batch may write to: only these may be locked, and all of them at once."""
    envelopes = batch.envelopes
    named_homes = _ids_of(envelopes, "household")
    villages = {h.village_id for h in batch.households.values() if h.id in named_homes}
    mine = {p.village_id for p in batch.postings}
    for envelope in envelopes:
        village = envelope.payload.get("village")
        if envelope.kind == RecordKind.HOUSEHOLD_ADD and type(village) is int:
            villages.add(village)
    named = _ids_of(envelopes, "visit") | {e.replaces for e in envelopes if e.replaces}
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


def _is_of_the_record(error: DBAPIError) -> bool:
    """Whether the database refused what it was given, and not the work itself. What asyncpg says about bad data
    SQLAlchemy knows by no name of its own, so the SQLSTATE tells."""
    bad_data = str(getattr(error.orig, "sqlstate", None)).startswith("22")
    return bad_data or isinstance(error, (IntegrityError, DataError))


async def _take(session: AsyncSession, batch: Batch, envelope: Envelope) -> Answer:
    try:
        return {"id": str(envelope.id), **await _take_once(session, batch, envelope)}
    except Problem as problem:
        raise Stumble from problem
    except DBAPIError as error:
        if not _is_of_the_record(error):
            raise
        raise Stumble from error


async def _take_carefully(session: AsyncSession, batch: Batch, envelope: Envelope) -> Answer:
    moved, told, homes = len(batch.movements), len(batch.events), dict(batch.households)
    try:
        async with session.begin_nested():
            return {"id": str(envelope.id), **await _take_once(session, batch, envelope)}
    except Problem as problem:
        result = PushResult.FORBIDDEN if problem.status == 403 else PushResult.INVALID
        answer = {"result": result, **problem.to_dict()}
    except DBAPIError as error:
        if not _is_of_the_record(error):
            raise
        log.error("record_failed", kind=envelope.kind, error=type(error.orig).__name__, exc_info=error)
        answer = {"result": PushResult.FAILED}
    del batch.movements[moved:], batch.events[told:]
    batch.households = homes
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
        "closing": batch.closing,
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
    if visit is not None and visit.village_id in {p.village_id for p in batch.postings}:
        batch.versions |= await raise_villages(session, {visit.village_id} - set(batch.versions))
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
        await holding.keep(session, envelope, held, batch.postings, batch.clock_error)
    except visits.Superseded as superseded:
        result, detail = PushResult.SUPERSEDED, superseded.detail
    if detail:
        change = {"result": result, "detail": detail, "payload": kept}
        await session.execute(update(RECORDS).where(RECORDS.c.id == envelope.id).values(**change))
    batch.events.append(audit.event(batch.who, envelope.kind, "record", _subject(envelope), result=result))
    return {"result": result, **detail}


def _subject(envelope: Envelope) -> UUID:
    """What the trail is about: a withdrawal belongs to its visit."""
    named = _ids_of([envelope], "visit") if envelope.kind == RecordKind.VISIT_WITHDRAW else None
    return next(iter(named or {envelope.id}))
