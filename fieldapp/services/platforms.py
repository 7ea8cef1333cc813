"""The catalogue of platforms as the province keeps it. Every change raises the province's version: phones pull it.

Nothing is deleted. What is no longer used leaves the phones' tiles; its visits stand and count, and what phones still
send of it is taken in (`visit_facts.py`).
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.platform_form import (
    COMMITMENT,
    MOST_IN_USE,
    MOST_STEPS,
    Applies,
    PlatformForm,
    StepForm,
    Way,
    moved,
    platform_code,
    step_code,
)
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.scopes import PROVINCE, raise_versions
from models.base import utc_now
from models.platform import Pillar, Platform, PlatformCommune, PlatformStep
from models.unit import Unit, UnitKind

PLATFORMS, STEPS, APPLIES = Platform.__table__, PlatformStep.__table__, PlatformCommune.__table__
UNITS = Unit.__table__
PILLARS = tuple(Pillar)


async def keep(session: AsyncSession, who: Principal, form: PlatformForm) -> Platform:
    """Adds a platform, the last one of its pillar, or changes one.

    Raises `forbidden`, `not_found`, `platforms_full`, `name_taken`, `communes_missing`.
    """
    version = await _begin(session, who)
    every = (await session.execute(select(Platform))).scalars().all()
    await _require_communes(session, form)
    if any(p.short_vi.lower() == form.short_vi.lower() and p.code != form.platform for p in every):
        raise Problem("name_taken", "short_vi", name=form.short_vi)
    said = form.model_dump(include={"name_vi", "short_vi", "pillar", "icon", "approved"})
    said |= {"name_en": form.name_en or form.name_vi, "short_en": form.short_en or form.short_vi}
    if form.platform is None:
        _require_room(every)
        code = platform_code(form.short_vi, [p.code for p in every])
        row, deed = Platform(code=code, position=len(every) + 1, **said), "platform.add"
    else:
        row, deed = _named(every, form.platform), "platform.change"
        row.sqlmodel_update(said)
    session.add(row)
    await session.flush()
    await session.execute(delete(APPLIES).where(APPLIES.c.platform_code == row.code))
    chosen = form.communes if form.applies is Applies.SOME else ()
    session.add_all(PlatformCommune(platform_code=row.code, commune_id=one) for one in sorted(chosen))
    _number([*(p for p in every if p.code != row.code), row], version)
    await _told(session, who, deed, row.code)
    return row


async def move(session: AsyncSession, who: Principal, code: str, way: Way) -> None:
    """A place further up or down among those of its pillar that are in use. Raises `forbidden`, `not_found`."""
    version = await _begin(session, who)
    every = (await session.execute(select(Platform))).scalars().all()
    row = _named(every, code)
    beside = [p for p in sorted(every, key=_order) if p.pillar == row.pillar and p.discarded_at is None]
    if row not in beside:
        raise Problem("not_found")
    places = sorted(p.position for p in beside)
    known = {p.code: p for p in beside}
    for position, one in zip(places, moved([p.code for p in beside], code, way), strict=True):
        known[one].position = position
    _number(every, version)
    await _told(session, who, "platform.order", code)


async def retire(session: AsyncSession, who: Principal, code: str) -> Platform:
    """Takes it off the phones' tiles; again it changes nothing. Raises `forbidden`, `not_found`."""
    return await _set_used(session, who, code, used=False)


async def restore(session: AsyncSession, who: Principal, code: str) -> Platform:
    """Raises `forbidden`, `not_found`, `platforms_full`."""
    return await _set_used(session, who, code, used=True)


async def _set_used(session: AsyncSession, who: Principal, code: str, used: bool) -> Platform:
    version = await _begin(session, who)
    every = (await session.execute(select(Platform))).scalars().all()
    row = _named(every, code)
    if used == (row.discarded_at is None):
        return row
    if used:
        _require_room(every)
    row.discarded_at, row.scope_version = None if used else utc_now(), version
    await session.flush()
    await _told(session, who, "platform.restore" if used else "platform.retire", code)
    return row


async def keep_step(session: AsyncSession, who: Principal, form: StepForm) -> None:
    """Adds a step, the last one, or renames one. Raises `forbidden`, `not_found`, `steps_full`."""
    version = await _begin(session, who)
    platform, steps = await _with_steps(session, form.platform)
    names = {"name_vi": form.name_vi, "name_en": form.name_en or form.name_vi}
    if form.step:
        _step(steps, form.step).sqlmodel_update(names)
    else:
        _require_step_room(steps)
        code = step_code(form.name_vi, [s.code for s in steps])
        last = max((s.position for s in steps), default=0)
        session.add(PlatformStep(platform_code=platform.code, code=code, position=last + 1, **names))
    await _changed(session, who, platform, version)


