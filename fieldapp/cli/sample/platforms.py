"""Two platforms beside those that the product ships: one of two communes alone, and one that is no longer used."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.services import samples
from models.base import utc_now
from models.platform import Pillar, Platform, PlatformCommune, PlatformStep

_TOURISM_IN = ("21548", "23473")
"""Lý Sơn and Măng Đen, to which people travel."""


async def store_platforms(session: AsyncSession, communes: Mapping[str, tuple[int, str]]) -> None:
    """`communes` are id and name by code."""
    rows = [
        _row("DU_LICH", "Du lịch số, đặt phòng trực tuyến", "Digital tourism, booking online", "Du lịch số",
             "Tourism", Pillar.ECONOMY, "map-pinned", 17, None),
        _row("PC_COVID", "PC-Covid (khai báo y tế)", "PC-Covid (health declaration)", "PC-Covid", "PC-Covid",
             Pillar.SOCIETY, "heart-pulse", 18, utc_now()),
    ]  # fmt: skip
    await samples.insert_rows(session, Platform.__table__, rows)
    steps = [
        ("dang_phong", "Đăng ảnh, giá phòng", "Post photos and prices"),
        ("nhan_khach", "Nhận đặt phòng", "Take a booking"),
    ]
    named = [
        {"platform_code": "DU_LICH", "code": code, "name_vi": vi, "name_en": en, "position": position}
        for position, (code, vi, en) in enumerate(steps, 1)
    ]
    await samples.insert_rows(session, PlatformStep.__table__, named)
    places = [{"platform_code": "DU_LICH", "commune_id": communes[code][0]} for code in _TOURISM_IN]
    await samples.insert_rows(session, PlatformCommune.__table__, places)


def _row(
    code: str, vi: str, en: str, short_vi: str, short_en: str, pillar: Pillar, icon: str, place: int, gone
) -> dict:
    return {
        "code": code, "name_vi": vi, "name_en": en, "short_vi": short_vi, "short_en": short_en, "pillar": pillar,
        "icon": icon, "position": place, "approved": True, "scope_version": 1, "discarded_at": gone,
    }  # fmt: skip
