"""The rows of a pull as phones hold them: short, and only what a member of that village may know."""

import base64
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, may
from fieldapp.services.courses import finished
from fieldapp.services.platforms import elsewhere
from fieldapp.services.team_phones import with_phones
from fieldapp.services.training_classes import attended
from models.account import Account
from models.base import utc_now
from models.flag import Flag
from models.held import HeldRecord
from models.household import HouseholdState
from models.member import Member
from models.platform import Platform, PlatformStep
from models.review import Review
from models.sync import Record
from models.team import Seat, SeatRole, Team, TeamVillage
from models.unit import Unit
from models.visit import Outcome, Photo, PhotoState, VisitState

FLAGS, OUTCOMES, PHOTOS, MEMBERS = Flag.__table__, Outcome.__table__, Photo.__table__, Member.__table__
ACCOUNTS, REVIEWS, RECORDS, HELD = Account.__table__, Review.__table__, Record.__table__, HeldRecord.__table__
UNITS, SEATS, TEAMS, SERVED = Unit.__table__, Seat.__table__, Team.__table__, TeamVillage.__table__
STEPS = PlatformStep.__table__
Row = dict[str, Any]


async def me(session: AsyncSession, who: Principal) -> Row:
    """Who the phone belongs to, its villages and the people of its teams: names, and to a leader their phones."""
    commune = await session.get(Unit, who.commune_id) if who.commune_id else None
    villages = await session.execute(select(UNITS).where(UNITS.c.id.in_(who.village_ids)).order_by(UNITS.c.id))
    today = vn_day(utc_now())
    seats = await session.execute(
        select(
            SEATS.c.member_id,
            SEATS.c.role,
            SEATS.c.valid_from,
            SEATS.c.valid_to,
            SEATS.c.id.label("seat_id"),
            SEATS.c.delegated_by_id,
            MEMBERS.c.full_name,
            TEAMS.c.name.label("team_name"),
            TEAMS.c.id.label("team_id"),
        )
        .join(TEAMS, TEAMS.c.id == SEATS.c.team_id)
        .join(SERVED, SERVED.c.team_id == TEAMS.c.id)
        .join(MEMBERS, MEMBERS.c.id == SEATS.c.member_id)
        .where(
            SERVED.c.village_id.in_(who.village_ids),
            SERVED.c.valid_from <= today,
            or_(SERVED.c.valid_to.is_(None), SERVED.c.valid_to >= today),
            or_(SEATS.c.valid_from <= today, SEATS.c.delegated_by_id.is_not(None)),
            or_(SEATS.c.valid_to.is_(None), SEATS.c.valid_to >= today),
        )
        .order_by(SEATS.c.member_id, SEATS.c.role == SeatRole.MEMBER, SEATS.c.id)
    )
    people: dict[int, Row] = {}
    reviewing: dict[int, Row] = {}
    for seat in seats:
        if seat.delegated_by_id is None:
            people.setdefault(seat.member_id, seat._asdict())
        else:
            reviewing.setdefault(seat.member_id, _delegation(seat))
    mine = people.get(who.member_id or 0)
    team_name = mine["team_name"] if mine else await _own_team_name(session, who, today)
    team = [
        {"id": p["member_id"], "name": p["full_name"], "role": p["role"], "since": p["valid_from"].isoformat()}
        | reviewing.get(p["member_id"], {})
        for p in people.values()
    ]
    return {
        "id": who.member_id,
        "name": who.name,
        "role": mine["role"] if mine else who.role,
        "team": team_name,
        "commune": {
            "id": commune.id,
            "name": commune.name,
            "contact": commune.contact,
            "asks_place": commune.asks_place,
        }
        if commune
        else None,
        "villages": [
            {"id": v.id, "name": v.name, "division": v.division, "led": v.id in who.led_village_ids} for v in villages
        ],
        "spot_check": settings().spot_check_percent,
        "people": await with_phones(session, who, team),
        "classes": await attended(session, who.member_id),
        "courses": await finished(session, who.member_id),
    }


def _delegation(seat: Any) -> Row:
    """Reviewing that was handed over to somebody and is not over yet."""
    days = {"first": seat.valid_from.isoformat(), "last": seat.valid_to.isoformat()}
    return {"delegation": {"id": seat.seat_id, **days}}


