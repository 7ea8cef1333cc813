"""Guiding papers and good practice as the desk lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.search_key import fold
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from models.account import Account
from models.material import CourseDone, Material, MaterialKind, MaterialState
from models.member import Member
from models.team import Seat, Team
from models.unit import Unit

MATERIALS, UNITS, MEMBERS = Material.__table__, Unit.__table__, Member.__table__
ACCOUNTS, DONE, SEATS, TEAMS = Account.__table__, CourseDone.__table__, Seat.__table__, Team.__table__
PAGE = 50


@dataclass(frozen=True)
class MaterialRow:
    """`own`: of the unit of whoever asks; `commune` is empty for the province's.

    `author` is the member who wrote it, named to the commune alone; `at_commune`: it is between the two. Of a link
    `dead_by` said that it leads nowhere, and `finished` of the reader's people say that they finished the course.
    """

    id: int
    kind: MaterialKind
    title: str
    number: str
    issuer: str
    issued_on: date | None
    text: str
    commune: str
    bytes: int | None
    state: MaterialState
    reason: str
    own: bool
    author: str
    at_commune: bool
    url: str
    meant_for: str
    dead_at: datetime | None
    dead_by: str
    finished: int


@dataclass(frozen=True)
class MaterialPage:
    """`waiting`: how many good practices wait for the word of whoever asks, the province or the commune."""

    rows: Sequence[MaterialRow]
    page: int
    pages: int
    total: int
    waiting: int


def _scope(who: Principal) -> ColumnElement[bool]:
    standing = MATERIALS.c.state != str(MaterialState.WITHDRAWN)
    if reach_of(who, Action.READ_MATERIAL) is Reach.PROVINCE:
        of_communes = and_(MATERIALS.c.kind == str(MaterialKind.PRACTICE), MATERIALS.c.at_commune.is_(False))
        return and_(standing, or_(MATERIALS.c.commune_id.is_(None), of_communes))
    require(who, Action.READ_MATERIAL, Place(commune_id=who.commune_id))
    everybodys = or_(MATERIALS.c.commune_id.is_(None), MATERIALS.c.kind == str(MaterialKind.PRACTICE))
    shown = and_(MATERIALS.c.state == str(MaterialState.APPROVED), everybodys)
    return and_(standing, or_(shown, MATERIALS.c.commune_id == who.commune_id))


async def list_materials(
    session: AsyncSession, who: Principal, kind: MaterialKind, query: str = "", page: int = 0
) -> MaterialPage:
    """What waits first, then by its day, the newest first. Raises `forbidden`."""
    require(who, Action.READ_MATERIAL)
    waits = MATERIALS.c.state == str(MaterialState.WAITING)
    shown: list[Any] = [_scope(who), MATERIALS.c.kind == str(kind)]
    by_province = reach_of(who, Action.READ_MATERIAL) is Reach.PROVINCE
    asked = (_scope(who), waits, MATERIALS.c.at_commune.is_(not by_province))
    waiting = (await session.execute(select(func.count(MATERIALS.c.id)).where(*asked))).scalar_one()
    shown += [MATERIALS.c.key.contains(word, autoescape=True) for word in fold(query).split()]
    total = (await session.execute(select(func.count(MATERIALS.c.id)).where(*shown))).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = max(0, min(page, pages - 1))
    listed = (
        select(
            MATERIALS,
            UNITS.c.name.label("commune"),
            MEMBERS.c.full_name.label("author"),
            ACCOUNTS.c.full_name.label("dead_by"),
        )
        .outerjoin(UNITS, UNITS.c.id == MATERIALS.c.commune_id)
        .outerjoin(MEMBERS, and_(MEMBERS.c.id == MATERIALS.c.author_id, MATERIALS.c.commune_id == who.commune_id))
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == MATERIALS.c.dead_by_id)
        .where(*shown)
        .order_by(case((waits, 0), else_=1), MATERIALS.c.issued_on.desc().nulls_last(), MATERIALS.c.id.desc())
        .limit(PAGE)
        .offset(page * PAGE)
    )
    found = (await session.execute(listed)).all()
    finished = await _finished(session, who, [row.id for row in found if row.kind == MaterialKind.LINK])
    rows = [
        MaterialRow(
            row.id, MaterialKind(row.kind), row.title, row.number, row.issuer, row.issued_on, row.text,
            row.commune or "", row.bytes, MaterialState(row.state), row.reason, row.commune_id == who.commune_id,
            row.author or "", row.at_commune, row.url, row.meant_for, row.dead_at, row.dead_by or "",
            finished.get(row.id, 0),
        )
        for row in found
    ]  # fmt: skip
    return MaterialPage(rows, page, pages, total, waiting)


async def _finished(session: AsyncSession, who: Principal, links: Sequence[int]) -> dict[int, int]:
    """How many members say that they finished each: of one's own commune, to the province all."""
    query = select(DONE.c.material_id, func.count().label("n")).where(DONE.c.material_id.in_(links))
    if reach_of(who, Action.READ_MATERIAL) is not Reach.PROVINCE:
        here = select(SEATS.c.member_id).join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        query = query.where(DONE.c.member_id.in_(here.where(TEAMS.c.commune_id == who.commune_id)))
    return {row.material_id: row.n for row in await session.execute(query.group_by(DONE.c.material_id))}
