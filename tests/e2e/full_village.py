"""Two villages in which much is going on, with names as long as people's are: what a phone may have to show."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.domain.announcement import AnnouncementForm
from fieldapp.domain.material import MaterialForm
from fieldapp.domain.support_contact import CommuneGroupForm, ContactForm
from fieldapp.domain.target import Length, period
from fieldapp.domain.vn_time import vn_day
from fieldapp.services import announcements, materials, report_decisions, support_contacts, targets, tasks
from fieldapp.services.reference import PROVINCE_CODE, load_reference
from fieldapp.services.scopes import raise_villages
from models.account import Role
from models.difficulty import Difficulty, DifficultyState, DifficultyStep
from models.household import Household
from models.member import Member
from models.period import Period, ReportKind
from models.target import Measure, Target
from models.team import SeatRole, Team
from models.unit import Unit
from tests import build

HEADS = (
    "Nguyễn Đặng Hoàng Thị Phương Thảo", "Đinh Văn Rơ Chăm Trường Sơn", "Y Hơ Ngọk Tăng Thị Thùy Dương", "Hồ Văn Ơ",
    "Trương Quang Đông Phương Hồng Nghĩa",
)  # fmt: skip
NOTE = "Máy của bà đã cũ, phải xóa bớt ảnh mới cài được; cháu nội ở cùng nhà sẽ nhắc bà cách mở lại."
WORDS = "Xóm trên mất sóng từ hôm qua, buổi tối không mở được ứng dụng nào; bà con phải ra đầu dốc mới gọi được."
REASON = "Hộ này đã được tổ bạn hỗ trợ hôm qua, kiểm tra lại số nhà và tên chủ hộ giúp tôi."
GROUP_NAME = "Bà con thôn Đồng Nhơn Bắc – Nước Lang Thượng, xã Nghĩa Giang"


@dataclass(frozen=True)
class FullVillage:
    leader: Member
    newcomer: Member
    """Of a team of their own, in a village without households."""
    home: Household
    names: frozenset[str]
    """Every Vietnamese word that is data."""


async def _steady(db: Database, author: Member, homes: list[Household]) -> list[dict[str, Any]]:
    """Visits to these households whose cards were scanned: nothing about them is doubtful."""
    made = []
    for n, home in enumerate(homes):
        async with db.read() as session:
            village = await session.get_one(Unit, home.village_id)
        at = build.millis(datetime.now(UTC) - timedelta(minutes=10 + 2 * n))
        scanned = {"identified_by": "scan", "card": (await build.card(db, village, home)).address, "made_at": at}
        made.append(build.visit(author, home, "VNEID", note=NOTE, people=2, **scanned))
    return made


async def settle(db: Database) -> FullVillage:
    async with db.write() as session:
        await load_reference(session)
        query = select(Unit).where(Unit.__table__.c.code == PROVINCE_CODE)
        province = (await session.execute(query)).scalars().one()
    contact = "Ông Nguyễn Đặng Thành Nhơn, 0255 000 000"
    commune = await build.commune(db, province, code="99001", name="Xã Nghĩa Giang Đông Sơn Thượng", contact=contact)
    village = await build.village(db, commune, code="99001001", name="Thôn Đồng Nhơn Bắc – Nước Lang Thượng")
    second = await build.village(db, commune, code="99001002", name="Tổ dân phố Trường Thọ Đông Hòa")
    empty = await build.village(db, commune, code="99001003", name="Thôn Gò Rô")
    team, apart = await build.team(db, commune, village, second), await build.team(db, commune, empty)
    people = await _people(db, team)
    leader, _, member, *_ = people
    newcomer = await build.member(db, apart, "Võ Thị Út")
    homes = [
        await build.household(db, second if n % 9 == 8 else village, _number(n), head_name=HEADS[n % len(HEADS)])
        for n in range(45)
    ]
    await _visits(db, people, homes)
    await _work(db, member, leader, village, homes)
    await _aims(db, commune, team, leader)
    await _reports(db, province, commune, team, village, leader)
    await _told(db, commune)
    said = [*HEADS, NOTE, WORDS, REASON, GROUP_NAME, contact, *(p.full_name for p in (*people, newcomer))]
    said += [row.name for row in (commune, village, second, empty, team, apart)]
    return FullVillage(leader, newcomer, homes[0], frozenset(re.findall(r"[^\W\d_]+", " ".join(said).lower())))


def _number(n: int) -> str:
    return f"K12/{n}-5A" if n % 11 == 4 else str(n + 1)


async def _people(db: Database, team: Team) -> list[Member]:
    return [
        await build.member(db, team, "Trần Nguyễn Thị Thanh Hường", SeatRole.LEADER),
        await build.member(db, team, "Lê Hoàng Đăng Khoa Trường", SeatRole.DEPUTY),
        await build.member(db, team, "Đinh Rơ Chăm Thị Mỹ Phương Duyên"),
        await build.member(db, team, "Phạm Quốc Việt"),
        await build.member(db, team, "A Thút"),
    ]


async def _visits(db: Database, people: list[Member], homes: list[Household]) -> None:
    leader, deputy, member, *_ = people
    now = datetime.now(UTC)
    steady = await _steady(db, member, homes[:5])
    await build.send(
        db,
        member,
        *steady,
        *[build.visit(member, home, "GHS", "DVC", "SSK", result="independent", note=NOTE) for home in homes[5:8]],
        build.visit(
            member, homes[9], "CSXH", result="declined", made_at=build.millis(now - timedelta(days=1, hours=1))
        ),
    )
    before = build.millis(now - timedelta(days=3))
    outcome = {"platform": "VNEID", "result": "come_back", "come_back_on": str(vn_day(now - timedelta(days=1)))}
    back = build.visit(leader, homes[12], outcomes=[outcome], made_at=before)
    wrong = build.visit(leader, homes[13], "CKS", "BDHVS")
    mine = [build.visit(leader, home, "VNEID", "TTTT", made_at=build.millis(now)) for home in homes[14:17]]
    await build.send(db, leader, back, wrong, *mine)
    said = build.decision(deputy, wrong["id"], verdict="send_back", reason_code="wrong_household", reason=REASON)
    await build.send(db, deputy, said, build.decision(deputy, mine[0]["id"]))


async def _work(db: Database, member: Member, leader: Member, village: Unit, homes: list[Household]) -> None:
    place = {"village": village.id}
    doors = [
        {"household": str(uuid7()), **place, "number": f"{n}B", "head_name": homes[n].head_name if n == 1 else HEADS[0]}
        for n in (1, 99)
    ]
    difficulty = {**place, "kind": "signal", "severity": "high", "description": WORDS}
    await build.send(
        db,
        member,
        *[build.record("household.add", member, door) for door in doors],
        build.record(
            "activity.create", member, {**place, "kind": "production", "platforms": ["GHS", "TTTT"], "note": NOTE}
        ),
        build.record("activity.create", member, {**place, "kind": "talk", "people": 1, "platforms": ["VNEID"]}),
        build.record("difficulty.create", member, difficulty),
        build.record("difficulty.create", member, {**difficulty, "kind": "skill", "severity": "low"}),
    )
    group = {**place, "name": GROUP_NAME, "manager": "party_secretary", "link": "https://zalo.me/g/nuoclang"}
    said = group | {"households": 31, "counted_on": str(vn_day(datetime.now(UTC)))}
    held = build.record("activity.create", leader, {**place, "kind": "class", "people": 42, "note": NOTE})
    await build.send(db, leader, held, build.record("group.update", leader, said))
    await _take_up(db, leader, village)


async def _aims(db: Database, commune: Unit, team: Team, leader: Member) -> None:
    """Targets of each unit of count, one of them taken on, and a task that is long to read."""
    officer = await build.principal(db, await build.account(db, commune, Role.COMMUNE_OFFICER))
    today, team_id = vn_day(datetime.now(UTC)), team.id or 0
    async with db.write() as session:
        for measure, code, amount in zip(Measure, ("VNEID", "DVC", "GHS"), (5, 1_200, 40), strict=True):
            frame = targets.Frame(commune.id, period(Length.QUARTER, today), measure)
            await targets.allot(session, officer, frame, [targets.Cell(team_id, code, None, amount)])
        await tasks.assign(session, officer, tasks.TaskForm(text=WORDS, due_on=today), [team_id])
        first = (await session.execute(select(Target).order_by(Target.__table__.c.id))).scalars().first()
    assert first is not None
    taken = {"team": team_id, "target": str(first.id), "amount": 5}
    await build.send(db, leader, build.record("target.accept", leader, taken))


async def _reports(db: Database, province: Unit, commune: Unit, team: Team, village: Unit, leader: Member) -> None:
    """A report that was sent back with a long reason, and another that runs, long to read too."""
    officer = await build.principal(db, await build.account(db, commune, Role.COMMUNE_OFFICER, username="reports"))
    today = vn_day(datetime.now(UTC))
    last = {ReportKind.MONTH: today - timedelta(days=1), ReportKind.AD_HOC: today + timedelta(days=9)}
    async with db.write() as session:
        for kind, day in last.items():
            session.add(
                Period(
                    unit_id=province.id or 0, kind=kind, title=WORDS if kind is ReportKind.AD_HOC else "",
                    first_day=today - timedelta(days=80), last_day=day,
                    village_due_on=day, commune_due_on=day, province_due_on=day,
                )
            )  # fmt: skip
        await session.flush()
        over = (await session.execute(select(Period).where(Period.__table__.c.title == ""))).scalars().one()
    said = {"team": team.id, "village": village.id, "period": over.id, "number": 1, "manual": {"03": 1_200}}
    texts = {"difficulties": WORDS, "plan": NOTE}
    sent = build.record("report.submit", leader, said | {"texts": texts, "reasons": {"03": NOTE, "26": REASON}})
    await build.send(db, leader, sent)
    async with db.write() as session:
        await report_decisions.decide(session, officer, [UUID(sent["id"])], False, REASON, datetime.now(UTC))


async def _told(db: Database, commune: Unit) -> None:
    """An announcement, a paper and a contact that are long to read."""
    officer = await build.principal(db, await build.account(db, commune, Role.COMMUNE_OFFICER, username="tells"))
    today = vn_day(datetime.now(UTC))
    async with db.write() as session:
        for due in (None, today):
            said = AnnouncementForm(title=WORDS[:120], text=WORDS, due_on=due)
            await announcements.publish(session, officer, said)
        paper = {
            "kind": "paper",
            "title": WORDS[:200],
            "number": "335/SKHCN-BCVT",
            "issuer": NOTE[:120],
            "text": WORDS,
        }
        await materials.keep(session, officer, MaterialForm.model_validate(paper), None)
        contact = {"kind": "office", "name": WORDS[:120], "about": NOTE[:120], "phone": "0000123456", "zalo": True}
        await support_contacts.keep(session, officer, ContactForm.model_validate(contact))
        group = {"name": GROUP_NAME, "link": "https://zalo.me/g/xa", "leaders": 3, "teams": 120, "companies": 4}
        said_of_it = CommuneGroupForm.model_validate(group | {"counted_on": today})
        await support_contacts.keep_group(session, officer, said_of_it)


async def _take_up(db: Database, by: Member, village: Unit) -> None:
    """One of the difficulties was taken up, and is late."""
    assert village.id is not None
    now = datetime.now(UTC)
    async with db.write() as session:
        version = (await raise_villages(session, [village.id]))[village.id]
        first = (await session.execute(select(Difficulty))).scalars().first()
        assert first is not None
        late = {"state": DifficultyState.HANDLING, "due_on": vn_day(now) - timedelta(days=1), "scope_version": version}
        await session.execute(update(Difficulty).where(Difficulty.__table__.c.id == first.id).values(**late))
        step = {"state": DifficultyState.HANDLING, "note": WORDS, "by_member_id": by.id}
        session.add(DifficultyStep(difficulty_id=first.id, at=now, **step))
