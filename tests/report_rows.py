"""Rows that a report's numbers come from, put into the database past every rule."""

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from fieldapp.domain.vn_time import VIETNAM
from models.activity import Activity, ActivityKind
from models.difficulty import Difficulty, DifficultyKind, DifficultyState, Severity
from models.household import Household
from models.member import Member
from models.target import Level
from models.task import Task, TaskState
from models.team import Team
from models.unit import Unit
from models.visit import Beneficiary, IdentifiedBy, Outcome, Result, Visit, VisitMode, VisitState
from tests.build import World


def at(day: date) -> datetime:
    return datetime.combine(day, time(10), VIETNAM)


Said = tuple[str, str, tuple[str, ...]]
"""A platform, a result, steps."""


def visited(
    author: Member,
    home: Household,
    team: Team,
    village: Unit,
    day: date,
    *said: Said,
    state: str = "approved",
    people: int = 1,
    beneficiary: str = "person",
    **given: Any,
) -> list[Any]:
    """The rows of one visit, past every rule."""
    id = uuid4()
    visit = Visit(
        id=id, root_id=id, author_id=author.id, team_id=team.id, village_id=village.id, commune_id=team.commune_id,
        household_id=home.id, mode=VisitMode.HOME, beneficiary=Beneficiary(beneficiary), people=people,
        identified_by=IdentifiedBy.LIST, device_made_at=at(day), made_at=at(day), done_on=day,
        state=VisitState(state), **given,
    )  # fmt: skip
    outcomes = [
        Outcome(
            visit_id=id, platform_code=code, result=Result(result), people=people,
            detail={"steps": list(steps)} if steps else {},
        )
        for code, result, steps in said
    ]  # fmt: skip
    return [visit, *outcomes]


def deed(author: Member, team: Team, village: Unit, day: date) -> dict[str, Any]:
    place = {"team_id": team.id, "village_id": village.id, "commune_id": team.commune_id}
    return {"id": uuid4(), "author_id": author.id, "made_at": at(day), "received_at": at(day), **place}


def gathered(author: Member, team: Team, village: Unit, day: date, kind: str, people: int | None) -> Activity:
    return Activity(**deed(author, team, village, day), kind=ActivityKind(kind), people=people, done_on=day)


def trouble(author: Member, team: Team, village: Unit, day: date, due: date, solved: date | None) -> Difficulty:
    state = DifficultyState.SOLVED if solved else DifficultyState.REPORTED
    return Difficulty(
        **deed(author, team, village, day), kind=DifficultyKind.SIGNAL, severity=Severity.LOW, description="x",
        due_on=due, state=state, solved_at=at(solved) if solved else None,
    )  # fmt: skip


def task(world: World, team: Team, made: date, due: date, state: str, marked: date | None) -> Task:
    return Task(
        id=uuid4(), level=Level.TEAM, commune_id=world.commune.id or 0, team_id=team.id, text="x", due_on=due,
        made_by_id=world.commune_officer.id or 0, made_at=at(made), state=TaskState(state),
        marked_at=at(marked) if marked else None, done_at=at(marked) if marked and state == "done" else None,
    )  # fmt: skip
