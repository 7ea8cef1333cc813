"""Which villages report for a period, and whose work each of them reports: its own, and that of those it continues.

Every village of the period belongs to at most one of them, so that no visit is reported twice; what none tells of, the
commune's own numbers hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fieldapp.domain.day_range import DayRange


@dataclass(frozen=True)
class VillageSpan:
    """A village while it stands, both days among them; None is open."""

    id: int
    valid_from: date
    valid_to: date | None


def reporting_groups(
    villages: Iterable[VillageSpan], heirs: Iterable[tuple[int, int]], span: DayRange
) -> dict[int, frozenset[int]]:
    """By reporting village all villages whose work it tells of, itself among them.

    A village that ended before the last day is told of by the one that continues it; where several do, by the one
    with the least id, since what was done cannot be divided. One that nobody continues reports no more: a report is
    made after the last day, and nobody sits in its team then.
    """
    known = {village.id: village for village in villages}
    into: dict[int, int] = {}
    for old, new in sorted(heirs, reverse=True):
        into[old] = new
    groups: dict[int, set[int]] = {}
    for village in known.values():
        if village.valid_from <= span.last:
            groups.setdefault(_teller(village, known, into, span), set()).add(village.id)
    return {id: frozenset(own) for id, own in sorted(groups.items()) if not _over(known[id], span.last)}


def left_behind(
    villages: Iterable[VillageSpan], heirs: Iterable[tuple[int, int]], since: date, span: DayRange
) -> frozenset[int]:
    """Villages that stood at some time from `since` on and of which nobody tells in this period: they ended and nobody
    continues them. What they did stays in the numbers of their commune.
    """
    villages = list(villages)
    told = frozenset().union(*reporting_groups(villages, heirs, span).values())
    return frozenset(one.id for one in villages if one.valid_from <= span.last and not _over(one, since)) - told


def _teller(village: VillageSpan, known: Mapping[int, VillageSpan], into: Mapping[int, int], span: DayRange) -> int:
    seen = {village.id}
    while _over(village, span.last):
        heir = known.get(into.get(village.id, 0))
        if heir is None or heir.id in seen or heir.valid_from > span.last:
            break
        seen.add(heir.id)
        village = heir
    return village.id


def _over(village: VillageSpan, day: date) -> bool:
    return village.valid_to is not None and village.valid_to < day
