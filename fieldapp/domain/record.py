"""The envelope of every record that a phone makes, and the fingerprint by which a repeat is known."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from fieldapp.domain.given import PlainText

FUTURE_ALLOWED = timedelta(minutes=5)
MAX_PAYLOAD_BYTES = 200_000
_NULL_CHARACTER = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""As it stands in JSON; an even number of backslashes before it is text about one."""


class RecordKind(StrEnum):
    VISIT_CREATE = "visit.create"
    VISIT_REPLACE = "visit.replace"
    VISIT_WITHDRAW = "visit.withdraw"
    REVIEW_DECIDE = "review.decide"
    HOUSEHOLD_ADD = "household.add"
    HOUSEHOLD_CONFIRM = "household.confirm"
    CARD_BIND = "card.bind"
    ACTIVITY_CREATE = "activity.create"
    ACTIVITY_WITHDRAW = "activity.withdraw"
    DIFFICULTY_CREATE = "difficulty.create"
    GROUP_UPDATE = "group.update"
    LOG_COMMENT = "log.comment"
    LOG_ANSWER = "log.answer"
    TARGET_ACCEPT = "target.accept"
    TARGET_SPLIT = "target.split"
    TASK_MARK = "task.mark"
    REPORT_SUBMIT = "report.submit"
    ANNOUNCEMENT_READ = "announcement.read"
    PRACTICE_SUBMIT = "practice.submit"
    COURSE_DONE = "course.done"


NAMES_VILLAGE = frozenset(
    {
        RecordKind.HOUSEHOLD_ADD,
        RecordKind.ACTIVITY_CREATE,
        RecordKind.DIFFICULTY_CREATE,
        RecordKind.GROUP_UPDATE,
        RecordKind.LOG_COMMENT,
        RecordKind.PRACTICE_SUBMIT,
    }
)
"""Kinds whose payload says by itself in which village something is."""

NAMES_TEAM = frozenset(
    {RecordKind.TARGET_ACCEPT, RecordKind.TARGET_SPLIT, RecordKind.TASK_MARK, RecordKind.REPORT_SUBMIT}
)
"""Kinds that concern a team as a whole, and say which."""

OF_NO_VILLAGE = NAMES_TEAM | {RecordKind.ANNOUNCEMENT_READ, RecordKind.COURSE_DONE}

TAKES_AWAY: dict[str, str] = {RecordKind.VISIT_WITHDRAW: "visit", RecordKind.ACTIVITY_WITHDRAW: "activity"}
"""Kinds of withdrawals, and what each names."""


class Envelope(BaseModel):
    """`made_at` is the device's clock, in milliseconds since 1970 (UTC)."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    kind: PlainText = Field(min_length=1, max_length=40)
    schema_version: int = Field(alias="schema", ge=1, le=10_000)
    author: int
    made_at: int = Field(ge=0, le=4_102_444_800_000)
    replaces: UUID | None = None
    payload: dict[str, Any]

    @field_validator("payload")
    @classmethod
    def _bounded(cls, payload: dict[str, Any]) -> dict[str, Any]:
        """Refuses what no database stores: null characters, halves of characters, what is no number, endless depth."""
        try:
            text = json.dumps(payload, ensure_ascii=False, allow_nan=False)
            size = len(text.encode())
        except (RecursionError, ValueError):
            raise ValueError("invalid") from None
        if size > MAX_PAYLOAD_BYTES or _NULL_CHARACTER.search(text):
            raise ValueError("invalid")
        return payload

    @property
    def content_hash(self) -> str:
        """SHA-256 over everything but the id, in canonical JSON."""
        content = [self.kind, self.schema_version, self.author, self.made_at, str(self.replaces), self.payload]
        return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    @property
    def device_made_at(self) -> datetime:
        return datetime.fromtimestamp(self.made_at / 1000, UTC)


def corrected(device_made_at: datetime, device_now: datetime, server_now: datetime) -> datetime:
    """The instant a record was made, by the clock offset measured at push; never after the push itself."""
    return min(device_made_at + (server_now - device_now), server_now)
