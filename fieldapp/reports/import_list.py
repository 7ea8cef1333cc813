"""Lists that came as files: those of a commune, newest first, and the lines of one, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from models.account import Account
from models.household import Household
from models.roster_import import ImportKind, RosterImport, RosterImportRow, RowDeed

IMPORTS, ROWS, ACCOUNTS = RosterImport.__table__, RosterImportRow.__table__, Account.__table__
HOUSEHOLDS = Household.__table__
PAGE = 50
LATEST = 50


class Part(StrEnum):
    """Which lines of a list: all, those with a fault, those that are there already, those whose undoing was refused."""

    ALL = "all"
    FAULTY = "faulty"
    TWINS = "twins"
    STAYS = "stays"


_PARTS: dict[Part, Sequence[ColumnElement[bool]]] = {
    Part.ALL: (),
    Part.FAULTY: (ROWS.c.is_faulty,),
    Part.TWINS: (ROWS.c.is_twin,),
    Part.STAYS: (ROWS.c.deed == RowDeed.STAYS,),
}


@dataclass(frozen=True)
class ImportRow:
    """A list, and who brought it."""

    row: Any
    by: str


@dataclass(frozen=True)
class LinePage:
    rows: Sequence[Any]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


async def list_imports(session: AsyncSession, who: Principal) -> list[ImportRow]:
    """The newest lists of one's commune. Raises `forbidden`."""
    require(who, Action.IMPORT_ROSTER, Place(commune_id=who.commune_id))
    query = (
        select(IMPORTS, ACCOUNTS.c.full_name)
        .join(ACCOUNTS, ACCOUNTS.c.id == IMPORTS.c.brought_by_id)
        .where(IMPORTS.c.commune_id == who.commune_id)
        .order_by(IMPORTS.c.brought_at.desc(), IMPORTS.c.id.desc())
        .limit(LATEST)
    )
    return [ImportRow(row, row.full_name) for row in await session.execute(query)]


async def get_import(session: AsyncSession, who: Principal, import_id: UUID) -> RosterImport:
    """Raises `not_found` or `forbidden`."""
    row = await session.get(RosterImport, import_id, populate_existing=True)
    if row is None:
        raise Problem("not_found")
    require(who, Action.IMPORT_ROSTER, Place(commune_id=row.commune_id))
    return row


async def list_lines(session: AsyncSession, who: Principal, import_id: UUID, part: Part, page: int) -> LinePage:
    """One page of a list's lines as they stand in the file; a page past the end gives the last one."""
    found = await get_import(session, who, import_id)
    where = (ROWS.c.import_id == import_id, *_PARTS[part])
    total = (await session.execute(select(func.count()).select_from(ROWS).where(*where))).scalar_one()
    page = min(page, max(0, -(-total // PAGE) - 1))
    query = select(ROWS).where(*where).order_by(ROWS.c.line, ROWS.c.id).limit(PAGE).offset(page * PAGE)
    rows = (await session.execute(query)).all()
    heads = await _heads(session, rows) if found.kind == ImportKind.HOUSEHOLDS else {}
    return LinePage([_named(row, heads) for row in rows], total, page)


async def _heads(session: AsyncSession, rows: Sequence[Any]) -> dict[str, str]:
    """Heads of what was brought in stand in the record alone."""
    ids = [UUID(row.subject_id) for row in rows if row.deed and row.subject_id]
    query = select(HOUSEHOLDS.c.id, HOUSEHOLDS.c.head_name).where(HOUSEHOLDS.c.id.in_(ids))
    return {str(row.id): row.head_name for row in await session.execute(query) if row.head_name}


def _named(row: Any, heads: dict[str, str]) -> dict[str, Any]:
    line = dict(row._mapping)
    if row.subject_id in heads and row.deed:
        line["given"] = line["given"] | {"head": heads[row.subject_id]}
    return line
