"""Requests about personal data and the consent log as their page shows them: days and hours as text."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fieldapp.domain.data_request import OPEN
from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.reports.consent_log import ConsentRow
from fieldapp.reports.data_request_list import HeldPhoto, RequestDetail


@dataclass
class RequestLine:
    id: int = 0
    kind: str = ""
    household: str = ""
    village: str = ""
    received: str = ""
    first: str = ""
    answered: str = ""
    first_late: bool = False
    due: str = ""
    late: bool = False
    state: str = ""
    handler: str = ""


@dataclass
class PhotoView:
    """`address` is empty where nobody can look at it yet."""

    record: str = ""
    sha256: str = ""
    day: str = ""
    address: str = ""
    consent: str = ""


@dataclass
class EventView:
    at: str = ""
    action: str = ""
    by: str = ""


@dataclass
class RequestView:
    """The panel; an `id` of 0 means that it is closed. `open`: whether something may still be noted."""

    id: int = 0
    line: RequestLine = field(default_factory=RequestLine)
    head: str = ""
    asked: str = ""
    answer: str = ""
    result: str = ""
    erased: str = ""
    visits: int = 0
    open: bool = False
    photos: list[PhotoView] = field(default_factory=list)
    trail: list[EventView] = field(default_factory=list)


@dataclass
class ConsentLine:
    key: str = ""
    at: str = ""
    village: str = ""
    household: str = ""
    scope: str = ""
    way: str = ""
    text: int = 0
    collector: str = ""
    withdrawn: str = ""


def show_line(row: Any, today: date) -> RequestLine:
    is_open = row.state in OPEN
    return RequestLine(
        id=row.id,
        kind=row.kind,
        household=row.number or "",
        village=row.village or "",
        received=written_day(row.received_on),
        first=written_day(row.first_due_on),
        answered=written_day(row.answered_on) if row.answered_on else "",
        first_late=is_open and row.answered_on is None and row.first_due_on < today,
        due=written_day(row.due_on),
        late=is_open and row.due_on < today,
        state=row.state,
        handler=row.handler or "",
    )


def show_request(detail: RequestDetail, today: date) -> RequestView:
    row = detail.request
    return RequestView(
        id=row.id,
        line=show_line(row, today),
        head=row.head_name or "",
        asked=row.asked,
        answer=row.answer,
        result=row.result,
        erased=written_instant(row.erased_at),
        visits=detail.visits,
        open=row.state in OPEN,
        photos=[_photo(photo) for photo in detail.photos],
        trail=[EventView(written_instant(e.at), e.action, e.by or "") for e in detail.trail],
    )


def _photo(photo: HeldPhoto) -> PhotoView:
    address = f"/api/v1/visits/{photo.record_id}/photos/{photo.sha256}?slot=desk" if photo.shown else ""
    day = written_day(photo.done_on)
    return PhotoView(str(photo.record_id), photo.sha256, day, address, photo.consent_way or "")


def show_consent(row: ConsentRow, place: int) -> ConsentLine:
    return ConsentLine(
        key=f"{row.sha256}-{place}",
        at=written_instant(row.at),
        village=row.village,
        household=row.household,
        scope=row.scope,
        way=row.way or "",
        text=row.text_version or 0,
        collector=row.collector,
        withdrawn=written_instant(row.withdrawn_at),
    )
