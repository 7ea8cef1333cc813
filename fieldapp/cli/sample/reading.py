"""Invented announcements with who has read them, papers and good practice, contacts and common groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.cli.sample.crews import Crew
from fieldapp.cli.sample.filling import Commune
from fieldapp.cli.sample.households import uuid7_at
from fieldapp.cli.sample.sizes import SEED
from fieldapp.cli.sample.units import within_a_sentence
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import VIETNAM, vn_day
from fieldapp.services import samples
from fieldapp.services.scopes import LIBRARY, raise_versions
from models.account import Account
from models.announcement import Announcement, AnnouncementCommune, AnnouncementReading, Audience
from models.commune_group import CommuneGroup
from models.material import CourseDone, Material, MaterialKind, MaterialState
from models.support_contact import ContactKind, SupportContact
from models.unit import Region

_OF_PROVINCE = (
    (9, 20, Audience.MEMBERS, "Chiến dịch 45 ngày hướng dẫn dịch vụ công trực tuyến",
     "Đề nghị các tổ ưu tiên hộ chưa từng nộp hồ sơ trực tuyến. Mỗi buổi tối dành ra một giờ ở nhà văn hóa thôn.\n"
     "Ghi phiếu ngay khi hướng dẫn xong, không chờ có mạng."),
    (3, None, Audience.LEADERS, "Cách duyệt nhật ký ngày khi tổ trưởng đi vắng",
     "Tổ trưởng ủy quyền duyệt cho một thành viên ngay trên máy, ghi rõ từ ngày nào đến ngày nào."),
    (1, 6, Audience.OFFICERS, "Rà soát danh sách tổ trước khi báo Sở",
     "Xã rà lại thành phần từng tổ, bổ sung giáo viên Tin học còn thiếu, rồi xác nhận đã báo Sở."),
)  # fmt: skip
_OF_COMMUNE = (
    (5, 2, "Ra quân cuối tuần ở nhà văn hóa các thôn",
     "Các tổ có mặt lúc 7 giờ sáng thứ Bảy. Mang theo thẻ hộ chưa phát và tờ hướng dẫn VNeID."),
    (14, None, "Nhắc bà con cảnh giác lừa đảo qua điện thoại",
     "Không cán bộ nào hỏi mã OTP hay mật khẩu. Gặp hộ nào cũng nhắc một câu."),
)  # fmt: skip
_READ = {0: 0.95, 1: 0.7}
"""How many read what is more than a week old, and what is newer."""

_PAPERS = (
    ("335/SKHCN-BCVT&CĐS", date(2025, 7, 22), "Hướng dẫn thành lập và tổ chức hoạt động Tổ công nghệ số cộng đồng",
     "Mỗi xã có một tổ cấp xã và các tổ ở thôn, tổ dân phố. Tổ hướng dẫn từng hộ, nhận chỉ tiêu theo nền tảng, lập "
     "nhóm Zalo thôn và báo cáo định kỳ. Mỗi xã lập một nhóm chung gồm lãnh đạo, các tổ và doanh nghiệp tham gia."),
    ("", None, "Những điều không làm khi hướng dẫn bà con",
     "Không hỏi mật khẩu, mã OTP. Không chụp căn cước. Không giữ máy của bà con. Không thu tiền."),
)  # fmt: skip
_PRACTICES = (
    ("Góc số ở chợ phiên", "Mỗi phiên chợ, tổ đặt một bàn cạnh quầy hàng, giúp tiểu thương dán mã QR nhận tiền. "
     "Sau ba phiên, hơn một nửa số quầy đã nhận tiền bằng mã."),
    ("Con cháu giúp ông bà", "Giáo viên Tin học giao bài cho học sinh: cài VNeID cùng ông bà ở nhà. Tổ đến xem lại."),
    ("Tối thứ Năm ở nhà rông", "Tổ hẹn bà con một tối cố định, làm mẫu từng bước bằng tiếng mẹ đẻ."),
)  # fmt: skip
_COURSES = (
    ("Kỹ năng số cơ bản cho Tổ công nghệ số cộng đồng", "https://khoa-hoc.example/ky-nang-so", "thành viên mới"),
    ("Hướng dẫn bà con dùng dịch vụ công trực tuyến", "https://khoa-hoc.example/dich-vu-cong", "tổ trưởng, tổ phó"),
    ("An toàn thông tin cho người mới bắt đầu", "https://cu.khoa-hoc.example/an-toan", ""),
)
"""The last leads nowhere. Nobody has this domain, nor can have it."""

_BY_MEMBERS = (
    ("Tờ giấy từng bước dán ở nhà văn hóa", "Tổ chép từng bước đăng nhập VNeID ra giấy khổ lớn, dán cạnh ổ cắm điện. "
     "Bà con tự làm theo, ai vướng mới gọi tổ."),
    ("Đi cùng y tế thôn", "Hôm tiêm chủng, tổ ngồi cạnh bàn y tế thôn, mở sổ sức khỏe điện tử cho từng nhà. "
     "Một buổi được mười hai hộ."),
)  # fmt: skip


def _told_by_province(moment: datetime) -> list[dict[str, Any]]:
    rng = Random(f"{SEED} told")
    return [
        _announcement(rng, moment, ago, due, title, text) | {"audience": audience, "everywhere": True}
        for ago, due, audience, title, text in _OF_PROVINCE
    ]


def _announcement(rng: Random, moment: datetime, ago: int, due: int | None, title: str, text: str) -> dict[str, Any]:
    at = datetime.combine(vn_day(moment) - timedelta(days=ago), time(rng.randint(8, 16), 15), VIETNAM)
    due_on = None if due is None else vn_day(moment) + timedelta(days=due)
    return {
        "id": uuid7_at(rng, at), "title": title, "text": text, "due_on": due_on, "published_at": at,
        "withdrawn_at": None, "audience": Audience.MEMBERS, "everywhere": False,
    }  # fmt: skip


async def store_province_announcements(session: AsyncSession, like: Account, moment: datetime) -> None:
    by = {"unit_id": like.unit_id, "published_by_id": like.id}
    rows = [row | by for row in _told_by_province(moment)]
    await samples.insert_rows(session, Announcement.__table__, rows)


async def store_reading(
    session: AsyncSession, commune: Commune, crews: Sequence[Crew], officer_id: int, courses: Sequence[int]
) -> None:
    """What a commune tells its people, who of them has read that and the province's, its contacts and its group."""
    rng, moment = Random(f"{SEED} {commune.size.name} {commune.profile.code} told"), commune.window.moment
    by = {"unit_id": commune.unit_id, "published_by_id": officer_id}
    own = [_announcement(rng, moment, *words) | by for words in _OF_COMMUNE]
    told = [*own, *_told_by_province(moment)]
    await samples.insert_rows(session, Announcement.__table__, own)
    reached = [{"announcement_id": row["id"], "commune_id": commune.unit_id} for row in told]
    await samples.insert_rows(session, AnnouncementCommune.__table__, reached)
    readings = [reading for row in told for reading in _readings(rng, row, crews, officer_id, moment)]
    await samples.insert_rows(session, AnnouncementReading.__table__, readings)
    place = within_a_sentence(commune.name)
    contacts = [
        _contact(ContactKind.OFFICE, f"Phòng Văn hóa - Xã hội {place}", "Đầu mối của các tổ", rng),
        _contact(
            ContactKind.OFFICE, f"Trung tâm phục vụ hành chính công {place}", "Hồ sơ trực tuyến, giờ hành chính", rng
        ),
        _contact(ContactKind.COMPANY, "Bưu điện văn hóa xã", "Ví điện tử, gian hàng số", rng),
    ]
    kept = {"commune_id": commune.unit_id, "region": None, "kept_by_id": officer_id, "kept_at": moment}
    await samples.insert_rows(session, SupportContact.__table__, [row | kept for row in contacts])
    if rng.random() < 0.8:
        await samples.insert_rows(
            session, CommuneGroup.__table__, [_group(commune, place, len(crews), officer_id, rng)]
        )
    await _store_practice(session, commune, crews[0].people[0].member_id)
    people = sorted({person.member_id for crew in crews for person in crew.people})
    finished = [
        {"material_id": course, "member_id": member, "done_at": moment - timedelta(days=rng.randint(1, 20))}
        for course in courses
        for member in people
        if rng.random() < 0.15
    ]
    await samples.insert_rows(session, CourseDone.__table__, finished)


