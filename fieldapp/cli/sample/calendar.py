"""The days and hours at which sample visits were made: evenings, weekends, few in Tết and in storms."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from fieldapp.cli.sample.sizes import SEED
from fieldapp.domain.vn_time import VIETNAM, month_start, vn_day
from models.base import utc_now

TEAMS_SINCE = date(2025, 8, 15)
FIRST_VISITS = date(2025, 10, 1)
WEEKEND, TET, STORM = 1.6, 0.1, 0.3
CAMPAIGN, CAMPAIGN_DAYS = 2.5, 5
"""A campaign has just begun, so that day logs are full when somebody looks at them."""

STORM_WEEKS = 0.25
"""The share of weeks from September to November in which hardly anybody goes out."""

_TET_DAYS = (date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3))
_LAST_HOUR = 21.5
"""No visit is made after half past nine in the evening."""

_FIRST_HOUR_OF_SEEDING = 8
"""Data made earlier in the day than this ends the evening before."""


@dataclass(frozen=True)
class Window:
    """The days that have visits, and the moment after which nothing has happened yet."""

    days: tuple[date, ...]
    moment: datetime

    @property
    def merged_on(self) -> date:
        """A day before every visit, on which two villages became one."""
        return month_start(self.days[0] - timedelta(days=1))

    def weights(self) -> list[float]:
        begun = len(self.days) - CAMPAIGN_DAYS
        return [_weight(day) * (CAMPAIGN if n >= begun else 1.0) for n, day in enumerate(self.days)]


def window(days: int, today: date | None = None) -> Window:
    """The days up to now; with `today`, up to the evening of that day, so that its data is always the same."""
    moment = _at(today, _LAST_HOUR) if today else min(utc_now(), _at(vn_day(utc_now()), _LAST_HOUR))
    last = vn_day(moment)
    if moment < _at(last, _FIRST_HOUR_OF_SEEDING):
        last -= timedelta(days=1)
    first = max(last - timedelta(days=days - 1), FIRST_VISITS)
    return Window(tuple(first + timedelta(days=n) for n in range((last - first).days + 1)), moment)


def start_of_session(rng: Random, day: date, moment: datetime) -> datetime:
    """When a member sets out: 55 % of weekday sessions in the evening; the day of `moment` ends at `moment`."""
    evening = 0.35 if day.weekday() >= 5 else 0.55
    hour = rng.uniform(17, 20) if rng.random() < evening else rng.choice((rng.uniform(7, 10.5), rng.uniform(13.5, 16)))
    started = _at(day, hour)
    if vn_day(moment) != day:
        return started
    midnight = _at(day, 0)
    return midnight + (started - midnight) * ((moment - midnight) / timedelta(hours=_LAST_HOUR + 0.5))


def end_of_day(day: date) -> datetime:
    """Past this nobody works on that day any more."""
    return _at(day, _LAST_HOUR + 0.25)


def review_time(rng: Random, day: date) -> datetime:
    """When a leader sits down with that day's log: between half past seven and nine in the evening."""
    return _at(day, rng.uniform(19.5, 21))


def _at(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), VIETNAM) + timedelta(hours=hour)


def _weight(day: date) -> float:
    weight = WEEKEND if day.weekday() >= 5 else 1.0
    if any(-2 <= (day - tet).days <= 5 for tet in _TET_DAYS):
        return weight * TET
    return weight * (STORM if _is_stormy(day) else 1.0)


def _is_stormy(day: date) -> bool:
    year, week, _ = day.isocalendar()
    return 9 <= day.month <= 11 and Random(f"{SEED} storm {year}-{week}").random() < STORM_WEEKS
