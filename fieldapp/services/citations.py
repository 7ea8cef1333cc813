"""Which guiding paper of the library a target cites: one that everybody below may read too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.materials import shown_to
from fieldapp.services.scopes import allotment_key, raise_versions, team_key
from fieldapp.services.targets import TARGETS, Frame, holder_key, in_frame, require_allotting
from models.material import Material, MaterialKind
from models.target import Target

MATERIALS = Material.__table__
MOST = 200


@dataclass(frozen=True)
class Cited:
    """A paper as it is named: its number, its day, what it is about."""

    id: int
    number: str
    issued_on: date | None
    about: str


def _citable(who: Principal) -> Select:
    """The province's papers, and a commune's own."""
    columns = MATERIALS.c.id, MATERIALS.c.number, MATERIALS.c.issued_on, MATERIALS.c.title
    return select(*columns).where(shown_to(who.commune_id), MATERIALS.c.kind == str(MaterialKind.PAPER))


async def list_citable(session: AsyncSession, who: Principal) -> Sequence[Cited]:
    """The newest first. Raises `forbidden`."""
    require(who, Action.ALLOT_TARGET)
    newest = _citable(who).order_by(MATERIALS.c.issued_on.desc().nulls_last(), MATERIALS.c.id.desc()).limit(MOST)
    return [Cited(row.id, row.number, row.issued_on, row.title) for row in await session.execute(newest)]


async def require_citable(session: AsyncSession, who: Principal, material_id: int) -> None:
    """Raises `not_found` for what is no paper of theirs, or was taken away."""
    if (await session.execute(_citable(who).where(MATERIALS.c.id == material_id))).first() is None:
        raise Problem("not_found", "paper")


async def cite(session: AsyncSession, who: Principal, frame: Frame, holder: int, material_id: int | None) -> int:
    """All numbers of a unit in this frame cite it, or nothing; they stay as they are. Says how many have changed.

    Raises as `allot`, `not_found`.
    """
    require_allotting(who, frame, [holder])
    if material_id is not None:
        await require_citable(session, who, material_id)
    team = {team_key(holder)} if frame.commune_id is not None and holder else set[str]()
    await raise_versions(session, {allotment_key(frame.commune_id), *team})
    query = select(Target).where(
        TARGETS.c.holder == holder_key(frame, holder), TARGETS.c.amount.is_not(None), *in_frame(frame)
    )
    if frame.commune_id is not None:
        query = query.where(TARGETS.c.commune_id == frame.commune_id)
    rows = [row for row in (await session.execute(query)).scalars() if row.material_id != material_id]
    for row in rows:
        row.material_id = material_id
    await session.flush()
    told = [audit.event(who, "target.cite", "target", row.id, frame.commune_id, paper=material_id) for row in rows]
    await audit.write(session, told)
    return len(rows)
