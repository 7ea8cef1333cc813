"""How many households are in the Zalo groups of villages, also of those that go on under another name."""

from datetime import UTC, datetime, timedelta

from fieldapp.db import Database
from fieldapp.domain.unit_change import RenameForm
from fieldapp.domain.vn_time import vn_day
from fieldapp.reports.group_coverage import list_coverage
from fieldapp.services import unit_changes
from models.zalo_group import GroupManager, ZaloGroup
from tests import build
from tests.report_rows import deed

TODAY = vn_day(datetime.now(UTC))


async def test_a_village_that_was_renamed_keeps_the_word_on_its_group(db: Database) -> None:
    world = await build.world(db)
    said = {**deed(world.member, world.team, world.village, TODAY - timedelta(days=9)), "name": "Nhóm Đông Hòa"}
    group = ZaloGroup(
        **said, stands=True, manager=GroupManager.OTHER, households=9, counted_on=TODAY - timedelta(days=9)
    )
    async with db.write() as session:
        session.add(group)
    officer = await build.principal(db, world.commune_officer)
    form = RenameForm(village=world.village.id or 0, name="Thôn Hòa", division="thon", on=TODAY)
    async with db.write() as session:
        await unit_changes.rename(session, officer, form)
    async with db.read() as session:
        rows = await list_coverage(session, world.commune.id, TODAY)
    assert {(row.village, row.group, row.in_group) for row in rows} == {
        ("Thôn Hòa", "Nhóm Đông Hòa", 9), (world.next_village.name, "", None),
    }  # fmt: skip
