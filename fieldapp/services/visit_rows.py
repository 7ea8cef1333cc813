"""Rows of visits that are taken in: written together where a push lets them wait, since one trip then serves many.

Rows that wait are written before anybody reads what they could change; `reads` says for whom that is.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import String, bindparam, cast, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.visit import GONE, HELPED
from fieldapp.services.scopes import SCOPES, VILLAGE
from models.flag import Flag
from models.household import Household
from models.visit import Outcome, Photo, Visit

VISITS, OUTCOMES, HOUSEHOLDS = Visit.__table__, Outcome.__table__, Household.__table__
Rows = list[dict[str, Any]]
_INSERTS = {table: insert(table.__table__) for table in (Visit, Outcome, Flag, Photo)}
# No IN here: a statement that is made for many rows at once cannot hold one.
_last_visit = (
    select(func.max(VISITS.c.done_on))
    .join(OUTCOMES, OUTCOMES.c.visit_id == VISITS.c.id)
    .where(
        VISITS.c.household_id == bindparam("helped"),
        *(VISITS.c.state != state for state in GONE),
        or_(*(OUTCOMES.c.result == result for result in sorted(HELPED))),
    )
    .scalar_subquery()
)
# A visit may be of the village in which the household stood before; its row is given with those of the present one.
_own_version = (
    select(SCOPES.c.version)
    .where(SCOPES.c.key == VILLAGE + cast(HOUSEHOLDS.c.village_id, String))
    .correlate(HOUSEHOLDS)
    .scalar_subquery()
)
_SETTLE_HOUSEHOLD = (
    update(HOUSEHOLDS)
    .where(HOUSEHOLDS.c.id == bindparam("helped"))
    .values(scope_version=func.coalesce(_own_version, HOUSEHOLDS.c.scope_version), last_visit_on=_last_visit)
)


@dataclass
class VisitRows:
    """Rows by table, visits first. Those that do not `wait` are written at once."""

    waits: bool = False
    _rows: dict[type, Rows] = field(default_factory=lambda: _no_rows())
    _households: set[UUID] = field(default_factory=set)

    async def add(
        self, session: AsyncSession, visit: dict[str, Any], outcomes: Rows, flags: Rows, photos: Rows
    ) -> None:
        for table, rows in zip(_INSERTS, ([visit], outcomes, flags, photos), strict=True):
            self._rows[table] += rows
        self._households.add(visit["household_id"])
        if not self.waits:
            await self.write(session)

    def concern(self, household_id: UUID, author_id: int, photos: set[str]) -> bool:
        """Whether a visit that waits to be written could raise a flag on one like this."""
        visits = self._rows[Visit]
        near = any(v["household_id"] == household_id or v["author_id"] == author_id for v in visits)
        return near or any(p["sha256"] in photos for p in self._rows[Photo])

    async def write(self, session: AsyncSession) -> None:
        """Writes what waits; the households' last visits are worked out from what then stands."""
        # What fails is forgotten here as it is undone in the database.
        waiting, self._rows = self._rows, _no_rows()
        households, self._households = self._households, set()
        for table, rows in waiting.items():
            if rows:
                await session.execute(_INSERTS[table], _one_or_all(rows))
        if households:
            settled = [{"helped": home} for home in sorted(households)]
            await session.execute(_SETTLE_HOUSEHOLD, _one_or_all(settled))


def _no_rows() -> dict[type, Rows]:
    return {table: [] for table in _INSERTS}


async def settle_household(session: AsyncSession, household_id: UUID) -> None:
    """Its last visit, worked out from the visits that stand, so that a withdrawn one is forgotten."""
    await session.execute(_SETTLE_HOUSEHOLD, {"helped": household_id})


def _one_or_all(rows: Rows) -> Any:
    """One row is cheaper to store alone than as a list of one."""
    return rows[0] if len(rows) == 1 else rows
