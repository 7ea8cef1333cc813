"""What a partner company is told: percentages of the communes in which it works, of the platforms it supports.

No number of anything leaves this module: no sum over communes either, from which the one that was kept back could be
worked out (domain/percentage.py says when).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.percentage import Percentage, progress, share
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import household_numbers, target_counts
from fieldapp.services.household_numbers import LIVES_HERE
from fieldapp.services.partners import company_of
from models.counter import HouseholdPlatform
from models.device import Device
from models.household import Household
from models.partner import Partner, PartnerCommune, PartnerPlatform
from models.platform import Platform
from models.target import Level, Measure, Target
from models.team import Seat, Team
from models.unit import Unit, UnitKind

PLACES, SUPPORTED, PLATFORMS = PartnerCommune.__table__, PartnerPlatform.__table__, Platform.__table__
UNITS, HOUSEHOLDS, RUNGS, TARGETS = Unit.__table__, Household.__table__, HouseholdPlatform.__table__, Target.__table__
TEAMS, SEATS, DEVICES = Team.__table__, Seat.__table__, Device.__table__
VILLAGES = UNITS.alias("village")
PAGE = 50


@dataclass(frozen=True)
class CommunePercentages:
    """`sent_on` is the day on which any phone of the commune sent something last."""

    name: str
    reached: Percentage
    target: Percentage
    sent_on: date | None


@dataclass(frozen=True)
class Percentages:
    """`target_days` and `measure` are those of the targets shown, None where no commune has one now."""

    company: Partner
    platforms: Sequence[Any]
    platform: str
    rows: Sequence[CommunePercentages]
    total: int
    page: int
    target_days: DayRange | None
    measure: Measure | None

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


async def read_percentages(
    session: AsyncSession, who: Principal, platform: str, page: int, now: datetime
) -> Percentages:
    """One of the company's platforms, "" for its first, in a page of its communes, the furthest first.

    Raises `forbidden`, `partner_idle`, `not_found` for a platform that the company does not support.
    """
    company = await company_of(session, who, vn_day(now))
    return await percentages_of(session, company, platform, page, now)


async def percentages_of(
    session: AsyncSession, company: Partner, platform: str, page: int, now: datetime
) -> Percentages:
    """`read_percentages` for whoever was let in to those of this company already."""
    today = vn_day(now)
    platforms = await _platforms(session, company)
    chosen = platform or (platforms[0].code if platforms else "")
    if platform and platform not in {row.code for row in platforms}:
        raise Problem("not_found", "platform")
    query = select(UNITS.c.id, UNITS.c.name).where(*_communes(company, today)).order_by(UNITS.c.code, UNITS.c.id)
    communes = (await session.execute(query)).all()
    ids = [unit.id for unit in communes]
    whole, reached = await _households(session, ids), await _reached(session, ids, chosen)
    amounts, asked = await _targets(session, ids, chosen, today)
    done = await target_counts.of_communes(session, asked, ids) if asked else {}
    heard = await _heard(session, ids, today)
    lines = []
    for unit in communes:
        lines.append(
            CommunePercentages(
                unit.name,
                share(reached.get(unit.id, 0), whole.get(unit.id, 0)),
                progress(done.get((unit.id, chosen), 0), amounts.get(unit.id)),
                vn_day(heard[unit.id]) if unit.id in heard else None,
            )
        )
    lines.sort(key=lambda line: line.reached.rank, reverse=True)
    page = max(0, min(page, -(-len(lines) // PAGE) - 1))
    shown = lines[page * PAGE : (page + 1) * PAGE]
    days = DayRange(asked.first, asked.last) if asked else None
    return Percentages(company, platforms, chosen, shown, len(lines), page, days, asked.measure if asked else None)


def _communes(company: Partner, today: date) -> list[ColumnElement[bool]]:
    stands = and_(UNITS.c.valid_from <= today, or_(UNITS.c.valid_to.is_(None), UNITS.c.valid_to >= today))
    found = [UNITS.c.kind == UnitKind.COMMUNE, stands]
    if not company.everywhere:
        own = select(PLACES.c.commune_id).where(PLACES.c.partner_id == company.id)
        found.append(UNITS.c.id.in_(own))
    return found


async def _platforms(session: AsyncSession, company: Partner) -> Sequence[Any]:
    query = (
        select(PLATFORMS.c.code, PLATFORMS.c.short_vi, PLATFORMS.c.short_en)
        .join(SUPPORTED, SUPPORTED.c.platform_code == PLATFORMS.c.code)
        .where(SUPPORTED.c.partner_id == company.id, PLATFORMS.c.discarded_at.is_(None))
        .order_by(PLATFORMS.c.position)
    )
    return (await session.execute(query)).all()


async def _households(session: AsyncSession, ids: Sequence[int]) -> dict[int, int]:
    """How many households each commune has: as declared, or as many as its rosters know where those are more."""
    found = await household_numbers.of_communes(session, ids)
    query = (
        select(VILLAGES.c.parent_id, func.count())
        .select_from(HOUSEHOLDS)
        .join(VILLAGES, VILLAGES.c.id == HOUSEHOLDS.c.village_id)
        .where(VILLAGES.c.parent_id.in_(ids), LIVES_HERE)
        .group_by(VILLAGES.c.parent_id)
    )
    for unit, known in map(tuple, await session.execute(query)):
        found[unit] = max(found[unit], int(known))
    return found


async def _reached(session: AsyncSession, ids: Sequence[int], platform: str) -> dict[int, int]:
    """Households of each commune that stand on any rung of the platform."""
    query = (
        select(VILLAGES.c.parent_id, func.count())
        .select_from(RUNGS)
        .join(HOUSEHOLDS, HOUSEHOLDS.c.id == RUNGS.c.household_id)
        .join(VILLAGES, VILLAGES.c.id == HOUSEHOLDS.c.village_id)
        .where(VILLAGES.c.parent_id.in_(ids), RUNGS.c.platform_code == platform, RUNGS.c.rung > 0, LIVES_HERE)
        .group_by(VILLAGES.c.parent_id)
    )
    return {unit: int(n) for unit, n in map(tuple, await session.execute(query))}


async def _heard(session: AsyncSession, ids: Sequence[int], today: date) -> dict[int, datetime]:
    """When a phone of anybody who sits in a team of each commune today sent something last."""
    query = (
        select(TEAMS.c.commune_id, func.max(DEVICES.c.last_contact_at))
        .join(SEATS, SEATS.c.team_id == TEAMS.c.id)
        .join(DEVICES, DEVICES.c.member_id == SEATS.c.member_id)
        .where(
            TEAMS.c.commune_id.in_(ids),
            DEVICES.c.last_contact_at.is_not(None),
            *(table.c.valid_from <= today for table in (TEAMS, SEATS)),
            *(or_(table.c.valid_to.is_(None), table.c.valid_to >= today) for table in (TEAMS, SEATS)),
        )
        .group_by(TEAMS.c.commune_id)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def _targets(
    session: AsyncSession, ids: Sequence[int], platform: str, today: date
) -> tuple[dict[int, int], target_counts.Asked | None]:
    """The communes' targets of one period and one measure: the one that most of them have now, households first."""
    query = select(TARGETS.c.commune_id, TARGETS.c.measure, TARGETS.c.first_day, TARGETS.c.last_day, TARGETS.c.amount)
    query = query.where(
        TARGETS.c.level == Level.COMMUNE,
        TARGETS.c.commune_id.in_(ids),
        TARGETS.c.platform_code == platform,
        TARGETS.c.own.is_(False),
        TARGETS.c.amount.is_not(None),
        TARGETS.c.first_day <= today,
        TARGETS.c.last_day >= today,
    )
    rows = (await session.execute(query)).all()
    if not rows:
        return {}, None
    used = Counter((row.measure, row.first_day, row.last_day) for row in rows)
    measure, first, last = max(used, key=lambda one: (used[one], one[0] == Measure.HOUSEHOLD, one[2], one[1]))
    amounts = {
        row.commune_id: row.amount
        for row in rows
        if (row.measure, row.first_day, row.last_day) == (measure, first, last)
    }
    return amounts, target_counts.Asked(Measure(measure), first, last, [platform])
