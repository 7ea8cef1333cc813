"""How many households are in the Zalo groups of villages, also of those that go on under another name."""

from datetime import UTC, datetime, timedelta

from fieldapp.db import Database
from fieldapp.domain.unit_change import MergeForm, RenameForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.reports.group_coverage import list_coverage
from fieldapp.services import unit_changes
from models.unit import Division, Unit
from models.zalo_group import GroupManager, ZaloGroup
from tests import build
from tests.build import World
from tests.report_rows import deed

AGO = timedelta(days=9)
TODAY = vn_day(datetime.now(UTC))


async def say(db: Database, world: World, village: Unit, households: int, ago: timedelta) -> None:
    said = {**deed(world.member, world.team, village, TODAY - ago), "name": f"Nhóm {village.name}"}
    counted = {"households": households, "counted_on": TODAY - ago}
    async with db.write() as session:
        session.add(ZaloGroup(**said, **counted, stands=True, manager=GroupManager.OTHER))


async def test_a_village_that_was_renamed_keeps_the_word_on_its_group(db: Database) -> None:
    world = await build.world(db)
    await say(db, world, world.village, 9, AGO)
    officer = await build.principal(db, world.commune_officer)
    form = RenameForm(village=world.village.id or 0, name="Thôn Hòa", division=Division.THON, on=TODAY)
    async with db.write() as session:
        await unit_changes.rename(session, officer, form)
    async with db.read() as session:
        rows = await list_coverage(session, world.commune.id, TODAY)
    assert {(row.village, row.group, row.in_group) for row in rows} == {
        ("Thôn Hòa", f"Nhóm {world.village.name}", 9), (world.next_village.name, "", None),
    }  # fmt: skip


async def test_a_village_that_continues_two_has_the_households_of_both_groups(db: Database) -> None:
    """As the report's number of it; a name that one of them had before is no third group."""
    world = await build.world(db)
    officer = await build.principal(db, world.commune_officer)
    await say(db, world, world.village, 9, AGO)
    await say(db, world, world.next_village, 5, AGO / 3)
    form = MergeForm(
        villages=[world.village.id or 0, world.next_village.id or 0], name="Thôn Hòa", division=Division.THON,
        on=TODAY - timedelta(days=2), teams=[world.team.id or 0],
    )  # fmt: skip
    async with db.write() as session:
        merged = await unit_changes.merge(session, officer, form)
        named = RenameForm(village=merged.id or 0, name="Thôn Lớn", division=Division.THON, on=TODAY)
    async with db.write() as session:
        await unit_changes.rename(session, officer, named)
    async with db.read() as session:
        [row] = await list_coverage(session, world.commune.id, TODAY)
    assert (row.village, row.group, row.in_group) == ("Thôn Lớn", f"Nhóm {world.next_village.name}", 14)
    await say(db, world, merged, 8, timedelta(days=1))
    async with db.read() as session:
        [row] = await list_coverage(session, world.commune.id, TODAY)
    assert (row.group, row.in_group) == ("Nhóm Thôn Hòa", 8)
