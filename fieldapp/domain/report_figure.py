"""The numbers of a report: how those of many units add up, and which of them ask for a word.

None is a number that nobody knows, which is no zero: it stays None until one of the parts is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

JUMP, JUMP_FROM = 5, 10
"""A number asks for a reason where it is so many times that of the period before, and at least so great."""


@dataclass(frozen=True)
class Figure:
    """One indicator in one report; `over` is the whole of which `value` is a share.

    `waiting` is told beside the value and not in it. `year` is the running total of the year, `previous` the value of
    the period before, `plan` what was to be reached. `reason` says why an odd value is right.
    """

    code: str
    value: int | None = None
    over: int | None = None
    waiting: int = 0
    plan: int | None = None
    year: int | None = None
    year_over: int | None = None
    previous: int | None = None
    previous_over: int | None = None
    reason: str = ""

    def to_row(self) -> dict[str, Any]:
        """As it is stored and told: without what nobody knows."""
        known = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return known if self.waiting else {name: value for name, value in known.items() if name != "waiting"}


_SHARES = (("value", "over"), ("year", "year_over"), ("previous", "previous_over"))
_NAMES = frozenset(field.name for field in fields(Figure))


def read_figures(rows: Iterable[Mapping[str, Any]]) -> list[Figure]:
    """Rows as they were stored; what a later program may have added to them is left out."""
    return [Figure(**{name: value for name, value in row.items() if name in _NAMES}) for row in rows]


def without_halves(figure: Figure) -> Figure:
    """A share as it is told: of a part whose whole nobody knows, nothing."""
    unknown = [part for part, whole in _SHARES if getattr(figure, whole) is None]
    return replace(figure, **dict.fromkeys(unknown))


def added(codes: Sequence[str], parts: Iterable[Iterable[Figure]]) -> list[Figure]:
    """One figure for each code, in this order, each number the sum of those that are known."""
    by_code: dict[str, list[Figure]] = {code: [] for code in codes}
    for part in parts:
        for figure in part:
            if figure.code in by_code:
                by_code[figure.code].append(figure)
    return [_added(code, own) for code, own in by_code.items()]


def _added(code: str, parts: Sequence[Figure]) -> Figure:
    sums: dict[str, Any] = {"plan": _sum(parts, "plan")}
    for part, whole in _SHARES:
        told = parts
        if any(getattr(one, whole) is not None for one in parts):
            # Of a share that counts alone of which both are known: a part of nothing known is no part of the whole.
            both = [one for one in parts if getattr(one, part) is not None and getattr(one, whole) is not None]
            told = both or [replace(one, **{part: None}) for one in parts]
        sums |= {part: _sum(told, part), whole: _sum(told, whole)}
    return Figure(code, waiting=sum(part.waiting for part in parts), **sums)


def _sum(figures: Iterable[Figure], name: str) -> int | None:
    known = [number for figure in figures if (number := getattr(figure, name)) is not None]
    return sum(known) if known else None


def odd(figure: Figure, households: int | None = None) -> str | None:
    """Why a value asks for a reason: `above_households`, `jump`, or None where it does not.

    `households` is how many there are in the unit, for an indicator that counts households.
    """
    if figure.value is None:
        return None
    if households is not None and figure.value > households:
        return "above_households"
    before = figure.previous
    if figure.over is None and before is not None and before > 0:
        return "jump" if figure.value >= JUMP_FROM and figure.value >= JUMP * before else None
    return None


def warnings(figures: Iterable[Figure], household_codes: Iterable[str], households: int | None) -> list[str]:
    """`jump:08`, `above_households:26` and so on, of the odd values that came without a reason and with one."""
    counted = set(household_codes)
    found = []
    for figure in figures:
        why = odd(figure, households if figure.code in counted else None)
        if why:
            found.append(f"{why}:{figure.code}")
    return found


def differences(locked: Iterable[Figure], now: Iterable[Figure]) -> dict[str, int]:
    """By code, what has come to a value since it was locked ("bổ sung sau chốt"); shares are left out."""
    before = {figure.code: figure.value for figure in locked if figure.over is None}
    return {
        figure.code: figure.value - known
        for figure in now
        if figure.value is not None and (known := before.get(figure.code)) is not None and figure.value != known
    }
