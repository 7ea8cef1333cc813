"""What a list of members makes of the record: people and their seats, and what of it can be taken back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.phone_number import read_phone
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import vn_day
from fieldapp.services import roster_history
from fieldapp.services.roster_judging import SEATS, SERVED, TEAMS, Judged, current
from fieldapp.services.scopes import commune_key, raise_versions, village_key
from models.base import utc_now
from models.device import Device
from models.enrolment import Enrolment
from models.member import Member
from models.roster_import import RowDeed, Twins
from models.visit import Visit

MEMBERS, VISITS = Member.__table__, Visit.__table__
DEVICES, ENROLMENTS = Device.__table__, Enrolment.__table__
DAY = timedelta(days=1)
Deed = dict[str, Any]


async def lock(session: AsyncSession, teams: set[int], today: date) -> dict[str, int]:
    """Locks the communes and villages of these teams, so that nobody else seats people there meanwhile."""
    communes = await session.execute(select(TEAMS.c.commune_id).where(TEAMS.c.id.in_(teams)).distinct())
    served = select(SERVED.c.village_id).where(SERVED.c.team_id.in_(teams), current(SERVED, today)).distinct()
    keys = [commune_key(i) for i in communes.scalars()]
    return await raise_versions(session, [*keys, *(village_key(i) for i in (await session.execute(served)).scalars())])


async def bring_in(
    session: AsyncSession, judged: Sequence[Judged], versions: dict[str, int], twins: Twins, today: date
) -> list[Deed]:
    """Adds those who are not there, changes those who are where that is wanted; a deed for each line."""
    new = [line for line in judged if line.twin is None]
    added = iter(await _add(session, new, today))
    return [next(added) if line.twin is None else await _change(session, line, twins, today) for line in judged]


async def _add(session: AsyncSession, lines: Sequence[Judged], today: date) -> list[Deed]:
    if not lines:
        return []
    people = [
        {"full_name": line.entry.read["name"], "key": fold(line.entry.read["name"]), "phone": line.entry.read["phone"]}
        | {"is_sample": False, "created_at": utc_now()}
        for line in lines
    ]
    members = await _insert(session, MEMBERS, people)
    over = select(TEAMS.c.id, TEAMS.c.valid_to).where(TEAMS.c.id.in_({line.place for line in lines}))
    ends = {row.id: row.valid_to for row in await session.execute(over)}
    seats = [
        {"team_id": line.place, "member_id": member, "role": line.entry.read["role"]}
        | {"position": line.entry.read["position"], "valid_from": today, "valid_to": ends.get(line.place)}
        for line, member in zip(lines, members, strict=True)
    ]
    placed = await _insert(session, SEATS, seats)
    return [
        _deed(
            RowDeed.ADDED, member, {"seat": seat, "role": str(line.entry.read["role"])} | _until(ends.get(line.place))
        )
        for line, member, seat in zip(lines, members, placed, strict=True)
    ]


async def _insert(session: AsyncSession, table: Any, rows: list[dict[str, Any]]) -> Sequence[int]:
    """Inserts rows and gives their ids in the same order."""
    answer = await session.execute(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows)
    return answer.scalars().all()


async def _change(session: AsyncSession, line: Judged, twins: Twins, today: date) -> Deed:
    """Only what the line says is changed: an empty cell takes nothing away."""
    now, said = line.twin, line.entry.read
    role = said["role"] if line.entry.given.get("role") else now.role
    after = {"phone": said["phone"] or now.phone, "position": said["position"] or now.position, "role": str(role)}
    before = {"phone": now.phone, "position": now.position, "role": str(now.role)}
    if twins == Twins.SKIP or after == before:
        return _deed(RowDeed.SKIPPED, now.id, None)
    await session.execute(update(MEMBERS).where(MEMBERS.c.id == now.id).values(phone=after["phone"]))
    seat = now.seat_id
    if after["role"] != before["role"] and now.valid_from < today:
        # Visits are judged by the seats of their day: the old one ends, another begins.
        await session.execute(update(SEATS).where(SEATS.c.id == seat).values(valid_to=today - DAY))
        new = {"team_id": now.team_id, "member_id": now.id, "valid_from": today, "valid_to": now.valid_to}
        changed = new | {"role": after["role"], "position": after["position"]}
        (seat,) = await _insert(session, SEATS, [changed])
    else:
        values = {"role": after["role"], "position": after["position"]}
        await session.execute(update(SEATS).where(SEATS.c.id == seat).values(values))
    was = before | {"seat": now.seat_id} | _until(now.valid_to)
    return _deed(RowDeed.UPDATED, now.id, was | {"now": after | {"seat": seat}})


def _until(day: date | None) -> dict[str, str]:
    """The day with which a seat was to end already."""
    return {"until": day.isoformat()} if day else {}


def _read_until(before: dict[str, Any]) -> date | None:
    return date.fromisoformat(before["until"]) if "until" in before else None


def _deed(deed: RowDeed, member_id: int, before: dict[str, Any] | None) -> Deed:
    return {"deed": deed, "subject": str(member_id), "before": before}


async def take_back(session: AsyncSession, rows: Sequence[Any], applied_at: datetime) -> dict[int, str]:
    """Takes back what these lines did; for those that stay, why."""
    ids = [int(row.subject_id) for row in rows]
    seats = (await session.execute(select(SEATS).where(SEATS.c.member_id.in_(ids)))).all()
    await lock(session, {seat.team_id for seat in seats}, vn_day(utc_now()))
    stand = {seat.id: seat for seat in (await session.execute(select(SEATS).where(SEATS.c.member_id.in_(ids)))).all()}
    people = {m.id: m for m in await session.execute(select(MEMBERS).where(MEMBERS.c.id.in_(ids)))}
    seated: dict[int, int] = {}
    for seat in stand.values():
        seated[seat.member_id] = seated.get(seat.member_id, 0) + 1
    used = await _used(session, ids)
    later = await roster_history.changed_since(session, rows, applied_at)
    touched = await roster_history.touched_since(session, "member", [row.subject_id for row in rows], applied_at)
    reasons: dict[int, str] = {}
    for row in rows:
        member = people[int(row.subject_id)]
        if row.deed == RowDeed.ADDED:
            phone = read_phone(row.given.get("phone", ""))
            as_brought = _as_brought(stand.get(row.before["seat"]), row) and member.phone == phone
            reason = used.get(member.id) or ("" if as_brought and seated[member.id] == 1 else "changed")
        else:
            reason = "" if _as_changed(member, stand.get(row.before["now"]["seat"]), row.before) else "changed"
        since = row.id in later or row.subject_id in touched or member.discarded_at is not None
        if reason := reason or ("changed" if since else ""):
            reasons[row.id] = reason
    back = [row for row in rows if row.id not in reasons]
    await _unseat(session, [row for row in back if row.deed == RowDeed.ADDED])
    for row in (row for row in back if row.deed == RowDeed.UPDATED):
        await _restore(session, row)
    return reasons


async def _used(session: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    """Members who were invited, or for whom something was recorded."""
    used: dict[int, str] = {}
    named: Iterable[tuple[Column, str]] = (
        (VISITS.c.author_id, "recorded"),
        (VISITS.c.done_by_id, "recorded"),
        (DEVICES.c.member_id, "joined"),
        (ENROLMENTS.c.member_id, "joined"),
    )
    for column, reason in named:
        for member in (await session.execute(select(column).where(column.in_(ids)).distinct())).scalars():
            used.setdefault(member, reason)
    return used


def _as_brought(seat: Any, row: Any) -> bool:
    """None is a seat that went with its team."""
    if seat is None:
        return False
    there = (seat.valid_to, seat.role, seat.position or "")
    return there == (_read_until(row.before), row.before["role"], row.given.get("position", ""))


def _as_changed(member: Any, seat: Any, before: dict[str, Any]) -> bool:
    if seat is None:
        return False
    there = {"phone": member.phone, "position": seat.position, "role": seat.role, "seat": seat.id}
    return there == before["now"] and seat.valid_to == _read_until(before)


async def _unseat(session: AsyncSession, rows: Sequence[Any]) -> None:
    """Their seats end before they began, so that nothing is judged by them."""
    if not rows:
        return
    seats = [row.before["seat"] for row in rows]
    first = (await session.execute(select(SEATS.c.valid_from).where(SEATS.c.id.in_(seats)).limit(1))).scalar_one()
    await session.execute(update(SEATS).where(SEATS.c.id.in_(seats)).values(valid_to=first - DAY))
    people = MEMBERS.c.id.in_([int(row.subject_id) for row in rows])
    await session.execute(update(MEMBERS).where(people).values(discarded_at=utc_now()))


async def _restore(session: AsyncSession, row: Any) -> None:
    was, now = row.before, row.before["now"]
    await session.execute(update(MEMBERS).where(MEMBERS.c.id == int(row.subject_id)).values(phone=was["phone"]))
    if now["seat"] != was["seat"]:
        begun = (await session.execute(select(SEATS.c.valid_from).where(SEATS.c.id == now["seat"]))).scalar_one()
        await session.execute(update(SEATS).where(SEATS.c.id == now["seat"]).values(valid_to=begun - DAY))
        await session.execute(update(SEATS).where(SEATS.c.id == was["seat"]).values(valid_to=_read_until(was)))
    values = {"role": was["role"], "position": was["position"]}
    await session.execute(update(SEATS).where(SEATS.c.id == was["seat"]).values(values))
