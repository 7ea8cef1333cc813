"""Puts one commune's sample data into the database, in a transaction of the caller's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.cli.sample.accounts import commune_accounts
from fieldapp.cli.sample.calendar import TEAMS_SINCE, Window
from fieldapp.cli.sample.counts import counter_rows
from fieldapp.cli.sample.crews import Crew, store_crews
from fieldapp.cli.sample.data_requests import plan_requests
from fieldapp.cli.sample.decisions import store_decisions
from fieldapp.cli.sample.history import write_history
from fieldapp.cli.sample.households import Home, card_row, household_row, plan_cards, plan_homes
from fieldapp.cli.sample.log_comments import plan_log_comments
from fieldapp.cli.sample.names import NameSource
from fieldapp.cli.sample.pictures import Picture
from fieldapp.cli.sample.schedule import Stage
from fieldapp.cli.sample.sizes import SEED, Profile, Size, households_by_village
from fieldapp.cli.sample.targets import SampleTeam, plan_targets
from fieldapp.cli.sample.trail import plan_trail
from fieldapp.cli.sample.training import store_training
from fieldapp.cli.sample.units import VillagePlan, plan_villages, within_a_sentence
from fieldapp.cli.sample.village_work import plan_village_work
from fieldapp.cli.sample.visits import Draft
from fieldapp.domain.counting import COMMUNE_FIGURES
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import VIETNAM, vn_day
from fieldapp.services import samples
from fieldapp.services.reference import TWO_TIER_SINCE
from fieldapp.services.scopes import village_key
from fieldapp.services.upsert import add_to
from models.account import Account, Role
from models.activity import Activity
from models.audit_event import AuditEvent
from models.counter import CommuneCount
from models.data_request import DataRequest
from models.device import Device
from models.difficulty import Difficulty, DifficultyStep
from models.flag import Flag
from models.household import BatchKind, CardBatch, CardState, Household, HouseholdCard
from models.log_comment import LogComment
from models.review import Review
from models.session import Session, SessionState
from models.target import Target, TargetChange, TargetShare
from models.task import Task
from models.unit import Unit, UnitKind, UnitSuccession
from models.unit_change import ChangeKind, UnitChange
from models.visit import Outcome, Photo, Visit
from models.zalo_group import ZaloGroup

MERGED_COMMUNE = "21484"
"""The commune in which two villages became one."""

_PHONES = ("Android 13 Chrome/140", "Android 11 Chrome/138", "Android 14 Chrome/141", "iPhone OS 17.5 Version/17")
_SINCE = datetime.combine(TEAMS_SINCE, time(8), VIETNAM)


@dataclass(frozen=True)
class Commune:
    """One commune while it is filled."""

    profile: Profile
    unit_id: int
    name: str
    size: Size
    window: Window
    rng: Random
    names: NameSource

    @classmethod
    def begin(cls, profile: Profile, unit_id: int, name: str, size: Size, window: Window) -> "Commune":
        """With its own source of chance, so that communes do not depend on each other."""
        rng = Random(f"{SEED} {size.name} {profile.code}")
        return cls(profile, unit_id, name, size, window, rng, NameSource(profile, rng))


async def people_commune(session: AsyncSession, commune: Commune, like: Account) -> tuple[list[int], list[Crew], int]:
    """Officers, villages, teams and members; gives the villages' households to come, their crews, and an officer."""
    counts = households_by_village(commune.size, commune.profile, commune.rng)
    contact = f"UBND {within_a_sentence(commune.name)}, điện thoại 0000 {commune.profile.code} ({samples.SAMPLE_WORDS})"
    await samples.describe_unit(session, commune.unit_id, contact, sum(counts))
    rows = commune_accounts(like, commune.names, commune.profile, commune.unit_id)
    officer_id, leader_id = await samples.insert_numbered(session, Account.__table__, rows)
    officers = [(officer_id, Role.COMMUNE_OFFICER), (leader_id, Role.COMMUNE_LEADER)]
    trail = plan_trail(Random(f"{SEED} trail {commune.profile.code}"), officers, commune.unit_id, commune.window.moment)
    await samples.insert_rows(session, AuditEvent.__table__, trail)
    plans = plan_villages(commune.profile, commune.rng, commune.profile.code == MERGED_COMMUNE)
    village_ids, merged_ids = await _store_villages(session, commune, plans, counts)
    await _store_changes(session, commune, village_ids, merged_ids, officer_id)
    crews, team_ids = await store_crews(
        session, commune.rng, commune.names, commune.size, (commune.unit_id, commune.name),
        list(zip(plans, village_ids, merged_ids, strict=True)), commune.window.merged_on,
    )  # fmt: skip
    rng = Random(f"{SEED} {commune.size.name} {commune.profile.code} decisions")
    names, place = NameSource(commune.profile, rng), (commune.unit_id, commune.name)
    await store_decisions(session, rng, names, place, team_ids, officer_id)
    members = sorted({person.member_id for crew in crews for person in crew.people})
    rng = Random(f"{SEED} {commune.size.name} {commune.profile.code} classes")
    await store_training(session, rng, commune.unit_id, members, officer_id, vn_day(commune.window.moment))
    return counts, crews, officer_id


