"""The register of requests about personal data: taken in, answered first, done or refused, each step in the trail."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.data_request import CLOSED, MAX_WORDS, due_days
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.note import NoteText
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Place, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import audit, calendar_days, erasures, households
from models.base import utc_now
from models.data_request import DataRequest, RequestKind, RequestState
from models.household import Household
from models.unit import Unit

REQUESTS, HOUSEHOLDS, UNITS = DataRequest.__table__, Household.__table__, Unit.__table__
Words = Annotated[NoteText, Field(min_length=1, max_length=MAX_WORDS)]
_Absent = BeforeValidator(lambda value: value or None)


class RequestForm(BaseModel):
    """Village and number name the household that is meant; without a number it is nobody that the record knows."""

    kind: RequestKind
    received_on: date
    asked: Words
    village: Annotated[Key | None, _Absent] = None
    number: PlainText = Field(default="", max_length=20)


class StepForm(BaseModel):
    request: Key
    words: Words
    refused: bool = False


def days_allowed() -> dict[RequestKind, int]:
    """Within how many days a request is to be done."""
    given = settings()
    return {
        RequestKind.WITHDRAW: given.rights_days_withdraw,
        RequestKind.RESTRICT: given.rights_days_withdraw,
        RequestKind.ACCESS: given.rights_days_access,
        RequestKind.CORRECT: given.rights_days_access,
        RequestKind.ERASE: given.rights_days_erase,
    }


async def take_in(session: AsyncSession, who: Principal, form: RequestForm) -> int:
    """Notes a request with its due days; gives its number. Raises `forbidden`, `invalid` for a day to come,
    `household_unknown` for a number that the commune's roster does not have.
    """
    require(who, Action.ANSWER_RIGHTS, Place(commune_id=who.commune_id))
    assert who.commune_id is not None
    assert who.account_id is not None
    if form.received_on > vn_day(utc_now()):
        raise Problem("invalid", "received_on")
    household = await _household(session, who.commune_id, form)
    calendar = await calendar_days.calendar_of(session, who.commune_id)
    due = due_days(form.kind, form.received_on, settings().rights_answer_days, days_allowed(), calendar)
    row = DataRequest(
        commune_id=who.commune_id,
        household_id=household.id if household else None,
        kind=form.kind,
        asked=form.asked,
        received_on=form.received_on,
        first_due_on=due.first,
        due_on=due.last,
        handler_id=who.account_id,
        made_by_id=who.account_id,
    )
    session.add(row)
    await session.flush()
    await _note(session, who, "rights.receive", row, request=form.kind)
    assert row.id is not None
    return row.id


async def answer(session: AsyncSession, who: Principal, form: StepForm) -> None:
    """Notes what the person was told first. Raises `not_found`, `forbidden`, `request_closed`."""
    row = await get_open(session, who, form.request)
    row.state, row.handler_id = RequestState.ANSWERED, who.account_id
    row.answered_on, row.answer = row.answered_on or vn_day(utc_now()), form.words
    await _note(session, who, "rights.answer", row)


async def close(session: AsyncSession, who: Principal, form: StepForm) -> None:
    """Notes that it is done, or why it is refused. Raises as `answer` does."""
    row = await get_open(session, who, form.request)
    row.state = RequestState.REFUSED if form.refused else RequestState.DONE
    row.handler_id, row.closed_on, row.result = who.account_id, vn_day(utc_now()), form.words
    row.answered_on = row.answered_on or row.closed_on
    await _note(session, who, "rights.refuse" if form.refused else "rights.finish", row)


async def get_open(session: AsyncSession, who: Principal, request_id: int) -> DataRequest:
    """A request on which somebody may still work, locked. Raises as `answer` does."""
    row = await session.get(DataRequest, request_id, with_for_update=True)
    if row is None:
        raise Problem("not_found")
    require(who, Action.ANSWER_RIGHTS, Place(commune_id=row.commune_id))
    if row.state in CLOSED:
        raise Problem("request_closed")
    return row


async def get_household(session: AsyncSession, who: Principal, request_id: int, number: str) -> Household:
    """The household whose data are to be erased by this open request; its number is typed once more.

    Raises `household_unknown` where the request names none, `number_differs`, and as `answer` does.
    """
    row = await get_open(session, who, request_id)
    household = await session.get(Household, row.household_id) if row.household_id else None
    if household is None:
        raise Problem("household_unknown")
    household = await households.standing(session, household)
    if fold(number) != fold(household.number):
        raise Problem("number_differs")
    return household


async def note_deed(session: AsyncSession, who: Principal, request_id: int, action: str) -> None:
    """Writes into the request's own trail what was erased because of it. Raises as `answer` does."""
    row = await get_open(session, who, request_id)
    row.handler_id = who.account_id
    await _note(session, who, action, row)


async def _household(session: AsyncSession, commune_id: int, form: RequestForm) -> Household | None:
    if not form.number.strip():
        return None
    here = UNITS.c.parent_id == commune_id, HOUSEHOLDS.c.village_id == (form.village or 0)
    query = select(Household).join(UNITS, UNITS.c.id == HOUSEHOLDS.c.village_id).where(*here)
    found = erasures.by_number((await session.execute(query)).scalars(), form.number)
    if found is None:
        raise Problem("household_unknown", "number")
    return found


async def _note(session: AsyncSession, who: Principal, action: str, row: DataRequest, **detail: Any) -> None:
    await session.flush()
    await audit.write(session, [audit.event(who, action, "data_request", row.id, row.commune_id, **detail)])
