"""Reports on their way up: what is locked, who may decide, what comes late, and that levels add up to the unit."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.domain.report_figure import read_figures
from fieldapp.domain.unit_change import MergeForm, RenameForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import consolidations, period_rules, periods, report_decisions, unit_changes
from models.account import Account, Role
from models.base import utc_now
from models.member import Member
from models.period import MonthStyle, Period, ReportKind
from models.period_report import PeriodReport
from models.team import SeatRole
from models.unit import Division, Unit
from models.visit import Visit
from tests import build
from tests.build import World
from tests.services.test_pull import Phone
from tests.services.test_targets import ago, send

REPORTS, PERIODS, VISITS = PeriodReport.__table__, Period.__table__, Visit.__table__
TODAY = vn_day(datetime.now(UTC))
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.reporting_world(db)


async def opened(db: Database, world: World, **given: Any) -> Period:
    """A month that ended yesterday."""
    due = dict.fromkeys(("village_due_on", "commune_due_on", "province_due_on"), TODAY + timedelta(days=3))
    default: dict[str, Any] = {
        "kind": ReportKind.MONTH, "month_style": MonthStyle.CALENDAR, "unit_id": world.province.id,
        "first_day": YESTERDAY - timedelta(days=29), "last_day": YESTERDAY, **due,
    }  # fmt: skip
    async with db.write() as session:
        row = Period(**(default | given))
        session.add(row)
    return row


async def did(db: Database, world: World, *platforms: str, house: int = 0, days: int = 5, **given: Any) -> str:
    """An approved visit of some days ago."""
    record = build.visit(world.member, world.households[house], *platforms, made_at=ago(days=days), **given)
    assert await send(db, world.member, record) == ["created"]
    assert await send(db, world.leader, build.decision(world.leader, record["id"])) == ["created"]
    return record["id"]


def report(author: Member, team: int | None, village: Unit, period: Period, **given: Any) -> dict[str, Any]:
    payload = {"team": team, "village": village.id, "period": period.id, "number": 1, "manual": {"03": 2}}
    outer = {name: given.pop(name) for name in ("id", "made_at") if name in given}
    return build.record("report.submit", author, payload | given, **outer)


async def stands(db: Database, period: Period, unit: Unit) -> list[tuple[int, str]]:
    async with db.read() as session:
        query = select(REPORTS).where(REPORTS.c.period_id == period.id, REPORTS.c.unit_id == unit.id)
        return [(row.number, row.state) for row in await session.execute(query.order_by(REPORTS.c.number))]


async def version(db: Database, record: dict[str, Any]) -> PeriodReport:
    async with db.read() as session:
        return await session.get_one(PeriodReport, UUID(record["id"]))


def values(row: PeriodReport) -> dict[str, int | None]:
    return {figure.code: figure.value for figure in read_figures(row.figures)}


async def decide(db: Database, who: Account, ids: Iterable[Any], approve: bool = True, reason: str = "") -> int:
    principal = await build.principal(db, who)
    async with db.write() as session:
        chosen = [UUID(str(one)) for one in ids]
        return await report_decisions.decide(session, principal, chosen, approve, reason, utc_now())


async def consolidate(db: Database, who: Account, period: Period) -> PeriodReport:
    principal: Principal = await build.principal(db, who)
    async with db.write() as session:
        form = consolidations.ConsolidateForm()
        return await consolidations.consolidate(session, principal, period.id or 0, form, utc_now())


async def test_a_report_locks_its_numbers_and_what_comes_late_goes_to_the_next_version(
    db: Database, world: World
) -> None:
    period = await opened(db, world)
    await did(db, world, "VNEID", "DVC", people=2)
    waiting = build.visit(world.member, world.households[1], made_at=ago(days=4))
    await send(db, world.member, waiting)
    first = report(world.leader, world.team.id, world.village, period)
    assert await send(db, world.leader, first) == ["created"]
    row = await version(db, first)
    figures = {figure.code: figure for figure in read_figures(row.figures)}
    assert (figures["25"].value, figures["25"].waiting, figures["26"].value, figures["27"].value) == (2, 1, 1, 2)
    assert (figures["03"].value, figures["01"].value, figures["02"].value) == (2, 4, 1)
    assert (row.number, row.state) == (1, "waiting")
    await send(db, world.leader, build.decision(world.leader, waiting["id"]))
    assert values(await version(db, first))["25"] == 2, "a version that is locked does not move"
    [told] = (await Phone(db, world.leader).pull()).last["reports"]
    assert (told["state"], told["number"], told["since"]) == ("waiting", 1, {"25": 1, "26": 1, "27": 1})
    again = report(world.leader, world.team.id, world.village, period, number=2)
    assert await send(db, world.leader, again) == ["superseded"], "one that waits is decided on first"
    await decide(db, world.commune_officer, [first["id"]], approve=False, reason="Số hộ vượt tổng số hộ")
    told = (await Phone(db, world.leader).pull()).last["reports"][0]
    assert (told["state"], told["reason"]) == ("returned", "Số hộ vượt tổng số hộ")
    again = report(world.leader, world.team.id, world.village, period, number=2)
    assert await send(db, world.leader, again) == ["created"]
    assert values(await version(db, again))["25"] == 3
    assert await stands(db, period, world.village) == [(1, "returned"), (2, "waiting")]


async def test_an_approved_report_gives_way_to_its_supplement_only_when_that_is_approved(
    db: Database, world: World
) -> None:
    period = await opened(db, world)
    first = report(world.leader, world.team.id, world.village, period)
    await send(db, world.leader, first)
    assert await decide(db, world.commune_officer, [first["id"]]) == 1
    assert await decide(db, world.commune_officer, [first["id"]]) == 0, "once more changes nothing"
    await did(db, world)
    more = report(world.leader, world.team.id, world.village, period, number=2)
    assert await send(db, world.leader, more) == ["created"]
    assert await stands(db, period, world.village) == [(1, "approved"), (2, "waiting")]
    await decide(db, world.commune_officer, [more["id"]])
    assert await stands(db, period, world.village) == [(1, "replaced"), (2, "approved")]
    with pytest.raises(Problem, match="decided_already"):
        await decide(db, world.commune_officer, [first["id"]], approve=False, reason="Sai")


async def test_empty_is_not_zero_and_an_odd_number_asks_for_a_reason(db: Database, world: World) -> None:
    period = await opened(db, world)

    async def said(**given: Any) -> tuple[str, str | None]:
        record = report(world.leader, world.team.id, world.village, period, **given)
        [answer] = await build.send(db, world.leader, record)
        return answer["result"], answer.get("code")

    assert await said(manual={}) == ("invalid", "figure_missing")
    assert await said(manual={"03": 0}) == ("invalid", "zero_unconfirmed")
    assert await said(manual={"03": -1}) == ("invalid", "invalid")
    assert await said(texts={"plan": "Gọi 0905 123 456"}) == ("invalid", "note_identity")
    assert await said(number=7, manual={"03": 0}, zeros=["03"], seen={"25": 9}) == ("created", None)
    async with db.read() as session:
        [row] = (await session.execute(select(PeriodReport))).scalars()
    assert row.warnings == ["differs:25"]
    await decide(db, world.commune_officer, [row.id])
    following = await opened(
        db, world, first_day=period.last_day + timedelta(days=1), last_day=period.last_day + timedelta(days=1)
    )
    assert (following.first_day, following.last_day) == (TODAY, TODAY)
    record = report(world.leader, world.team.id, world.village, following, manual={"03": 3})
    assert await send(db, world.leader, record) == ["created"], "three times nothing is no jump"


async def test_a_period_that_runs_and_a_village_that_one_does_not_lead_are_refused(db: Database, world: World) -> None:
    period = await opened(db, world)
    running = await opened(db, world, first_day=TODAY, last_day=TODAY + timedelta(days=2))

    async def said(who: Member, team: int | None, village: Unit, of: Period) -> tuple[str, str | None]:
        [answer] = await build.send(db, who, report(who, team, village, of))
        return answer["result"], answer.get("code")

    assert await said(world.leader, world.team.id, world.village, running) == ("invalid", "period_running")
    assert await said(world.member, world.team.id, world.village, period) == ("forbidden", "forbidden")
    assert await said(world.leader, world.team.id, world.next_village, period) == ("forbidden", "forbidden")
    assert await said(world.leader, world.next_team.id, world.village, period) == ("forbidden", "out_of_scope")
    async with db.write() as session:
        await session.execute(update(PERIODS).where(PERIODS.c.id == period.id).values(cancelled_at=utc_now()))
    assert (await said(world.leader, world.team.id, world.village, period))[1] == "not_found"


async def test_a_commune_adds_up_signs_and_the_province_adds_up_again(db: Database, world: World) -> None:
    period = await opened(db, world)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    own = await build.team(db, world.commune)
    await build.member(db, own, "Võ Thị Mai")
    await did(db, world, "VNEID", people=2)
    with pytest.raises(Problem, match="nothing_approved"):
        await consolidate(db, world.commune_officer, period)
    mine = report(world.leader, world.team.id, world.village, period)
    theirs = report(world.next_leader, world.next_team.id, world.next_village, period, manual={"03": 5})
    for who, record in ((world.leader, mine), (world.next_leader, theirs)):
        assert await send(db, who, record) == ["created"]
    await decide(db, world.commune_officer, [mine["id"]])
    partial = await consolidate(db, world.commune_officer, period)
    assert (partial.missing, partial.state, values(partial)["03"]) == ([world.next_village.name], "waiting", 2)
    await decide(db, world.commune_officer, [theirs["id"]])
    whole = await consolidate(db, world.commune_officer, period)
    assert await stands(db, period, world.commune) == [(1, "replaced"), (2, "waiting")]
    assert (whole.missing, values(whole)["03"], values(whole)["25"], values(whole)["01"]) == ([], 7, 1, 6)
    for who in (world.commune_officer, world.province_officer):
        with pytest.raises(Problem, match="forbidden"):
            await decide(db, who, [whole.id])
    with pytest.raises(Problem, match="nothing_approved"):
        await consolidate(db, world.province_officer, period)
    assert await decide(db, head, [whole.id]) == 1
    top = await consolidate(db, world.province_officer, period)
    assert (top.state, values(top)) == ("approved", values(whole))
    assert await decide(db, world.province_officer, [whole.id], approve=False, reason="Thiếu giải trình") == 1
    assert await stands(db, period, world.commune) == [(1, "replaced"), (2, "returned")]


async def test_what_an_ended_village_said_stays_in_the_running_total_of_its_commune(db: Database, world: World) -> None:
    """Stopped, and continued by none: the next period is without it, the year is not."""
    last = YESTERDAY - timedelta(days=30)
    earlier = await opened(db, world, first_day=last - timedelta(days=29), last_day=last)
    record = report(world.next_leader, world.next_team.id, world.next_village, earlier, manual={"03": 5})
    assert await send(db, world.next_leader, record) == ["created"]
    await decide(db, world.commune_officer, [record["id"]])
    async with db.write() as session:
        (await session.get_one(Unit, world.next_village.id)).valid_to = last
    period = await opened(db, world)
    mine = report(world.leader, world.team.id, world.village, period)
    assert await send(db, world.leader, mine) == ["created"]
    await decide(db, world.commune_officer, [mine["id"]])
    whole = await consolidate(db, world.commune_officer, period)
    told = next(figure for figure in read_figures(whole.figures) if figure.code == "03")
    assert (whole.missing, told.value) == ([], 2)
    assert told.year == (7 if last.year == YESTERDAY.year else 2)


async def test_what_is_missing_keeps_its_part_of_the_running_total(db: Database, world: World) -> None:
    """A village that said 5 and then nothing, in its commune's year; and then its commune in that of the province."""
    days = [YESTERDAY - timedelta(days=2), YESTERDAY - timedelta(days=1), YESTERDAY]
    first, second, third = [await opened(db, world, first_day=day, last_day=day) for day in days]
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    both = (world.leader, world.team, world.village, 2), (world.next_leader, world.next_team, world.next_village, 5)
    years = []
    for period, present in ((first, both), (second, both[:1])):
        for who, team, village, n in present:
            record = report(who, team.id, village, period, manual={"03": n})
            assert await send(db, who, record) == ["created"]
            await decide(db, world.commune_officer, [record["id"]])
        whole = await consolidate(db, world.commune_officer, period)
        await decide(db, head, [whole.id])
        years.append(next(figure.year for figure in read_figures(whole.figures) if figure.code == "03"))
    assert whole.missing == [world.next_village.name]
    new_year = days[0].year != days[1].year
    assert years == [7, 2 if new_year else 9]
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    village = await build.village(db, elsewhere, code="21175001", name="Thôn Một")
    team = await build.team(db, elsewhere, village)
    chief = await build.member(db, team, "Hồ Văn Ba", SeatRole.LEADER)
    clerk = await build.account(db, elsewhere, Role.COMMUNE_OFFICER)
    record = report(chief, team.id, village, third)
    assert await send(db, chief, record) == ["created"]
    await decide(db, clerk, [record["id"]])
    theirs = await consolidate(db, clerk, third)
    await decide(db, await build.account(db, elsewhere, Role.COMMUNE_LEADER), [theirs.id])
    top = await consolidate(db, world.province_officer, third)
    told = next(figure for figure in read_figures(top.figures) if figure.code == "03")
    assert (top.missing, told.value) == ([world.commune.name], 2)
    assert told.year == (2 if days[1].year != days[2].year else 2 + years[1])


