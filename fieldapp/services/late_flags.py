"""Flags that a new visit raises on earlier ones: a duplicate is worth a second look on both sides.

They move no number; on an approved visit they ask for another look. The statements are made once, since every
flagged push runs them.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.visit import GONE
from fieldapp.services.upsert import dialect_of, insert_for
from models.flag import Flag, FlagKind
from models.visit import Outcome, Visit, VisitState

VISITS, OUTCOMES, FLAGS = Visit.__table__, Outcome.__table__, Flag.__table__
_same_platform = select(OUTCOMES.c.id).where(
    OUTCOMES.c.visit_id == VISITS.c.id, OUTCOMES.c.platform_code.in_(bindparam("platforms", expanding=True))
)
_DUPLICATES = select(
    VISITS.c.id,
    literal(str(FlagKind.SAME_DAY), FLAGS.c.kind.type),
    bindparam("detail", type_=FLAGS.c.detail.type),
    bindparam("raised_at", type_=FLAGS.c.raised_at.type),
).where(
    VISITS.c.household_id == bindparam("household"),
    VISITS.c.done_on == bindparam("day"),
    VISITS.c.village_id == bindparam("village"),
    VISITS.c.root_id != bindparam("root"),
    *(VISITS.c.state != state for state in GONE),
    _same_platform.exists(),
)
_LOOK_AGAIN = (
    update(VISITS)
    .where(VISITS.c.id.in_(bindparam("flagged", expanding=True)))
    .values(
        needs_look=or_(VISITS.c.needs_look, VISITS.c.state == VisitState.APPROVED), scope_version=bindparam("raised_to")
    )
)


@lru_cache
def _raise(dialect: str) -> Any:
    insert = insert_for(dialect, FLAGS).from_select(["visit_id", "kind", "detail", "raised_at"], _DUPLICATES)
    return insert.on_conflict_do_nothing(index_elements=[FLAGS.c.visit_id, FLAGS.c.kind]).returning(FLAGS.c.visit_id)


async def flag_duplicates(
    session: AsyncSession,
    *,
    visit_id: UUID,
    root_id: UUID,
    household_id: UUID,
    village_id: int,
    day: date,
    platforms: Iterable[str],
    version: int,
    raised_at: datetime,
) -> None:
    """Flags `same_day` on the standing visits that this one repeats, once each; `version` is of the locked village.

    Needed only where the new visit was flagged so itself. Visits credited to another village are left alone:
    their scope is not locked here.
    """
    given = {
        "household": household_id,
        "village": village_id,
        "day": day,
        "root": root_id,
        "platforms": list(platforms),
        "detail": {"visit": str(visit_id)},
        "raised_at": raised_at,
    }
    flagged = list((await session.execute(_raise(dialect_of(session)), given)).scalars())
    if flagged:
        await session.execute(_LOOK_AGAIN, {"flagged": flagged, "raised_to": version})