async def _store_practice(session: AsyncSession, commune: Commune, author_id: int) -> None:
    """What somebody of the commune wrote on the phone, and the commune has not passed on yet."""
    rng = Random(f"{SEED} {commune.profile.code} practice")
    at = commune.window.moment - timedelta(hours=rng.randint(20, 90))
    version = (await raise_versions(session, [LIBRARY]))[LIBRARY]
    row = _material(MaterialKind.PRACTICE, commune.unit_id, *rng.choice(_BY_MEMBERS)) | {
        "state": MaterialState.WAITING, "at_commune": True, "author_id": author_id, "record_id": uuid7_at(rng, at),
        "added_by_id": None, "added_at": at, "scope_version": version,
    }  # fmt: skip
    await samples.insert_rows(session, Material.__table__, [row])


def _readings(
    rng: Random, row: dict[str, Any], crews: Sequence[Crew], officer_id: int, moment: datetime
) -> list[dict[str, Any]]:
    """Those for whom it is, but for some; an officer of the commune reads what the province tells."""
    at = row["published_at"]
    likely = _READ[0 if (moment - at).days > 7 else 1]
    if row["audience"] == Audience.OFFICERS or row["everywhere"]:
        officers = [{"member_id": None, "account_id": officer_id}] if rng.random() < likely else []
    else:
        officers = []
    people = {
        Audience.MEMBERS: sorted({person.member_id for crew in crews for person in crew.people}),
        Audience.LEADERS: sorted({decider for crew in crews for decider in crew.deciders[:2]}),
        Audience.OFFICERS: [],
    }[row["audience"]]
    members = [{"member_id": member, "account_id": None} for member in people if rng.random() < likely]
    return [
        reader | {"id": uuid7_at(rng, at), "announcement_id": row["id"], "read_at": at + (moment - at) * rng.random()}
        for reader in [*officers, *members]
    ]