async def test_who_is_of_another_commune_or_of_none_decides_nothing(db: Database, world: World) -> None:
    period = await opened(db, world)
    mine = report(world.leader, world.team.id, world.village, period)
    await send(db, world.leader, mine)
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    for role, unit in (
        (Role.COMMUNE_OFFICER, elsewhere),
        (Role.COMMUNE_LEADER, world.commune),
        (Role.ADMIN, world.province),
    ):
        stranger = await build.account(db, unit, role)
        with pytest.raises(Problem, match="forbidden"):
            await decide(db, stranger, [mine["id"]])
    with pytest.raises(Problem, match="forbidden"):
        await decide(db, world.province_officer, [mine["id"]])
    with pytest.raises(Problem, match="reason_missing"):
        await decide(db, world.commune_officer, [mine["id"]], approve=False, reason="  ")
    assert await stands(db, period, world.village) == [(1, "waiting")]


async def test_days_that_a_village_has_reported_of_stay_its_own(db: Database, world: World) -> None:
    """A merge or a new name for days of a report would leave that report to nobody, and its days reported again."""
    period = await opened(db, world)
    mine = report(world.leader, world.team.id, world.village, period)
    await send(db, world.leader, mine)
    officer = await build.principal(db, world.commune_officer)
    name: dict[str, Any] = {"division": Division.THON, "name": "Thôn Hòa Hợp"}
    pair = [world.village.id or 0, world.next_village.id or 0]

    async def merge(on: date) -> None:
        async with db.write() as session:
            form = MergeForm(villages=pair, teams=[world.team.id or 0], on=on, **name)
            await unit_changes.merge(session, officer, form)

    async def rename(on: date) -> None:
        async with db.write() as session:
            await unit_changes.rename(session, officer, RenameForm(village=pair[0], on=on, **name))

    for approve in (None, True):
        if approve:
            await decide(db, world.commune_officer, [mine["id"]])
        for change in (merge, rename):
            with pytest.raises(Problem, match="unit_day_reported") as found:
                await change(YESTERDAY)
            assert (found.value.field, found.value.params) == ("on", {"day": written_day(YESTERDAY)})
    await decide(db, world.commune_officer, [mine["id"]], approve=False, reason="thôn đã sáp nhập")
    await merge(YESTERDAY)


