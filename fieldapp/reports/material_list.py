"""Guiding papers and good practice as the desk lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.search_key import fold
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from models.material import Material, MaterialKind, MaterialState
from models.member import Member
from models.unit import Unit

MATERIALS, UNITS, MEMBERS = Material.__table__, Unit.__table__, Member.__table__
PAGE = 50


@dataclass(frozen=True)
class MaterialRow:
    """`own`: of the unit of whoever asks; `commune` is empty for the province's.

    `author` is the member who wrote it, named to the commune alone; `at_commune`: it is between the two.
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
        select(MATERIALS, UNITS.c.name.label("commune"), MEMBERS.c.full_name.label("author"))
        .outerjoin(UNITS, UNITS.c.id == MATERIALS.c.commune_id)
        .outerjoin(MEMBERS, and_(MEMBERS.c.id == MATERIALS.c.author_id, MATERIALS.c.commune_id == who.commune_id))
        .where(*shown)
        .order_by(case((waits, 0), else_=1), MATERIALS.c.issued_on.desc().nulls_last(), MATERIALS.c.id.desc())
        .limit(PAGE)
        .offset(page * PAGE)
    )
    rows = [
        MaterialRow(
            row.id, MaterialKind(row.kind), row.title, row.number, row.issuer, row.issued_on, row.text,
            row.commune or "", row.bytes, MaterialState(row.state), row.reason, row.commune_id == who.commune_id,
            row.author or "", row.at_commune,
        )
        for row in await session.execute(listed)
    ]  # fmt: skip
    return MaterialPage(rows, page, pages, total, waiting)
