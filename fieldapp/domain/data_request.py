"""What may be asked of personal data, and by when it is to be answered and done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fieldapp.domain.working_days import WorkCalendar
from models.data_request import RequestKind, RequestState

MAX_WORDS = 500
CLOSED = frozenset({RequestState.DONE, RequestState.REFUSED})
OPEN = (RequestState.RECEIVED, RequestState.ANSWERED)


@dataclass(frozen=True)
class Due:
    """`first` is the last day for telling the person how it will go on, `last` for having it done."""

    first: date
    last: date


def due_days(
    kind: RequestKind, received_on: date, answer_days: int, days: Mapping[RequestKind, int], calendar: WorkCalendar
) -> Due:
    """The first answer counts working days, the rest calendar days, both after the day of the receipt."""
    return Due(calendar.after(received_on, answer_days), received_on + timedelta(days=days[kind]))
