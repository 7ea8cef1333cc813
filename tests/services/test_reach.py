"""Who may invite whom and end whose phone, as a table: one world with every kind of seat, one line for each person."""

from datetime import timedelta

import pytest

from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from fieldapp.services.reach import may_end_phone, may_invite
from models.account import Account, Role
from models.base import utc_now
from models.member import Member
from models.team import Seat, SeatRole
from tests import build

PEOPLE = (
    "leader",
    "deputy",
    "member",
    "both_villages",
    "next_leader",
    "commune_leader",
    "commune_member",
    "abroad",
    "gone",
)
INVITE = {
    #                  leader deputy member both_villages next_leader commune_leader commune_member abroad gone
    "leader":         "yes    yes    yes    no            no          no             no             no     no",
    "deputy":         "no     yes    yes    no            no          no             no             no     no",
    "member":         "no     no     no     no            no          no             no             no     no",
    "next_leader":    "no     no     no     no            yes         no             no             no     no",
    "commune_leader": "no     no     yes    yes           no          yes            yes            no     no",
    "officer":        "yes    yes    yes    yes           yes         yes            yes            no     no",
    "other_officer":  "no     no     no     no            no          no             no             no     no",
    "head":           "no     no     no     no            no          no             no             no     no",
    "admin":          "yes    yes    yes    yes           yes         yes            yes            yes    yes",
}  # fmt: skip
END = INVITE | {
    "leader":         "yes    yes    yes    no            no          no             no             no     yes",
    "deputy":         "no     yes    yes    no            no          no             no             no     yes",
    "commune_leader": "no     no     yes    yes           no          yes            yes            no     yes",
    "officer":        "yes    yes    yes    yes           yes         yes            yes            yes    yes",
    "other_officer":  "no     no     no     no            no          no             no             yes    no",
}  # fmt: skip


async def _also(db: Database, who: Member, team, role: SeatRole = SeatRole.MEMBER) -> None:
    async with db.write() as session:
        session.add(Seat(team_id=team.id, member_id=who.id, role=role, valid_from=build.SINCE))


@pytest.fixture
async def people(db: Database) -> dict[str, Member | Account]:
    world = await build.world(db)
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    far = await build.village(db, elsewhere, code="21175001", name="Thôn Trà Lạc")
    far_team, commune_team = await build.team(db, elsewhere, far), await build.team(db, world.commune)
    found = {
        "leader": world.leader,
        "deputy": world.deputy,
        "member": world.member,
        "both_villages": world.second_member,
        "next_leader": world.next_leader,
        "commune_leader": await build.member(db, commune_team, "Võ Thị Sáu", SeatRole.LEADER),
        "commune_member": await build.member(db, commune_team, "Ngô Văn Tư"),
        "abroad": await build.member(db, world.team, "Lý Văn Xa"),
        "gone": await build.member(db, world.team, "Lê Văn Đi", valid_to=vn_day(utc_now()) - timedelta(days=3)),
        "officer": world.commune_officer,
        "other_officer": await build.account(db, elsewhere, Role.COMMUNE_OFFICER),
        "head": await build.account(db, world.commune, Role.COMMUNE_LEADER),
        "admin": await build.account(db, world.province, Role.ADMIN),
    }
    await _also(db, world.second_member, world.next_team)
    await _also(db, found["abroad"], far_team)
    return found


async def test_who_reaches_whom(db: Database, people: dict[str, Member | Account]) -> None:
    for table, rule in ((INVITE, may_invite), (END, may_end_phone)):
        for name, line in table.items():
            who = await build.principal(db, people[name])
            async with db.read() as session:
                found = {whom: "yes" if await rule(session, who, people[whom].id or 0) else "no" for whom in PEOPLE}
            assert found == dict(zip(PEOPLE, line.split(), strict=True)), (rule.__name__, name)
