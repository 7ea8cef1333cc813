"""Difficulties that teams report: each begins with the step of its author and the day by which it is due."""

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.difficulty import DifficultyPayload, due_day
from fieldapp.services import work_photos
from fieldapp.services.deeds import Deed
from fieldapp.services.photo_keepers import OF_DIFFICULTIES
from models.difficulty import Difficulty, DifficultyState, DifficultyStep, Severity


async def create(session: AsyncSession, deed: Deed, payload: DifficultyPayload) -> None:
    due_on = due_day(payload.severity, deed.received_at, _days())
    said = payload.model_dump(exclude={"village", "photos"})
    session.add(Difficulty(**deed.columns, **said, due_on=due_on))
    await session.flush()
    first = {"state": DifficultyState.REPORTED, "at": deed.made_at, "by_member_id": deed.author_id}
    session.add(DifficultyStep(difficulty_id=deed.id, **first))
    await session.flush()
    await work_photos.expect(session, OF_DIFFICULTIES, deed, payload.photos)


def _days() -> dict[Severity, int]:
    given = settings()
    return {
        Severity.HIGH: given.difficulty_days_high,
        Severity.MEDIUM: given.difficulty_days_medium,
        Severity.LOW: given.difficulty_days_low,
    }
