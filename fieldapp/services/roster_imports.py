"""Lists that come as files: staged line by line, looked at, brought in whole or not at all, undone as far as can be."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.config import settings
from fieldapp.domain.roster import Entry, read_given, read_line
from fieldapp.domain.sheet import Line
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, roster_households, roster_members
from fieldapp.services.roster_judging import Judged, judge, subject_of
from models.base import utc_now
from models.roster_import import ImportKind, ImportState, RosterImport, RosterImportRow, RowDeed, Twins

IMPORTS, ROWS = RosterImport.__table__, RosterImportRow.__table__
KEPT = timedelta(days=30)
"""How long a list with people's names waits to be looked at."""

_STAGED = {"deed": None, "before": None, "reason": None}
_WAYS = {ImportKind.MEMBERS: roster_members, ImportKind.HOUSEHOLDS: roster_households}


async def stage(
    session: AsyncSession, who: Principal, kind: ImportKind, file_name: str, lines: Sequence[Line]
) -> RosterImport:
    """Keeps a list to be looked at; nothing of it is in the record yet. Takes the place of one's last staged one.

    Raises `forbidden`.
    """
    require(who, Action.IMPORT_ROSTER, Place(commune_id=who.commune_id))
    commune_id = who.commune_id or 0
    await _drop_staged(session, who, kind)
    judged = await _judge(session, commune_id, kind, [read_line(kind, line) for line in lines])
    row = RosterImport(
        id=uuid7(),
        commune_id=commune_id,
        kind=kind,
        file_name=file_name[:200],
        line_count=len(judged),
        faulty_count=0,
        twin_count=0,
        brought_by_id=who.account_id or 0,
    )
    _count(row, judged)
    session.add(row)
    await session.flush()
    await session.execute(insert(ROWS), [_row(row.id, line) | _STAGED for line in judged])
    await audit.write(session, [_event(who, "roster.stage", row, lines=row.line_count)])
    return row


async def discard(session: AsyncSession, who: Principal, import_id: UUID) -> None:
    """Forgets a list that was not brought in. Raises `not_found`, `forbidden`, `import_done`."""
    row = await _locked(session, who, import_id)
    if row.state != ImportState.STAGED:
        raise Problem("import_done")
    await audit.write(session, [_event(who, "roster.discard", row)])
    await _delete(session, [row.id])


async def apply(session: AsyncSession, who: Principal, import_id: UUID, twins: Twins) -> RosterImport:
    """Brings a whole list in, or nothing of it.

    Where the record has changed meanwhile so that a line has a fault now, the list stays staged and says so. Raises
    `not_found`, `forbidden`, `import_done`, `import_faulty`.
    """
    row = await _locked(session, who, import_id)
    if row.state != ImportState.STAGED:
        raise Problem("import_done")
    if row.faulty_count:
        raise Problem("import_faulty", n=row.faulty_count)
    kind, way, today = ImportKind(row.kind), _WAYS[ImportKind(row.kind)], vn_day(utc_now())
    stored = await _lines(session, row.id)
    before = await _judge(session, row.commune_id, kind, _entries(kind, stored))
    versions = await way.lock(session, {line.place for line in before if line.place is not None}, today)
    judged = await _judge(session, row.commune_id, kind, _entries(kind, stored))
    _count(row, judged)
    if row.faulty_count:
        await _write_back(session, stored, judged)
        await session.flush()
        return row
    deeds = await way.bring_in(session, judged, versions, twins, today)
    row.state, row.applied_at = ImportState.APPLIED, utc_now()
    row.added_count = sum(deed["deed"] == RowDeed.ADDED for deed in deeds)
    row.updated_count = sum(deed["deed"] == RowDeed.UPDATED for deed in deeds)
    await session.flush()
    await _note_deeds(session, stored, deeds, kind)
    counts = {"added": row.added_count, "updated": row.updated_count}
    await audit.write(session, [_event(who, "roster.apply", row, twins=str(twins), **counts)])
    return row


async def undo(session: AsyncSession, who: Principal, import_id: UUID) -> RosterImport:
    """Takes back what a list brought, but for what was used or changed since; each such line says why it stays.

    Raises `not_found`, `forbidden`, `import_not_applied`.
    """
    row = await _locked(session, who, import_id)
    if row.state != ImportState.APPLIED:
        raise Problem("import_not_applied")
    done = select(ROWS).where(ROWS.c.import_id == row.id, ROWS.c.deed.in_((RowDeed.ADDED, RowDeed.UPDATED)))
    lines = (await session.execute(done.order_by(ROWS.c.line))).all()
    reasons = await _WAYS[ImportKind(row.kind)].take_back(session, lines, row.applied_at or utc_now())
    change = update(ROWS).where(ROWS.c.id == bindparam("row")).values(deed=bindparam("now"), reason=bindparam("why"))
    told = [
        {"row": line.id, "now": RowDeed.STAYS if line.id in reasons else RowDeed.UNDONE, "why": reasons.get(line.id)}
        for line in lines
    ]
    if told:
        await session.execute(change, told)
    row.state, row.undone_at, row.undone_count = ImportState.UNDONE, utc_now(), len(lines) - len(reasons)
    await session.flush()
    await audit.write(session, [_event(who, "roster.undo", row, undone=row.undone_count, stay=len(reasons))])
    return row