async def move_step(session: AsyncSession, who: Principal, platform_code: str, code: str, way: Way) -> None:
    """Raises `forbidden`, `not_found`."""
    version = await _begin(session, who)
    platform, steps = await _with_steps(session, platform_code)
    used = [s for s in steps if s.discarded_at is None]
    known = {s.code: s for s in used}
    _step(used, code)
    order = moved([s.code for s in used], code, way) + [s.code for s in steps if s.discarded_at is not None]
    for position, one in enumerate(order, 1):
        (known.get(one) or _step(steps, one)).position = position
    await _changed(session, who, platform, version)


async def use_step(session: AsyncSession, who: Principal, platform_code: str, code: str, used: bool) -> None:
    """Takes a step off the phones' forms, or puts it back. Raises `forbidden`, `not_found`, `steps_full`,
    `step_counted` for the one by which shops are counted."""
    version = await _begin(session, who)
    platform, steps = await _with_steps(session, platform_code)
    step = _step(steps, code)
    if not used and code == COMMITMENT:
        raise Problem("step_counted")
    if used and step.discarded_at is not None:
        _require_step_room(steps)
    step.discarded_at = None if used else step.discarded_at or utc_now()
    await _changed(session, who, platform, version)


async def elsewhere(session: AsyncSession, commune_id: int | None) -> set[str]:
    """The platforms that apply in some communes, this one not among them."""
    here = select(APPLIES.c.platform_code).where(APPLIES.c.commune_id == commune_id)
    query = select(APPLIES.c.platform_code).where(APPLIES.c.platform_code.not_in(here)).distinct()
    return set((await session.execute(query)).scalars())


async def _begin(session: AsyncSession, who: Principal) -> int:
    """Two officers change the catalogue one after the other: the province's scope is their lock."""
    require(who, Action.KEEP_PLATFORM)
    return (await raise_versions(session, [PROVINCE]))[PROVINCE]


def _named(every: Sequence[Platform], code: str) -> Platform:
    row = next((p for p in every if p.code == code), None)
    if row is None:
        raise Problem("not_found")
    return row


def _order(platform: Platform) -> tuple[int, int, str]:
    return PILLARS.index(Pillar(platform.pillar)), platform.position, platform.code


def _number(every: Sequence[Platform], version: int) -> None:
    """Places from 1, pillar by pillar; those that got another one are newer."""
    for position, platform in enumerate(sorted(every, key=_order), 1):
        platform.position, platform.scope_version = position, version


def _require_room(every: Sequence[Platform]) -> None:
    if sum(p.discarded_at is None for p in every) >= MOST_IN_USE:
        raise Problem("platforms_full", most=MOST_IN_USE)


async def _require_communes(session: AsyncSession, form: PlatformForm) -> None:
    if form.applies is not Applies.SOME:
        return
    query = select(func.count()).where(UNITS.c.id.in_(form.communes), UNITS.c.kind == UnitKind.COMMUNE)
    if not form.communes or (await session.execute(query)).scalar_one() != len(form.communes):
        raise Problem("communes_missing", "communes")


async def _with_steps(session: AsyncSession, code: str) -> tuple[Platform, Sequence[PlatformStep]]:
    platform = await session.get(Platform, code)
    if platform is None:
        raise Problem("not_found")
    query = select(PlatformStep).where(STEPS.c.platform_code == code).order_by(STEPS.c.position, STEPS.c.id)
    return platform, (await session.execute(query)).scalars().all()


def _step(steps: Collection[PlatformStep], code: str) -> PlatformStep:
    step = next((s for s in steps if s.code == code), None)
    if step is None:
        raise Problem("not_found")
    return step


def _require_step_room(steps: Sequence[PlatformStep]) -> None:
    if sum(s.discarded_at is None for s in steps) >= MOST_STEPS:
        raise Problem("steps_full", most=MOST_STEPS)


async def _changed(session: AsyncSession, who: Principal, platform: Platform, version: int) -> None:
    platform.scope_version = version
    await session.flush()
    await _told(session, who, "platform.steps", platform.code)


async def _told(session: AsyncSession, who: Principal, deed: str, code: str, **detail: Any) -> None:
    await session.flush()
    await audit.write(session, [audit.event(who, deed, "platform", code, **detail)])
