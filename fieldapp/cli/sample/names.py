"""Invented names of people, in the manner of each part of the province. Any likeness to a real person is chance."""

from random import Random

from fieldapp.cli.sample.sizes import Profile

_FAMILIES = "Nguyễn Trần Lê Phạm Võ Huỳnh Đinh Bùi Đỗ Phan Trương Đặng Hồ Tạ Lương Cao".split()
_FAMILY_WEIGHTS = [30, 11, 10, 9, 8, 6, 3, 5, 4, 4, 3, 2, 2, 1, 1, 1]
_MIDDLE_M = "Văn Minh Quốc Đức Thanh Hữu Công Ngọc Tấn Xuân".split()
_MIDDLE_F = ["Thị", "Thị Thu", "Thị Kim", "Thị Mỹ", "Thị Ngọc", "Ngọc", "Thanh", "Thị Bích"]
_GIVEN_M = (
    "An Bảo Bình Cường Danh Dũng Đạt Định Hải Hậu Hiếu Hòa Hùng Huy Khánh Khoa Lâm Lộc Long Luân "
    "Nam Nghĩa Nhân Phong Phúc Quang Quý Sơn Tài Tâm Thạch Thành Thắng Thịnh Toàn Trí Trung Tuấn Việt Vinh"
).split()
_GIVEN_F = (
    "Anh Ánh Bích Chi Diễm Diệu Dung Duyên Hà Hạnh Hằng Hiền Hoa Hồng Huệ Hương Lan Liên Linh Loan "
    "Mai My Nga Ngân Nguyệt Nhung Oanh Phượng Quyên Sương Thảo Thủy Trang Trinh Tuyết Uyên Vân Vy Xuân Yến"
).split()
_GIVEN_HRE_M = "Rôn Đôn Ren Lới Xia Nhía Ôn Bốt Nếp Trô Xây Tới Min Vía Hót Lem Đêu Rế Thương Minh".split()
_GIVEN_HRE_F = "Lía Nhớ Hoa Xiêm Vỹ Lệ Nem Rỉ Sơi Mơ Thơi Gia Bê Rim Hiên Đố Nhi Vân Thái Lan".split()
_GIVEN_WEST_M = (
    "Thút Blong Đeng Klôn Phiên Lun Tuân Nghĩa Thuận Huy Brôl Kliêng Ngơi Hlay Thêm Đưh Nhun Blưn Xôi".split()
)
_GIVEN_WEST_F = "Hoa Hương Blơi Ngai Thuyên Bleng Xuân Lan Dam Phương Hlim Nhuk Mưn Blyn Thoa Djrơ Hyưn Rưm Bơn".split()


class NameSource:
    """Draws full names for one commune: Kinh in the lowlands, mixed with highland patterns in the mountains."""

    def __init__(self, profile: Profile, rng: Random) -> None:
        self._profile = profile
        self._rng = rng

    def draw(self, woman: bool | None = None) -> str:
        """A name of a woman, of a man, or of either."""
        is_woman = self._rng.random() < 0.5 if woman is None else woman
        if self._rng.random() >= self._highland_share():
            return self._kinh(is_woman)
        return self._west(is_woman) if self._profile.is_west else self._east_highland(is_woman)

    def _highland_share(self) -> float:
        if self._profile.is_mountain:
            return 0.7 if self._profile.is_west else 0.8
        return 0.25 if self._profile.is_west else 0.0

    def _kinh(self, woman: bool) -> str:
        family = self._rng.choices(_FAMILIES, _FAMILY_WEIGHTS)[0]
        middle, given = (_MIDDLE_F, _GIVEN_F) if woman else (_MIDDLE_M, _GIVEN_M)
        return f"{family} {self._rng.choice(middle)} {self._rng.choice(given)}"

    def _east_highland(self, woman: bool) -> str:
        is_co = "21115" <= self._profile.code <= "21157"
        family = "Hồ" if is_co else self._rng.choices(("Đinh", "Phạm"), (3, 2))[0]
        given = self._rng.choice(_GIVEN_HRE_F if woman else _GIVEN_HRE_M)
        return f"{family} {'Thị' if woman else 'Văn'} {given}"

    def _west(self, woman: bool) -> str:
        return f"Y {self._rng.choice(_GIVEN_WEST_F)}" if woman else f"A {self._rng.choice(_GIVEN_WEST_M)}"
