"""Where one history happens: a commune of its own with two villages, teams, people with phones, households, cards.

Histories share a database and never meet in it. What an officer does to the place while phones are away (a member
moves, a village is merged, a session ends) stands here too, and is done again after a restore.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.domain.card_code import card_address, code_hash, make_code, make_short_code
from fieldapp.domain.unit_change import RenameForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import held, sessions, unit_changes
from fieldapp.services.scopes import raise_villages
from models.account import Account, Role
from models.base import utc_now
from models.device import Device
from models.held import HeldReason, HeldRecord
from models.household import BatchKind, CardBatch, CardState, Household, HouseholdCard
from models.member import Member
from models.session import Session, SessionState
from models.team import Seat, SeatRole, Team, TeamLevel, TeamVillage
from models.unit import Division, Unit, UnitKind
from tests.build import SINCE

HOUSEHOLDS, SEATS, CARDS = Household.__table__, Seat.__table__, HouseholdCard.__table__
SESSIONS, HELD = Session.__table__, HeldRecord.__table__
PHONES = {"lan": "lan", "lan2": "lan", "viet": "viet", "binh": "binh", "duc": "duc"}
"""Whose each phone is: Lan has two."""

ROLES = {
    "lan": (0, SeatRole.MEMBER),
    "viet": (0, SeatRole.MEMBER),
    "binh": (0, SeatRole.LEADER),
    "duc": (1, SeatRole.LEADER),
}
_numbers = count(1)


@dataclass
class Place:
    commune: int
    villages: list[int]
    teams: list[int]
    members: dict[str, int]
    tokens: dict[str, str]
    devices: dict[str, UUID]
    cards: list[str]
    """What a camera reads on the anonymous cards of the first village."""
    officer: Principal
    all_villages: list[int] = field(default_factory=list)
    deeds: list[tuple[str, tuple]] = field(default_factory=list)

    async def do(self, session: AsyncSession, deed: str, *given: object) -> None:
        """An officer's deed, noted so that it can be done again after a restore."""
        self.deeds.append((deed, given))
        await getattr(self, f"_{deed}")(session, *given)

    async def do_again(self, session: AsyncSession, since: int) -> None:
        for deed, given in self.deeds[since:]:
            await getattr(self, f"_{deed}")(session, *given)

    async def _move(self, session: AsyncSession, who: str, day: date) -> None:
        """The seat ended the day before; from this day on there is one in the other village's team."""
        member = self.members[who]
        ended = (SEATS.c.member_id == member, SEATS.c.valid_to.is_(None))
        rows = (await session.execute(select(SEATS).where(*ended))).all()
        await session.execute(update(SEATS).where(*ended).values(valid_to=day - timedelta(days=1)))
        for row in rows:
            other = self.teams[1 - self.teams.index(row.team_id)]
            session.add(Seat(team_id=other, member_id=member, role=row.role, valid_from=day))
        await session.flush()

    async def _merge(self, session: AsyncSession, day: date) -> None:
        """The second village ended the day before; it and its households went to a new one, served by its team."""
        old = self.villages[1]
        form = RenameForm(village=old, name="Thôn Hòa Hợp", division=Division.THON, on=day)
        new = await unit_changes.rename(session, self.officer, form)
        assert new.id is not None
        self.villages[1] = new.id
        self.all_villages.append(new.id)

    async def sort(self, session: AsyncSession, accept: bool) -> None:
        """The officer takes in or gives back every record of the commune that is held and is theirs to sort."""
        theirs = (HELD.c.commune_id == self.commune, HELD.c.sorted_at.is_(None), HELD.c.reason.in_(held.OFFICER_SORTS))
        for row in (await session.execute(select(HELD).where(*theirs).order_by(HELD.c.record_id))).all():
            pair = (row.author_id, row.village_id)
            teams = (await held.list_choices(session, [pair])).get(pair, [])
            unclear = row.reason == HeldReason.SEAT_UNCLEAR
            with suppress(Problem):
                if accept and (teams or not unclear):
                    await held.accept(session, self.officer, row.record_id, teams[0].team_id if unclear else None)
                else:
                    await held.refuse(session, self.officer, row.record_id, "Không rõ")

    async def _end_session(self, session: AsyncSession, phone: str, state: SessionState) -> None:
        ended = {"state": state, "ended_at": utc_now()}
        await session.execute(update(SESSIONS).where(SESSIONS.c.device_id == self.devices[phone]).values(**ended))

    async def join_again(self, session: AsyncSession, phone: str) -> str:
        """A new session for the same member on the same phone; the cookie that goes with it."""
        member, device = self.members[PHONES[phone]], self.devices[phone]
        if await session.get(Device, device) is None:
            session.add(Device(id=device, member_id=member, label="Android"))
            await session.flush()
        token = (await sessions.open_session(session, member_id=member, device_id=device))[1]
        self.tokens[phone] = token
        return token


