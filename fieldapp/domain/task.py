"""What may be said of a task, and where it stands: `tasks.js` knows the same."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from fieldapp.domain.given import Key
from fieldapp.domain.note import NoteText
from fieldapp.domain.visit import Payload
from models.task import TaskState

MAX_TEXT = 300


class Standing(StrEnum):
    """How a task is shown: the words of its doer, and `late` where its day has passed and it is not done."""

    LATE = "late"
    OPEN = "open"
    DOING = "doing"
    DONE = "done"


def standing(state: TaskState, due_on: date, today: date) -> Standing:
    return Standing.LATE if state != TaskState.DONE and due_on < today else Standing(str(state))


class MarkPayload(Payload):
    """A team's word on a task of its own."""

    team: Key
    task: UUID
    state: TaskState
    note: NoteText = Field(default="", max_length=MAX_TEXT)
