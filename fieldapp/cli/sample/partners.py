"""Partner companies of the sample, none of them real: two of the whole province, two of some communes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.cli.sample.accounts import PARTNER_NAME
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import vn_day
from models.partner import Partner, PartnerCommune, PartnerKind, PartnerPlatform

SIGNED = date(2025, 9, 15)
COMPANIES = (
    (PARTNER_NAME, PartnerKind.TELECOM, ("VNEID", "DVC", "CKS"), "Phòng Khách hàng tổ chức, tổng đài 0255 000 101"),
    ("Bưu điện (mẫu)", PartnerKind.POST, ("GHS", "CSXH"), "Phòng Kinh doanh, tổng đài 0255 000 102"),
    ("Ngân hàng (mẫu)", PartnerKind.BANK, ("TTTT", "VI", "CSXH"), "Phòng Dịch vụ số, tổng đài 0255 000 103"),
    ("Công ty phần mềm (mẫu)", PartnerKind.OTHER, ("BDHVS",), "Bộ phận hỗ trợ, hotro@example.vn"),
)


async def add_partners(session: AsyncSession, communes: Sequence[int], moment: datetime) -> list[int]:
    """Their ids; the first is that of the partner's account."""
    today, ids = vn_day(moment), []
    for place, (name, kind, platforms, contact) in enumerate(COMPANIES):
        everywhere, ended = kind in (PartnerKind.TELECOM, PartnerKind.POST), kind is PartnerKind.OTHER
        row = Partner(
            name=name, key=fold(name), kind=kind, contact=contact, agreement_number=f"{12 + place}/TT-2025",
            agreement_on=SIGNED, active_from=SIGNED, active_to=today - timedelta(days=20) if ended else None,
            everywhere=everywhere,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        assert row.id is not None
        ids.append(row.id)
        session.add_all(PartnerPlatform(partner_id=row.id, platform_code=code) for code in platforms)
        if not everywhere:
            session.add_all(PartnerCommune(partner_id=row.id, commune_id=unit) for unit in communes[:3])
    return ids
