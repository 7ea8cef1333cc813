"""A village that strangers ask about, with something of every kind in it, and the strangers.

All that belongs to the village says `VILLAGE`, what belongs to its commune alone says `COMMUNE`: in names, notes,
files, pictures. A leak shows by these words in whatever is answered. Cards and phone numbers are marks of their own.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from fieldapp.api.app import create_api
from fieldapp.db import Database
from fieldapp.domain.sheet import Line
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.webhook import Topic, WebhookForm
from fieldapp.integrations.photo_store import photo_store
from fieldapp.services import api_tokens, roster_imports, webhooks
from fieldapp.services.api_tokens import SCOPES, TokenForm
from models.account import Account, Role
from models.announcement import Announcement, AnnouncementCommune, Audience
from models.base import utc_now
from models.bundle import Bundle, BundleFile, BundleState
from models.calendar_day import CalendarDay
from models.data_request import DataRequest, RequestKind
from models.decision import Decision, DecisionTeam
from models.device import Device
from models.difficulty import DifficultyStep
from models.incident import Incident
from models.material import Material, MaterialKind, MaterialState
from models.member import Member
from models.period import Period, PeriodPause, ReportKind
from models.period_report import PeriodReport
from models.roster_import import ImportKind
from models.session import Session
from models.support_contact import ContactKind, SupportContact
from models.target import Level, Measure, Target
from models.task import Task
from models.team import Seat, SeatRole, Team
from models.training_class import ClassAttendance, TrainingClass
from models.unit import Unit, UnitKind
from models.visit import Photo, PhotoState
from models.webhook import Webhook
from models.work_photo import WorkPhoto
from tests import build, pictures
from tests.papers_pdf import pdf
from tests.recordings import id3, mp3, sha256
from tests.services.test_narrations import add as narrate

VILLAGE, COMMUNE, HINT = "Qwvsecret", "Qwcsecret", "Qw"
"""`HINT` is how both begin: what a stranger would search for."""

PHONE = "0900777123"
TODAY = vn_day(utc_now())
QUARTER = (TODAY.replace(month=TODAY.month - (TODAY.month - 1) % 3, day=1), TODAY + timedelta(days=60))
PICTURE = pictures.jpeg(32, 24) + VILLAGE.encode()
"""With the mark behind its end: the stored file is given as it is."""


@dataclass
class Stranger:
    """Somebody who has nothing to look for in the village; `marks` are what even they may not see."""

    name: str
    who: Member | Account
    marks: set[str]

    @property
    def slot(self) -> str:
        return "desk" if isinstance(self.who, Account) else "p0"


@dataclass
class Land:
    province: Unit
    commune: Unit
    village: Unit
    elsewhere: Unit
    """Another commune."""

    officer: Account
    leader: Member
    ids: dict[str, Any] = field(default_factory=dict)
    """What strangers guess: the real ids of things of the village, by what handlers and routes call them."""

    strangers: list[Stranger] = field(default_factory=list)
    api: Any = field(default_factory=create_api)
    token: str = ""
    """Of the commune's own officer, for all that a token can be for."""

    marks: set[str] = field(default_factory=lambda: {VILLAGE, COMMUNE, PHONE})


async def lay(db: Database) -> Land:
    await build.platform(db, "VNEID")
    province = await build.province(db)
    commune = await build.commune(db, province, code="21901", name=f"Xã {COMMUNE}", contact=COMMUNE)
    village = await build.village(db, commune, code="21901001", name=f"Thôn {VILLAGE}")
    team = await build.team(db, commune, village)
    leader = await build.member(db, team, f"Trần {VILLAGE}", SeatRole.LEADER, position=VILLAGE)
    officer = await build.account(
        db, commune, Role.COMMUNE_OFFICER, username=COMMUNE.lower(), full_name=f"Lê {COMMUNE}"
    )
    elsewhere = await build.commune(db, province, code="21902", name="Xã Khác", contact="0255 000 000")
    land = Land(province, commune, village, elsewhere, officer, leader)
    own_team = await build.team(db, commune)
    await build.member(db, own_team, f"Võ {COMMUNE}", SeatRole.LEADER)
    await _work(db, land, team)
    await _papers(db, land, team)
    await _strangers(db, land)
    return land


