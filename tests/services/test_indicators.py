"""What the province does with indicators: reports that are to come follow it, those that are locked do not."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from fieldapp.db import Database
from fieldapp.domain.indicator_form import IndicatorForm, RenameForm
from fieldapp.domain.platform_form import Way
from fieldapp.problems import Problem
from fieldapp.services import indicators
from fieldapp.services.indicators import list_indicators
from fieldapp.services.report_detail import get_detail
from models.account import Role
from models.base import utc_now
from tests import build
from tests.build import World
from tests.services.test_period_reports import TODAY, YESTERDAY, did, opened, report, version
from tests.services.test_pull import Phone
from tests.services.test_targets import send

TOMORROW = TODAY + timedelta(days=1)
NEW = {
    "section": "government", "source": "auto", "first": TOMORROW, "counts": "people", "name_vi": "Người dùng VNeID",
    "short_vi": "VNeID", "platforms:VNEID": "on", "results:installed": "on", "results:independent": "on",
}  # fmt: skip


@pytest.fixture
async def world(db: Database) -> World:
    return await build.reporting_world(db)


async def codes(db: Database, last_day=TOMORROW) -> list[str]:
    async with db.read() as session:
        return [one.code for one in await list_indicators(session, last_day)]


async def test_a_new_one_is_asked_for_from_its_day_on_and_phones_learn_of_it(db: Database, world: World) -> None:
    await opened(db, world, last_day=TOMORROW)
    phone = await Phone(db, world.leader).pull()
    province = await build.principal(db, world.province_officer)
    async with db.write() as session:
        row = await indicators.add(session, province, IndicatorForm.model_validate(NEW), utc_now())
    assert (row.code, row.unit, row.stock) == ("31", "person", False)
    assert row.formula == {"of": "people", "platforms": ["VNEID"], "results": row.formula["results"]}
    assert "31" not in await codes(db, TODAY)
    found = await codes(db)
    assert found.index("14") + 1 == found.index("31") == found.index("15") - 1, "the last one of its section"
    await did(db, world, "VNEID", people=3, days=2)
    await phone.pull()
    assert "31" in {one["code"] for one in phone.last["indicators"]}
    manual = NEW | {"source": "manual", "unit": "meeting", "name_vi": "Buổi giao ban", "stock": "on"}
    async with db.write() as session:
        row = await indicators.add(session, province, IndicatorForm.model_validate(manual), utc_now())
    assert (row.code, row.unit, row.stock, row.formula) == ("32", "meeting", True, None)


async def test_a_locked_version_keeps_its_indicators(db: Database, world: World) -> None:
    period = await opened(db, world)
    mine = report(world.leader, world.team.id, world.village, period)
    assert await send(db, world.leader, mine) == ["created"]
    row = await version(db, mine)
    province = await build.principal(db, world.province_officer)
    before = [figure["code"] for figure in row.figures]
    later = utc_now() - timedelta(days=40)
    async with db.write() as session:
        await indicators.use(session, province, "08", False, later)
    assert "08" not in await codes(db, YESTERDAY)
    assert "08" in await codes(db, YESTERDAY - timedelta(days=60)), "periods from before still have it"
    officer = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        detail = await get_detail(session, officer, row.id)
    assert sorted(one.code for one in detail.indicators) == sorted(before)
    names = [(one.code, one.name_vi) for one in detail.indicators]
    async with db.write() as session:
        await indicators.rename(session, province, RenameForm(code="09", name_vi="Hồ sơ", short_vi="Hồ sơ"))
        await indicators.move(session, province, "11", Way.UP)
    async with db.read() as session:
        again = await get_detail(session, officer, row.id)
    assert [(one.code, one.name_vi) for one in again.indicators] == names, "by their names and in their order of then"
    async with db.write() as session:
        assert (await indicators.use(session, province, "08", True, utc_now())).discarded_at is None
    assert "08" in await codes(db)


async def test_it_is_renamed_and_moved_in_its_section_alone(db: Database, world: World) -> None:
    province = await build.principal(db, world.province_officer)
    async with db.write() as session:
        await indicators.rename(session, province, RenameForm(code="08", name_vi="Lượt dịch vụ công", short_vi="DVC"))
        await indicators.move(session, province, "09", Way.UP)
        await indicators.move(session, province, "09", Way.UP)
    found = await codes(db)
    assert found[found.index("07") :][:3] == ["07", "09", "08"]
    async with db.read() as session:
        [one] = [one for one in await list_indicators(session, TODAY) if one.code == "08"]
    assert (one.name_vi, one.name_en, one.formula is not None) == ("Lượt dịch vụ công", "Lượt dịch vụ công", True)


async def test_what_is_not_to_be_is_refused(db: Database, world: World) -> None:
    async with db.read() as session:
        taken = next(one.name_vi for one in await list_indicators(session, TODAY) if one.code == "08")
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    for who, given, code in (
        (world.province_officer, {"first": TODAY}, "invalid"),
        (world.province_officer, {"name_vi": taken}, "name_taken"),
        (world.commune_officer, {}, "forbidden"),
        (head, {}, "forbidden"),
    ):
        principal = await build.principal(db, who)
        with pytest.raises(Problem, match=code):
            async with db.write() as session:
                await indicators.add(session, principal, IndicatorForm.model_validate(NEW | given), utc_now())
    for given in ({"source": "manual", "unit": "percent"}, {"results:gone": "on"}, {"section": "x"}, {"name_vi": " "}):
        with pytest.raises(ValidationError):
            IndicatorForm.model_validate(NEW | given)
    no_results = {name: said for name, said in NEW.items() if not name.startswith("results")}
    with pytest.raises(ValidationError):
        IndicatorForm.model_validate(no_results)
