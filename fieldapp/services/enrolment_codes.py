"""The short code of an invitation, for a phone that can neither open the link nor scan it.

A code is 7 random characters (35 bits) and a check character, as on household cards. It is stored by a slow hash, works
as long as its link does, and wrong ones are counted in the database: per address, and over all of the code space.
The limit over all makes guessing hopeless; the one per address leaves room in it for everybody else.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.card_code import display_short, make_short_code, parse_typed
from fieldapp.problems import Problem
from models.base import utc_now
from models.enrolment import Enrolment, EnrolmentGuess

ENROLMENTS, GUESSES = Enrolment.__table__, EnrolmentGuess.__table__
MOST_OF_ONE, OF_ONE = 20, timedelta(minutes=15)
MOST_OF_ALL, OF_ALL = 120, timedelta(hours=1)
"""With 10,000 invitations open for three days, guessing without a pause finds one in 400 times."""


def code_hash(typed: str) -> str:
    """What is stored instead of a code. Takes a tenth of a second: for a thread, outside of any transaction.

    Raises `enrolment_code_wrong` where the check character says so already.
    """
    code = parse_typed(typed)
    if code is None:
        raise Problem("enrolment_code_wrong", "code")
    return hashlib.scrypt(code.encode(), salt=b"enrolment code", n=2**13, r=8, p=1, dklen=32).hex()


def new_code() -> tuple[str, str]:
    """A new code as it is shown, and its hash."""
    code = make_short_code()
    return display_short(code), code_hash(code)


async def give(session: AsyncSession, enrolment: Enrolment, hashed: str) -> None:
    """Lets the code of this hash open the invitation."""
    enrolment.code_hash = hashed
    await session.flush()


async def require_open(session: AsyncSession, address: str) -> None:
    """Raises `enrolment_code_paused` after too many wrong codes, from this address or from everywhere."""
    now = utc_now()
    for most, span, condition in (
        (MOST_OF_ONE, OF_ONE, GUESSES.c.address == address[:64]),
        (MOST_OF_ALL, OF_ALL, GUESSES.c.id.is_not(None)),
    ):
        if await _count(session, GUESSES.c.at > now - span, condition) >= most:
            raise Problem("enrolment_code_paused", minutes=int(span.total_seconds() // 60))


async def _count(session: AsyncSession, *conditions: ColumnElement[bool]) -> int:
    return (await session.execute(select(func.count()).select_from(GUESSES).where(*conditions))).scalar_one()


async def take(session: AsyncSession, hashed: str, address: str) -> str | Problem:
    """The hash of the link's secret, or the Problem to answer with.

    A wrong code is counted in this session, so the caller commits it before it answers. The same one from the same
    address counts once: who tries it again is no nearer, and may be somebody who misread it.
    """
    await require_open(session, address)
    query = select(ENROLMENTS.c.token_hash).where(ENROLMENTS.c.code_hash == hashed)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is not None:
        return found
    await session.execute(delete(GUESSES).where(GUESSES.c.at < utc_now() - OF_ALL))
    same = (GUESSES.c.address == address[:64], GUESSES.c.code_hash == hashed)
    if not await _count(session, *same):
        session.add(EnrolmentGuess(address=address[:64], code_hash=hashed))
        await session.flush()
    return Problem("enrolment_code_wrong", "code")
