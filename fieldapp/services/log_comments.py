"""Comments on day logs: made and taken away by those who review, answered by the member whose day it is."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.log_comment import CommentPayload
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, may, require
from fieldapp.problems import Problem
from fieldapp.services import log_erasures
from fieldapp.services.deeds import Deed
from fieldapp.services.members import list_postings
from fieldapp.services.visits import Superseded
from models.log_comment import LogComment
from models.member import Member

COMMENTS = LogComment.__table__


async def create(session: AsyncSession, who: Principal, deed: Deed, payload: CommentPayload) -> None:
    """Keeps what is said of a member's day; `who` is the author as the seats of that moment say.

    Raises `forbidden` where they do not lead there or the day is their own, `made_in_future`, `not_of_team`, `invalid`
    without words. On a log with a household that was erased since, nothing is kept of it but that it was.
    """
    require(who, Action.COMMENT_LOG, Place(payload.village))
    if payload.member == deed.author_id:
        raise Problem("forbidden", "member")
    if payload.day > vn_day(deed.received_at):
        raise Problem("made_in_future", "day")
    await _require_served(session, payload, deed.done_on)
    erased = await log_erasures.is_erased(session, payload.member, payload.day, deed.made_at)
    if not payload.text and not erased:
        raise Problem("invalid", "text")
    said = {"member_id": payload.member, "day": payload.day, "text": "" if erased else payload.text}
    session.add(LogComment(**deed.columns, **said, withdrawn_at=deed.received_at if erased else None))
    await session.flush()


async def _require_served(session: AsyncSession, payload: CommentPayload, said_on: date) -> None:
    """The member had a seat there on that day, or has one where it continues."""
    for posting in await list_postings(session, [payload.member]):
        there = payload.village in (posting.village_id, posting.continued_by)
        if there and (posting.covers(payload.day) or posting.covers(said_on)):
            return
    raise Problem("not_of_team", "member")


async def get_own(session: AsyncSession, comment_id: UUID, author_id: int, payload: CommentPayload) -> LogComment:
    """The comment that another takes the place of: by the same author, on the same log.

    Raises `comment_unknown`, `not_author`, `invalid`.
    """
    comment = await get(session, comment_id, "replaces")
    if comment.author_id != author_id:
        raise Problem("not_author", "replaces")
    if (comment.member_id, comment.day) != (payload.member, payload.day):
        raise Problem("invalid", "replaces")
    return comment


async def get(session: AsyncSession, comment_id: UUID, field: str) -> LogComment:
    comment = await session.get(LogComment, comment_id, populate_existing=True)
    if comment is None:
        raise Problem("comment_unknown", field)
    return comment


async def withdraw(session: AsyncSession, comment: LogComment, version: int, now: datetime, for_another: bool) -> None:
    """It leaves the phones, and its answer with it. Doing it again changes nothing.

    Raises `Superseded` where another was to take its place and it is gone already.
    """
    if comment.withdrawn_at is None:
        comment.withdrawn_at, comment.scope_version = now, version
        await session.flush()
    elif for_another:
        raise Superseded(await _gone(session, comment))


async def answer(
    session: AsyncSession, who: Principal, comment: LogComment, said: tuple[datetime, UUID], text: str, version: int
) -> None:
    """Takes an answer in that was `said` at a moment in a record; one made later stands already, in whatever order.

    Raises `forbidden` for anybody but the member whose day it is, `Superseded` where the comment is gone.
    """
    require(who, Action.ANSWER_COMMENT, Place(member_id=comment.member_id))
    if comment.withdrawn_at is not None:
        raise Superseded(await _gone(session, comment))
    if comment.answered_at is None or (comment.answered_at, comment.answer_id) < said:
        comment.answered_at, comment.answer_id = said
        comment.answer, comment.scope_version = text, version
        await session.flush()


async def _gone(session: AsyncSession, comment: LogComment) -> dict[str, Any]:
    author = await session.get(Member, comment.author_id)
    at = comment.withdrawn_at.isoformat() if comment.withdrawn_at else None
    return {"by": author.full_name if author else None, "at": at}


def readable(who: Principal, village_id: int) -> ColumnElement[bool]:
    """Which comments of a village somebody reads: all where they lead, else those on their own days or of their own."""
    if may(who, Action.COMMENT_LOG, Place(village_id)):
        return true()
    return or_(COMMENTS.c.member_id == who.member_id, COMMENTS.c.author_id == who.member_id)


async def villages_of(session: AsyncSession, comment_ids: Iterable[UUID]) -> dict[UUID, int]:
    query = select(COMMENTS.c.id, COMMENTS.c.village_id).where(COMMENTS.c.id.in_(list(comment_ids)))
    return {row.id: row.village_id for row in await session.execute(query)}
