"""Invented teams and members, with the composition of the letter (items 1 and 2) and its usual gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from fieldapp.cli.sample.names import NameSource
from models.team import SeatKind, SeatRole
from models.unit import Division

ACTIVE_SHARE = 0.45
"""Members who record anything in a month."""

WITHOUT_DEPUTY = 0.12
FEW_IT_TEACHERS = 0.22
_VILLAGE_TEAM_SIZES, _VILLAGE_TEAM_WEIGHTS = (4, 5, 6, 7, 8), (12, 23, 25, 35, 5)
_YOUTH_SECRETARY = "Bí thư Đoàn Thanh niên"


@dataclass(frozen=True)
class SeatPlan:
    """`weight` says how much this member records, compared with others."""

    role: SeatRole
    kind: SeatKind
    position: str
    full_name: str
    phone: str | None
    weight: float


@dataclass(frozen=True)
class _Post:
    position: str
    kind: SeatKind
    weight: float
    women: float = 0.5


_POLICE = _Post("Công an", SeatKind.POLICE, 0.4, 0.1)
_WOMENS_UNION = _Post("Cán bộ Hội Phụ nữ", SeatKind.WOMENS_UNION, 1.2, 1.0)
_FARMERS = _Post("Cán bộ Hội Nông dân", SeatKind.FARMERS_UNION, 0.5, 0.3)
_YOUTH, _TEACHER = _Post("Đoàn viên", SeatKind.YOUTH_MEMBER, 3.0), _Post("Giáo viên", SeatKind.TEACHER, 1.0, 0.7)
_IT_TEACHER = _Post("Giáo viên Tin học", SeatKind.IT_TEACHER, 0.5)
_DEPUTY = _Post(_YOUTH_SECRETARY, SeatKind.YOUTH_SECRETARY, 2.5)
_ELDER = _Post("Người có uy tín", SeatKind.RESPECTED, 0.2, 0.2)
_OFFICIAL = _Post("Công chức Phòng Văn hóa - Xã hội", SeatKind.CULTURE_OFFICE, 0.4)
_VETERAN = _Post("Cán bộ Hội Cựu chiến binh", SeatKind.OTHER, 0.3, 0.1)
_VILLAGE_POSTS = (_YOUTH, _WOMENS_UNION, _POLICE, _FARMERS, _TEACHER, _ELDER, _VETERAN)
_COMMUNE_POSTS = (
    _POLICE, _OFFICIAL, _IT_TEACHER, _IT_TEACHER, _WOMENS_UNION, _FARMERS, _OFFICIAL,
    _Post("Nhân viên Trung tâm Phục vụ hành chính công", SeatKind.COMMUNE_OFFICE, 0.8),
    _Post("Nhân viên Trạm Y tế", SeatKind.COMMUNE_OFFICE, 0.5, 0.7),
    _Post("Cán bộ Mặt trận Tổ quốc", SeatKind.OTHER, 0.3), _TEACHER, _YOUTH, _YOUTH,
    _Post("Công chức Văn phòng UBND", SeatKind.COMMUNE_OFFICE, 0.3),
)  # fmt: skip


def plan_village_team(
    rng: Random, names: NameSource, division: Division, size: int | None, first: bool
) -> list[SeatPlan]:
    """A village's team of 4 to 8; the commune's `first` one always has a deputy."""
    size = size or rng.choices(_VILLAGE_TEAM_SIZES, _VILLAGE_TEAM_WEIGHTS)[0]
    has_deputy = rng.random() >= WITHOUT_DEPUTY or first
    heads = ("Tổ trưởng tổ dân phố" if division is Division.TO_DAN_PHO else "Trưởng thôn", "Bí thư Chi bộ")
    post = rng.choices(heads, (7, 3))[0]
    kind = SeatKind.VILLAGE_HEAD if post == heads[0] else SeatKind.PARTY_SECRETARY
    leader = _Post(post, kind, 1.0 if has_deputy else 0.2, 0.25)
    return _plan(rng, names, leader, has_deputy, _VILLAGE_POSTS, size)


def plan_commune_team(rng: Random, names: NameSource, size: int | None) -> list[SeatPlan]:
    """A commune's team of 9 to 16; in a fifth of communes there is one teacher of informatics too few."""
    size = size or min(16, max(9, round(rng.gauss(12, 1.8))))
    posts = list(_COMMUNE_POSTS)
    if rng.random() < FEW_IT_TEACHERS:
        posts.remove(_IT_TEACHER)
    return _plan(rng, names, _Post("Phó Chủ tịch UBND", SeatKind.COMMUNE_OFFICE, 0.05, 0.3), True, posts, size)


def _plan(
    rng: Random, names: NameSource, leader: _Post, has_deputy: bool, posts: Sequence[_Post], size: int
) -> list[SeatPlan]:
    heads = [(SeatRole.LEADER, leader)] + ([(SeatRole.DEPUTY, _DEPUTY)] if has_deputy else [])
    others = [(SeatRole.MEMBER, post) for post in posts[: size - len(heads)]]
    return [_seat(rng, names, role, post) for role, post in heads + others]


def _seat(rng: Random, names: NameSource, role: SeatRole, post: _Post) -> SeatPlan:
    active = rng.random() < ACTIVE_SHARE or role is SeatRole.DEPUTY
    return SeatPlan(
        role,
        post.kind,
        post.position,
        names.draw(woman=rng.random() < post.women),
        invented_phone(rng) if rng.random() < 0.9 else None,
        post.weight if active else post.weight * 0.1,
    )


def invented_phone(rng: Random) -> str:
    """A number that no network has: none begins with 0000."""
    return f"0000{rng.randrange(1_000_000):06d}"
