"""Teams as their page shows them: days and hours as text, warnings apart from the reasons that silence them."""

from dataclasses import dataclass, field
from datetime import date

from fieldapp.domain.browser import named
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.reports.skill_list import CommuneSkills
from fieldapp.reports.team_list import PhoneRow, SeatRow, ServedRow, TeamRow
from fieldapp.reports.team_standing import WarningRow


@dataclass
class PhoneView:
    """`unsent` is -1 where the phone never said; `until` is the day to which a closing one may send."""

    id: str = ""
    label: str = ""
    last_at: str = ""
    unsent: int = -1
    state: str = ""
    until: str = ""


@dataclass
class SeatView:
    """`kind` is "none" where nobody has said it; `first` is `since` as a form takes it."""

    id: int = 0
    member: int = 0
    name: str = ""
    role: str = ""
    kind: str = ""
    position: str = ""
    number: str = ""
    since: str = ""
    first: str = ""
    until: str = ""
    reviews_until: str = ""
    mastered_vi: str = ""
    mastered_en: str = ""
    phones: list[PhoneView] = field(default_factory=list)


@dataclass
class WarningView:
    """`reason` is empty while nobody has said why; `said` is who did and when."""

    kind: str = ""
    people: int = 0
    reason: str = ""
    by: str = ""
    on: str = ""


@dataclass
class TeamView:
    """`last_at` is the newest push of any of its phones, `unsent` what they said they held at their last ones.

    `heard` are the warnings that no reason silences. `skilled` says whether anybody's skills were said yet,
    `unmastered` which platforms nobody masters.
    """

    id: int = 0
    name: str = ""
    level: str = ""
    villages: str = ""
    village_ids: list[str] = field(default_factory=list)
    first: str = ""
    until: str = ""
    decision: str = ""
    phones: int = 0
    last_at: str = ""
    unsent: int = 0
    heard: list[WarningView] = field(default_factory=list)
    silenced: list[WarningView] = field(default_factory=list)
    skilled: bool = False
    unmastered_vi: str = ""
    unmastered_en: str = ""
    seats: list[SeatView] = field(default_factory=list)


@dataclass
class ServedView:
    name: str = ""
    role: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""


@dataclass
class KnownView:
    id: int = 0
    name: str = ""
    teams: str = ""


@dataclass
class SkillView:
    """A platform and whether a member masters it; `taught` is the day of the last class on it that they came to."""

    code: str = ""
    name_vi: str = ""
    name_en: str = ""
    mastered: bool = False
    taught: str = ""


def show_skills(skills: CommuneSkills, member_id: int) -> list[SkillView]:
    own = skills.of(member_id)
    return [
        SkillView(one.code, one.vi, one.en, one.code in own.mastered, _day(own.taught.get(one.code)))
        for one in skills.platforms
    ]


def show_team(team: TeamRow, skills: CommuneSkills) -> TeamView:
    lacking = skills.unmastered([seat.member_id for seat in team.seats])
    phones = [phone for seat in team.seats for phone in seat.phones]
    contacts = [phone.last_contact_at for phone in phones if phone.last_contact_at]
    decision = team.standing.decision
    return TeamView(
        id=team.id,
        name=team.name,
        level=str(team.level),
        villages=", ".join(name for _, name in team.villages),
        village_ids=[str(village) for village, _ in team.villages],
        first=team.since.isoformat(),
        until=_day(team.until),
        decision=decision.number if decision else "",
        phones=len(phones),
        last_at=written_instant(max(contacts, default=None)),
        unsent=sum(phone.unsent or 0 for phone in phones),
        heard=[show_warning(warning) for warning in team.standing.heard],
        silenced=[show_warning(warning) for warning in team.standing.warnings if warning.reason],
        skilled=len(lacking) < len(skills.platforms),
        unmastered_vi=", ".join(one.vi for one in lacking),
        unmastered_en=", ".join(one.en for one in lacking),
        seats=[_seat(seat, skills) for seat in team.seats],
    )


def show_warning(warning: WarningRow) -> WarningView:
    return WarningView(str(warning.kind), warning.people, warning.reason, warning.by, _day(warning.on))


def show_served(row: ServedRow) -> ServedView:
    return ServedView(row.name, str(row.role), str(row.kind or "none"), _day(row.since), _day(row.until))


def _seat(seat: SeatRow, skills: CommuneSkills) -> SeatView:
    mastered = [one for one in skills.platforms if one.code in skills.of(seat.member_id).mastered]
    return SeatView(
        seat.id,
        seat.member_id,
        seat.name,
        str(seat.role),
        str(seat.kind or "none"),
        seat.position or "",
        seat.phone,
        _day(seat.since),
        seat.since.isoformat(),
        _day(seat.until),
        _day(seat.reviews_until),
        ", ".join(one.vi for one in mastered),
        ", ".join(one.en for one in mastered),
        [_phone(phone) for phone in seat.phones],
    )


def _phone(phone: PhoneRow) -> PhoneView:
    return PhoneView(
        str(phone.id),
        named(phone.label),
        written_instant(phone.last_contact_at),
        -1 if phone.unsent is None else phone.unsent,
        str(phone.state),
        _day(vn_day(phone.sends_until) if phone.sends_until else None),
    )


def _day(day: date | None) -> str:
    return written_day(day) if day else ""
