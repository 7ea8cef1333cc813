"""Takes in what a phone pushes: one transaction and a named result for each record (docs/sync.md).

Order inside: the villages that the batch touches are locked first, in id order; behind the locks its households are
read again; then record by record; then the counters, once for the whole batch. Nearly every push is good, so the first
try spends nothing on savepoints; one in which a record breaks is undone and made again with care, a savepoint for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy import update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.record import TAKES_AWAY, Envelope
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import STATUS, Problem
from fieldapp.services import audit, counters, held, holding, households, visits
from fieldapp.services.holding import Held
from fieldapp.services.members import Posting, list_postings
from fieldapp.services.push_batch import Answer, Batch
from fieldapp.services.push_kinds import act_on
from fieldapp.services.push_merges import read_again
from fieldapp.services.push_places import ids_of, keys_of, villages_of
from fieldapp.services.push_team_kinds import teams_named
from fieldapp.services.scopes import raise_versions, raise_villages, team_key, village_key
from fieldapp.services.upsert import insert_new
from fieldapp.services.visit_rows import VisitRows
from models.base import utc_now
from models.flag import FlagKind
from models.household import Household
from models.sync import PushResult, Record
from models.visit import Visit

RECORDS = Record.__table__
log = structlog.get_logger("push")


@dataclass(frozen=True)
class Parcel:
    """What one phone pushes at once: raw records, its clock at that moment, and the author's seats of all times.

    What a session that is `closing` sends is marked, and so is what an `importer` brings in the author's place.
    """

    who: Principal
    device_id: UUID | None
    device_now: datetime
    raw_records: list[Any]
    postings: list[Posting]
    closing: bool = False
    importer: Principal | None = None


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

    Pushes of one transaction share its locks and its counters' movement. Without care, what breaks is raised: all that
    was done is then to be undone, and done again with care.
    """
    opened = [(parcel, [_envelope(raw) for raw in parcel.raw_records]) for parcel in parcels]
    good = [e for _, envelopes in opened for e in envelopes if isinstance(e, Envelope)]
    homes = ids_of(good, "household")
    found = await households.load(session, homes)
    rows = VisitRows(waits=not careful)
    batches = [_open(parcel, envelopes, found, rows) for parcel, envelopes in opened]
    villages = [await villages_of(session, batch) for batch in batches]
    teams = [teams_named(batch) for batch in batches]
    versions = await raise_versions(session, keys_of(villages) | {team_key(t) for mine in teams for t in mine})
    if await read_again(session, batches, set[int]().union(*villages)):
        villages = [await villages_of(session, batch) for batch in batches]
        versions |= await raise_versions(session, keys_of(villages) - versions.keys())
    found = await households.read_anew(session, homes, found)
    for batch, mine, batch.teams in zip(batches, villages, teams, strict=True):
        batch.versions, batch.households = {v: versions[village_key(v)] for v in mine}, dict(found)
    taken = await (_take_all_carefully if careful else _take_all)(session, batches)
    await rows.write(session)
    await counters.move(session, [movement for batch in batches for movement in batch.movements])
    await audit.write(session, [event for batch in batches for event in batch.events])
    return [_in_order(envelopes, answers) for (_, envelopes), answers in zip(opened, taken, strict=True)]


def _open(parcel: Parcel, envelopes: list[Envelope | Answer], found: dict[UUID, Household], rows: VisitRows) -> Batch:
    require(parcel.who, Action.SYNC)
    good = [e for e in envelopes if isinstance(e, Envelope)]
    batch = Batch(parcel.who, parcel.device_id, parcel.device_now, utc_now(), parcel.postings, dict(found), good)
    batch.closing, batch.rows, batch.importer = parcel.closing, rows, parcel.importer
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


def _is_of_the_record(error: DBAPIError) -> bool:
    """Whether the database refused what it was given, and not the work itself. What asyncpg says about bad data
    SQLAlchemy knows by no name of its own, so the SQLSTATE tells."""
    bad_data = str(getattr(error.orig, "sqlstate", None)).startswith("22")
    return bad_data or isinstance(error, (IntegrityError, DataError))


