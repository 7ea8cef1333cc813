"""Bulk writes of sample data, which come past the rules of the record: for empty databases only."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.problems import Problem
from models.account import Account, Role
from models.household import Household
from models.sync import Scope, ServerFact
from models.team import Seat, SeatRole
from models.training_class import TrainingClass
from models.unit import Unit, UnitKind

UNITS, HOUSEHOLDS, SCOPES = Unit.__table__, Household.__table__, Scope.__table__
CLASSES, ACCOUNTS, SEATS = TrainingClass.__table__, Account.__table__, Seat.__table__
SAMPLE, SAMPLE_WORDS = "sample", "DỮ LIỆU MẪU"
"""The server fact that says that this database holds sample data, and the words that people see."""

CHUNK = 5000
Row = dict[str, Any]


async def require_empty(session: AsyncSession) -> None:
    """Raises `sample_refused` where any unit is: sample data never comes among real data, nor twice."""
    if (await session.execute(select(UNITS.c.id).limit(1))).first():
        raise Problem("sample_refused")


async def mark(session: AsyncSession) -> None:
    """Says for good that this database holds sample data."""
    session.add(ServerFact(key=SAMPLE, value=SAMPLE_WORDS))
    await session.flush()


async def is_sample(session: AsyncSession) -> bool:
    """Whether this database holds sample data."""
    return await session.get(ServerFact, SAMPLE) is not None


async def units_by_code(session: AsyncSession, kind: UnitKind) -> dict[str, tuple[int, str]]:
    """Id and name of all units of a kind, by code."""
    rows = await session.execute(select(UNITS.c.code, UNITS.c.id, UNITS.c.name).where(UNITS.c.kind == kind))
    return {row.code: (row.id, row.name) for row in rows}


async def province_classes(session: AsyncSession) -> list[tuple[int, list[str]]]:
    """Id and platforms of the province's own training classes."""
    query = select(CLASSES.c.id, CLASSES.c.platforms).where(CLASSES.c.commune_id.is_(None)).order_by(CLASSES.c.id)
    return [(row.id, row.platforms) for row in await session.execute(query)]


async def insert_rows(session: AsyncSession, table: Table, rows: Sequence[Row]) -> None:
    """Inserts rows that all have the same columns."""
    for start in range(0, len(rows), CHUNK):
        await session.execute(insert(table), rows[start : start + CHUNK])


async def insert_numbered(session: AsyncSession, table: Table, rows: Sequence[Row]) -> list[int]:
    """Inserts rows whose ids the database gives; gives the ids in the order of the rows.

    Ids rise in the order of insertion, and nobody else writes: many times faster than to ask for each row's id.
    """
    last = (await session.execute(select(func.coalesce(func.max(table.c.id), 0)))).scalar_one()
    await insert_rows(session, table, rows)
    ids = (await session.execute(select(table.c.id).where(table.c.id > last).order_by(table.c.id))).scalars().all()
    if len(ids) != len(rows):
        raise Problem("busy")
    return list(ids)


async def open_scopes(session: AsyncSession, keys: Sequence[str]) -> None:
    """A first version for each new scope."""
    await insert_rows(session, SCOPES, [{"key": key, "version": 1} for key in keys])


async def describe_unit(session: AsyncSession, unit_id: int, contact: str, households: int) -> None:
    """What the reference data does not say of a commune."""
    values = {"contact": contact, "households_declared": households}
    await session.execute(update(UNITS).where(UNITS.c.id == unit_id).values(**values))


async def set_last_visits(session: AsyncSession, days: Mapping[UUID, date]) -> None:
    """The day on which each of these households was last helped."""
    change = update(HOUSEHOLDS).where(HOUSEHOLDS.c.id == bindparam("home")).values(last_visit_on=bindparam("day"))
    connection = await session.connection()
    for start in range(0, len(days), CHUNK):
        part = list(days.items())[start : start + CHUNK]
        await connection.execute(change, [{"home": home, "day": day} for home, day in part])


async def accounts_by_unit(session: AsyncSession) -> dict[tuple[int, Role], int]:
    """The first account of each unit and role."""
    columns = ACCOUNTS.c.id, ACCOUNTS.c.unit_id, ACCOUNTS.c.role
    rows = await session.execute(select(*columns).order_by(ACCOUNTS.c.id.desc()))
    return {(row.unit_id, Role(row.role)): row.id for row in rows}


async def leaders_by_team(session: AsyncSession, teams: Sequence[int]) -> dict[int, int]:
    leads = SEATS.c.role == str(SeatRole.LEADER), SEATS.c.team_id.in_(list(teams))
    return {row[0]: row[1] for row in await session.execute(select(SEATS.c.team_id, SEATS.c.member_id).where(*leads))}
