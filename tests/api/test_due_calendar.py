"""Deadlines in an officer's own calendar: whose, how they move, and when the address opens nothing any more."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from fieldapp.db import Database
from fieldapp.pages.desk.periods import PeriodsState
from fieldapp.services import periods
from models.account import Account, Role
from models.base import utc_now
from tests import build
from tests.build import World
from tests.domain.test_ical import unfolded
from tests.pages.test_desk import enter
from tests.services.test_period_reports import TODAY, opened

PATH = "/api/v1/calendar"


@pytest.fixture
async def world(db: Database) -> World:
    return await build.world(db)


async def address(client: httpx.AsyncClient, db: Database, who: Account) -> str:
    """A new address of this officer's; nobody is signed in any more then."""
    await build.enter(client, db, who)
    answer = await client.post(PATH)
    assert answer.status_code == 200, answer.text
    client.cookies.clear()
    return answer.json()["secret"]


async def lines(client: httpx.AsyncClient, address: str) -> list[str]:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return unfolded(answer.content)


async def test_an_officer_has_the_deadlines_of_the_own_unit_and_pauses_move_them(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    monday = TODAY + timedelta(days=14 - TODAY.weekday())
    days = {"village_due_on": monday + timedelta(days=1), "commune_due_on": monday + timedelta(days=3)}
    made_at = utc_now() - timedelta(days=9)
    period = await opened(db, world, last_day=monday - timedelta(days=1), made_at=made_at, **days)
    mine = await address(client, db, world.commune_officer)
    before = await lines(client, mine)
    assert [line for line in before if line.startswith("DTSTART")] == [
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}" for day in days.values()
    ]
    assert [line.split("@")[0] for line in before if line.startswith("UID")] == [
        f"UID:period-{period.id}-{level}-{world.commune.id}" for level in ("village", "commune")
    ]
    principal = await build.principal(db, world.province_officer)
    form = periods.PauseForm(first_day=monday, last_day=monday + timedelta(days=1), reason="Bão số 9")
    async with db.write() as session:
        await periods.pause(session, principal, world.commune.id or 0, form)
    after = await lines(client, mine)
    revised = [{line for line in said if line.startswith(("DTSTAMP", "LAST-MODIFIED"))} for said in (before, after)]
    assert max(revised[0]) < max(revised[1]), "a calendar that compares knows which is newer"
    assert [line for line in after if line.startswith("UID")] == [line for line in before if line.startswith("UID")]
    assert f"DTSTART;VALUE=DATE:{days['village_due_on']:%Y%m%d}" not in after
    above = await lines(client, await address(client, db, world.province_officer))
    assert f"DTSTART;VALUE=DATE:{days['commune_due_on']:%Y%m%d}" in above
    assert sum(line == "BEGIN:VEVENT" for line in above) == 2
    assert world.leader.full_name not in " ".join(above + after)


async def test_an_address_ends_with_the_next_one_when_it_is_taken_back_and_with_the_account(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    first = await address(client, db, world.commune_officer)
    second = await address(client, db, world.commune_officer)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    other = await address(client, db, head)
    assert [(await client.get(one)).status_code for one in (first, second, other)] == [404, 200, 200]
    state = await enter(db, PeriodsState, world.commune_officer)
    assert state.calendar_since
    await state.unshare()
    assert (state.done, state.calendar_since) == ("unshared", "")
    await state.unshare()
    assert state.problem == "not_found"
    async with db.write() as session:
        blocked = update(Account.__table__).where(Account.__table__.c.id == head.id)
        await session.execute(blocked.values(blocked_at=utc_now()))
    assert [(await client.get(one)).status_code for one in (second, other)] == [404, 404]
    for stranger in (world.leader, await build.account(db, world.province, Role.PARTNER, username="partner")):
        await build.enter(client, db, stranger)
        assert (await client.post(PATH)).status_code == 403
