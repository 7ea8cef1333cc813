"""Who did what, when, to what and from where: a page at a time, newest first, with what was changed.

Details are shown by a list of what may be: what a deed wrote down besides stays in the record. What tells of residents
or their village's work is the commune's alone.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.audited import known
from fieldapp.permissions import Action, Principal, Reach, reach_of, require
from fieldapp.reports.audit_filter import ACCOUNTS, EVENTS, MEMBERS, UNITS, AuditFilter, conditions, in_days
from models.account import Role
from models.device import Device
from models.platform import Platform

DEVICES, PLATFORMS = Device.__table__, Platform.__table__
PAGE, MOST = 50, 10_000
"""Rows of a page, and how many are counted and exported at most: who needs more asks for fewer days."""

SHOWN = {
    "username": "",
    "full_name": "",
    "role": "role",
    "unit_id": "unit",
    "provider_name": "",
    "first": "",
    "last": "",
    "state": "audit.state",
    "way": "audit.way",
    "sessions": "",
    "size": "",
    "batch": "audit.batch",
    "asks": "audit.asks",
    "records": "",
    "known": "",
    "households": "",
    "look": "",
    "photos": "",
    "photos_left": "",
    "deed": "event",
    "unit": "unit",
}
"""Details that are shown, and what the words of their values begin with; a unit's value is its name."""

SHOWN_TO_COMMUNE = SHOWN | {"title": "", "query": "", "result": "audit.result", "village": "unit"}
ABOUT = (
    "account", "activity", "announcement", "api_token", "bundle", "calendar_day", "card_batch", "class", "columns",
    "contact", "data_request", "decision", "device", "difficulty", "household", "incident", "indicator", "log",
    "material", "member", "narration", "partner", "period", "period_pause", "period_report", "period_rule", "platform",
    "record", "register", "roster_import", "session", "shared_link", "target", "task", "team", "template", "unit",
    "visit", "webhook",
)  # fmt: skip
"""What a deed may be about; each has words of its own (`audit.about.*`)."""


@dataclass(frozen=True)
class Detail:
    """`before` is what it was, where it was changed; with `words` both are codes of the catalogue."""

    name: str
    value: str
    before: str = ""
    words: str = ""


@dataclass(frozen=True)
class AuditRow:
    """`by` is empty for what was done without a session: by the server, or by whoever was at the door."""

    id: int
    at: datetime
    by: str
    username: str
    role: str
    deed: str
    about: str
    subject: str
    unit: str
    network: str
    details: Sequence[Detail]


