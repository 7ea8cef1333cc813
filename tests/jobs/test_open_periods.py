"""The clock of reports: each period is opened once, each village reminded once, whatever the number of workers."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.vn_time import VIETNAM
from fieldapp.jobs import open_periods
from fieldapp.services import leases, notices, periods, report_reminders, sessions
from fieldapp.services.indicators import load_indicators
from models.member import Member
from models.notice import Notice
from models.period import MonthStyle, Period, ReportKind
from models.period_report import ReminderKind, ReportReminder
from models.push_subscription import PushSubscription
from models.team import SeatRole
from models.unit import Unit
from tests import build
from tests.build import World

PERIODS, REMINDERS, NOTICES = Period.__table__, ReportReminder.__table__, Notice.__table__
LAST, DUE = date(2026, 11, 14), date(2026, 11, 17)
SOON, LATE = DUE - timedelta(days=1), DUE + timedelta(days=1)
OPENED = 1
"""The month of figures in which all of these days lie."""


def at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), VIETNAM)


@pytest.fixture
async def world(db: Database, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("FIELDAPP_NOTICE_CONTACT", "mailto:toso@example.vn")
    settings.cache_clear()
    made = await build.world(db)
    async with db.write() as session:
        await load_indicators(session)
        session.add(period(made.province))
    return made


@pytest.fixture
async def elsewhere(db: Database, world: World) -> Unit:
    """A second commune, whose one village has a leader."""
    commune = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    village = await build.village(db, commune, code="21175001", name="Thôn Bắc")
    await build.member(db, await build.team(db, commune, village), "Hồ Thị Na", SeatRole.LEADER)
    return commune


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Whoever was told, once for each time."""
    members: list[int] = []
    note = notices.note_reports

    async def counted(session: Any, given: Iterable[int]) -> None:
        members.extend(given)
        await note(session, given)

    monkeypatch.setattr(notices, "note_reports", counted)
    return members


def period(unit: Unit, **given: Any) -> Period:
    default = {"kind": ReportKind.MONTH, "month_style": MonthStyle.DATA, "unit_id": unit.id}
    days = {"first_day": date(2026, 10, 15), "last_day": LAST, "village_due_on": DUE}
    return Period(**(default | days | {"commune_due_on": DUE, "province_due_on": DUE} | given))


async def phone_of(db: Database, who: Member) -> None:
    token = await build.sign_in(db, who)
    async with db.write() as session:
        opened = await sessions.find_by_token(session, token)
        assert opened is not None
        keys = {"endpoint": f"https://push.example.vn/{who.id}", "p256dh": "x", "auth": "x", "locale": "vi"}
        session.add(PushSubscription(id=opened.id, session_id=opened.id, member_id=who.id, **keys))


async def reminded(db: Database) -> list[tuple[int, str, date]]:
    query = select(REMINDERS.c.unit_id, REMINDERS.c.kind, REMINDERS.c.day)
    async with db.read() as session:
        return sorted(tuple(row) for row in await session.execute(query))


async def count(db: Database, table: Any, *where: Any) -> int:
    async with db.read() as session:
        return (await session.execute(select(func.count()).select_from(table).where(*where))).scalar_one()


async def run(day: date, hour: int = 10) -> tuple[int, int]:
    return await open_periods.open_in_turn(leases.new_holder(), at(day, hour))