async def _store_villages(
    session: AsyncSession, commune: Commune, plans: Sequence[VillagePlan], counts: Sequence[int]
) -> tuple[list[int], list[list[int]]]:
    """Ids of the villages, and beside each those of the villages that were merged into it."""
    merged_on = commune.window.merged_on
    rows = [
        _village_row(commune, plan, count) | ({"valid_from": merged_on} if plan.merged_from else {})
        for plan, count in zip(plans, counts, strict=True)
    ]
    ids = await samples.insert_numbered(session, Unit.__table__, rows)
    merged: list[list[int]] = []
    for plan, village_id, count in zip(plans, ids, counts, strict=True):
        closed = {"valid_to": merged_on - timedelta(days=1)}
        old = [_village_row(commune, before, count // len(plan.merged_from)) | closed for before in plan.merged_from]
        old_ids = await samples.insert_numbered(session, Unit.__table__, old)
        links = [{"from_id": old_id, "to_id": village_id, "on": merged_on} for old_id in old_ids]
        await samples.insert_rows(session, UnitSuccession.__table__, links)
        merged.append(old_ids)
    await samples.open_scopes(session, [village_key(i) for i in [*ids, *(old for each in merged for old in each)]])
    return ids, merged


async def _store_changes(
    session: AsyncSession, commune: Commune, ids: Sequence[int], merged: Sequence[Sequence[int]], officer_id: int
) -> None:
    """What the commune's history says of its merges."""
    on = commune.window.merged_on
    rows = [
        {
            "kind": ChangeKind.MERGE, "unit_id": village_id, "commune_id": commune.unit_id, "on": on,
            "decision": f"Nghị quyết 07/NQ-HĐND ({samples.SAMPLE_WORDS})", "by_account_id": officer_id,
            "at": datetime.combine(on, time(9), VIETNAM),
        }
        for village_id, before in zip(ids, merged, strict=True)
        if before
    ]  # fmt: skip
    await samples.insert_rows(session, UnitChange.__table__, rows)


def _village_row(commune: Commune, plan: VillagePlan, households: int) -> dict[str, Any]:
    return {
        "code": plan.code, "kind": UnitKind.VILLAGE, "division": plan.division, "name": plan.name,
        "key": fold(plan.name), "parent_id": commune.unit_id, "households_declared": households,
        "is_sample": True, "valid_from": TWO_TIER_SINCE,
    }  # fmt: skip


async def house_commune(
    session: AsyncSession, commune: Commune, counts: Sequence[int], crews: Sequence[Crew], officer_id: int
) -> list[Stage]:
    """Households with their cards; gives the villages as stages for visits."""
    stages, rows = [], []
    for count, crew in zip(counts, crews, strict=True):
        homes = plan_homes(commune.rng, commune.names, count, _SINCE)
        rows.extend(household_row(home, crew.village_id, crew.deciders[0], _SINCE) for home in homes)
        stages.append(Stage(crew.village_id, commune.unit_id, commune.profile, homes, crew.people, crew.deciders))
    await samples.insert_rows(session, Household.__table__, rows)
    await _store_cards(session, commune, stages, officer_id)
    return stages


async def _store_cards(session: AsyncSession, commune: Commune, stages: Sequence[Stage], officer_id: int) -> None:
    prints = []
    for stage in stages:
        known, anonymous = plan_cards(commune.rng, list(stage.homes))
        prints += [(stage.village_id, BatchKind.KNOWN, known), (stage.village_id, BatchKind.ANONYMOUS, anonymous)]
    batches = [
        {"village_id": v, "kind": kind, "size": len(plans), "made_by_account_id": officer_id, "created_at": _SINCE}
        for v, kind, plans in prints
    ]
    batch_ids = await samples.insert_numbered(session, CardBatch.__table__, batches)
    cards = [(plan, batch, v) for (v, _, plans), batch in zip(prints, batch_ids, strict=True) for plan in plans]
    first = int(commune.profile.code) * 100_000
    rows = [card_row(commune.rng, plan, first + n, batch, v, _SINCE) for n, (plan, batch, v) in enumerate(cards)]
    ids = await samples.insert_numbered(session, HouseholdCard.__table__, rows)
    for (plan, _, _), card_id in zip(cards, ids, strict=True):
        if plan.home and plan.state is CardState.REVOKED:
            plan.home.old_card_id = card_id
        elif plan.home:
            plan.home.card_id = card_id


async def store_history(
    session: AsyncSession, commune: Commune, stages: Sequence[Stage], visits: int, pictures: Sequence[Picture]
) -> None:
    """Visits with everything that hangs on them, and the counters that follow from them."""
    history = write_history(commune.rng, stages, commune.window, visits, pictures)
    drafts = history.drafts
    await samples.insert_rows(session, Visit.__table__, [draft.row for draft in drafts])
    words = Random(f"{SEED} {commune.size.name} {commune.profile.code} words")
    said = plan_log_comments(words, stages, [draft.row for draft in drafts], commune.window.moment)
    await samples.insert_rows(session, LogComment.__table__, said)
    await samples.insert_rows(session, Outcome.__table__, [row for draft in drafts for row in draft.outcome_rows()])
    await samples.insert_rows(session, Flag.__table__, [row for draft in drafts for row in draft.flag_rows()])
    await samples.insert_rows(session, Review.__table__, history.reviews)
    for shown in (True, False):
        photos = [row for row in history.photos if (row["thumbnail"] is not None) == shown]
        await samples.insert_rows(session, Photo.__table__, photos)
    for table, rows in counter_rows([draft.movement() for draft in drafts]):
        if table is CommuneCount:
            # By platform and by result other communes are counted in the same rows.
            await add_to(session, CommuneCount.__table__, rows, COMMUNE_FIGURES)
        else:
            await samples.insert_rows(session, table.__table__, rows)  # type: ignore[attr-defined]
    phones = _phones(commune.rng, drafts)
    await samples.insert_rows(session, Device.__table__, phones)
    await samples.insert_rows(session, Session.__table__, [_session_row(commune.rng, phone) for phone in phones])
    homes: list[Home] = [home for stage in stages for home in stage.homes]
    await samples.set_last_visits(session, {h.id: h.last_visit_on for h in homes if h.last_visit_on})


async def store_village_work(session: AsyncSession, commune: Commune, stages: Sequence[Stage], officer_id: int) -> None:
    """What teams did besides visits. With its own source of chance, so that visits stay as they are."""
    rng = Random(f"{SEED} {commune.size.name} {commune.profile.code} besides")
    work = plan_village_work(rng, stages, commune.window, officer_id)
    await samples.insert_rows(session, Activity.__table__, work.activities)
    await samples.insert_rows(session, Difficulty.__table__, work.difficulties)
    await samples.insert_rows(session, DifficultyStep.__table__, work.steps)
    await samples.insert_rows(session, ZaloGroup.__table__, work.groups)
    asked = plan_requests(stages, commune.unit_id, officer_id, vn_day(commune.window.moment))
    await samples.insert_rows(session, DataRequest.__table__, asked)


async def store_targets(
    session: AsyncSession, commune: Commune, counts: Sequence[int], crews: Sequence[Crew], officer_id: int, letter: int
) -> None:
    """What teams are to reach in this quarter by the letter, and to do; of every commune, since it costs little."""
    rng = Random(f"{SEED} {commune.size.name} {commune.profile.code} targets")
    teams = []
    for count, crew in zip(counts, crews, strict=True):
        team_id = crew.people[0].team_id
        own = [person.member_id for person in crew.people if person.team_id == team_id]
        teams.append(SampleTeam(team_id, count, [crew.deciders[0], *(one for one in own if one != crew.deciders[0])]))
    plan = plan_targets(rng, commune.unit_id, officer_id, teams, commune.window.moment)
    for table, rows in (
        (Target, [row | {"material_id": letter} for row in plan.targets]),
        (TargetShare, plan.shares),
        (TargetChange, plan.changes),
        (Task, plan.tasks),
    ):
        await samples.insert_rows(session, table.__table__, rows)  # type: ignore[attr-defined]


def _phones(rng: Random, drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    """The phone of everybody who recorded something, last heard when their newest visit came in."""
    heard: dict[int, datetime] = {}
    for draft in drafts:
        author, at = draft.row["author_id"], draft.row["received_at"]
        heard[author] = max(at, heard.get(author, at))
    return [
        {
            "id": UUID(int=rng.getrandbits(128), version=4), "member_id": member_id, "label": rng.choice(_PHONES),
            "app_version": "1", "created_at": _SINCE, "last_contact_at": at, "unsent_count": 0, "clock_offset_ms": 0,
        }
        for member_id, at in sorted(heard.items())
    ]  # fmt: skip


def _session_row(rng: Random, phone: dict[str, Any]) -> dict[str, Any]:
    """An open session on a phone; the hash is of no secret, so that nobody holds its cookie."""
    return {
        "id": UUID(int=rng.getrandbits(128), version=4), "token_hash": rng.randbytes(32).hex(), "account_id": None,
        "member_id": phone["member_id"], "device_id": phone["id"], "enrolment_id": None, "label": phone["label"],
        "state": SessionState.OPEN, "created_at": _SINCE, "last_seen_at": phone["last_contact_at"],
        "expires_at": phone["last_contact_at"] + timedelta(days=90), "ended_at": None,
    }  # fmt: skip
