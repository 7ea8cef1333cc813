"""Every visit that somebody asks for, as rows of a table to take away: a page after the other, and plain tuples.

What hangs on a visit is put together by the database, and words are looked up once: a year of a commune is ten
thousand rows, of which nothing is kept but the page in hand.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.i18n import text
from fieldapp.permissions import Principal
from fieldapp.reports.spreadsheet import Row
from fieldapp.reports.visit_filter import (
    DOERS,
    FLAGS,
    HOUSEHOLDS,
    MEMBERS,
    NUMBER_THEN,
    OUTCOMES,
    VISITS,
    VisitFilter,
    commune_of,
    conditions,
)
from fieldapp.reports.visit_list import NEWEST_FIRST, PHOTOS, PLATFORMS, UNITS, joined
from models.flag import FlagKind
from models.visit import IdentifiedBy, PhotoState, Result, VisitState

COLUMNS = (
    "id", "at", "received_at", "village", "household", "head", "done_by", "author", "done", "people", "state",
    "version", "identified", "verified", "flags", "photos",
)  # fmt: skip


async def every_visit(
    session: AsyncSession, who: Principal, asked: VisitFilter, locale: str, size: int = 1000
) -> AsyncIterator[Sequence[Row]]:
    """All of them, newest first, in parts; each part is read as it is taken. Raises `forbidden`."""
    query = _query(conditions(commune_of(who), asked)).limit(size)
    cells = await _cells(session, locale)
    page = (await session.execute(query)).all()
    while page:
        yield [cells(*row[1:]) for row in page]
        page = (await session.execute(query.where(_behind(*page[-1][:3])))).all() if len(page) == size else []


def _behind(done_on: date, made_at: datetime, visit_id: UUID) -> ColumnElement[bool]:
    """Visits that stand behind this one: no two stand in one place, and none ever moves."""
    place = tuple_(VISITS.c.done_on, VISITS.c.made_at, VISITS.c.id)
    return place < (done_on, made_at, visit_id)


def _query(where: Sequence[ColumnElement[bool]]) -> Select:
    columns = (
        *(VISITS.c.done_on, VISITS.c.made_at, VISITS.c.id, VISITS.c.received_at),
        *(UNITS.c.name, NUMBER_THEN, HOUSEHOLDS.c.head_name),
        *(func.coalesce(DOERS.c.full_name, MEMBERS.c.full_name), MEMBERS.c.full_name),
        _gathered(OUTCOMES.c.platform_code + ":" + OUTCOMES.c.result, OUTCOMES.c.visit_id, OUTCOMES.c.id),
        *(VISITS.c.people, VISITS.c.state, VISITS.c.version, VISITS.c.identified_by, VISITS.c.verified),
        _gathered(FLAGS.c.kind, FLAGS.c.visit_id, FLAGS.c.kind),
        select(func.count())
        .where(PHOTOS.c.visit_id == VISITS.c.id, PHOTOS.c.state == PhotoState.READY)
        .scalar_subquery(),
    )
    return joined(select(*columns)).where(*where).order_by(*NEWEST_FIRST)


def _gathered(word: ColumnElement[str], visit_id: ColumnElement[Any], order: ColumnElement[Any]) -> ColumnElement[str]:
    """The words that hang on a visit, in one text with spaces between them."""
    words = select(word.label("word")).where(visit_id == VISITS.c.id).order_by(order).correlate(VISITS).subquery()
    return select(func.aggregate_strings(words.c.word, " ")).scalar_subquery()


async def _cells(session: AsyncSession, locale: str) -> Callable[..., Row]:
    """Makes the cells of a row of `_query`, all but its first column."""
    done = await _outcome_words(session, locale)
    states = {str(state): text(f"visit.state.{state}", locale) for state in VisitState}
    identified = {str(how): text(f"identified.{how}", locale) for how in IdentifiedBy}
    flags = {str(kind): text(f"flag.{kind}", locale) for kind in FlagKind}
    yes, no = text("export.yes", locale), text("export.no", locale)

    def cells(
        made_at, id_, received_at, village, number, head, done_by, author, outcomes, people, state, version, how,
        verified, flagged, photos,
    ) -> Row:  # fmt: skip
        return (
            str(id_), made_at, received_at, village, number, head, done_by, author, _words(done, outcomes),
            people, states[state], version, identified[how], yes if verified else no, _words(flags, flagged), photos,
        )  # fmt: skip

    return cells


def _words(known: dict[str, str], gathered: str | None) -> str:
    return "; ".join([known[word] for word in gathered.split(" ")]) if gathered else ""


async def _outcome_words(session: AsyncSession, locale: str) -> dict[str, str]:
    """What a platform with each result is called."""
    short = PLATFORMS.c.short_en if locale == "en" else PLATFORMS.c.short_vi
    platforms = (await session.execute(select(PLATFORMS.c.code, short))).all()
    results = {result: text(f"result.{result}", locale) for result in Result}
    return {f"{code}:{result}": f"{name}: {words}" for code, name in platforms for result, words in results.items()}
