"""Which visits somebody asks to see, and whose they may: what the list, its export and its filters share."""

from collections.abc import Mapping, Sequence
from datetime import date
from operator import eq, ge, le
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from sqlalchemy import ColumnElement, func, or_, select

from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.search_key import fold
from fieldapp.permissions import Action, Principal, Reach, reach_of
from fieldapp.problems import Problem
from models.flag import Flag, FlagKind
from models.household import Household
from models.household_move import HouseholdMove
from models.member import Member
from models.visit import Outcome, Visit, VisitState

VISITS, OUTCOMES, FLAGS = Visit.__table__, Outcome.__table__, Flag.__table__
HOUSEHOLDS, MEMBERS, MOVES = Household.__table__, Member.__table__, HouseholdMove.__table__
DOERS = MEMBERS.alias("doer")
"""Whoever did a visit that the author entered for them."""
_moved = (
    select(MOVES.c.number)
    .where(MOVES.c.household_id == VISITS.c.household_id, MOVES.c.on > VISITS.c.done_on)
    .order_by(MOVES.c.on)
    .limit(1)
    .correlate(VISITS)
    .scalar_subquery()
)
NUMBER_THEN = func.coalesce(_moved, HOUSEHOLDS.c.number)
"""The household's number on the day of the visit: what was reported of it stays as it was."""

ANY = "any"
SHOWN = (VisitState.WAITING, VisitState.APPROVED, VisitState.RETURNED)
"""What a list shows unless a state is asked for: versions that were replaced or withdrawn count nowhere."""


def _absent(value: object) -> object:
    return None if value in ("", None) else value


Chosen = BeforeValidator(_absent)
"""A control that was left alone gives an empty text, which means that nothing was chosen."""


class VisitFilter(BaseModel):
    """`query` is held against household number, head and people; `member` did or entered it; `page` counts from 0."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    village: Annotated[Key | None, Chosen] = None
    state: Annotated[VisitState | None, Chosen] = None
    first: Annotated[date | None, Chosen] = None
    last: Annotated[date | None, Chosen] = None
    flag: Annotated[FlagKind | Literal["any"] | None, Chosen] = None
    platform: Annotated[Annotated[PlainText, Field(max_length=20)] | None, Chosen] = None
    member: Annotated[Key | None, Chosen] = None
    query: PlainText = Field(default="", max_length=80)
    page: int = Field(default=0, ge=0, le=100_000)

    def chosen(self) -> dict[str, str]:
        """What was chosen, as a form or an address holds it; the page is no part of it."""
        return {name: str(value) for name, value in self.model_dump(exclude={"page"}).items() if value}


def read_filter(given: Mapping[str, str]) -> VisitFilter:
    """The filter in a form or an address. Raises `invalid` with the field that is wrong."""
    try:
        return VisitFilter.model_validate(dict(given))
    except ValidationError as error:
        raise Problem("invalid", ".".join(map(str, error.errors()[0]["loc"])) or None) from None


def commune_of(who: Principal) -> int:
    """The commune whose visits this person reads at a desk. Raises `forbidden` for everybody else."""
    if reach_of(who, Action.READ_VISIT) is not Reach.COMMUNE or who.commune_id is None:
        raise Problem("forbidden")
    return who.commune_id


def conditions(commune_id: int, asked: VisitFilter) -> list[ColumnElement[bool]]:
    """What a visit, joined with its household and author, has to meet."""
    states = [asked.state] if asked.state else SHOWN
    return [
        VISITS.c.commune_id == commune_id,
        VISITS.c.state.in_([str(s) for s in states]),
        *_on_the_visit(asked),
        *_on_what_hangs_on_it(asked),
        *_words(asked.query),
    ]


def _on_the_visit(asked: VisitFilter) -> list[ColumnElement[bool]]:
    held = (
        (VISITS.c.village_id, eq, asked.village),
        (VISITS.c.done_on, ge, asked.first),
        (VISITS.c.done_on, le, asked.last),
    )
    found = [against(column, value) for column, against, value in held if value is not None]
    if asked.member is not None:
        found.append(or_(VISITS.c.author_id == asked.member, VISITS.c.done_by_id == asked.member))
    return found


def _on_what_hangs_on_it(asked: VisitFilter) -> list[ColumnElement[bool]]:
    found = []
    if asked.platform is not None:
        found.append(select(OUTCOMES.c.visit_id).where(OUTCOMES.c.platform_code == asked.platform))
    if asked.flag is not None:
        flagged = select(FLAGS.c.visit_id)
        found.append(flagged if asked.flag == ANY else flagged.where(FLAGS.c.kind == str(asked.flag)))
    return [VISITS.c.id.in_(query) for query in found]


def _words(query: str) -> Sequence[ColumnElement[bool]]:
    return [
        or_(*(table.c.key.contains(word, autoescape=True) for table in (HOUSEHOLDS, MEMBERS, DOERS)))
        for word in fold(query).split()
    ]
