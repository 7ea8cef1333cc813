"""Invented training classes: some of the province for all communes, some of each commune, and who came to them."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.services import samples
from models.base import utc_now
from models.member_skill import MemberSkill
from models.training_class import ClassAttendance, TrainingClass

CLASSES = TrainingClass.__table__
_OF_PROVINCE = (
    ("Tập huấn kỹ năng số cho Tổ công nghệ số cộng đồng", ["VNEID", "DVC"], 80),
    ("An toàn thông tin, phòng chống lừa đảo trực tuyến", ["ATTT"], 45),
    ("Sổ sức khỏe điện tử và bảo hiểm xã hội số", ["SSK", "VSSID"], 12),
)
_OF_COMMUNE = (
    ("Hướng dẫn nộp hồ sơ dịch vụ công trực tuyến", ["DVC"]),
    ("Mở gian hàng số cho nông sản", ["GHS", "TTTT"]),
    ("Cài đặt và kích hoạt VNeID mức 2", ["VNEID"]),
)
FROM_PROVINCE, FROM_COMMUNE, MASTERED = 0.12, 0.55, 0.45
"""Of a commune's members those who came to a class, and of what they were taught what they now master."""


async def store_province_classes(session: AsyncSession, officer_id: int, today: date) -> None:
    rows = [
        _row(None, topic, platforms, today - timedelta(days=days), "Hội trường Sở Khoa học và Công nghệ",
             "Sở Khoa học và Công nghệ", "Trung tâm Đào tạo", officer_id)
        for topic, platforms, days in _OF_PROVINCE
    ]  # fmt: skip
    await samples.insert_rows(session, CLASSES, rows)


async def store_training(
    session: AsyncSession, rng: Random, commune_id: int, members: Sequence[int], officer_id: int, today: date
) -> None:
    """One or two classes of the commune, its people at these and at the province's, and what they master since."""
    kept = [
        _row(commune_id, topic, platforms, today - timedelta(days=rng.randint(3, 90)), "Nhà văn hóa xã", "UBND xã",
             "Tổ công nghệ số cộng đồng cấp xã", officer_id)
        for topic, platforms in rng.sample(_OF_COMMUNE, rng.randint(1, 2))
    ]  # fmt: skip
    own = await samples.insert_numbered(session, CLASSES, kept)
    held = [(one, codes, FROM_PROVINCE) for one, codes in await samples.province_classes(session)]
    held += [(class_id, row["platforms"], FROM_COMMUNE) for class_id, row in zip(own, kept, strict=True)]
    now, came, mastered = utc_now(), [], {}
    for class_id, platforms, share in held:
        for member in members:
            if rng.random() < share:
                came.append({"class_id": class_id, "member_id": member, "noted_by_id": officer_id, "noted_at": now})
                learned = [code for code in platforms if rng.random() < MASTERED]
                mastered |= {(member, code): None for code in learned}
    await samples.insert_rows(session, ClassAttendance.__table__, came)
    skills = [
        {"member_id": member, "platform_code": code, "set_by_id": officer_id, "set_at": now}
        for member, code in mastered
    ]
    await samples.insert_rows(session, MemberSkill.__table__, skills)


def _row(
    commune_id: int | None, topic: str, platforms: list[str], day: date, place: str, organiser: str, trainer: str,
    officer_id: int,
) -> dict[str, Any]:  # fmt: skip
    return {
        "commune_id": commune_id, "topic": topic, "platforms": platforms, "held_on": day, "place": place,
        "organiser": organiser, "trainer": trainer, "made_by_id": officer_id, "made_at": utc_now(),
    }  # fmt: skip
