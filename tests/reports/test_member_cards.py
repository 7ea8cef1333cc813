"""Cards of a team's members: who, what, where; every name stays on its own card."""

from datetime import date

import httpx
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.reports.member_cards import MemberCard, TeamCards, member_cards
from models.account import Role
from models.audit_event import AuditEvent
from models.team import SeatRole
from tests import build
from tests.papers import read_pdf
from tests.reports.test_card_sheet import areas

TEAM = "Tổ công nghệ số cộng đồng thôn Đông Hòa"
NAMES = ["Trần Văn Bình", "A Thút", "Công Tằng Tôn Nữ Thị Nguyệt Hường Ngưỡng Thuỷ Nghiêng", "ẴẪỄỖỮ " * 20]


def cards(*names: str, team: str = TEAM) -> TeamCards:
    people = [MemberCard(name, SeatRole.LEADER, date(2025, 8, 15)) for name in names]
    return TeamCards(team, "Xã Sơn Tịnh", 1, people)


def test_a_card_says_who_somebody_is_and_in_which_team():
    (page,) = read_pdf(member_cards(cards("Trần Văn Bình")))
    for words in ("Trần Văn Bình", "Tổ trưởng", "Xã Sơn Tịnh", "Từ ngày 15/08/2025"):
        assert words in page.words
    assert page.addresses == []


def test_long_names_stay_on_their_card():
    (page,) = read_pdf(
        member_cards(cards(*NAMES, team=f"{TEAM} - Trần Hưng Đạo số 12 mở rộng, khu phố Nguyễn Nghiêm"), sample=True)
    )
    assert [letter for letter, place in page.letters if not any(area.holds(place) for area in areas(page))] == []
    assert len(read_pdf(member_cards(cards(*["A Thút"] * 11)))) == 2


async def test_the_commune_prints_its_own_teams_and_that_is_written_down(db: Database, client: httpx.AsyncClient):
    world = await build.world(db)
    address = f"/api/v1/teams/{world.team.id}/cards"
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    empty = await build.team(db, world.commune)
    await build.enter(client, db, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    assert (await client.get(address)).status_code == 403
    await build.enter(client, db, world.commune_officer)
    answer = await client.get(address)
    assert (answer.status_code, answer.content[:4]) == (200, b"%PDF")
    assert "Trần Văn Bình" in read_pdf(answer.content)[0].words
    refused = await client.get(f"/api/v1/teams/{empty.id}/cards")
    assert (refused.status_code, refused.json()["problem"]["code"]) == (409, "team_empty")
    async with db.read() as session:
        deeds = (await session.execute(select(AuditEvent.__table__.c.action))).scalars().all()
    assert deeds == ["export.member_cards"]
