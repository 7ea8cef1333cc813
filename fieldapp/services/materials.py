"""Guiding papers and good practice: kept, put right, approved, taken away, and given to phones.

Whoever changes one raises the version of the whole library, so that a row's version is its own and phones are given
the rows after the one that they had last. A file is kept before its row names it, as of decisions.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.material import MaterialForm
from fieldapp.domain.search_key import fold
from fieldapp.permissions import Action, Place, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.decisions import Paper
from fieldapp.services.scopes import LIBRARY, raise_versions
from models.base import utc_now
from models.material import Material, MaterialKind, MaterialState
from models.unit import Unit

MATERIALS, UNITS = Material.__table__, Unit.__table__
A_PAGE = 10
"""Rows of the library in one page of a pull: of 4,000 characters at most each."""


async def keep(session: AsyncSession, who: Principal, form: MaterialForm, paper: Paper | None) -> Material:
    """Adds one, or puts one right; without a paper, one that is there stays.

    A commune's good practice waits for the province, also when it was put right. Links are kept in `courses.py`. Raises
    `forbidden`, `not_found`.
    """
    require(who, Action.KEEP_MATERIAL)
    if form.kind == MaterialKind.LINK:
        raise Problem("invalid", "kind")
    if form.material:
        row = await get_own(session, who, form.material)
        if row.kind != form.kind:
            raise Problem("invalid", "kind")
    else:
        row = Material(
            kind=form.kind, commune_id=who.commune_id, added_by_id=who.account_id or 0, state=MaterialState.APPROVED,
            key="", **form.said,
        )  # fmt: skip
    row.sqlmodel_update(form.said)
    row.key = fold(f"{row.title} {row.number} {row.issuer}")
    waits = row.kind == MaterialKind.PRACTICE and reach_of(who, Action.KEEP_MATERIAL) is not Reach.PROVINCE
    row.state, row.reason = MaterialState.WAITING if waits else MaterialState.APPROVED, ""
    row.at_commune = False
    if paper is not None:
        row.sha256, row.bytes = paper.sha256, paper.bytes
    await store(session, who, row, "material.keep")
    return row


async def pass_on(session: AsyncSession, who: Principal, material_id: int) -> None:
    """What a member wrote goes to the province as it is. Raises `not_found`, `forbidden` for another commune's."""
    row = await get_own(session, who, material_id)
    if not row.at_commune or row.state != MaterialState.WAITING:
        raise Problem("not_found")
    row.at_commune = False
    await store(session, who, row, "material.pass_on")


async def give_back(session: AsyncSession, who: Principal, material_id: int, reason: str) -> None:
    """Its author reads why, and may say it anew. Raises as `pass_on`, `reason_missing`."""
    row = await get_own(session, who, material_id)
    if not row.at_commune or row.state != MaterialState.WAITING:
        raise Problem("not_found")
    row.state, row.reason = MaterialState.RETURNED, _reason(reason)
    row.decided_by_id, row.decided_at = who.account_id, utc_now()
    await store(session, who, row, "material.send_back")


async def approve(session: AsyncSession, who: Principal, material_id: int) -> None:
    """Good practice of a commune is for everybody from now on. Raises `not_found`, `forbidden`."""
    await _decide(session, who, material_id, MaterialState.APPROVED, "")


async def send_back(session: AsyncSession, who: Principal, material_id: int, reason: str) -> None:
    """Its commune and its author read why, and may put it right. Raises `reason_missing`, `not_found`, `forbidden`."""
    await _decide(session, who, material_id, MaterialState.RETURNED, _reason(reason))


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Problem("reason_missing", "reason")
    return reason.strip()


async def _decide(session: AsyncSession, who: Principal, material_id: int, state: MaterialState, reason: str) -> None:
    require(who, Action.APPROVE_PRACTICE)
    row = await session.get(Material, material_id, with_for_update=True)
    if row is None or row.state == MaterialState.WITHDRAWN or row.at_commune:
        raise Problem("not_found")
    if row.commune_id is None or row.kind != MaterialKind.PRACTICE:
        raise Problem("forbidden")
    row.state, row.reason, row.decided_by_id, row.decided_at = state, reason, who.account_id, utc_now()
    approves = state == MaterialState.APPROVED
    await store(session, who, row, "material.approve" if approves else "material.send_back")


