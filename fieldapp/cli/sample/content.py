"""What was done at a door: platforms, results, how the household was recognised, a note. All by drawn shares."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from random import Random
from typing import Any

from fieldapp.cli.sample.schedule import Call
from fieldapp.domain.flags import CardFacts
from fieldapp.domain.vn_time import vn_day
from fieldapp.services.reference import platform_catalogue
from models.visit import Beneficiary, IdentifiedBy, Result, VisitMode

_MIX_EAST = {
    "VNEID": 22, "DVC": 18, "TTTT": 13, "SSK": 9, "VI": 6, "VSSID": 6, "ATTT": 5, "BDHVS": 5, "CKS": 4, "GHS": 4,
    "PAHT": 3, "DATDAI": 3, "GD": 0.7, "CSXH": 0.7, "ZALO": 0.6,
}  # fmt: skip
_MIX_WEST = _MIX_EAST | {"VNEID": 26, "CSXH": 5, "GHS": 1.5}
_CODES = list(_MIX_EAST)
_SUMS_EAST, _SUMS_WEST = list(accumulate(_MIX_EAST.values())), list(accumulate(_MIX_WEST.values()))
_LINES = (1, 2, 3, 4), (62, 27, 9, 2)
_RESULTS = (Result.INTRODUCED, Result.INSTALLED, Result.INDEPENDENT, Result.COME_BACK), (14, 33, 38, 9)
_TURNED_AWAY = (Result.ABSENT, Result.DECLINED), (3, 1)
TURNED_AWAY, NO_DEVICE, NO_DEVICE_MOUNTAIN = 0.02, 0.04, 0.11
_BENEFICIARIES = tuple(Beneficiary), (58, 32, 8, 1, 1)
_PEOPLE = (1, 2, 3, 4), (62, 26, 9, 3)
_IDENTIFIED = (IdentifiedBy.SCAN, IdentifiedBy.STILL, IdentifiedBy.KEYPAD, IdentifiedBy.LIST), (80, 5, 7, 8)
_STEPS = {p["code"]: [s["code"] for s in p["steps"]] for p in platform_catalogue()}
_NOTES = (
    "Máy đầy bộ nhớ, đã xóa bớt ảnh rồi cài lại.",
    "Bà con muốn học thêm cách gọi video.",
    "Sóng yếu, phải ra nhà văn hóa thôn.",
    "Quên mật khẩu, đã hướng dẫn lấy lại.",
    "Đã nhắc không đọc mã OTP cho người lạ.",
    "Con trong nhà sẽ giúp cha mẹ làm tiếp.",
    "Chưa có căn cước gắn chip, hẹn làm sau.",
    "Nhờ dán mã QR ở quầy hàng.",
    "Điện thoại cũ, chạy chậm.",
    "Đã làm mẫu một lần, bà con tự làm lại được.",
)
WITH_NOTE = 0.22


@dataclass(frozen=True)
class Content:
    """`outcomes` are (platform, result, detail); `card_id` is the card that was read, known to the server or not."""

    mode: VisitMode
    beneficiary: Beneficiary
    people: int
    note: str
    outcomes: list[tuple[str, Result, dict[str, Any]]]
    identified_by: IdentifiedBy
    card: CardFacts | None
    card_id: int | None

    @property
    def platforms(self) -> list[str]:
        return [platform for platform, _, _ in self.outcomes]


def draw_content(rng: Random, call: Call, platforms: list[str] | None) -> Content:
    """With `platforms`, the same ones as in another visit of that day."""
    identified_by, card, card_id = _identify(rng, call)
    return Content(
        call.mode,
        rng.choices(*_BENEFICIARIES)[0],
        rng.choices(*_PEOPLE)[0],
        rng.choice(_NOTES) if rng.random() < WITH_NOTE else "",
        _outcomes(rng, call, platforms or _platforms(rng, call.stage.profile.is_west)),
        identified_by,
        card,
        card_id,
    )


def _platforms(rng: Random, west: bool) -> list[str]:
    sums = _SUMS_WEST if west else _SUMS_EAST
    chosen: dict[str, None] = {}
    lines = rng.choices(*_LINES)[0]
    while len(chosen) < lines:
        chosen[rng.choices(_CODES, cum_weights=sums)[0]] = None
    return list(chosen)


def _outcomes(rng: Random, call: Call, platforms: list[str]) -> list[tuple[str, Result, dict[str, Any]]]:
    luck = rng.random()
    if luck < TURNED_AWAY:
        return [(platforms[0], rng.choices(*_TURNED_AWAY)[0], {})]
    if luck < TURNED_AWAY + (NO_DEVICE_MOUNTAIN if call.stage.profile.is_mountain else NO_DEVICE):
        return [(platform, Result.NO_DEVICE, {}) for platform in platforms]
    return [_outcome(rng, call, platform) for platform in platforms]


def _outcome(rng: Random, call: Call, platform: str) -> tuple[str, Result, dict[str, Any]]:
    result, steps = rng.choices(*_RESULTS)[0], _STEPS[platform]
    if result is Result.COME_BACK:
        day = vn_day(call.made_at) + timedelta(days=rng.randint(2, 10))
        return platform, result, {"come_back_on": day.isoformat()}
    if not steps or result is Result.INTRODUCED:
        return platform, result, {}
    done = len(steps) if result is Result.INDEPENDENT else rng.randint(1, len(steps) - 1)
    return platform, result, {"steps": steps[:done]}


def _identify(rng: Random, call: Call) -> tuple[IdentifiedBy, CardFacts | None, int | None]:
    """How the household was recognised, and what the server finds behind the card."""
    home, luck = call.home, rng.random()
    if call.mode is VisitMode.PHONE or home.card_id is None:
        return IdentifiedBy.LIST, None, None
    way = rng.choices(*_IDENTIFIED)[0]
    if way is IdentifiedBy.LIST:
        return way, None, None
    if luck < 0.004:
        return way, CardFacts(known=False), None
    if luck < 0.010 and (other := rng.choice(call.stage.homes)).card_id not in (None, home.card_id):
        return way, CardFacts(known=True, same_village=True), other.card_id
    if luck < 0.25 and home.old_card_id is not None:
        return way, CardFacts(known=True, revoked=True, same_household=True, same_village=True), home.old_card_id
    return way, CardFacts(known=True, same_household=True, same_village=True), home.card_id
