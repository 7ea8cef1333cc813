"""What a phone is given: the changes of its scopes since its cursor, in pages, and nothing outside them.

The cursor holds for each scope the version reached (`done`), the version this run goes up to (`goal`), and how
far it is: the index of the kind and the last id. A row that changes meanwhile gets a version above `goal` and
comes in the next run, so nothing is missed and nothing loops.

Of a village that has ended its visits are carried on, as visits of the village that continues it, and so is what else
its team did: whoever leads that one decides what still waits. The cursor gives it another name, so that what a phone
has of its time before is left.

Leaders are given small pictures that others are not, and no row says so by its version. So the cursor notes whether the
village was led, and the village begins anew when that has changed.
"""

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.config import settings
from fieldapp.domain.vn_time import vn_day
from fieldapp.permissions import Action, Principal, require
from fieldapp.problems import Problem
from fieldapp.services import (
    log_comments,
    materials,
    pull_commune_rows,
    pull_rows,
    pull_team_rows,
    pull_work_rows,
)
from fieldapp.services.counters import PLATFORMS as RUNGS
from fieldapp.services.scopes import (
    LIBRARY,
    PROVINCE,
    commune_key,
    ended_key,
    library_key,
    member_key,
    team_key,
    versions_of,
    village_key,
)
from fieldapp.services.sessions import EPOCH
from models.activity import Activity
from models.base import utc_now
from models.difficulty import Difficulty, DifficultyState
from models.household import Household, HouseholdCard
from models.log_comment import LogComment
from models.platform import Platform
from models.sync import ServerFact, Tombstone
from models.visit import Visit, VisitState
from models.zalo_group import ZaloGroup

HOUSEHOLDS, CARDS, VISITS = Household.__table__, HouseholdCard.__table__, Visit.__table__
PLATFORMS, TOMBSTONES = Platform.__table__, Tombstone.__table__
ACTIVITIES, DIFFICULTIES, GROUPS = Activity.__table__, Difficulty.__table__, ZaloGroup.__table__
COMMENTS = LogComment.__table__
VILLAGE_TABLES = {
    "households": HOUSEHOLDS,
    "cards": CARDS,
    "visits": VISITS,
    "tombstones": TOMBSTONES,
    "activities": ACTIVITIES,
    "difficulties": DIFFICULTIES,
    "groups": GROUPS,
    "comments": COMMENTS,
}
VILLAGE_KINDS = tuple(VILLAGE_TABLES)
"""Cursors that phones hold name a kind by its place here: a new one comes last, and none is ever taken out."""
_KEY = re.compile(r"province|(?:village|ended|member|commune|team|library):[0-9]{1,10}")
OPEN_STATES = (VisitState.WAITING, VisitState.RETURNED)


@dataclass
class Reach:
    """How far a phone's copy of one scope has come."""

    done: int = 0
    goal: int = 0
    kind: int = 0
    last: str = ""
    led: bool | None = None
    """Whether its rows were given to one who leads there; None where the cursor is older than this mark."""
    since: int = 0
    """How far it had come before it was to be given anew: what changed since then is told, however old."""


def read_cursor(cursor: str) -> dict[str, Any]:
    """The cursor's content; one that cannot be read starts from nothing."""
    try:
        content = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return {"epoch": str(content["epoch"]), "scopes": {_key(k): _reach(*v) for k, v in content["scopes"].items()}}
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        return {"epoch": "", "scopes": {}}


def _key(key: str) -> str:
    """A scope's name as an answer can repeat it where the scope was left."""
    if not _KEY.fullmatch(key):
        raise ValueError(key)
    return key


def _reach(done: Any, goal: Any, kind: Any, last: Any, led: Any = None, since: Any = 0) -> Reach:
    """One scope's part of a cursor; raises what `read_cursor` catches where no server of ours wrote it."""
    reach = Reach(int(done), int(goal), int(kind), str(last), None if led is None else bool(led), int(since))
    numbers = [reach.done, reach.goal, reach.kind, reach.since]
    if reach.last:
        last_id = _id_type(VILLAGE_KINDS[reach.kind])(reach.last)
        numbers += [last_id] if isinstance(last_id, int) else []
    if not all(0 <= n < 2**53 for n in numbers) or reach.kind >= len(VILLAGE_KINDS):
        raise ValueError(reach)
    return reach