@dataclass(frozen=True)
class AuditPage:
    """`total` counts no further than `MOST`."""

    rows: Sequence[AuditRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


async def list_audit(session: AsyncSession, who: Principal, asked: AuditFilter) -> AuditPage:
    """A page past the end gives the last one. Raises `forbidden`, `not_found`."""
    where = await conditions(session, who, asked)
    some = select(EVENTS.c.id).where(*where).limit(MOST).subquery()
    total = (await session.execute(select(func.count()).select_from(some))).scalar_one()
    page = min(asked.page, max(0, -(-total // PAGE) - 1))
    found = (await session.execute(_query().where(*where).limit(PAGE).offset(page * PAGE))).all()
    return AuditPage(await _rows(session, who, found), total, page)


async def every_deed(
    session: AsyncSession, who: Principal, asked: AuditFilter, size: int = 1000
) -> AsyncIterator[Sequence[AuditRow]]:
    """What the page shows, all pages of it, in parts; no more than `MOST` rows."""
    where = await conditions(session, who, asked)
    last, left = None, MOST
    while left > 0:
        older = [] if last is None else [EVENTS.c.id < last]
        found = (await session.execute(_query().where(*where, *older).limit(min(size, left)))).all()
        if not found:
            return
        yield await _rows(session, who, found)
        last, left = found[-1].id, left - len(found)


async def count_deeds(session: AsyncSession, who: Principal, asked: AuditFilter) -> list[tuple[str, int]]:
    """How often each deed was done in the whole province, whoever did it, the most frequent first."""
    require(who, Action.READ_AUDIT)
    if reach_of(who, Action.READ_AUDIT) is not Reach.PROVINCE:
        return []
    query = select(EVENTS.c.action, func.count()).where(*in_days(asked)).group_by(EVENTS.c.action)
    counts: dict[str, int] = {}
    for action, number in await session.execute(query):
        counts[known(action)] = counts.get(known(action), 0) + number
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _query() -> Select:
    return (
        select(
            EVENTS,
            ACCOUNTS.c.full_name.label("officer"),
            ACCOUNTS.c.username,
            ACCOUNTS.c.role,
            MEMBERS.c.full_name.label("member"),
            UNITS.c.name.label("unit"),
        )
        .outerjoin(ACCOUNTS, ACCOUNTS.c.id == EVENTS.c.account_id)
        .outerjoin(MEMBERS, MEMBERS.c.id == EVENTS.c.member_id)
        .outerjoin(UNITS, UNITS.c.id == EVENTS.c.unit_id)
        .order_by(EVENTS.c.id.desc())
    )


async def _rows(session: AsyncSession, who: Principal, found: Sequence[Any]) -> list[AuditRow]:
    shown = SHOWN_TO_COMMUNE if reach_of(who, Action.READ_AUDIT) is Reach.COMMUNE else SHOWN
    names = await _names(session, found)
    units = await _unit_names(session, [detail for row in found for detail in _units_in(row.detail)])
    return [
        AuditRow(
            row.id,
            row.at,
            row.officer or row.member or "",
            row.username or "",
            row.role or (Role.MEMBER if row.member else ""),
            known(row.action),
            row.subject_kind if row.subject_kind in ABOUT else "record",
            names.get((row.subject_kind, row.subject_id), ""),
            row.unit or "",
            row.network or "",
            _details(row.detail, shown, units),
        )
        for row in found
    ]


def _details(detail: dict[str, Any], shown: dict[str, str], units: dict[int, str]) -> list[Detail]:
    old, new = detail.get("old", {}), detail.get("new", {})

    def one(name: str, value: Any, before: Any = "") -> Detail:
        words = shown[name]
        if words == "unit":
            return Detail(name, units.get(_key(value), ""), units.get(_key(before), ""))
        return Detail(name, _told(value), _told(before), words)

    changed = [one(name, new.get(name), old.get(name)) for name in old if name in shown]
    return changed + [one(name, value) for name, value in detail.items() if name in shown]


def _told(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _units_in(detail: dict[str, Any]) -> Iterable[int]:
    for part in (detail, detail.get("old", {}), detail.get("new", {})):
        for name in (name for name, words in SHOWN_TO_COMMUNE.items() if words == "unit"):
            if _key(part.get(name)):
                yield _key(part[name])


def _key(value: Any) -> int:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 10 else 0


async def _unit_names(session: AsyncSession, ids: Iterable[int]) -> dict[int, str]:
    rows = await session.execute(select(UNITS.c.id, UNITS.c.name).where(UNITS.c.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


async def _names(session: AsyncSession, found: Sequence[Any]) -> dict[tuple[str, str], str]:
    """What the subjects are called, where that says nothing of a resident."""

    def of(kind: str) -> list[str]:
        return [row.subject_id for row in found if row.subject_kind == kind]

    people = {"account": ACCOUNTS, "member": MEMBERS, "unit": UNITS}
    names: dict[tuple[str, str], str] = {}
    for kind, table in people.items():
        name = table.c.name if kind == "unit" else table.c.full_name
        query = select(table.c.id, name).where(table.c.id.in_({_key(i) for i in of(kind)}))
        names |= {(kind, str(row[0])): row[1] for row in await session.execute(query)}
    codes = select(PLATFORMS.c.code, PLATFORMS.c.short_vi).where(PLATFORMS.c.code.in_(of("platform")))
    names |= {("platform", row.code): row.short_vi for row in await session.execute(codes)}
    phones = select(DEVICES.c.id, DEVICES.c.label, MEMBERS.c.full_name).where(DEVICES.c.id.in_(_uuids(of("device"))))
    for row in await session.execute(phones.join(MEMBERS, MEMBERS.c.id == DEVICES.c.member_id)):
        names["device", str(row.id)] = f"{row.full_name}, {row.label}"
    return names


def _uuids(texts: Iterable[str]) -> list[UUID]:
    return [UUID(text) for text in texts]
