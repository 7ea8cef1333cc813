"""The catalogue of platforms as the desk reads it: pillar by pillar, with steps and where each applies."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.permissions import Action, Principal, require
from models.platform import Pillar, Platform, PlatformCommune, PlatformStep
from models.unit import Unit

PLATFORMS, STEPS, APPLIES = Platform.__table__, PlatformStep.__table__, PlatformCommune.__table__
UNITS = Unit.__table__
MOST = 50
"""Those that are no longer used and are shown at most, the latest first."""


@dataclass(frozen=True)
class StepRow:
    code: str
    name_vi: str
    name_en: str
    used: bool


@dataclass(frozen=True)
class PlatformRow:
    """`communes` is empty where it applies everywhere; `here` says whether the reader's commune has it."""

    code: str
    name_vi: str
    name_en: str
    short_vi: str
    short_en: str
    pillar: Pillar
    icon: str
    approved: bool
    used: bool
    here: bool
    communes: Sequence[tuple[int, str]]
    steps: list[StepRow] = field(default_factory=list)


async def list_platforms(session: AsyncSession, who: Principal) -> tuple[Sequence[PlatformRow], Sequence[PlatformRow]]:
    """Those in use, in the order of the tiles, and those that are not any more. Raises `forbidden`."""
    require(who, Action.READ_PLATFORM)
    communes = await _communes(session)
    steps: dict[str, list[StepRow]] = {}
    for s in await session.execute(select(STEPS).order_by(STEPS.c.position, STEPS.c.id)):
        steps.setdefault(s.platform_code, []).append(StepRow(s.code, s.name_vi, s.name_en, s.discarded_at is None))
    rows = (await session.execute(select(PLATFORMS).order_by(PLATFORMS.c.position, PLATFORMS.c.code))).all()
    shown = {
        p.code: PlatformRow(
            p.code, p.name_vi, p.name_en, p.short_vi, p.short_en, Pillar(p.pillar), p.icon, p.approved,
            p.discarded_at is None, _is_here(communes.get(p.code, []), who.commune_id), communes.get(p.code, []),
            steps.get(p.code, []),
        )
        for p in rows
    }  # fmt: skip
    gone = sorted((p for p in rows if p.discarded_at is not None), key=lambda p: p.discarded_at, reverse=True)
    return [row for row in shown.values() if row.used], [shown[p.code] for p in gone[:MOST]]


def _is_here(communes: Sequence[tuple[int, str]], commune_id: int | None) -> bool:
    return commune_id is None or not communes or commune_id in {unit for unit, _ in communes}


async def _communes(session: AsyncSession) -> dict[str, list[tuple[int, str]]]:
    query = select(APPLIES.c.platform_code, UNITS.c.id, UNITS.c.name).join(UNITS, UNITS.c.id == APPLIES.c.commune_id)
    found: dict[str, list[tuple[int, str]]] = {}
    for row in await session.execute(query.order_by(UNITS.c.code)):
        found.setdefault(row.platform_code, []).append((row.id, row.name))
    return found