def _id_type(kind: str) -> type:
    return VILLAGE_TABLES[kind].c.id.type.python_type


def write_cursor(epoch: str, scopes: dict[str, Reach]) -> str:
    content = {"epoch": epoch, "scopes": {k: _written(r) for k, r in scopes.items()}}
    return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


def _written(reach: Reach) -> list[Any]:
    led = [] if reach.led is None else [int(reach.led)]
    return [reach.done, reach.goal, reach.kind, reach.last, *led, *([reach.since] if reach.since else [])]


async def epoch(session: AsyncSession) -> str:
    """The name of this life of the database; a restore gives it another."""
    fact = await session.get(ServerFact, EPOCH)
    if fact is None:
        raise Problem("busy")
    return fact.value


async def pull(session: AsyncSession, who: Principal, cursor: str) -> dict[str, Any]:
    """One page of changes. `more` says that another page waits; `left` names villages no longer one's own."""
    require(who, Action.SYNC)
    assert who.member_id is not None
    now_epoch = await epoch(session)
    known = read_cursor(cursor)
    fresh = known["epoch"] != now_epoch
    before: dict[str, Reach] = {} if fresh else known["scopes"]
    mine = member_key(who.member_id)
    carried = {village_key(v): v for v in sorted(who.village_ids)} | {ended_key(v): v for v in sorted(who.continues)}
    teams = await pull_team_rows.teams_of(session, who)
    own = [PROVINCE, mine, *([commune_key(who.commune_id)] if who.commune_id else []), *map(team_key, teams)]
    shelf = library_key(who.commune_id or 0)
    versions = await versions_of(session, [*own, LIBRARY, *(village_key(v) for v in carried.values())])
    scopes = {key: before.get(key, Reach()) for key in (*own, shelf, *carried)}
    answer: dict[str, Any] = {"epoch": now_epoch, "reset": fresh and bool(cursor)}
    left = [key for key in before if key not in scopes]
    answer["left"] = [key for key in left if not key.startswith(("team:", "library:"))]
    answer["me"] = await pull_rows.me(session, who)
    moved = who.commune_id is not None and commune_key(who.commune_id) not in before
    if scopes[PROVINCE].done < versions[PROVINCE] or fresh or moved:
        answer["platforms"] = await pull_rows.platforms(session, who.commune_id)
    if sorted_since := await pull_rows.sorted_records(session, who.member_id, scopes[mine].done, versions[mine]):
        answer["sorted"] = sorted_since
    ours, leads = commune_key(who.commune_id or 0), bool(who.led_village_ids)
    if who.commune_id and (_is_behind(before.get(ours), versions[ours]) or before[ours].led not in (None, leads)):
        answer |= await pull_commune_rows.lists(session, who)
    changed = any(_is_behind(before.get(key), versions[key]) for key in map(team_key, teams))
    if changed or any(key.startswith("team:") for key in left):
        answer |= await pull_team_rows.lists(session, teams)
    for key in own:
        scopes[key] = Reach(done=versions[key], led=leads if key == ours else None)
    shelved = await _library_page(session, who, scopes[shelf], versions[LIBRARY], answer)
    room = settings().pull_page
    for key, village_id in carried.items():
        scopes[key] = _as_led(scopes[key], who.continues.get(village_id, village_id) in who.led_village_ids)
    for key, village_id in carried.items():
        version = versions[village_key(village_id)]
        room -= await _village_page(session, who, village_id, scopes[key], version, room, answer)
        if room <= 0:
            break
    answer |= await pull_team_rows.numbers(session, who, teams, answer.keys(), changed)
    answer["more"] = (
        not shelved
        or any(r.goal for r in scopes.values())
        or any(scopes[key].done < versions[village_key(village_id)] for key, village_id in carried.items())
    )
    answer["cursor"] = write_cursor(now_epoch, scopes)
    return answer


async def _library_page(
    session: AsyncSession, who: Principal, reach: Reach, version: int, answer: dict[str, Any]
) -> bool:
    """Fills the answer with some changes of the library and moves its reach; says whether that is all of them."""
    if not who.commune_id or reach.done >= version:
        return True
    answer["materials"], reach.done = await materials.phone_rows(session, who, reach.done, version)
    return reach.done >= version


