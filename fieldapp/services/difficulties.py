"""Difficulties that teams report: each begins with the step of its author and the day by which it is due."""

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.difficulty import DifficultyPayload, due_day
from fieldapp.domain.search_key import fold
from fieldapp.services import calendar_days, work_photos
from fieldapp.services.deeds import Deed
from fieldapp.services.photo_keepers import OF_DIFFICULTIES
from models.difficulty import Difficulty, DifficultyState, DifficultyStep, Severity


async def create(session: AsyncSession, deed: Deed, payload: DifficultyPayload) -> None:
    calendar = await calendar_days.calendar_of(session, deed.posting.commune_id)
    due_on = due_day(payload.severity, deed.received_at, days_allowed(), calendar)
    said = payload.model_dump(exclude={"village", "photos"})
    session.add(Difficulty(**deed.columns, **said, due_on=due_on, key=fold(payload.description)))
    await session.flush()
    first = {"state": DifficultyState.REPORTED, "at": deed.made_at, "by_member_id": deed.author_id}
    session.add(DifficultyStep(difficulty_id=deed.id, **first))
    await session.flush()
    await work_photos.expect(session, OF_DIFFICULTIES, deed, payload.photos)


def days_allowed() -> dict[Severity, int]:
    """Within how many working days a difficulty is to be solved."""
    given = settings()
    return {
        Severity.HIGH: given.difficulty_days_high,
        Severity.MEDIUM: given.difficulty_days_medium,
        Severity.LOW: given.difficulty_days_low,
    }
