"""Builds what tests need to stand on: units, teams, people, households, cards, and the records of a phone.

Builders write to the database and give the rows; those without a `db` only make payloads. Names given to a builder
replace its defaults: `await build.household(db, village, number="7", head_name=None)`.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import httpx
from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.api.identity import SLOT_HEADER, cookie_name
from fieldapp.db import Database
from fieldapp.domain.card_code import card_address, code_hash, make_code, make_short_code
from fieldapp.domain.search_key import fold
from fieldapp.permissions import Principal
from fieldapp.services import push, sessions
from fieldapp.services.indicators import load_indicators
from fieldapp.services.scopes import PROVINCE, raise_versions, raise_villages
from models.account import Account, Role
from models.device import Device
from models.household import BatchKind, CardBatch, CardState, Household, HouseholdCard
from models.member import Member
from models.partner import Partner, PartnerCommune, PartnerKind, PartnerPlatform
from models.platform import Pillar, Platform
from models.team import Seat, SeatRole, Team, TeamLevel, TeamVillage
from models.unit import Division, Unit, UnitKind

Row = TypeVar("Row")
SINCE = date(2025, 7, 1)
PASSWORD = "a password that is long enough"
_PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Of PASSWORD, with the weakest parameters: no test waits for a hash that nobody attacks."""


async def _save(db: Database, row: Row) -> Row:
    async with db.write() as session:
        session.add(row)
    return row


async def _unit(db: Database, kind: UnitKind, parent: Unit | None, given: dict[str, Any]) -> Unit:
    values = {"kind": kind, "valid_from": SINCE, "parent_id": parent.id if parent else None} | given
    return await _save(db, Unit(**values, key=fold(values["name"])))


async def province(db: Database, **given: Any) -> Unit:
    default = {"code": "51", "name": "Quảng Ngãi", "division": Division.TINH}
    return await _unit(db, UnitKind.PROVINCE, None, default | given)


async def commune(db: Database, province: Unit, **given: Any) -> Unit:
    default = {"code": "21172", "name": "Sơn Tịnh", "division": Division.XA, "contact": "0255 000 000"}
    return await _unit(db, UnitKind.COMMUNE, province, default | given)


async def village(db: Database, commune: Unit, **given: Any) -> Unit:
    default = {"code": "21172001", "name": "Thôn Đông Hòa", "division": Division.THON}
    return await _unit(db, UnitKind.VILLAGE, commune, default | given)


async def team(db: Database, commune: Unit, *villages: Unit, **given: Any) -> Team:
    """A village team that serves these villages, or with none of them the commune's own team."""
    name = f"Tổ công nghệ số cộng đồng {(villages or (commune,))[0].name}"
    level = TeamLevel.VILLAGE if villages else TeamLevel.COMMUNE
    values = {"name": name, "level": level, "commune_id": commune.id, "valid_from": SINCE} | given
    row = await _save(db, Team(**values, key=fold(values["name"])))
    for served in villages:
        await _save(db, TeamVillage(team_id=row.id, village_id=served.id, valid_from=row.valid_from))
    return row


async def member(
    db: Database, team: Team | None, name: str = "Đinh Thị Lan", role: SeatRole = SeatRole.MEMBER, **given: Any
) -> Member:
    """A member with a seat in the team; names given replace those of the seat (`valid_to`, `position`)."""
    row = await _save(db, Member(full_name=name, key=fold(name)))
    if team is not None:
        await _save(db, Seat(**({"team_id": team.id, "member_id": row.id, "role": role, "valid_from": SINCE} | given)))
    return row


async def account(db: Database, unit: Unit, role: Role, **given: Any) -> Account:
    """An officer's account whose password is PASSWORD."""
    default = {"username": f"{role}.{unit.code}", "full_name": "Phạm Văn Thành", "password_hash": _PASSWORD_HASH}
    return await _save(db, Account(**(default | {"role": role, "unit_id": unit.id} | given)))