def _seated(today: date) -> list[ColumnElement[bool]]:
    return [SEATS.c.valid_from <= today, or_(SEATS.c.valid_to.is_(None), SEATS.c.valid_to >= today)]


async def _own_team_name(session: AsyncSession, who: Principal, today: date) -> str:
    """The team of one who sits in no village's team: the commune's."""
    query = select(TEAMS.c.name).join(SEATS, SEATS.c.team_id == TEAMS.c.id)
    query = query.where(SEATS.c.member_id == who.member_id, *_seated(today)).order_by(SEATS.c.id)
    return (await session.execute(query)).scalars().first() or ""


async def platforms(session: AsyncSession, commune_id: int | None = None) -> list[Row]:
    """The catalogue with the steps in use, in order; what this commune does not use is `gone`, and keeps its name."""
    steps: dict[str, list[Row]] = {}
    used = select(PlatformStep).where(STEPS.c.discarded_at.is_(None)).order_by("position")
    for s in (await session.execute(used)).scalars():
        steps.setdefault(s.platform_code, []).append({"code": s.code, "vi": s.name_vi, "en": s.name_en})
    rows = (await session.execute(select(Platform).order_by("position"))).scalars()
    others = await elsewhere(session, commune_id) if commune_id else set()
    return [
        {
            "code": p.code,
            "vi": p.name_vi,
            "en": p.name_en,
            "short_vi": p.short_vi,
            "short_en": p.short_en,
            "pillar": p.pillar,
            "icon": p.icon,
            "steps": steps.get(p.code, []),
            "gone": p.discarded_at is not None or not p.approved or p.code in others,
        }
        for p in rows
    ]


async def sorted_records(session: AsyncSession, member_id: int, after: int, upto: int) -> list[Row]:
    """This member's records that were held or sorted between two versions of their scope, as they stand."""
    if upto == after:
        return []
    mine = (HELD.c.author_id == member_id, HELD.c.scope_version > after, HELD.c.scope_version <= upto)
    query = select(RECORDS.c.id, RECORDS.c.result, RECORDS.c.detail).join(HELD, HELD.c.record_id == RECORDS.c.id)
    rows = await session.execute(query.where(*mine).order_by(HELD.c.scope_version, RECORDS.c.id))
    return [{"id": str(row.id), "result": row.result, **row.detail} for row in rows]


async def households(session: AsyncSession, rows: Sequence[Any], rungs: Table) -> list[Row]:
    reached: dict[UUID, Row] = {}
    query = select(rungs).where(rungs.c.household_id.in_([r.id for r in rows]))
    for r in await session.execute(query):
        reached.setdefault(r.household_id, {})[r.platform_code] = [r.rung, r.since.isoformat()]
    new = [r for r in rows if r.state == HouseholdState.PROVISIONAL]
    names = await names_of(session, {r.added_by_id for r in new if r.added_by_id})
    return [
        {
            "id": str(r.id),
            "village": r.village_id,
            "number": r.number,
            "gone": r.discarded_at is not None,
            "head": r.head_name if settings().head_names else None,
            "new": r.state == HouseholdState.PROVISIONAL,
            "last": r.last_visit_on.isoformat() if r.last_visit_on else None,
            "rungs": reached.get(r.id, {}),
        }
        | (_made(r, names) if r.state == HouseholdState.PROVISIONAL else {})
        | ({"into": str(r.merged_into_id)} if r.merged_into_id else {})
        for r in rows
    ]


def _made(row: Any, names: dict[int, str]) -> Row:
    """Who made a household at the door and when."""
    return {"by": names.get(row.added_by_id, ""), "made_at": int(row.created_at.timestamp() * 1000)}


def card(row: Any) -> Row:
    return {
        "id": row.id,
        "hash": row.code_hash,
        "short": row.short_code,
        "state": row.state,
        "village": row.village_id,
        "household": str(row.household_id) if row.household_id else None,
    }