async def test_a_village_that_has_reported_changes_from_the_next_day_on(db: Database, world: World) -> None:
    period = await opened(db, world)
    mine = report(world.leader, world.team.id, world.village, period)
    await send(db, world.leader, mine)
    form = RenameForm(village=world.village.id or 0, name="Thôn Hòa Hợp", division=Division.THON, on=TODAY)
    officer = await build.principal(db, world.commune_officer)
    async with db.write() as session:
        await unit_changes.rename(session, officer, form)
    await decide(db, world.commune_officer, [mine["id"]])
    assert await stands(db, period, world.village) == [(1, "approved")]
    assert (await consolidate(db, world.commune_officer, period)).missing == [world.next_village.name]


async def test_a_period_is_opened_once_and_told_to_phones(db: Database, world: World) -> None:
    phone = await Phone(db, world.leader).pull()
    for expected in (1, 0):
        async with db.write() as session:
            assert await period_rules.open_due(session, utc_now()) == expected
    await phone.pull()
    [told] = phone.last["reports"]
    assert (told["kind"], told["state"], told["village"]) == ("month", "", world.village.id)
    assert (told["team"], told["carried"]) == (world.team.id, str(TODAY - timedelta(days=62)))
    assert {row["code"] for row in phone.last["indicators"]} >= {"01", "30.3"}


async def test_a_pause_moves_the_deadlines_of_one_commune(db: Database, world: World) -> None:
    monday = TODAY + timedelta(days=7 - TODAY.weekday() + 7)
    period = await opened(
        db, world, first_day=monday - timedelta(days=7), last_day=monday - timedelta(days=1),
        village_due_on=monday + timedelta(days=1), commune_due_on=monday + timedelta(days=3),
    )  # fmt: skip
    principal = await build.principal(db, world.province_officer)
    form = periods.PauseForm(first_day=monday, last_day=monday + timedelta(days=1), reason="Bão số 9")
    async with db.write() as session:
        await periods.pause(session, principal, world.commune.id or 0, form)
    async with db.read() as session:
        days = await periods.due_days(session, period, [world.commune.id or 0, world.province.id or 0])
    assert days[world.province.id or 0] == (period.village_due_on, period.commune_due_on)
    village, commune = days[world.commune.id or 0]
    assert village >= monday + timedelta(days=3)
    assert commune >= village
