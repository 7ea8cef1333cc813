"""Who called at which door, when, and when the server heard of it; what was done there is in `visits`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from fieldapp.cli.sample.calendar import Window, end_of_day, start_of_session
from fieldapp.cli.sample.households import Home
from fieldapp.cli.sample.sizes import Profile
from models.visit import VisitMode

OFFLINE_EAST, OFFLINE_WEST = 0.30, 0.65
DELAY_EAST, DELAY_WEST = (3.0, 1.685), (14.0, 1.417)
"""Median in hours and sigma of the log-normal time that an offline phone takes: 95 % within 2 and 6 days."""

LONGEST_DELAY = timedelta(days=20)
DOUBLE_ENTRIES = 0.01
IN_A_HURRY = 0.008
_MODES, _MODE_WEIGHTS = (VisitMode.HOME, VisitMode.COMMUNITY_HOUSE, VisitMode.PHONE), (74, 18, 8)


@dataclass(frozen=True, slots=True)
class Person:
    member_id: int
    team_id: int
    weight: float


@dataclass(frozen=True)
class Stage:
    """A village with its households and those who work there; `deciders` review, the first who is not the author."""

    village_id: int
    commune_id: int
    profile: Profile
    homes: Sequence[Home]
    people: Sequence[Person]
    deciders: Sequence[int]


@dataclass(frozen=True, slots=True)
class Call:
    """`double_of` is the call of another member at the same door on the same day, recorded without knowing of it."""

    made_at: datetime
    received_at: datetime
    author: Person
    stage: Stage
    home: Home
    mode: VisitMode
    double_of: "Call | None" = None


def plan_calls(rng: Random, stages: Sequence[Stage], window: Window, count: int) -> list[Call]:
    """So many calls in the order of their time, in rounds that a member makes from door to door."""
    workers = [(stage, person) for stage in stages for person in stage.people if stage.homes]
    reach = list(accumulate(person.weight * len(stage.homes) for stage, person in workers))
    days = list(accumulate(window.weights()))
    calls: list[Call] = []
    while len(calls) < count:
        stage, author = rng.choices(workers, cum_weights=reach)[0]
        day = rng.choices(window.days, cum_weights=days)[0]
        started = start_of_session(rng, day, window.moment)
        latest = min(window.moment, end_of_day(day)) - timedelta(minutes=1)
        calls.extend(_round(rng, stage, author, started, latest, count - len(calls), window.moment))
    return sorted(calls, key=lambda call: (call.made_at, call.home.id))


def _round(
    rng: Random, stage: Stage, author: Person, started: datetime, latest: datetime, most: int, moment: datetime
) -> list[Call]:
    """Three doors on average, next to each other; all of them reach the server together."""
    doors = min(most, 1 + min(7, int(rng.expovariate(0.4))))
    mode = rng.choices(_MODES, _MODE_WEIGHTS)[0]
    times = _times(rng, started, latest, doors)
    received = min(moment, times[-1] + _delay(rng, stage.profile.is_west))
    place, calls = rng.randrange(len(stage.homes)), []
    for made_at in times:
        call = Call(made_at, received, author, stage, stage.homes[place % len(stage.homes)], mode)
        calls.append(call)
        place += rng.randint(1, 3)
    if len(calls) < most and rng.random() < DOUBLE_ENTRIES * doors and (other := _other(rng, stage, author)):
        first = calls[-1]
        made_at = min(first.made_at + timedelta(minutes=rng.uniform(20, 120)), latest)
        calls.append(Call(made_at, max(received, made_at), other, stage, first.home, VisitMode.HOME, first))
    return calls


def _times(rng: Random, started: datetime, latest: datetime, doors: int) -> list[datetime]:
    gaps = [0.0] + [_gap(rng) for _ in range(doors - 1)]
    squeeze = min(1.0, (latest - started).total_seconds() / (sum(gaps) or 1.0))
    return [started + timedelta(seconds=passed * squeeze) for passed in accumulate(gaps)]


def _gap(rng: Random) -> float:
    """Seconds from one door to the next."""
    return rng.uniform(20, 50) if rng.random() < IN_A_HURRY else rng.uniform(300, 2100)


def _delay(rng: Random, west: bool) -> timedelta:
    if rng.random() >= (OFFLINE_WEST if west else OFFLINE_EAST):
        return timedelta(seconds=rng.uniform(5, 90))
    median, sigma = DELAY_WEST if west else DELAY_EAST
    return min(timedelta(hours=median * rng.lognormvariate(0, sigma)), LONGEST_DELAY)


def _other(rng: Random, stage: Stage, author: Person) -> Person | None:
    others = [p for p in stage.people if p.member_id != author.member_id and p.team_id == author.team_id]
    return rng.choice(others) if others else None