def _is_behind(reach: Reach | None, version: int) -> bool:
    """Whether a list that is given whole is to be given: also where the phone has another commune's."""
    return reach is None or reach.done < version


def _as_led(reach: Reach, led: bool) -> Reach:
    """The reach of a village that is led now, or is not; a cursor that did not note it goes on from where it is."""
    kept = reach if reach.led in (None, led) else Reach(since=reach.done or reach.since)
    return replace(kept, led=led)


async def _village_page(
    session: AsyncSession,
    who: Principal,
    village_id: int,
    reach: Reach,
    version: int,
    room: int,
    answer: dict[str, Any],
) -> int:
    """Fills the answer with up to `room` rows of one village and moves its reach; gives the number of rows."""
    if reach.goal == 0:
        if reach.done >= version:
            return 0
        # Households and cards went to the village that continues an ended one; visits stay where they were counted.
        first = VILLAGE_KINDS.index("visits") if village_id in who.continues else 0
        reach.goal, reach.kind, reach.last = version, first, ""
    used = 0
    while reach.kind < len(VILLAGE_KINDS) and used < room:
        kind = VILLAGE_KINDS[reach.kind]
        query = _query(who, kind, village_id, reach).limit(room - used)
        rows = (await session.execute(query)).all()
        if rows:
            answer.setdefault(kind, []).extend(await _present(session, who, kind, rows))
            reach.last = str(rows[-1].id)
        if len(rows) < room - used:
            reach.kind, reach.last = reach.kind + 1, ""
        used += len(rows)
    if reach.kind == len(VILLAGE_KINDS):
        reach.done, reach.goal, reach.kind, reach.since = reach.goal, 0, 0, 0
    return used


def _query(who: Principal, kind: str, village_id: int, reach: Reach) -> Select:
    table = VILLAGE_TABLES[kind]
    if kind == "tombstones":
        condition = TOMBSTONES.c.scope_key == village_key(village_id)
    else:
        condition = table.c.village_id == village_id
    query = select(table).where(condition, table.c.scope_version > reach.done, table.c.scope_version <= reach.goal)
    if reach.done == 0 and kind in ("visits", "activities", "difficulties", "comments"):
        # A phone that begins needs nothing old; one that has a row is told of every change, however old.
        query = query.where(or_(_is_new(kind), table.c.scope_version > reach.since if reach.since else false()))
    if kind == "groups":
        query = query.where(GROUPS.c.stands)
    if kind == "comments":
        query = query.where(log_comments.readable(who, village_id))
    if reach.last:
        query = query.where(table.c.id > _id_type(kind)(reach.last))
    return query.order_by(table.c.id)


def _is_new(kind: str) -> ColumnElement[bool]:
    """Done within the days that a phone carries, or open whatever its age."""
    now = utc_now()
    oldest = vn_day(now) - timedelta(days=settings().pull_days)
    if kind == "visits":
        return or_(VISITS.c.done_on >= oldest, VISITS.c.state.in_(OPEN_STATES))
    if kind == "activities":
        return and_(ACTIVITIES.c.done_on >= oldest, ACTIVITIES.c.withdrawn_at.is_(None))
    if kind == "comments":
        return and_(COMMENTS.c.day >= oldest, COMMENTS.c.withdrawn_at.is_(None))
    lately = DIFFICULTIES.c.received_at >= now - timedelta(days=settings().pull_days)
    return or_(lately, DIFFICULTIES.c.state != DifficultyState.SOLVED)


async def _present(session: AsyncSession, who: Principal, kind: str, rows: Sequence[Any]) -> list[dict[str, Any]]:
    match kind:
        case "households":
            return await pull_rows.households(session, rows, RUNGS)
        case "cards":
            return [pull_rows.card(row) for row in rows]
        case "visits":
            return await pull_rows.visits(session, who, rows)
        case "activities":
            return await pull_work_rows.activities(session, who, rows)
        case "difficulties":
            return await pull_work_rows.difficulties(session, who, rows)
        case "groups":
            return await pull_work_rows.groups(session, who, rows)
        case "comments":
            return await pull_work_rows.comments(session, who, rows)
        case _:
            return [{"kind": row.kind, "id": row.row_id} for row in rows]
