"""Personal tokens: a program reads with them what its officer chose, and no more than the officer may."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from fieldapp.domain.given import PlainText
from fieldapp.permissions import Action, Principal, may, require
from fieldapp.problems import Problem
from fieldapp.services import audit
from fieldapp.services.officers import officer_by
from fieldapp.services.sessions import SEEN_EVERY, new_token, token_hash
from models.api_token import ApiToken
from models.base import utc_now

TOKENS = ApiToken.__table__
PREFIX = "toso_"
SCOPES = (Action.READ_SUMMARY, Action.READ_VISIT)
"""What a token can be for: what the routes that take one ask."""

MOST_OF_ONE, LONGEST_DAYS = 10, 366


class TokenForm(BaseModel):
    name: PlainText = Field(min_length=1, max_length=60)
    scopes: list[Action] = Field(min_length=1, max_length=len(SCOPES))
    days: int = Field(ge=1, le=LONGEST_DAYS)


async def make(session: AsyncSession, who: Principal, form: TokenForm) -> tuple[ApiToken, str]:
    """A token and its secret, which is stored nowhere.

    Raises `forbidden` for scopes beyond one's own, `tokens_full`.
    """
    require(who, Action.MANAGE_TOKEN)
    if who.account_id is None or any(scope not in SCOPES or not may(who, scope) for scope in form.scopes):
        raise Problem("forbidden", "scopes")
    if len(await list_own(session, who)) >= MOST_OF_ONE:
        raise Problem("tokens_full", most=MOST_OF_ONE)
    secret = PREFIX + new_token()
    row = ApiToken(
        id=uuid7(),
        account_id=who.account_id,
        name=form.name.strip() or form.name,
        token_hash=token_hash(secret),
        scopes=sorted(set(form.scopes)),
        ends_at=utc_now() + timedelta(days=form.days),
    )
    session.add(row)
    await session.flush()
    detail = {"name": row.name, "scopes": row.scopes, "ends_at": row.ends_at.isoformat()}
    await audit.write(session, [audit.event(who, "token.make", "api_token", row.id, who.commune_id, **detail)])
    return row, secret


async def list_own(session: AsyncSession, who: Principal) -> Sequence[ApiToken]:
    """Those of this person that still work, newest first."""
    query = select(ApiToken).where(TOKENS.c.account_id == who.account_id, _works())
    return (await session.execute(query.order_by(TOKENS.c.made_at.desc(), TOKENS.c.id))).scalars().all()


async def end_own(session: AsyncSession, who: Principal, token_id: UUID) -> None:
    """Ends one of one's own at once. Raises `not_found` for anybody else's."""
    require(who, Action.MANAGE_TOKEN)
    row = await session.get(ApiToken, token_id)
    if row is None or row.account_id != who.account_id or row.ended_at is not None:
        raise Problem("not_found")
    row.ended_at = utc_now()
    await session.flush()
    await audit.write(session, [audit.event(who, "token.end", "api_token", row.id, who.commune_id, name=row.name)])


async def identify(session: AsyncSession, secret: str) -> tuple[ApiToken, Principal]:
    """Who a token's program reads for. Raises `not_signed_in` for one that is unknown, over, or of nobody any more."""
    query = select(ApiToken).where(TOKENS.c.token_hash == token_hash(secret), _works())
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None:
        raise Problem("not_signed_in")
    try:
        who = await officer_by(session, row.account_id, f"token:{row.id}")
    except Problem:
        raise Problem("not_signed_in") from None
    return row, who.only(frozenset(Action(scope) for scope in row.scopes if scope in set(SCOPES)))


def is_due(row: ApiToken) -> bool:
    """Whether the last note that this token is in use is old."""
    return row.used_at is None or utc_now() - row.used_at >= SEEN_EVERY


async def mark_used(session: AsyncSession, token_id: UUID) -> None:
    await session.execute(update(TOKENS).where(TOKENS.c.id == token_id).values(used_at=utc_now()))


def _works():
    return and_(TOKENS.c.ended_at.is_(None), TOKENS.c.ends_at > utc_now())
