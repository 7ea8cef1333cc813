"""Every automatic indicator counted slowly and obviously, from all rows: what the quick way must equal."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import vn_day
from models.activity import Activity
from models.difficulty import Difficulty
from models.task import Task
from models.team import Seat, Team
from models.unit import Unit
from models.visit import Outcome, Visit

D = ("installed", "independent")
H = ("introduced", "installed", "independent", "come_back")
Meets = Callable[[Visit, Outcome], bool]


def _lines(
    by_visit: dict[Any, list[Outcome]], visits: Sequence[Visit], span: DayRange, states: tuple[str, ...], meets: Meets
) -> list[tuple[Visit, Outcome]]:
    stands = [v for v in visits if span.first <= v.done_on <= span.last and v.state in states]
    return [(v, o) for v in stands for o in by_visit[v.id] if meets(v, o)]


async def slowly(
    session: AsyncSession, village: Unit, team: Team, month: DayRange
) -> dict[str, tuple[int | None, int, int | None]]:
    """By code the value, what waits beside it, and the year's: from every row, with no thought for speed."""
    visits = (await session.execute(select(Visit))).scalars().all()
    outcomes = (await session.execute(select(Outcome))).scalars().all()
    by_visit = {visit.id: [o for o in outcomes if o.visit_id == visit.id] for visit in visits}
    year = DayRange(month.last.replace(month=1, day=1), month.last)

    def counted(meets: Meets, how: str) -> tuple[int, int, int]:
        def count(span: DayRange, states: tuple[str, ...]) -> int:
            met = _lines(by_visit, visits, span, states, meets)
            if how == "homes":
                first: dict[Any, tuple[date, int]] = {}
                for v, _ in met:
                    key = (v.done_on, v.village_id)
                    if v.household_id not in first or key < first[v.household_id]:
                        first[v.household_id] = key
                return sum(where == village.id for _, where in first.values())
            mine = [(v, o) for v, o in met if v.village_id == village.id]
            if how == "met":
                return sum(v.people for v in {v.id: v for v, _ in mine}.values())
            return sum(o.people for _, o in mine) if how == "people" else len(mine)

        approved = count(month, ("approved",))
        if how == "homes":
            waits = max(0, count(month, ("approved", "waiting")) - approved)
        else:
            waits = count(month, ("waiting",))
        return approved, waits, count(year, ("approved",))

    def on(code: str, results: tuple[str, ...], step: str = "") -> Meets:
        return lambda _, o: (
            o.platform_code == code and o.result in results and (not step or step in o.detail.get("steps", []))
        )

    found: dict[str, tuple[int | None, int, int | None]] = {
        "08": counted(on("DVC", H), "times"),
        "09": counted(on("DVC", D, "submit"), "times"),
        "10": counted(on("VNEID", D, "level2"), "people"),
        "11": counted(on("VNEID", D, "utilities"), "people"),
        "12": counted(on("PAHT", D), "times"),
        "13": counted(on("DATDAI", D), "times"),
        "14": counted(on("CKS", D), "people"),
        "15": counted(on("VI", D), "people"),
        "16": counted(lambda v, o: v.beneficiary == "business_household" and on("TTTT", D)(v, o), "homes"),
        "17": counted(on("GHS", D, "register"), "homes"),
        "18": counted(on("GHS", D, "commitment"), "homes"),
        "19": counted(on("GHS", D, "orders"), "homes"),
        "20": counted(on("SSK", D), "people"),
        "21": counted(on("VSSID", D), "people"),
        "22": counted(on("GD", D), "people"),
        "23": counted(on("CSXH", D), "people"),
        "24": counted(on("BDHVS", ("independent",)), "people"),
        "25": counted(lambda v, o: True, "times"),
        "26": counted(lambda v, o: o.result in H, "homes"),
        "27": counted(lambda v, o: o.result in H, "met"),
        "28": counted(lambda v, o: o.result == "independent", "times"),
    }
    return found | await _besides(session, village, team, month, visits)


async def _besides(
    session: AsyncSession, village: Unit, team: Team, month: DayRange, visits: Any
) -> dict[str, tuple[int | None, int, int | None]]:
    everywhere = (await session.execute(select(Activity))).scalars().all()
    events = [a for a in everywhere if a.village_id == village.id]
    troubles = [d for d in (await session.execute(select(Difficulty))).scalars() if d.village_id == village.id]
    tasks = [t for t in (await session.execute(select(Task))).scalars() if t.team_id == team.id]
    seats = [s for s in (await session.execute(select(Seat))).scalars() if s.team_id == team.id]
    last, year = month.last, DayRange(month.last.replace(month=1, day=1), month.last)

    def both(count: Callable[[DayRange], int]) -> tuple[int, int, int]:
        return count(month), 0, count(year)

    def inside(span: DayRange, day: date) -> bool:
        return span.first <= day <= span.last

    def doers(span: DayRange) -> int:
        did = {v.author_id for v in visits if v.state == "approved" and inside(span, v.done_on)}
        did |= {a.author_id for a in everywhere if inside(span, a.done_on)}
        return len(did & {s.member_id for s in seats})

    talks = [a for a in events if a.kind != "group_post" and a.kind != "production"]
    late = sum(
        d.due_on < last and vn_day(d.received_at) <= last and not (d.solved_at and vn_day(d.solved_at) <= last)
        for d in troubles
    )
    done = [t for t in tasks if t.done_at and vn_day(t.done_at) <= last]
    not_done = [t for t in tasks if t not in done and vn_day(t.made_at) <= last]
    doing, overdue = sum(t.due_on >= last for t in not_done), sum(t.due_on < last for t in not_done)
    return {
        "02": both(doers),
        "04": both(lambda span: sum(inside(span, a.done_on) for a in talks)),
        "05": both(lambda span: sum(a.people or 0 for a in talks if inside(span, a.done_on))),
        "06": both(lambda span: sum(inside(span, a.done_on) for a in events if a.kind == "group_post")),
        "29.1": both(lambda span: sum(inside(span, vn_day(d.received_at)) for d in troubles)),
        "29.2": both(lambda span: sum(d.solved_at is not None and inside(span, vn_day(d.solved_at)) for d in troubles)),
        "29.3": (late, 0, late),
        "30.1": both(lambda span: sum(inside(span, vn_day(t.done_at)) for t in done if t.done_at)),
        "30.2": (doing, 0, doing),
        "30.3": (overdue, 0, overdue),
    }
