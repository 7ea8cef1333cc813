"""The counters worked out from raw visits once more, in the plainest words: it shares no line with the product."""

from collections import Counter
from datetime import date
from typing import Any

from tests.histories.truth import Truth

COUNTED = {"waiting", "approved", "returned"}
HELPED = {"introduced", "installed", "independent", "come_back"}
RUNGS = {"introduced": 1, "installed": 2, "independent": 3}


def check_counters(truth: Truth) -> list[str]:
    """What is wrong, in words; nothing where every counter is right."""
    lines = [
        (visit, outcome)
        for outcome in truth.outcomes
        if (visit := truth.visits[str(outcome["visit_id"])])["state"] in COUNTED
    ]
    return [
        *_differs("village_count", _by_day(lines), _stored_by_day(truth)),
        *_differs("commune_count", _by_half_month(lines, truth.part_lines), _stored_by_half_month(truth)),
        *_households(truth, lines),
        *_differs("household_platform", _rungs(lines), _stored_rungs(truth)),
    ]


def _differs(name: str, wanted: Any, stored: Any) -> list[str]:
    keys = [key for key in wanted.keys() | stored.keys() if wanted.get(key) != stored.get(key)]
    return [f"{name} {key}: {stored.get(key)} is stored, {wanted.get(key)} is right" for key in keys]


def _summed(parts: Any) -> dict[tuple, tuple[int, int]]:
    times: Counter[tuple] = Counter()
    people: Counter[tuple] = Counter()
    for key, persons in parts:
        times[key] += 1
        people[key] += persons
    return {key: (times[key], people[key]) for key in times}


def _by_day(lines: list) -> dict[tuple, tuple[int, int]]:
    return _summed(
        (
            (
                v["village_id"], v["done_on"], v["team_id"], v["done_by_id"] or v["author_id"], o["platform_code"],
                str(o["result"]), str(v["mode"]), str(v["beneficiary"]), str(v["state"]),
            ),
            o["people"],
        )
        for v, o in lines
    )  # fmt: skip


def _stored_by_day(truth: Truth) -> dict[tuple, tuple[int, int]]:
    names = (
        "village_id", "day", "team_id", "member_id", "platform_code", "result", "mode", "beneficiary", "state",
    )  # fmt: skip
    return _stored(truth.village_counts, names, ("support_count", "people_count"))


def _half(day: date) -> date:
    return date(day.year, day.month, 1 if day.day <= 14 else 15)


def _by_half_month(lines: list, part_lines: list[dict]) -> dict[tuple, tuple[int, ...]]:
    """Lượt by state, người by state, approved lượt of independent use: of the commune, and by platform and by result
    of all communes that are counted together.
    """
    rows: dict[tuple, list[int]] = {}
    for v, o in lines:
        _count(rows, ("all", _half(v["done_on"]), v["commune_id"], ""), v["state"], o)
    for line in part_lines:
        half, part = _half(line["done_on"]), line["commune_id"] % 8
        if line["state"] in COUNTED:
            _count(rows, ("platform", half, part, line["platform_code"]), line["state"], line)
            _count(rows, ("result", half, part, str(line["result"])), line["state"], line)
    return {key: tuple(row) for key, row in rows.items()}


def _count(rows: dict[tuple, list[int]], key: tuple, state: str, outcome: dict) -> None:
    place, row = ("approved", "waiting", "returned").index(state), rows.setdefault(key, [0] * 7)
    row[place] += 1
    row[3 + place] += outcome["people"]
    row[6] += place == 0 and str(outcome["result"]) == "independent"


def _stored_by_half_month(truth: Truth) -> dict[tuple, tuple[int, ...]]:
    people = ("approved_people", "waiting_people", "returned_people")
    figures = ("approved", "waiting", "returned", *people, "independent")
    return _stored(truth.commune_counts, ("facet", "half_month", "part", "word"), figures)


def _stored(rows: list[dict], names: tuple[str, ...], figures: tuple[str, ...]) -> dict[tuple, Any]:
    """By key; a row of zeros is as good as none."""
    keyed = {
        tuple(row[n] if not isinstance(row[n], str) else str(row[n]) for n in names): tuple(row[f] for f in figures)
        for row in rows
    }
    return {key: values for key, values in keyed.items() if any(values)}


def _periods(day: date) -> list[tuple[str, date]]:
    return [("day", day), ("month", day.replace(day=1)), ("year", day.replace(month=1, day=1))]


def _households(truth: Truth, lines: list) -> list[str]:
    """A household's visits by period and state; and how many households that makes for each village."""
    helped = {str(v["id"]): v for v, o in lines if str(o["result"]) in HELPED}
    wanted: dict[tuple, Counter[str]] = {}
    for visit in helped.values():
        for kind, starts_on in _periods(visit["done_on"]):
            key = (visit["household_id"], kind, starts_on)
            wanted.setdefault(key, Counter())[str(visit["state"])] += 1
    figures = {key: (by["approved"], by["waiting"], by["returned"]) for key, by in wanted.items()}
    names = ("household_id", "kind", "starts_on")
    stored = _stored(truth.household_periods, names, ("approved", "waiting", "returned"))
    credited = {tuple(row[n] for n in names): row["village_id"] for row in truth.household_periods}
    distinct: dict[tuple, list[int]] = {}
    for (home, kind, starts_on), (approved, waiting, _) in figures.items():
        both = distinct.setdefault((credited.get((home, kind, starts_on)), kind, starts_on), [0, 0])
        both[0] += approved > 0
        both[1] += approved + waiting > 0
    counts = {key: tuple(both) for key, both in distinct.items() if any(both)}
    kept = _stored(truth.household_counts, ("village_id", "kind", "starts_on"), ("approved", "standing"))
    return [*_differs("household_period", figures, stored), *_differs("household_count", counts, kept)]


def _rungs(lines: list) -> dict[tuple, tuple[int, date]]:
    best: dict[tuple, tuple[int, date]] = {}
    for v, o in lines:
        rung = RUNGS.get(str(o["result"]))
        if rung is None or v["state"] == "returned":
            continue
        key, new = (v["household_id"], o["platform_code"]), (rung, v["done_on"])
        old = best.get(key)
        if old is None or new[0] > old[0] or (new[0] == old[0] and new[1] < old[1]):
            best[key] = new
    return best


def _stored_rungs(truth: Truth) -> dict[tuple, tuple[int, date]]:
    return {(r["household_id"], r["platform_code"]): (r["rung"], r["since"]) for r in truth.household_platforms}
