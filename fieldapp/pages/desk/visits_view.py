"""Visits as their list and their panel show them: names of the record, days and hours as text."""

from dataclasses import dataclass, field

from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.reports.visit_detail import VisitDetail
from fieldapp.reports.visit_list import VisitRow
from models.visit import PhotoState


@dataclass
class OutcomeView:
    """`steps_vi` and `steps_en` are lists in words."""

    name_vi: str = ""
    name_en: str = ""
    icon: str = ""
    result: str = ""
    come_back_on: str = ""
    again: bool = False
    steps_vi: str = ""
    steps_en: str = ""


@dataclass
class VisitLine:
    id: str = ""
    at: str = ""
    village: str = ""
    number: str = ""
    head: str = ""
    author: str = ""
    outcomes: list[OutcomeView] = field(default_factory=list)
    people: int = 0
    state: str = ""
    flags: list[str] = field(default_factory=list)
    needs_look: bool = False
    photo_count: int = 0


@dataclass
class PhotoView:
    """`address` is empty for a photo that nobody can look at; `word` says then why."""

    sha256: str = ""
    address: str = ""
    word: str = ""


@dataclass
class ReviewView:
    verdict: str = ""
    by: str = ""
    at: str = ""
    reason_code: str = ""
    reason: str = ""


@dataclass
class TrailView:
    at: str = ""
    action: str = ""
    by: str = ""
    version: int = 1


@dataclass
class VisitView:
    """The panel beside the list; an empty `id` means that it is closed."""

    id: str = ""
    number: str = ""
    head: str = ""
    village: str = ""
    author: str = ""
    at: str = ""
    received_at: str = ""
    mode: str = ""
    beneficiary: str = ""
    identified_by: str = ""
    verified: bool = False
    people: int = 0
    note: str = ""
    state: str = ""
    version: int = 1
    needs_look: bool = False
    flags: list[str] = field(default_factory=list)
    outcomes: list[OutcomeView] = field(default_factory=list)
    photos: list[PhotoView] = field(default_factory=list)
    reviews: list[ReviewView] = field(default_factory=list)
    trail: list[TrailView] = field(default_factory=list)


def show_line(row: VisitRow) -> VisitLine:
    return VisitLine(
        id=str(row.id),
        at=written_instant(row.made_at),
        village=row.village,
        number=row.household_number,
        head=row.head_name or "",
        author=row.author,
        outcomes=[OutcomeView(o.name_vi, o.name_en, "", str(o.result)) for o in row.outcomes],
        people=row.people,
        state=str(row.state),
        flags=[str(flag) for flag in row.flags],
        needs_look=row.needs_look,
        photo_count=row.photo_count,
    )


def show_visit(detail: VisitDetail) -> VisitView:
    visit = detail.visit
    return VisitView(
        id=str(visit.id),
        number=visit.household_number,
        head=visit.head_name or "",
        village=visit.village,
        author=visit.author,
        at=written_instant(visit.made_at),
        received_at=written_instant(visit.received_at),
        mode=str(visit.mode),
        beneficiary=str(visit.beneficiary),
        identified_by=str(visit.identified_by),
        verified=visit.verified,
        people=visit.people,
        note=visit.note,
        state=str(visit.state),
        version=visit.version,
        needs_look=visit.needs_look,
        flags=[str(flag) for flag in detail.flags],
        outcomes=_outcomes(detail),
        photos=_photos(detail),
        reviews=[
            ReviewView(str(r.verdict), r.by, written_instant(r.made_at), r.reason_code or "", r.reason or "")
            for r in detail.reviews
        ],
        trail=[TrailView(written_instant(t.at), t.action, t.by, t.version) for t in detail.trail],
    )


def _outcomes(detail: VisitDetail) -> list[OutcomeView]:
    return [
        OutcomeView(
            o.name_vi,
            o.name_en,
            o.icon,
            str(o.result),
            written_day(o.come_back_on) if o.come_back_on else "",
            o.again,
            ", ".join(vi for vi, _ in o.steps),
            ", ".join(en for _, en in o.steps),
        )
        for o in detail.outcomes
    ]


def _photos(detail: VisitDetail) -> list[PhotoView]:
    place = f"/api/v1/visits/{detail.visit.id}/photos/"
    return [
        PhotoView(p.sha256, f"{place}{p.sha256}?slot=desk" if p.state == PhotoState.READY else "", _word(p))
        for p in detail.photos
    ]


def _word(photo) -> str:
    return photo.reason_code if photo.state == PhotoState.REFUSED and photo.reason_code else "on_its_way"
