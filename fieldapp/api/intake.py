"""Pushes that come while others are being stored are stored together: they share locks, counters and the commit.

A group is one transaction of a few pushes. One in which anything breaks is undone, and each of its pushes is made
alone and with care, so that nobody's record is another's trouble. A push that comes alone waits for nobody.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.db import database
from fieldapp.services import devices, enrolments, sessions
from fieldapp.services.push import Parcel, Stumble, receive_all
from fieldapp.services.push_kinds import Answer
from fieldapp.services.sessions import Identity
from models.base import utc_now
from models.session import SessionState

MOST_PUSHES = 16
MOST_RECORDS = 100


@dataclass(frozen=True)
class Push:
    """A push as it came, and whose it is."""

    caller: Identity
    device_now: datetime
    records: list[Any]
    app_version: str
    unsent: int | None

    @property
    def parcel(self) -> Parcel:
        caller = self.caller
        closing = sessions.state_now(caller.session, utc_now()) == SessionState.CLOSING
        device_id = caller.session.device_id
        return Parcel(caller.principal, device_id, self.device_now, self.records, caller.postings, closing)


Waiting = tuple[Push, asyncio.Future[list[Answer]]]


class Intake:
    """One process's queue of pushes; made in the loop that it is used in."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._run: asyncio.Task[None] | None = None

    async def take_in(self, push: Push) -> list[Answer]:
        """An answer for each record, once they are committed."""
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((push, answer))
        if self._run is None:
            self._run = asyncio.create_task(self._store_all())
        return await answer

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                group = self._waiting[: self._size()]
                del self._waiting[: len(group)]
                await _store_group(group)
        finally:
            self._run = None

    def _size(self) -> int:
        """How many go together: at least one, and no more than one transaction should hold."""
        records = 0
        for size, (push, _) in enumerate(self._waiting[:MOST_PUSHES]):
            records += len(push.records)
            if size and records > MOST_RECORDS:
                return size
        return MOST_PUSHES


async def _store_group(group: Sequence[Waiting]) -> None:
    try:
        answers = await database().write_again(partial(_store, pushes=[push for push, _ in group], careful=False))
    except Exception as error:
        if len(group) == 1 and not isinstance(error, Stumble):
            _fail(group[0], error)
            return
        for one in group:
            await _store_alone(one)
        return
    for (_, waiting), answer in zip(group, answers, strict=True):
        if not waiting.done():
            waiting.set_result(answer)


async def _store_alone(one: Waiting) -> None:
    push, waiting = one
    try:
        answers = await database().write_again(partial(_store, pushes=[push], careful=True))
    except Exception as error:
        _fail(one, error)
        return
    if not waiting.done():
        waiting.set_result(answers[0])


def _fail(one: Waiting, error: Exception) -> None:
    if not one[1].done():
        one[1].set_exception(error)


async def _store(db: AsyncSession, pushes: Sequence[Push], careful: bool) -> list[list[Answer]]:
    answers = await receive_all(db, [push.parcel for push in pushes], careful)
    for push in pushes:
        caller = push.caller
        due = sessions.is_due(caller.session)
        if due or caller.phone_heard_at is None or push.unsent != caller.unsent_count:
            await devices.mark_contact(db, caller.session.device_id, push.app_version, push.unsent, push.device_now)
        if caller.unspent:
            await enrolments.spend(db, caller.session.enrolment_id)
        if due:
            await sessions.mark_seen(db, caller.session)
    return answers