async def settle(session: AsyncSession, province: int) -> Place:
    number = next(_numbers)
    commune = await _unit(session, UnitKind.COMMUNE, f"9{number:05}", province)
    villages = [await _unit(session, UnitKind.VILLAGE, f"9{number:05}{n:03}", commune) for n in (1, 2)]
    teams = []
    for village in villages:
        team = Team(name="Tổ", key="to", level=TeamLevel.VILLAGE, commune_id=commune, valid_from=SINCE)
        session.add(team)
        await session.flush()
        assert team.id is not None
        session.add(TeamVillage(team_id=team.id, village_id=village, valid_from=SINCE))
        teams.append(team.id)
    members = {name: Member(full_name=name, key=name) for name in ROLES}
    session.add_all(members.values())
    await session.flush()
    ids = {name: row.id or 0 for name, row in members.items()}
    for name, (team, role) in ROLES.items():
        session.add(Seat(team_id=teams[team], member_id=ids[name], role=role, valid_from=SINCE))
    devices = {phone: uuid7() for phone in PHONES}
    session.add_all(Device(id=devices[phone], member_id=ids[who], label="Android") for phone, who in PHONES.items())
    await session.flush()
    account = Account(
        username=f"o{number}", full_name="Phạm Văn Thành", password_hash="-", role=Role.COMMUNE_OFFICER, unit_id=commune
    )  # fmt: skip
    session.add(account)
    await session.flush()
    officer = Principal(Role.COMMUNE_OFFICER, "", account_id=account.id, commune_id=commune)
    homes = await _homes(session, villages)
    place = Place(commune, villages, teams, ids, {}, devices, homes, officer, list(villages))
    for phone in PHONES:
        await place.join_again(session, phone)
    return place


async def _unit(session: AsyncSession, kind: UnitKind, code: str, parent: int) -> int:
    division = Division.XA if kind == UnitKind.COMMUNE else Division.THON
    row = Unit(code=code, kind=kind, division=division, name=code, key=code, parent_id=parent, valid_from=SINCE)
    session.add(row)
    await session.flush()
    assert row.id is not None
    return row.id


async def _homes(session: AsyncSession, villages: list[int]) -> list[str]:
    versions = await raise_villages(session, villages)
    homes = [(village, str(n)) for village, most in zip(villages, (3, 2), strict=True) for n in range(1, most + 1)]
    rows = [
        {"id": uuid7(), "village_id": v, "number": n, "key": n, "scope_version": versions[v]} for v, n in homes
    ]  # fmt: skip
    await session.execute(insert(HOUSEHOLDS), rows)
    batch = CardBatch(village_id=villages[0], kind=BatchKind.ANONYMOUS, size=2)
    session.add(batch)
    await session.flush()
    codes = [make_code() for _ in range(2)]
    cards = [
        {
            "batch_id": batch.id, "village_id": villages[0], "code_hash": code_hash(code),
            "short_code": make_short_code(), "state": CardState.PRINTED, "scope_version": versions[villages[0]],
        }
        for code in codes
    ]  # fmt: skip
    await session.execute(insert(CARDS), cards)
    return [card_address("toso.example.vn", code) for code in codes]


def days_ago(days: int) -> date:
    return vn_day(utc_now()) - timedelta(days=days)