async def visits(session: AsyncSession, who: Principal, rows: Sequence[Any]) -> list[Row]:
    ids = [r.id for r in rows]
    outcomes = await _grouped(session, OUTCOMES, ids)
    flags = await _grouped(session, FLAGS, ids)
    photos = await _grouped(session, PHOTOS, ids)
    people = {i for r in rows for i in (r.author_id, r.done_by_id, r.decided_by_id) if i}
    names = await names_of(session, people)
    desk = await _desk(session, rows)
    return [
        _visit(who, r, outcomes.get(r.id, []), flags.get(r.id, []), photos.get(r.id, []), names) | desk.get(r.id, {})
        for r in rows
    ]


async def _desk(session: AsyncSession, rows: Sequence[Any]) -> dict[UUID, Row]:
    """What an officer did to these visits: who decided, and which decisions were undone by reopening."""
    decided = {r.id: r.decided_by_account_id for r in rows if r.decided_by_account_id}
    if not decided:
        return {}
    named = await session.execute(
        select(ACCOUNTS.c.id, ACCOUNTS.c.full_name).where(ACCOUNTS.c.id.in_(decided.values()))
    )
    names = {row.id: row.full_name for row in named}
    reopened = [r.id for r in rows if r.state == VisitState.WAITING and r.reopened_at is not None]
    undone: dict[UUID, list[str]] = {i: [] for i in reopened}
    query = select(REVIEWS.c.visit_id, REVIEWS.c.record_id).where(REVIEWS.c.visit_id.in_(reopened))
    for row in await session.execute(query.where(REVIEWS.c.by_member_id.is_not(None))):
        undone[row.visit_id].append(str(row.record_id))
    known: dict[UUID, Row] = {i: {"decided_by": names.get(by)} for i, by in decided.items()}
    for visit_id, decisions in undone.items():
        known[visit_id]["undone"] = decisions
    return known


def _visit(who: Principal, row: Any, outcomes: list, flags: list, photos: list, names: dict[int, str]) -> Row:
    place = Place(row.village_id, row.commune_id, row.author_id)
    shown = row.state == VisitState.WAITING and may(who, Action.READ_PHOTO, place)
    return {
        "id": str(row.id),
        "root": str(row.root_id),
        "version": row.version,
        "author": row.author_id,
        "author_name": names.get(row.author_id, ""),
        "household": str(row.household_id),
        "village": who.continues.get(row.village_id, row.village_id),
        "mode": row.mode,
        "beneficiary": row.beneficiary,
        "people": row.people,
        "note": row.note,
        "identified_by": row.identified_by,
        "verified": row.verified,
        "day": row.done_on.isoformat(),
        "made_at": int(row.made_at.timestamp() * 1000),
        "state": row.state,
        "needs_look": row.needs_look,
        "decided_by": names.get(row.decided_by_id) if row.decided_by_id else None,
        "reason_code": row.reason_code,
        "reason": row.reason,
        "outcomes": [{"platform": o.platform_code, "result": o.result, **o.detail} for o in outcomes],
        "flags": sorted(f.kind for f in flags),
        "photos": [photo_row(p, shown) for p in photos],
    } | ({"done_by": row.done_by_id, "done_by_name": names.get(row.done_by_id, "")} if row.done_by_id else {})


def photo_row(row: Any, shown: bool) -> Row:
    """As its record named it, with its thumbnail where that is `shown`."""
    named = {"sha256": row.sha256, "bytes": row.bytes, "type": row.type}
    photo = named | {"state": row.state, "reason": row.reason_code}
    if row.consent_way:
        photo["consent"] = {"way": row.consent_way, "text_version": row.consent_text}
    if shown and row.state == PhotoState.READY and row.thumbnail:
        photo["thumbnail"] = "data:image/jpeg;base64," + base64.b64encode(row.thumbnail).decode()
    return photo


async def _grouped(session: AsyncSession, table: Table, visit_ids: list[UUID]) -> dict[UUID, list[Any]]:
    grouped: dict[UUID, list[Any]] = {}
    for row in await session.execute(select(table).where(table.c.visit_id.in_(visit_ids))):
        grouped.setdefault(row.visit_id, []).append(row)
    return grouped


async def names_of(session: AsyncSession, ids: set[int]) -> dict[int, str]:
    """Members by id, as everybody in their villages may know them."""
    rows = await session.execute(select(MEMBERS.c.id, MEMBERS.c.full_name).where(MEMBERS.c.id.in_(ids)))
    return {row.id: row.full_name for row in rows}
