"""Difficulties as their board and their panel show them: names of the record, days and hours as text."""

from dataclasses import dataclass, field
from datetime import date

from fieldapp.domain.difficulty_deeds import INTERNAL, OPEN
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.reports.difficulty_detail import DifficultyDetail, StepRow
from fieldapp.reports.difficulty_list import DifficultyRow
from fieldapp.reports.visit_detail import PhotoRow
from fieldapp.states.option import Option
from models.difficulty import DifficultyState
from models.visit import PhotoState


@dataclass
class DueView:
    """`when` is late, today, left or none (it is solved), and `days` how many."""

    day: str = ""
    when: str = "none"
    days: int = 0


@dataclass
class DifficultyLine:
    id: str = ""
    kind: str = ""
    severity: str = ""
    description: str = ""
    village: str = ""
    commune: str = ""
    author: str = ""
    handler: str = ""
    state: str = ""
    due: DueView = field(default_factory=DueView)
    photos: int = 0


@dataclass
class StepView:
    deed: str = ""
    note: str = ""
    by: str = ""
    at: str = ""
    due: str = ""
    inside: bool = False


@dataclass
class PictureView:
    """`address` is empty for a photo that nobody can look at yet; `consent` is how the people in it agreed."""

    sha256: str = ""
    address: str = ""
    consent: str = ""


@dataclass
class DifficultyView:
    """The panel; an empty `id` means that it is closed. `seen` is the last step that is shown."""

    id: str = ""
    seen: int = 0
    kind: str = ""
    severity: str = ""
    description: str = ""
    village: str = ""
    commune: str = ""
    author: str = ""
    handler: str = ""
    received_at: str = ""
    state: str = ""
    due: DueView = field(default_factory=DueView)
    due_on: str = ""
    photos: list[PictureView] = field(default_factory=list)
    steps: list[StepView] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)
    handlers: list[Option] = field(default_factory=list)


@dataclass
class ViewChip:
    view: str = ""
    n: int = 0


@dataclass
class CommuneLine:
    name: str = ""
    open: int = 0
    overdue: int = 0
    escalated: int = 0


def show_due(due_on: date, state: DifficultyState, today: date) -> DueView:
    left = (due_on - today).days
    when = "none" if state not in OPEN else "late" if left < 0 else "today" if left == 0 else "left"
    return DueView(written_day(due_on), when, abs(left))


def show_line(row: DifficultyRow, today: date) -> DifficultyLine:
    return DifficultyLine(
        id=str(row.id),
        kind=str(row.kind),
        severity=str(row.severity),
        description=row.description,
        village=row.village,
        commune=row.commune,
        author=row.author,
        handler=row.handler,
        state=str(row.state),
        due=show_due(row.due_on, row.state, today),
        photos=row.photo_count,
    )


def show_difficulty(detail: DifficultyDetail, handlers: list[Option], today: date) -> DifficultyView:
    row = detail.difficulty
    return DifficultyView(
        id=str(row.id),
        seen=detail.steps[-1].id,
        kind=row.kind,
        severity=row.severity,
        description=row.description,
        village=row.village,
        commune=row.commune,
        author=row.author,
        handler=row.handler or "",
        received_at=written_instant(row.received_at),
        state=row.state,
        due=show_due(row.due_on, DifficultyState(row.state), today),
        due_on=row.due_on.isoformat(),
        photos=[_picture(str(row.id), photo) for photo in detail.photos],
        steps=[_step(step) for step in detail.steps],
        deeds=[str(deed) for deed in detail.deeds],
        handlers=handlers,
    )


def _picture(difficulty_id: str, photo: PhotoRow) -> PictureView:
    ready = photo.state == PhotoState.READY
    address = f"/api/v1/visits/{difficulty_id}/photos/{photo.sha256}?slot=desk" if ready else ""
    return PictureView(photo.sha256, address, photo.consent_way or "")


def _step(step: StepRow) -> StepView:
    due = written_day(step.due_on) if step.due_on else ""
    return StepView(str(step.deed), step.note, step.by, written_instant(step.at), due, step.deed in INTERNAL)