async def _take_all(session: AsyncSession, batches: Sequence[Batch]) -> list[list[Answer]]:
    """Claims the ids of all records at once, then acts on each; a second one of the same id is a repeat."""
    claims = [_claim(batch, envelope) for batch in batches for envelope in batch.envelopes]
    claimed = await insert_new(session, RECORDS, *sorted(claims, key=itemgetter("id")))
    answers: list[list[Answer]] = []
    for batch in batches:
        answers.append([])
        for envelope in batch.envelopes:
            act = _act if envelope.id in claimed else _repeat
            claimed.discard(envelope.id)
            answers[-1].append({"id": str(envelope.id), **await act(session, batch, envelope)})
    return answers


async def _take_all_carefully(session: AsyncSession, batches: Sequence[Batch]) -> list[list[Answer]]:
    return [[await _take_carefully(session, batch, e) for e in batch.envelopes] for batch in batches]


def _in_order(envelopes: list[Envelope | Answer], answers: list[Answer]) -> list[Answer]:
    """The answers to good records, with those to broken ones in their places."""
    given = iter(answers)
    return [next(given) if isinstance(envelope, Envelope) else envelope for envelope in envelopes]


def _claim(batch: Batch, envelope: Envelope) -> dict[str, Any]:
    """Raises `not_author` for a record of somebody else."""
    if envelope.author != batch.who.member_id:
        raise Problem("not_author", "author")
    return {
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
        "importer_id": batch.importer and batch.importer.member_id,
        "importer_account_id": batch.importer and batch.importer.account_id,
    }


async def _take_carefully(session: AsyncSession, batch: Batch, envelope: Envelope) -> Answer:
    moved, told, homes = len(batch.movements), len(batch.events), dict(batch.households)
    try:
        async with session.begin_nested():
            # Waits for a twin that is still in flight.
            act = _act if await insert_new(session, RECORDS, _claim(batch, envelope)) else _repeat
            return {"id": str(envelope.id), **await act(session, batch, envelope)}
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
    batch.refused.add(holding.made_by(envelope))
    return {"id": str(envelope.id), **answer}


async def _repeat(session: AsyncSession, batch: Batch, envelope: Envelope) -> Answer:
    """The id is here: the same content is `identical` (with the first answer's detail), other content `differs`."""
    await batch.rows.write(session)
    first = await session.get_one(Record, envelope.id, populate_existing=True)
    if first.author_id != batch.who.member_id:
        raise Problem("not_author", "id")
    if first.content_hash == envelope.content_hash:
        if first.result == PushResult.HELD and (answer := await held.try_again(session, batch, envelope.id)):
            return answer
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
    except Held as why:
        result, detail = PushResult.HELD, {"reason": why.reason, **why.detail}
        kept = envelope.model_dump(mode="json", by_alias=True)
        await holding.keep(session, envelope, why, batch.postings, batch.clock_error)
        # The pull tells it: this may be a request that arrived late, and a later one have refused the record meanwhile.
    except visits.Superseded as superseded:
        result, detail = PushResult.SUPERSEDED, superseded.detail
    if detail:
        change = {"result": result, "detail": detail, "payload": kept}
        await session.execute(update(RECORDS).where(RECORDS.c.id == envelope.id).values(**change))
    brought: dict[str, Any] = {"importer": _name_of(batch.importer)} if batch.importer else {}
    told = audit.event(
        batch.who, envelope.kind, "record", _subject(envelope), batch.who.commune_id, result=result, **brought
    )
    batch.events.append(told)
    return {"result": result, **detail}


def _name_of(who: Principal) -> str:
    """A person as the trail names one in its details."""
    return f"member:{who.member_id}" if who.member_id else f"account:{who.account_id}"


def _subject(envelope: Envelope) -> UUID:
    """What the trail is about: a withdrawal belongs to what it takes away."""
    thing = TAKES_AWAY.get(envelope.kind)
    return next(iter((thing and ids_of([envelope], thing)) or {envelope.id}))