async def _work(db: Database, land: Land, team: Team) -> None:
    """What the team did: visits, one with a photo and one held, the rest of its work, phones, a card."""
    village, leader = land.village, land.leader
    member = await build.member(db, team, f"Lê {VILLAGE}")
    gone = await build.member(db, team, f"Hồ {VILLAGE}", valid_to=TODAY - timedelta(days=30))
    home = await build.household(db, village, VILLAGE + "7", head_name=f"Nguyễn {VILLAGE}")
    await build.household(db, village, VILLAGE + "8", head_name=f"Phạm {VILLAGE}")
    card = await build.card(db, village, home)
    visit = build.visit(member, home, note=f"Ghi chú {VILLAGE}", photos=pictures.named(PICTURE))
    decided = build.visit(leader, home, "VNEID", note=VILLAGE)
    last_week = build.millis(utc_now() - timedelta(days=7))
    held = build.visit(gone, home, made_at=last_week, note=VILLAGE)
    said = {"village": village.id, "kind": "talk", "people": 45, "platforms": ["VNEID"], "note": VILLAGE}
    activity = build.record("activity.create", member, said)
    told = {"village": village.id, "kind": "signal", "severity": "high", "description": VILLAGE}
    difficulty = build.record("difficulty.create", member, told)
    group = {"village": village.id, "households": 1, "counted_on": "2026-01-02", "name": VILLAGE}
    group |= {"link": f"https://zalo.me/g/{VILLAGE.lower()}", "manager": "team_leader"}
    await build.send(db, member, visit, activity, difficulty, build.record("group.update", member, group))
    await build.send(db, gone, held)
    await build.send(db, leader, decided)
    comment = {"village": village.id, "member": member.id, "day": TODAY.isoformat(), "text": VILLAGE}
    await build.send(db, leader, build.record("log.comment", leader, comment))
    await build.sign_in(db, member)
    photo = visit["payload"]["photos"][0]["sha256"]
    await photo_store().replace(photo, PICTURE)
    async with db.write() as session:
        ready = {"state": PhotoState.READY, "thumbnail": PICTURE, "width": 32, "height": 24}
        await session.execute(update(Photo.__table__).values(**ready))
        for person in (leader, member):
            (await session.get_one(Member, person.id)).phone = PHONE
        phone = (await session.execute(select(Device))).scalars().first()
        assert phone
        phone.label = f"Android {VILLAGE}"
        open_session = (
            await session.execute(select(Session).where(Session.__table__.c.device_id == phone.id))
        ).scalar()
        assert open_session
        seat = (await session.execute(select(Seat).where(Seat.__table__.c.member_id == leader.id))).scalar_one()
        step = (await session.execute(select(DifficultyStep))).scalars().first()
        delegated = Seat(
            team_id=team.id, member_id=member.id, role=SeatRole.DEPUTY, valid_from=TODAY, valid_to=TODAY,
            delegated_by_id=leader.id,
        )  # fmt: skip
        session.add(delegated)
        for keeper in ("activity", "difficulty"):
            of_work = {f"{keeper}_id": UUID({"activity": activity, "difficulty": difficulty}[keeper]["id"])}
            session.add(WorkPhoto(sha256=photo, bytes=len(PICTURE), type="image/jpeg", **of_work, **ready))
        await session.flush()
        land.ids |= {
            "phone": str(phone.id), "device_id": str(phone.id), "session_id": str(open_session.id), "seat": seat.id,
            "delegation": delegated.id, "step": step.id if step else 0,
        }  # fmt: skip
    land.marks |= {card.code, card.short_code}
    land.ids |= {
        "village": village.id, "unit": land.commune.id, "unit_id": village.id, "commune": land.commune.id,
        "team": team.id, "member": member.id, "household": str(home.id), "number": VILLAGE + "7", "card": card.id,
        "code": card.short_code, "card_code": card.code,
        "visit_id": visit["id"], "sha256": photo, "visit": visit["id"], "decided": decided["id"],
        "record": held["id"], "difficulty": difficulty["id"], "activity": activity["id"],
    }  # fmt: skip


