"""What was done in the year, as it was laid down, and what a report of it has to say: counted in the plainest way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from fieldapp.domain.day_range import DayRange
from models.household import Household
from models.member import Member
from models.visit import Outcome, Visit
from tests.report_rows import Said, visited
from tests.year.province import Village

SAID: Sequence[Said] = (
    ("VNEID", "installed", ("level2",)),
    ("VNEID", "independent", ("level2", "utilities")),
    ("DVC", "installed", ("submit",)),
    ("DVC", "introduced", ()),
    ("DVC", "declined", ()),
    ("VI", "independent", ()),
    ("TTTT", "come_back", ()),
    ("GHS", "installed", ("register",)),
)
HELPED = ("introduced", "installed", "independent", "come_back")
APPROVED, WAITING = 0.85, 0.93


@dataclass(frozen=True)
class Done:
    """One visit as it happened."""

    village: int
    home: Household
    author: Member
    day: date
    people: int
    said: Sequence[Said]
    state: str
    rows: Sequence[Any]


class Ledger:
    """Visits that have arrived, by the village that they were made in."""

    def __init__(self) -> None:
        self.by_village: dict[int, list[Done]] = defaultdict(list)

    def put(self, visits: Iterable[Done]) -> list[Any]:
        rows = []
        for visit in visits:
            self.by_village[visit.village].append(visit)
            rows += visit.rows
        return rows

    def approved(self, villages: Iterable[int], span: DayRange) -> list[Done]:
        every = [visit for village in villages for visit in self.by_village[village]]
        return [visit for visit in every if visit.state == "approved" and span.first <= visit.day <= span.last]

    def homes(self, villages: Iterable[int], span: DayRange) -> int:
        return len({visit.home.id for visit in self.approved(villages, span)})

    def told(self, villages: Iterable[int], span: DayRange) -> dict[str, int]:
        """By code what these villages have to report together."""
        visits = self.approved(villages, span)
        lines = [(visit, one) for visit in visits for one in visit.said]
        helped = [visit for visit in visits if any(result in HELPED for _, result, _ in visit.said)]
        return {
            "08": sum(code == "DVC" and result in HELPED for _, (code, result, _) in lines),
            "10": sum(visit.people for visit, (code, _, steps) in lines if code == "VNEID" and "level2" in steps),
            "15": sum(visit.people for visit, (code, _, _) in lines if code == "VI"),
            "25": len(lines),
            "26": len({visit.home.id for visit in helped}),
            "27": sum(visit.people for visit in helped),
            "28": sum(result == "independent" for _, (_, result, _) in lines),
        }


def happened(rng: Random, village: Village, author: Member, span: DayRange) -> Done:
    day = date.fromordinal(rng.randint(span.first.toordinal(), span.last.toordinal()))
    home, people, dice = rng.choice(village.homes), rng.randint(1, 4), rng.random()
    said = [rng.choice(SAID)]
    if rng.random() < 0.4:
        said += [one for one in [rng.choice(SAID)] if one[0] != said[0][0]]
    state = "approved" if dice < APPROVED else "waiting" if dice < WAITING else "returned"
    unit = village.on(day)
    rows = visited(author, home, village.team, unit, day, *said, state=state, people=people)
    return Done(unit.id or 0, home, author, day, people, said, state, rows)


def in_order(rows: Iterable[Any]) -> tuple[list[Visit], list[Outcome]]:
    every = list(rows)
    return [row for row in every if isinstance(row, Visit)], [row for row in every if isinstance(row, Outcome)]