def _contact(kind: ContactKind, name: str, about: str, rng: Random) -> dict[str, Any]:
    phone = f"0000{rng.randint(0, 999_999):06}"
    return {"kind": kind, "name": name, "about": about, "phone": phone, "zalo": False, "discarded_at": None}


def _group(commune: Commune, place: str, teams: int, officer_id: int, rng: Random) -> dict[str, Any]:
    moment = commune.window.moment
    return {
        "commune_id": commune.unit_id, "name": f"Chuyển đổi số {place}", "link": "", "leaders": rng.randint(2, 4),
        "teams": max(1, teams - rng.randint(0, 2)), "companies": rng.randint(1, 4),
        "counted_on": vn_day(moment) - timedelta(days=rng.randint(1, 20)), "kept_by_id": officer_id, "kept_at": moment,
    }  # fmt: skip


@dataclass(frozen=True)
class Library:
    """The letter that targets cite, and the courses that still can be opened."""

    letter: int
    courses: Sequence[int]


async def store_library(session: AsyncSession, like: Account, communes: Sequence[int], moment: datetime) -> Library:
    """The province's papers, courses and contacts, and good practice of some communes, the last of which waits."""
    rng = Random(f"{SEED} library")
    papers = [
        _material(MaterialKind.PAPER, None, title, text)
        | {"number": number, "key": fold(title + number), "issued_on": day}
        for number, day, title, text in _PAPERS
    ]
    practices = [
        _material(MaterialKind.PRACTICE, communes[n * 7 % len(communes)], title, text)
        for n, (title, text) in enumerate(_PRACTICES)
    ]
    practices[-1]["state"] = MaterialState.WAITING
    courses = [
        _material(MaterialKind.LINK, None, title, "") | {"issuer": "", "url": url, "meant_for": meant_for}
        for title, url, meant_for in _COURSES
    ]
    courses[-1] |= {"dead_at": moment - timedelta(days=2), "dead_by_id": like.id}
    rows = []
    for row in [*papers, *courses, *practices]:
        version = (await raise_versions(session, [LIBRARY]))[LIBRARY]
        rows.append(row | {"added_by_id": like.id, "added_at": moment, "scope_version": version})
    ids = await samples.insert_numbered(session, Material.__table__, rows)
    kept = {"commune_id": None, "kept_by_id": like.id, "kept_at": moment}
    contacts = [
        _contact(ContactKind.OFFICE, "Sở Khoa học và Công nghệ", f"Hỗ trợ các xã phía {side}", rng) | {"region": region}
        for side, region in (("đông", Region.EAST), ("tây", Region.WEST))
    ]
    await samples.insert_rows(session, SupportContact.__table__, [row | kept for row in contacts])
    return Library(ids[0], ids[len(papers) : len(papers) + len(courses) - 1])


def _material(kind: MaterialKind, commune_id: int | None, title: str, text: str) -> dict[str, Any]:
    issuer = "" if kind == MaterialKind.PRACTICE else "Sở Khoa học và Công nghệ"
    return {
        "kind": kind, "commune_id": commune_id, "title": title, "key": fold(f"{title} {issuer}"), "number": "",
        "issuer": issuer, "issued_on": None, "text": text, "sha256": None, "bytes": None,
        "state": MaterialState.APPROVED, "reason": "", "decided_by_id": None, "decided_at": None, "url": "",
        "meant_for": "", "dead_at": None, "dead_by_id": None,
    }  # fmt: skip