async def _locked(session: AsyncSession, who: Principal, import_id: UUID) -> RosterImport:
    query = select(RosterImport).where(IMPORTS.c.id == import_id).with_for_update()
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None:
        raise Problem("not_found")
    require(who, Action.IMPORT_ROSTER, Place(commune_id=row.commune_id))
    return row


async def _judge(session: AsyncSession, commune_id: int, kind: ImportKind, entries: Sequence[Entry]) -> list[Judged]:
    if not settings().head_names:
        for entry in entries:
            entry.given.pop("head", None)
            entry.read.pop("head", None)
    return await judge(session, commune_id, kind, entries, vn_day(utc_now()))


def _entries(kind: ImportKind, stored: Sequence[Any]) -> list[Entry]:
    return [read_given(kind, row.line, row.given) for row in stored]


async def _lines(session: AsyncSession, import_id: UUID) -> Sequence[Any]:
    query = select(ROWS.c.id, ROWS.c.line, ROWS.c.given).where(ROWS.c.import_id == import_id)
    return (await session.execute(query.order_by(ROWS.c.line, ROWS.c.id))).all()


def _count(row: RosterImport, judged: Sequence[Judged]) -> None:
    row.faulty_count = sum(not line.is_good for line in judged)
    row.twin_count = sum(line.is_good and line.twin is not None for line in judged)


def _row(import_id: UUID, line: Judged) -> dict[str, Any]:
    return {"import_id": import_id, "line": line.entry.line, "given": line.entry.given} | _verdict(line)


def _verdict(line: Judged) -> dict[str, Any]:
    return {
        "faults": [fault.to_dict() for fault in line.entry.faults],
        "is_faulty": not line.is_good,
        "is_twin": line.is_good and line.twin is not None,
        "subject_id": subject_of(line),
    }


async def _write_back(session: AsyncSession, stored: Sequence[Any], judged: Sequence[Judged]) -> None:
    names = ("faults", "is_faulty", "is_twin", "subject_id")
    change = update(ROWS).where(ROWS.c.id == bindparam("row")).values({n: bindparam(f"new_{n}") for n in names})
    found = [
        {"row": row.id} | {f"new_{name}": value for name, value in _verdict(line).items()}
        for row, line in zip(stored, judged, strict=True)
    ]
    await session.execute(change, found)


async def _note_deeds(
    session: AsyncSession, stored: Sequence[Any], deeds: Sequence[dict[str, Any]], kind: ImportKind
) -> None:
    """What became of each line; what the record holds now need not stand here as well."""
    names = ("deed", "subject_id", "before", "given", "is_twin")
    change = update(ROWS).where(ROWS.c.id == bindparam("row")).values({n: bindparam(f"new_{n}") for n in names})
    told = [
        {
            "row": row.id,
            "new_deed": deed["deed"],
            "new_subject_id": deed["subject"],
            "new_before": deed["before"],
            "new_given": {name: text for name, text in row.given.items() if name != "head"},
            "new_is_twin": deed["deed"] != RowDeed.ADDED,
        }
        for row, deed in zip(stored, deeds, strict=True)
    ]
    await session.execute(change, told)


async def _drop_staged(session: AsyncSession, who: Principal, kind: ImportKind) -> None:
    """One's own of this kind, which the new one replaces, and those that nobody of the commune looked after."""
    mine = and_(IMPORTS.c.brought_by_id == who.account_id, IMPORTS.c.kind == kind)
    old = and_(IMPORTS.c.commune_id == who.commune_id, IMPORTS.c.brought_at < utc_now() - KEPT)
    waiting = select(IMPORTS.c.id).where(IMPORTS.c.state == ImportState.STAGED, or_(mine, old))
    await _delete(session, (await session.execute(waiting)).scalars().all())


async def _delete(session: AsyncSession, ids: Sequence[UUID]) -> None:
    await session.execute(delete(ROWS).where(ROWS.c.import_id.in_(ids)))
    await session.execute(delete(IMPORTS).where(IMPORTS.c.id.in_(ids)))


def _event(who: Principal, action: str, row: RosterImport, **detail: Any) -> dict[str, Any]:
    return audit.event(who, action, "roster_import", row.id, row.commune_id, list=str(row.kind), **detail)
