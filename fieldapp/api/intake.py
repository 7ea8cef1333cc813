"""Stores pushes: those that come together in one transaction, which shares locks, counters and the commit.

One in which anything breaks is undone, and each of its pushes is made alone and with care, so that nobody's record is
another's trouble.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.api.together import Together
from fieldapp.db import database
from fieldapp.services import devices, enrolments, sessions
from fieldapp.services.push import Parcel, receive_all
from fieldapp.services.push_kinds import Answer
from fieldapp.services.sessions import Identity
from models.base import utc_now
from models.session import SessionState

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


Intake = Together[Push, list[Answer]]


def make_intake() -> Intake:
    """One process's queue of pushes; it answers each record of a push once it is committed."""
    return Together(_store_together, _store_alone, lambda push: len(push.records), MOST_RECORDS)


async def _store_together(pushes: Sequence[Push]) -> list[list[Answer]]:
    return await database().write_again(partial(_store, pushes=pushes, careful=False))


async def _store_alone(push: Push) -> list[Answer]:
    return (await database().write_again(partial(_store, pushes=[push], careful=True)))[0]


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