async def partner(db: Database, *communes: Unit, supports: Sequence[str] = ("VNEID",), **given: Any) -> Partner:
    """A company that works in these communes, or with none of them in all."""
    default = {"name": "Công ty viễn thông", "kind": PartnerKind.TELECOM, "active_from": SINCE}
    values = default | {"everywhere": not communes} | given
    row = await _save(db, Partner(**values, key=fold(values["name"])))
    async with db.write() as session:
        session.add_all(PartnerCommune(partner_id=row.id, commune_id=unit.id) for unit in communes)
        session.add_all(PartnerPlatform(partner_id=row.id, platform_code=code) for code in supports)
    return row


async def platform(db: Database, code: str, position: int = 1, **given: Any) -> Platform:
    names = dict.fromkeys(("name_vi", "name_en", "short_vi", "short_en"), code)
    default = {"code": code, "position": position, "pillar": Pillar.GOVERNMENT, "icon": "globe", **names}
    async with db.write() as session:
        version = (await raise_versions(session, [PROVINCE]))[PROVINCE]
        row = Platform(**({"scope_version": version} | default | given))
        session.add(row)
    return row


async def household(db: Database, village: Unit, number: str = "1", **given: Any) -> Household:
    default = {"id": uuid7(), "village_id": village.id, "number": number, "head_name": f"Nguyễn Văn {number}"}
    values = default | given
    async with db.write() as session:
        version = (await raise_villages(session, [village.id]))[village.id]
        row = Household(**values, key=fold(f"{number} {values['head_name'] or ''}"), scope_version=version)
        session.add(row)
    return row


@dataclass(frozen=True)
class PaperCard:
    """A card as a resident holds it."""

    id: int
    code: str
    short_code: str

    @property
    def address(self) -> str:
        """What a camera reads."""
        return card_address("toso.example.vn", self.code)


async def card(db: Database, village: Unit, household: Household | None = None, **given: Any) -> PaperCard:
    """A card bound to the household, or an anonymous one that waits for its first scan."""
    code, short_code = make_code(), make_short_code()
    kind = BatchKind.KNOWN if household else BatchKind.ANONYMOUS
    batch = await _save(db, CardBatch(village_id=village.id, kind=kind, size=1))
    default = {
        "batch_id": batch.id,
        "village_id": village.id,
        "code_hash": code_hash(code),
        "short_code": short_code,
        "state": CardState.BOUND if household else CardState.PRINTED,
        "household_id": household.id if household else None,
    }
    async with db.write() as session:
        version = (await raise_villages(session, [village.id]))[village.id]
        row = HouseholdCard(**({"scope_version": version} | default | given))
        session.add(row)
    return PaperCard(row.id, code, short_code)


@dataclass(frozen=True)
class World:
    """A commune of two villages. All who have no `next_` before their name belong to the first."""

    province: Unit
    commune: Unit
    village: Unit
    next_village: Unit
    team: Team
    next_team: Team
    leader: Member
    deputy: Member
    member: Member
    second_member: Member
    next_leader: Member
    households: Sequence[Household]
    commune_officer: Account
    province_officer: Account


