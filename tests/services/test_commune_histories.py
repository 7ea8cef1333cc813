"""Counters equal the raw visits after any history in which the commune has its part: it sorts, reopens, decides."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from fieldapp.db import Database
from fieldapp.domain.visit import DecisionPayload
from fieldapp.permissions import Principal
from fieldapp.problems import Problem
from fieldapp.services import held, left, reopening
from fieldapp.services.reconciliation import reconcile
from models.member import Member
from models.team import SeatRole
from models.visit import Visit
from tests import build
from tests.build import World
from tests.services.test_counters import History, _bounded

VISITS = Visit.__table__
DEEDS = ("step", "step", "hold", "sort", "reopen", "keep", "decide")


@dataclass
class CommuneHistory(History):
    """People of the team, one who left it (and whose visits are held), and the officer of the commune."""

    mover: Member = field(kw_only=True)
    officer: Principal = field(kw_only=True)
    team_id: int = field(kw_only=True)
    held: list[dict[str, Any]] = field(default_factory=list)

    async def deed(self, draw: st.DataObject) -> None:
        name = draw.draw(st.sampled_from(DEEDS))
        if name == "step":
            await self.step(draw)
        elif name == "hold":
            await self.hold(draw)
        elif name == "sort" and self.held:
            await self.sort(draw)
        elif name in ("reopen", "keep", "decide") and self.visits:
            await self.rule(draw, name)

    async def hold(self, draw: st.DataObject) -> None:
        """A visit of the one who left, or a change of an earlier one of theirs."""
        how = draw.draw(st.sampled_from(["new", "replace", "withdraw"])) if self.held else "new"
        base = draw.draw(st.sampled_from(self.held))["id"] if how != "new" else None
        if how == "withdraw":
            record = build.record("visit.withdraw", self.mover, {"visit": base})
        else:
            record = self.visit(self.mover, draw, **({"replaces": base} if base else {}))
        await self.send(self.mover, record)
        if how != "withdraw":
            self.held.append(record)

    async def sort(self, draw: st.DataObject) -> None:
        record = draw.draw(st.sampled_from(self.held))
        accepts = draw.draw(st.booleans())
        try:
            async with self.db.write() as session:
                if accepts:
                    result = await held.accept(session, self.officer, UUID(record["id"]), self.team_id)
                else:
                    result = await held.refuse(session, self.officer, UUID(record["id"]), "Sai")
        except Problem as problem:
            self.results[problem.code] += 1
            return
        self.results["accepted" if accepts else "refused"] += 1
        if result == "created":
            self.visits.append(record)

    async def rule(self, draw: st.DataObject, name: str) -> None:
        chosen = list({UUID(draw.draw(st.sampled_from(self.visits))["id"]) for _ in range(2)})
        async with self.db.write() as session:
            if name == "reopen":
                self.results["reopened"] += await reopening.reopen(session, self.officer, chosen, "Xem lại")
            elif name == "keep":
                await reopening.keep(session, self.officer, chosen)
            else:
                await session.execute(
                    update(VISITS)
                    .where(VISITS.c.id.in_(chosen))
                    .values(received_at=datetime.now(UTC) - timedelta(days=30), reopened_at=None)
                )
                verdict = draw.draw(st.sampled_from(["approve", "send_back"]))
                content = {
                    "visits": [{"visit": str(i)} for i in chosen],
                    "verdict": verdict,
                    "reason_code": "duplicate",
                }
                results = await left.decide_left(session, self.officer, DecisionPayload.model_validate(content))
                self.results.update(f"commune {r['result']}" for r in results.values())


@pytest.fixture
async def history(db: Database) -> AsyncIterator[CommuneHistory]:
    world: World = await build.world(db)
    people = [world.leader, world.deputy, world.member, world.second_member]
    mover = await build.member(db, world.team, "Hồ Thị Mai", SeatRole.MEMBER, valid_to=build.SINCE)
    principals = {who.id or 0: await build.principal(db, who) for who in [*people, mover]}
    officer = await build.principal(db, world.commune_officer)
    history = CommuneHistory(
        db, [*people], principals, world.households[:3], mover=mover, officer=officer, team_id=world.team.id or 0
    )
    yield history
    said = history.results.keys()
    assert said >= {"held", "accepted", "refused", "sorted_already", "reopened", "commune created"}, said


async def play(history: CommuneHistory, draw: st.DataObject) -> None:
    history.visits.clear()
    history.held.clear()
    history.people[4:] = [history.mover]
    for _ in range(draw.draw(st.integers(6, 20))):
        await history.deed(draw)
    async with history.db.write() as session:
        found = await reconcile(session, mend=True)
    assert found.right, found.wrong


@pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
@_bounded(20)
@given(draw=st.data())
async def test_counters_equal_the_visits_whatever_the_commune_does(
    history: CommuneHistory, draw: st.DataObject
) -> None:
    await play(history, draw)


@pytest.mark.parametrize("database_template", ["postgresql"], indirect=True)
@_bounded(20)
@given(draw=st.data())
async def test_counters_equal_the_visits_whatever_the_commune_does_on_a_server(
    history: CommuneHistory, draw: st.DataObject
) -> None:
    await play(history, draw)