async def withdraw(session: AsyncSession, who: Principal, material_id: int) -> None:
    """Takes it away from everybody. Raises `not_found`, `forbidden` for another unit's."""
    row = await get_own(session, who, material_id)
    row.state = MaterialState.WITHDRAWN
    await store(session, who, row, "material.withdraw")


async def get_own(session: AsyncSession, who: Principal, material_id: int) -> Material:
    require(who, Action.KEEP_MATERIAL)
    row = await session.get(Material, material_id, with_for_update=True)
    if row is None or row.state == MaterialState.WITHDRAWN:
        raise Problem("not_found")
    if row.commune_id != who.commune_id:
        raise Problem("forbidden")
    return row


async def store(session: AsyncSession, who: Principal, row: Material, action: str) -> None:
    row.scope_version = (await raise_versions(session, [LIBRARY]))[LIBRARY]
    session.add(row)
    await session.flush()
    await audit.write(session, [audit.event(who, action, "material", row.id, row.commune_id, title=row.title)])


def shown_to(commune_id: int | None) -> ColumnElement[bool]:
    """What the people of a commune are given: approved, the province's, their own commune's, and all good practice."""
    ours = or_(MATERIALS.c.commune_id.is_(None), MATERIALS.c.commune_id == commune_id)
    everybodys = or_(ours, MATERIALS.c.kind == str(MaterialKind.PRACTICE))
    return and_(MATERIALS.c.state == str(MaterialState.APPROVED), everybodys)


async def get_for_reading(session: AsyncSession, who: Principal, material_id: int) -> Material:
    """Raises `not_found` for what this person is not shown: what waits is its commune's and the province's alone."""
    require(who, Action.READ_MATERIAL, Place(commune_id=who.commune_id))
    shown = shown_to(who.commune_id)
    if reach_of(who, Action.READ_MATERIAL) is Reach.PROVINCE:
        shown = or_(shown, and_(MATERIALS.c.kind == str(MaterialKind.PRACTICE), MATERIALS.c.at_commune.is_(False)))
    elif who.member_id is None:
        shown = or_(shown, MATERIALS.c.commune_id == who.commune_id)
    standing = MATERIALS.c.state != str(MaterialState.WITHDRAWN)
    query = select(Material).where(MATERIALS.c.id == material_id, shown, standing)
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None:
        raise Problem("not_found")
    return row


async def phone_rows(
    session: AsyncSession, who: Principal, after: int, version: int
) -> tuple[list[dict[str, Any]], int]:
    """What has changed since a version of the library, oldest change first, and the version up to which that is.

    A phone that begins is told of nothing that is gone. Authors are told what became of their own.
    """
    shown, mine = shown_to(who.commune_id), MATERIALS.c.author_id == who.member_id
    query = (
        select(MATERIALS, or_(shown, mine).label("shown"), mine.label("mine"), UNITS.c.name.label("commune"))
        .outerjoin(UNITS, UNITS.c.id == MATERIALS.c.commune_id)
        .where(MATERIALS.c.scope_version > after, MATERIALS.c.scope_version <= version)
        .order_by(MATERIALS.c.scope_version)
        .limit(A_PAGE)
    )
    if not after:
        query = query.where(or_(shown, and_(mine, MATERIALS.c.state != str(MaterialState.WITHDRAWN))))
    rows = (await session.execute(query)).all()
    reached = rows[-1].scope_version if len(rows) == A_PAGE else version
    return [_phone_row(row) if row.shown else {"id": row.id, "gone": True} for row in rows], reached


def _phone_row(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "title": row.title,
        "number": row.number,
        "issuer": row.issuer,
        "day": row.issued_on.isoformat() if row.issued_on else "",
        "text": row.text,
        "by": row.commune or "",
        "bytes": row.bytes or 0,
    } | (_link_row(row) if row.kind == MaterialKind.LINK else _own_row(row) if row.mine else {})


def _link_row(row: Any) -> dict[str, Any]:
    return {"url": row.url, "meant_for": row.meant_for, "dead": row.dead_at is not None}


def _own_row(row: Any) -> dict[str, Any]:
    """What its author is told besides: who has it, and why it was sent back."""
    at = "commune" if row.at_commune and row.state == MaterialState.WAITING else str(row.state)
    return {"record": str(row.record_id), "state": at, "reason": row.reason}
