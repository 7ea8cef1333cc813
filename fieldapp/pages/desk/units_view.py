"""Villages as the page of units holds them."""

from dataclasses import dataclass, field

from fieldapp.domain.written_time import written_day, written_instant
from fieldapp.reports.unit_list import Ancestor, ChangeRow, VillageDetail, VillageRow
from fieldapp.services.unit_changes import MergePlan
from fieldapp.states.option import Option
from models.unit_change import ChangeKind

SHOWN_NUMBERS = 20
"""How many households that get another number are named before a merge."""


@dataclass
class VillageLine:
    id: str = ""
    code: str = ""
    name: str = ""
    division: str = ""
    households: int = 0
    declared: str = ""
    teams: str = ""
    since: str = ""
    until: str = ""


@dataclass
class ChangeLine:
    id: str = ""
    kind: str = ""
    on: str = ""
    name: str = ""
    before: str = ""
    decision: str = ""
    by: str = ""
    at: str = ""


@dataclass
class Relative:
    """A village that this one came from or became; `until` is empty where it stands."""

    id: str = ""
    name: str = ""
    since: str = ""
    until: str = ""


@dataclass
class VillageView:
    village: VillageLine = field(default_factory=VillageLine)
    came_from: list[Relative] = field(default_factory=list)
    went_to: list[Relative] = field(default_factory=list)
    changes: list[ChangeLine] = field(default_factory=list)


@dataclass
class NumberLine:
    village: str = ""
    old: str = ""
    new: str = ""


@dataclass
class PlanView:
    """What a merge is about to do; `name` is empty while nothing is planned."""

    name: str = ""
    on: str = ""
    decision: str = ""
    before: str = ""
    households: int = 0
    waiting: int = 0
    renumbered: int = 0
    more: int = 0
    numbers: list[NumberLine] = field(default_factory=list)
    teams: list[Option] = field(default_factory=list)


def show_village(row: VillageRow) -> VillageLine:
    return VillageLine(
        id=str(row.id),
        code=row.code,
        name=row.name,
        division=str(row.division),
        households=row.households,
        declared="" if row.declared is None else str(row.declared),
        teams=", ".join(row.teams),
        since=written_day(row.valid_from),
        until=written_day(row.valid_to) if row.valid_to else "",
    )


def show_change(row: ChangeRow) -> ChangeLine:
    return ChangeLine(
        id=str(row.id),
        kind=str(row.kind),
        on=written_day(row.on),
        name=row.name,
        before=_listed(row.before),
        decision=row.decision or "",
        by=row.by,
        at=written_instant(row.at),
    )


def show_detail(detail: VillageDetail) -> VillageView:
    return VillageView(
        village=show_village(detail.village),
        came_from=[_relative(one) for one in detail.line if one.steps < 0],
        went_to=[_relative(one) for one in detail.line if one.steps > 0],
        changes=[show_change(row) for row in detail.changes],
    )


def show_plan(plan: MergePlan, name: str, on: str, decision: str) -> PlanView:
    shown = plan.renumbered[:SHOWN_NUMBERS]
    return PlanView(
        name=name,
        on=on,
        decision=decision,
        before=_listed([village.name for village in plan.villages]),
        households=plan.households,
        waiting=plan.waiting,
        renumbered=len(plan.renumbered),
        more=len(plan.renumbered) - len(shown),
        numbers=[NumberLine(line.village, line.old, line.new) for line in shown],
        teams=[Option(str(team_id), team) for team_id, team in plan.teams],
    )


def _relative(one: Ancestor) -> Relative:
    until = written_day(one.valid_to) if one.valid_to else ""
    return Relative(str(one.id), one.name, written_day(one.valid_from), until)


def _listed(names) -> str:
    return " + ".join(names)


KINDS = tuple(str(kind) for kind in ChangeKind)