async def _papers(db: Database, land: Land, team: Team) -> None:
    """What the commune keeps: decisions, lists, requests, targets, tasks, guides, connections, partner companies."""
    officer, commune = land.officer, land.commune
    await build.send(db, land.leader, build.decision(land.leader, land.ids["visit"]))
    narration = await narrate(db, officer, id3(COMMUNE.encode()) + mp3(), title=COMMUNE)
    paper = pdf(COMMUNE)
    await photo_store().keep_file(sha256(paper), paper)
    made = {"made_by_id": officer.id}
    rows = {
        "decision": Decision(
            commune_id=commune.id, number=f"45/{COMMUNE}", key=COMMUNE.lower(), issued_on=TODAY, effective_on=TODAY,
            signer=COMMUNE, summary=COMMUNE, sha256=sha256(paper), bytes=len(paper), added_by_id=officer.id,
        ),
        "request": DataRequest(
            commune_id=commune.id, household_id=UUID(land.ids["household"]), kind=RequestKind.ERASE, asked=VILLAGE,
            received_on=TODAY, first_due_on=TODAY, due_on=TODAY, **made,
        ),
        "incident": Incident(unit_id=commune.id, found_at=utc_now(), what=COMMUNE, done=COMMUNE, **made),
        "task": Task(
            id=uuid7(), level=Level.TEAM, commune_id=commune.id, team_id=team.id, text=VILLAGE, due_on=TODAY, **made
        ),
        "own_task": Task(
            id=uuid7(), level=Level.COMMUNE, commune_id=commune.id, text=COMMUNE, due_on=TODAY, note=COMMUNE, **made
        ),
    }  # fmt: skip
    rows |= {
        "training": TrainingClass(
            commune_id=commune.id, topic=COMMUNE, held_on=TODAY, place=COMMUNE, trainer=COMMUNE, **made
        ),
        "material": Material(
            kind=MaterialKind.PRACTICE, commune_id=commune.id, title=COMMUNE, key=COMMUNE.lower(), text=COMMUNE,
            sha256=sha256(paper), bytes=len(paper), state=MaterialState.WAITING, added_by_id=officer.id or 0,
        ),
        "contact": SupportContact(
            commune_id=commune.id, kind=ContactKind.OFFICE, name=COMMUNE, phone="0255000111", kept_by_id=officer.id or 0
        ),
        "announcement": Announcement(
            id=uuid7(), unit_id=commune.id or 0, audience=Audience.MEMBERS, everywhere=False, title=COMMUNE,
            text=COMMUNE, published_by_id=officer.id or 0,
        ),
    }  # fmt: skip
    aim = {"platform_code": "VNEID", "measure": Measure.HOUSEHOLD, "first_day": QUARTER[0], "last_day": QUARTER[1]}
    target = Target(id=uuid7(), holder=f"team:{team.id}", level=Level.TEAM, team_id=team.id, amount=40, **aim)
    async with db.write() as session:
        session.add_all([*rows.values(), target])
        note = {"day": TODAY, "working": False, "note": COMMUNE, "by_account_id": officer.id}
        session.add(CalendarDay(unit_id=commune.id, **note))
        await session.flush()
        session.add(DecisionTeam(decision_id=rows["decision"].id, team_id=team.id))
        goes_to = {"announcement_id": rows["announcement"].id, "commune_id": commune.id}
        session.add(AnnouncementCommune(**goes_to))
        by = {"member_id": land.ids["member"], "noted_by_id": officer.id}
        session.add(ClassAttendance(class_id=rows["training"].id, **by))
    land.ids |= {name: row.id if isinstance(row.id, int) else str(row.id) for name, row in rows.items()}
    land.ids |= {"team_id": team.id, "material_id": rows["material"].id}
    land.ids |= {"decision_id": rows["decision"].id, "narration": str(narration.id), "target": str(target.id)}
    await _reports(db, land, team)
    company = await build.partner(db, commune, name=f"Công ty {COMMUNE}", contact=COMMUNE, commune_id=commune.id)
    admin = await build.account(db, land.province, Role.ADMIN, username="quantri", full_name="Quản trị")
    await build.sign_in(db, officer)
    mine, above = await build.principal(db, officer), await build.principal(db, admin)
    given = [Line(2, {"village": land.village.name, "number": VILLAGE + "9", "head": f"Đỗ {VILLAGE}"})]
    async with db.write() as session:
        staged = await roster_imports.stage(session, mine, ImportKind.HOUSEHOLDS, f"{COMMUNE}.xlsx", given)
        form = TokenForm(name=COMMUNE, scopes=list(SCOPES), days=30)
        token, land.token = await api_tokens.make(session, mine, form)
        told = WebhookForm(address=f"https://{COMMUNE.lower()}.example.vn/x", topics=list(Topic))
        hook = await webhooks.add(session, above, commune.id or 0, told)
        everywhere = WebhookForm(address="https://tinh.example.vn/x", topics=list(Topic))
        await webhooks.add(session, above, land.province.id or 0, everywhere)
        # As if both had been there before all that the team did.
        await session.execute(update(Webhook.__table__).values(made_at=utc_now() - timedelta(hours=1)))
    land.ids |= {
        "list_id": str(staged.id), "token": str(token.id), "webhook": str(hook.id), "partner": company.id,
        "account": officer.id, "account_id": officer.id, "narration_id": str(narration.id),
    }  # fmt: skip


