"""Word templates of official papers that a unit has of its own: kept in place of the last one, given up, looked up.

A file is judged, tried and kept before its row names it.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.search_key import nfc
from fieldapp.permissions import Action, Principal, Reach, reach_of, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.decisions import Paper
from models.base import utc_now
from models.paper_template import PaperKind, PaperTemplate

TEMPLATES = PaperTemplate.__table__
MAX_NAME = 120
OF_PROVINCE = tuple(kind for kind in PaperKind if kind not in (PaperKind.VILLAGE_REPORT, PaperKind.COMMUNE_REPORT))
OF_COMMUNE = tuple(kind for kind in PaperKind if kind is not PaperKind.PROVINCE_REPORT)


def kinds_of(who: Principal) -> Sequence[PaperKind]:
    """The papers that this person's unit makes."""
    require(who, Action.READ_PAPER)
    return OF_PROVINCE if reach_of(who, Action.READ_PAPER) is Reach.PROVINCE else OF_COMMUNE


async def keep(session: AsyncSession, who: Principal, kind: PaperKind, name: str, paper: Paper) -> PaperTemplate:
    """The unit's papers of this kind are made of it from now on. Raises `forbidden`."""
    unit_id = _unit(who, kind)
    query = select(PaperTemplate).where(TEMPLATES.c.unit_id == unit_id, TEMPLATES.c.kind == str(kind))
    row = (await session.execute(query.with_for_update())).scalar_one_or_none()
    said = {"name": nfc(name)[:MAX_NAME], "sha256": paper.sha256, "bytes": paper.bytes, "kept_at": utc_now()}
    row = row or PaperTemplate(unit_id=unit_id, kind=kind, kept_by_id=who.account_id or 0, **said)
    row.sqlmodel_update(said | {"kept_by_id": who.account_id or 0})
    session.add(row)
    await session.flush()
    told = audit.event(who, "template.keep", "template", row.id, unit_id, paper=str(kind), sha256=row.sha256)
    await audit.write(session, [told])
    return row


async def forget(session: AsyncSession, who: Principal, kind: PaperKind) -> None:
    """Back to the template that everybody has. Raises `forbidden`, `not_found`."""
    unit_id = _unit(who, kind)
    query = delete(TEMPLATES).where(TEMPLATES.c.unit_id == unit_id, TEMPLATES.c.kind == str(kind))
    gone = (await session.execute(query.returning(TEMPLATES.c.id))).scalar_one_or_none()
    if gone is None:
        raise Problem("not_found")
    await audit.write(session, [audit.event(who, "template.forget", "template", gone, unit_id, paper=str(kind))])


async def find(session: AsyncSession, unit_id: int, kind: PaperKind) -> PaperTemplate | None:
    """That of a unit, where it has one of its own."""
    query = select(PaperTemplate).where(TEMPLATES.c.unit_id == unit_id, TEMPLATES.c.kind == str(kind))
    return (await session.execute(query)).scalar_one_or_none()


async def find_own(session: AsyncSession, who: Principal, kind: PaperKind) -> PaperTemplate | None:
    """Raises `forbidden` for a paper that this person's unit does not make."""
    if kind not in kinds_of(who):
        raise Problem("forbidden")
    return await find(session, who.unit_id or 0, kind)


async def list_own(session: AsyncSession, who: Principal) -> dict[PaperKind, PaperTemplate]:
    require(who, Action.READ_PAPER)
    query = select(PaperTemplate).where(TEMPLATES.c.unit_id == (who.unit_id or 0))
    return {PaperKind(row.kind): row for row in (await session.execute(query)).scalars()}


def _unit(who: Principal, kind: PaperKind) -> int:
    require(who, Action.KEEP_TEMPLATE)
    if who.unit_id is None or kind not in kinds_of(who):
        raise Problem("forbidden")
    return who.unit_id
