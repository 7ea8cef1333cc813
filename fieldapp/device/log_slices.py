"""The slices of the screens of day logs: what was done on a day, what was said of it, what is being written."""

from dataclasses import dataclass

from fieldapp.device.shapes import VisitLine
from fieldapp.device.work_slices import WorkLine


@dataclass
class CommentLine:
    """`sync` says whether the server has it, `answer_sync` whether it has the answer."""

    id: str
    text: str
    by: str
    day: str
    time: str
    own: bool
    sync: str
    answer: str
    answer_by: str
    answer_sync: str
    may_answer: bool


@dataclass
class LogLine:
    """One member's day in one village; `visits` only where it is open."""

    key: str
    day: str
    label: str
    date: str
    weekday: int
    member: int
    name: str
    village: int
    mine: bool
    n: int
    may_comment: bool
    open: bool
    comments: list[CommentLine]
    visits: list[VisitLine]


@dataclass
class RefusedWords(WorkLine):
    text: str


@dataclass
class Logs:
    ready: bool
    leads: bool
    lines: list[LogLine]
    refused: list[RefusedWords]


@dataclass
class CommentForm:
    """`changes`: a comment that was kept before is being changed."""

    open: bool
    name: str
    date: str
    text: str
    missing: str
    changes: bool


@dataclass
class AnswerForm:
    open: bool
    about: str
    text: str
    missing: str
    changes: bool