class _Together(Database):
    """Builds within one transaction: thirty of them would take longer than most tests."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        yield self._session
        await self._session.flush()


async def world(db: Database) -> World:
    """The usual stage of a test: 12 households in the first village, none in the next; VNEID, DVC and SSK."""
    async with db.write() as session:
        return await _world(_Together(session))


async def _world(db: Database) -> World:
    for position, code in enumerate(("VNEID", "DVC", "SSK"), 1):
        await platform(db, code, position)
    top = await province(db)
    middle = await commune(db, top)
    first = await village(db, middle)
    second = await village(db, middle, code="21172002", name="Thôn Tây Hòa")
    first_team, second_team = await team(db, middle, first), await team(db, middle, second)
    return World(
        province=top,
        commune=middle,
        village=first,
        next_village=second,
        team=first_team,
        next_team=second_team,
        leader=await member(db, first_team, "Trần Văn Bình", SeatRole.LEADER),
        deputy=await member(db, first_team, "Lê Thị Hoa", SeatRole.DEPUTY),
        member=await member(db, first_team, "Đinh Thị Lan"),
        second_member=await member(db, first_team, "Phạm Quốc Việt"),
        next_leader=await member(db, second_team, "Hồ Văn Đức", SeatRole.LEADER),
        households=[await household(db, first, str(number)) for number in range(1, 13)],
        commune_officer=await account(db, middle, Role.COMMUNE_OFFICER),
        province_officer=await account(db, top, Role.PROVINCE_OFFICER),
    )


async def reporting_world(db: Database) -> World:
    """As `world`, with the indicators that reports have."""
    made = await world(db)
    async with db.write() as session:
        await load_indicators(session)
    return made


async def sign_in(db: Database, who: Member | Account) -> str:
    """Opens a session, for a member on a new phone, and gives the cookie's secret."""
    async with db.write() as session:
        if isinstance(who, Account):
            return (await sessions.open_session(session, account_id=who.id))[1]
        phone = Device(id=uuid7(), member_id=who.id, label="Android")
        session.add(phone)
        await session.flush()
        return (await sessions.open_session(session, member_id=who.id, device_id=phone.id))[1]


async def enter(client: httpx.AsyncClient, db: Database, who: Member | Account) -> httpx.AsyncClient:
    """Signs somebody in on this browser: a member in slot p0, an officer at the desk."""
    slot = "desk" if isinstance(who, Account) else "p0"
    client.headers[SLOT_HEADER] = slot
    client.cookies.set(cookie_name(slot), await sign_in(db, who))
    return client


async def principal(db: Database, who: Member | Account) -> Principal:
    """Who somebody is to a service, as a session of theirs says."""
    token = await sign_in(db, who)
    async with db.read() as session:
        return await sessions.principal_of(session, await sessions.find_by_token(session, token))


def millis(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def record(kind: str, author: Member, payload: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A record as a phone makes it, a minute ago by a clock that is right."""
    made_at = millis(datetime.now(UTC) - timedelta(minutes=1))
    envelope = {"id": str(uuid7()), "kind": kind, "schema": 1, "author": author.id, "made_at": made_at}
    return envelope | {"payload": payload} | given


def visit_payload(household: Household, *platforms: str, result: str = "installed", **given: Any) -> dict[str, Any]:
    """A visit to this household, at home, to one person, with the same result for each platform (VNEID alone)."""
    outcomes = [{"platform": code, "result": result} for code in platforms or ("VNEID",)]
    default = {"household": str(household.id), "mode": "home", "beneficiary": "person", "people": 1}
    return default | {"identified_by": "list", "outcomes": outcomes} | given


def visit(author: Member, household: Household, *platforms: str, **given: Any) -> dict[str, Any]:
    """The `visit.create` of `visit_payload`; `id`, `made_at` and `replaces` go to the record, the rest to the visit."""
    outer = {name: given.pop(name) for name in ("id", "made_at", "replaces") if name in given}
    kind = "visit.replace" if "replaces" in outer else "visit.create"
    return record(kind, author, visit_payload(household, *platforms, **given), **outer)


def decision(author: Member, *visit_ids: str | UUID, verdict: str = "approve", **given: Any) -> dict[str, Any]:
    """A `review.decide` over these visits; a send-back has the reason `wrong_result` unless another is given."""
    payload: dict[str, Any] = {"visits": [{"visit": str(i), "flags": []} for i in visit_ids], "verdict": verdict}
    reason = {} if verdict == "approve" else {"reason_code": "wrong_result"}
    return record("review.decide", author, payload | reason | given)


def push_body(*records: dict[str, Any]) -> dict[str, Any]:
    """What a phone posts to /api/v1/sync/push."""
    return {"records": list(records), "device_time": millis(datetime.now(UTC)), "app_version": "test"}


async def send(db: Database, who: Member, *records: dict[str, Any]) -> list[dict[str, Any]]:
    """Pushes records as this member in one transaction, past the API; gives the answers in order."""
    sender = await principal(db, who)
    async with db.write() as session:
        return await push.receive(session, sender, None, datetime.now(UTC), list(records))