async def test_two_workers_open_and_remind_once(
    db: Database, world: World, elsewhere: Unit, told: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the lease that keeps them apart has run out: each on connections of its own."""
    await phone_of(db, world.leader)
    mine: ContextVar[Database] = ContextVar("mine")

    @asynccontextmanager
    async def always(*_: Any) -> AsyncIterator[bool]:
        yield True

    monkeypatch.setattr(open_periods, "turn", always)
    monkeypatch.setattr(open_periods, "database", mine.get)
    # On SQLite the writers of one process queue for one connection, so there they are two sessions.
    bases = [db, db if db.is_sqlite else Database(db.url)]
    together = asyncio.Barrier(2)

    async def work(base: Database) -> tuple[int, int]:
        mine.set(base)
        await together.wait()
        return await run(SOON)

    answers = await asyncio.gather(*(work(base) for base in bases))
    assert [sum(numbers) for numbers in zip(*answers, strict=True)] == [OPENED, 3]
    assert await count(db, PERIODS) == 1 + OPENED
    assert len(await reminded(db)) == 3
    assert len(told) == len(set(told)) == 4, "two leaders and a deputy of two villages, and the leader elsewhere"
    assert await count(db, NOTICES, NOTICES.c.kind == "report") == 1
    if bases[1] is not db:
        await bases[1].close()


async def test_of_two_workers_one_takes_its_turn(db: Database, world: World) -> None:
    answers = await asyncio.gather(*(run(SOON) for _ in range(4)))
    assert [sum(numbers) for numbers in zip(*answers, strict=True)] == [OPENED, 2]


async def test_reminders_go_out_on_their_days_and_not_by_night(db: Database, world: World, told: list[int]) -> None:
    for day, hour, expected in (
        (SOON - timedelta(days=1), 10, 0),
        (SOON, 3, 0),
        (SOON, 23, 0),
        (SOON, 6, 2),
        (SOON, 18, 0),
        (DUE, 10, 0),
        (LATE, 4, 0),
        (LATE, 10, 2),
        (LATE, 11, 0),
        (LATE + timedelta(days=1), 10, 0),
    ):
        assert (await run(day, hour))[1] == expected, (day, hour)
    units = world.village.id, world.next_village.id
    kinds = ReminderKind.LATE, ReminderKind.SOON
    assert await reminded(db) == [(unit, str(kind), DUE) for unit in units for kind in kinds]
    assert len(told) == 6


async def test_who_was_not_reminded_for_the_server_was_off_is_reminded_when_it_is_back(
    db: Database, world: World, told: list[int]
) -> None:
    days = (DUE, 2), (DUE + timedelta(days=3), 2), (DUE + timedelta(days=4), 0)
    assert [(await run(day))[1] for day, _ in days] == [expected for _, expected in days]
    assert len(told) == 6


async def test_a_run_that_was_cut_does_nothing_twice(
    db: Database, world: World, elsewhere: Unit, told: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    note = report_reminders.note_due

    async def cut(session: Any, one: Any, now: datetime) -> Any:
        found = await note(session, one, now)
        if one.commune_id == elsewhere.id:
            raise ConnectionError
        return found

    with monkeypatch.context() as patch:
        patch.setattr(report_reminders, "note_due", cut)
        with pytest.raises(ConnectionError):
            await run(SOON)
    assert (len(await reminded(db)), await count(db, PERIODS)) == (2, 1 + OPENED)
    assert await run(SOON) == (0, 1)
    assert (len(await reminded(db)), len(told)) == (3, 4)


async def test_a_pause_moves_reminders_and_what_a_commune_asks_for_is_reminded_of_there(
    db: Database, world: World, elsewhere: Unit
) -> None:
    officer = await build.principal(db, world.province_officer)
    form = periods.PauseForm(first_day=LAST + timedelta(days=1), last_day=DUE, reason="Bão số 9")
    async with db.write() as session:
        await periods.pause(session, officer, world.commune.id or 0, form)
    assert (await run(SOON))[1] == 1, "only where no storm is"
    async with db.write() as session:
        asked = {"kind": ReportKind.AD_HOC, "title": "Sau bão", "last_day": LATE, "village_due_on": LATE}
        session.add(period(elsewhere, **asked))
    assert (await run(DUE))[1] == 1, "one that is due on its last day too"
    async with db.read() as session:
        [own] = (await session.execute(select(Period).where(PERIODS.c.title == "Sau bão"))).scalars()
    assert await count(db, REMINDERS, REMINDERS.c.period_id == own.id) == 1
