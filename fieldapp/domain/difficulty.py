"""What may be said of a difficulty, and by when it is to be solved."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import Field

from fieldapp.domain.given import Key
from fieldapp.domain.note import NoteText
from fieldapp.domain.visit import NamedPhotos, Payload
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.working_days import WorkCalendar
from models.difficulty import DifficultyKind, Severity

MAX_DESCRIPTION = 500


class DifficultyPayload(Payload):
    village: Key
    kind: DifficultyKind
    severity: Severity
    description: NoteText = Field(min_length=1, max_length=MAX_DESCRIPTION)
    photos: NamedPhotos = Field(default=[])


def due_day(severity: Severity, received_at: datetime, days: Mapping[Severity, int], calendar: WorkCalendar) -> date:
    """The last Vietnamese day on which it is in time: so many working days after the receipt, nobody knew before."""
    return calendar.after(vn_day(received_at), days[severity])
