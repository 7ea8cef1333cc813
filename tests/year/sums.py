"""Whether the papers of a period add up, level by level, and whether what was locked stayed as it was."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.services.indicators import indicator_catalogue
from models.period_report import PeriodReport
from tests.year.ledger import Ledger

REPORTS = PeriodReport.__table__
NUMBERS = ("value", "over", "waiting", "plan", "year", "year_over", "previous", "previous_over")
Told = dict[str, dict[str, Any]]


def told(row: Any) -> Told:
    return {figure["code"]: figure for figure in row.figures}


def is_sum(whole: Told, parts: Iterable[Told]) -> None:
    """Each number of each indicator is that of the parts together; what no part knows the whole does not know."""
    every = list(parts)
    for code, figure in whole.items():
        for name in NUMBERS:
            known = [part[code][name] for part in every if name in part.get(code, ())]
            assert figure.get(name) == (sum(known) if known else None), (code, name, figure, known)
    assert {code for part in every for code in part} <= set(whole)


def years(row: Any) -> Told:
    """Of a version the running totals alone: what a unit that is not there has in the sums. A stock has none."""
    stocks = {one["code"] for one in indicator_catalogue() if one["stock"]}
    return {
        code: {name: figure[name] for name in ("year", "year_over") if name in figure}
        for code, figure in told(row).items()
        if code not in stocks
    }


def of_own_team(crew: int, did: Mapping[str, int]) -> Told:
    """What a commune's own team adds to its villages: its people, and which of them did something."""
    of_people = {"01": {"value": crew, "year": crew}, "02": dict(did)}
    return {code: {"code": code} | numbers for code, numbers in of_people.items()}


def is_as_it_happened(row: Any, ledger: Ledger, villages: Sequence[int], spans: Mapping[str, DayRange]) -> None:
    """A village's version, on the day on which it was locked: in the period, in the one before, in the year."""
    figures = told(row)
    for name, span in spans.items():
        for code, number in ledger.told(villages, span).items():
            assert figures[code][name] == number, (code, name)


class Locked:
    """Every version as it was when it was first seen."""

    def __init__(self) -> None:
        self._seen: dict[Any, bytes] = {}

    async def look(self, db: Database, period_ids: Iterable[int | None]) -> None:
        """At the versions of these periods."""
        for period_id in period_ids:
            async with db.read() as session:
                rows = (await session.execute(select(REPORTS).where(REPORTS.c.period_id == period_id))).all()
            for row in rows:
                kept = [row.figures, row.texts, row.warnings, row.missing, row.parts, row.number]
                digest = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).digest()
                assert self._seen.setdefault(row.id, digest) == digest, "a version that is locked does not move"

    @property
    def count(self) -> int:
        return len(self._seen)