async def _reports(db: Database, land: Land, team: Team) -> None:
    """A report that the commune asked for, the village's, and the commune's own; days on which deadlines stand."""
    dues = dict.fromkeys(("village_due_on", "commune_due_on", "province_due_on"), TODAY)
    days = {"first_day": TODAY, "last_day": TODAY}
    period = Period(unit_id=land.commune.id or 0, kind=ReportKind.AD_HOC, title=COMMUNE, **days, **dues)
    pause = PeriodPause(
        commune_id=land.commune.id or 0, reason=COMMUNE, made_by_id=land.officer.id or 0, first_day=TODAY,
        last_day=TODAY + timedelta(days=9),
    )  # fmt: skip
    async with db.write() as session:
        session.add_all([period, pause])
        await session.flush()
        told = {"period_id": period.id, "commune_id": land.commune.id, "made_at": utc_now(), "due_on": TODAY}
        village = PeriodReport(
            id=uuid7(),
            unit_id=land.village.id,
            level=UnitKind.VILLAGE,
            number=1,
            texts={"plan": VILLAGE},
            submitted_by_member_id=land.leader.id,
            team_id=team.id,
            figures=[{"code": "25", "value": 7}],
            **told,
        )
        own = PeriodReport(
            id=uuid7(), unit_id=land.commune.id, level=UnitKind.COMMUNE, number=1, texts={"plan": COMMUNE},
            submitted_by_account_id=land.officer.id, missing=[VILLAGE], **told,
        )  # fmt: skip
        session.add_all([village, own])
        made = {"file": BundleFile.PDF, "state": BundleState.READY, "paper_count": 1, "key": "k", "sha256": "0" * 64}
        bundle = Bundle(period_id=period.id or 0, unit_id=land.commune.id or 0, asked_by_id=land.officer.id, **made)
        session.add(bundle)
    land.ids |= {"period": period.id, "pause": pause.id, "report": str(village.id), "bundle_id": bundle.id}


async def _strangers(db: Database, land: Land) -> None:
    next_village = await build.village(db, land.commune, code="21901002", name="Thôn Bên")
    next_team = await build.team(db, land.commune, next_village)
    home = await build.household(db, next_village, "1", head_name="Nguyễn Văn Bên")
    farther = await build.village(db, land.elsewhere, code="21902001", name="Thôn Xa")
    far_team = await build.team(db, land.elsewhere, farther)
    await build.member(db, far_team, "Bùi Thị Xa")
    await build.household(db, farther, "1", head_name="Nguyễn Văn Xa")
    company = await build.partner(db, land.elsewhere)
    of_commune = land.marks
    # They see their own commune's things.
    of_village = land.marks - {COMMUNE}
    officers = {
        "officer of another commune": (land.elsewhere, Role.COMMUNE_OFFICER, None),
        "leader of another commune": (land.elsewhere, Role.COMMUNE_LEADER, None),
        "partner": (land.province, Role.PARTNER, company.id),
    }
    land.strangers = [
        Stranger("member of another village", await build.member(db, next_team, "Hồ Thị Bên"), of_village),
        Stranger(
            "leader of another village",
            await build.member(db, next_team, "Hồ Văn Bên", SeatRole.LEADER),
            of_village,
        ),
    ]
    for name, (unit, role, partner) in officers.items():
        who = await build.account(db, unit, role, full_name="Người lạ", partner_id=partner)
        land.strangers.append(Stranger(name, who, of_commune))
    land.ids |= {"own_household": str(home.id), "own_village": next_village.id}
