"""Difficulties that teams report: each begins with the step of its author and the day by which it is due."""

from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.difficulty import DifficultyPayload, due_day
from fieldapp.services.deeds import Deed
from models.difficulty import Difficulty, DifficultyState, DifficultyStep, Severity


async def create(session: AsyncSession, deed: Deed, payload: DifficultyPayload) -> None:
    due_on = due_day(payload.severity, deed.received_at, _days())
    session.add(Difficulty(**deed.columns, **payload.model_dump(exclude={"village"}), due_on=due_on))
    await session.flush()
    first = {"state": DifficultyState.REPORTED, "at": deed.made_at, "by_member_id": deed.author_id}
    session.add(DifficultyStep(difficulty_id=deed.id, **first))
    await session.flush()


def _days() -> dict[Severity, int]:
    given = settings()
    return {
        Severity.HIGH: given.difficulty_days_high,
        Severity.MEDIUM: given.difficulty_days_medium,
        Severity.LOW: given.difficulty_days_low,
    }
