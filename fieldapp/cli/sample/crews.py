"""Puts a commune's teams, members and seats into the database, and says who works and decides where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.cli.sample.calendar import TEAMS_SINCE
from fieldapp.cli.sample.names import NameSource
from fieldapp.cli.sample.people import SeatPlan, plan_commune_team, plan_village_team
from fieldapp.cli.sample.schedule import Person
from fieldapp.cli.sample.sizes import Size
from fieldapp.cli.sample.units import VillagePlan, within_a_sentence
from fieldapp.domain.search_key import fold
from fieldapp.services import samples
from models.base import utc_now
from models.member import Member
from models.team import Seat, SeatRole, Team, TeamLevel, TeamVillage

COMMUNE_TEAM_SHARE = 0.15
"""How much a member of the commune's team records in one village, beside one of the village's own."""

Village = tuple[VillagePlan, int, list[int]]
"""A village's plan, its id, and the ids of those that were merged into it."""


@dataclass(frozen=True)
class Crew:
    """`deciders`: leader, deputy, then the heads of the commune's team."""

    village_id: int
    people: list[Person]
    deciders: list[int]


async def store_crews(
    session: AsyncSession, rng: Random, names: NameSource, size: Size, commune: tuple[int, str],
    villages: Sequence[Village], merged_on: date,
) -> tuple[list[Crew], list[int]]:  # fmt: skip
    """The team of each village and that of the commune, which is given by id and name.

    Gives the villages' crews, and the ids of all teams, the commune's last.
    """
    fixed = list(size.village_team_sizes) or [None] * len(villages)
    plans = [
        plan_village_team(rng, names, village[0].division, fixed[n], first=n == 0) for n, village in enumerate(villages)
    ]
    plans.append(plan_commune_team(rng, names, size.commune_team_size))
    team_ids = await _store_teams(session, commune, [village[0].name for village in villages])
    await samples.insert_rows(session, TeamVillage.__table__, _served(team_ids, villages, merged_on))
    crews = await _store_members(session, plans, team_ids)
    heads = _heads(plans[-1], crews[-1])
    guests = [Person(p.member_id, p.team_id, p.weight * COMMUNE_TEAM_SHARE) for p in crews[-1]]
    found = [
        Crew(village[1], crews[n] + guests, _heads(plans[n], crews[n]) + heads) for n, village in enumerate(villages)
    ]
    return found, team_ids


async def _store_teams(session: AsyncSession, commune: tuple[int, str], village_names: Sequence[str]) -> list[int]:
    named = [(TeamLevel.VILLAGE, name) for name in village_names] + [(TeamLevel.COMMUNE, commune[1])]
    rows = []
    for level, unit_name in named:
        name = f"Tổ công nghệ số cộng đồng {within_a_sentence(unit_name)}"
        row = {"level": level, "name": name, "key": fold(name), "commune_id": commune[0], "valid_from": TEAMS_SINCE}
        rows.append(row)
    return await samples.insert_numbered(session, Team.__table__, rows)


def _served(team_ids: Sequence[int], villages: Sequence[Village], merged_on: date) -> list[dict[str, Any]]:
    """A team that served villages which were merged serves the new one from that day."""
    rows = []
    for team_id, (_, village_id, old_ids) in zip(team_ids, villages, strict=False):
        last = merged_on - timedelta(days=1)
        places: list[tuple[int, date, date | None]] = [(old_id, TEAMS_SINCE, last) for old_id in old_ids]
        places.append((village_id, merged_on if old_ids else TEAMS_SINCE, None))
        rows += [{"team_id": team_id, "village_id": v, "valid_from": since, "valid_to": to} for v, since, to in places]
    return rows


async def _store_members(
    session: AsyncSession, plans: Sequence[Sequence[SeatPlan]], team_ids: Sequence[int]
) -> list[list[Person]]:
    """Everybody who has a seat, by team."""
    seated = [(plan, team_id) for crew, team_id in zip(plans, team_ids, strict=True) for plan in crew]
    now = utc_now()
    members = [
        {
            "full_name": plan.full_name, "key": fold(plan.full_name), "phone": plan.phone,
            "is_sample": True, "created_at": now,
        }
        for plan, _ in seated
    ]  # fmt: skip
    ids = await samples.insert_numbered(session, Member.__table__, members)
    seats = [
        {
            "team_id": team_id, "member_id": member_id, "role": plan.role, "kind": plan.kind,
            "position": plan.position,
            "valid_from": TEAMS_SINCE,
        }
        for (plan, team_id), member_id in zip(seated, ids, strict=True)
    ]  # fmt: skip
    await samples.insert_rows(session, Seat.__table__, seats)
    found: dict[int, list[Person]] = {team_id: [] for team_id in team_ids}
    for (plan, team_id), member_id in zip(seated, ids, strict=True):
        found[team_id].append(Person(member_id, team_id, plan.weight))
    return list(found.values())


def _heads(plans: Sequence[SeatPlan], people: Sequence[Person]) -> list[int]:
    """Leader and deputy: those who may review."""
    return [p.member_id for plan, p in zip(plans, people, strict=True) if plan.role is not SeatRole.MEMBER]
