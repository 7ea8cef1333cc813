"""The cases of tests/contract/push against the real server; `tests/js/contract.test.js` plays them on the real phone.

In a case `$a` is a record's id, `@member` a person, `#1` a household, `^village` a village, `!own` a card's address
and `!own.short` its typed code; times are seconds (of seats: days) from now by the phone's clock.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, select
from uuid_utils.compat import uuid7

from fieldapp.api.identity import cookie_name
from fieldapp.config import ROOT
from fieldapp.db import Database
from fieldapp.domain.card_code import card_address, code_hash, make_code, make_short_code
from fieldapp.domain.search_key import fold
from fieldapp.domain.vn_time import vn_day
from fieldapp.services import losses
from fieldapp.services.reconciliation import reconcile
from models.flag import Flag
from models.household import BatchKind, CardBatch, CardState, Household, HouseholdCard
from models.member import Member
from models.sync import ServerFact
from models.team import Seat, SeatRole, Team, TeamLevel, TeamVillage
from models.unit import Division, Unit, UnitKind
from models.visit import Photo, Visit
from tests import build
from tests.build import SINCE

CONTRACT = ROOT / "tests" / "contract"
DEFAULTS = json.loads((CONTRACT / "push_defaults.json").read_text("utf-8"))
FLAGS, PHOTOS = Flag.__table__, Photo.__table__
FILES = sorted(path.stem for path in (CONTRACT / "push").glob("*.json"))
RELEASED = sorted((CONTRACT / "released").glob("*/payloads.json"))
PEOPLE = {
    "@leader": ("Trần Văn Bình", "^village", SeatRole.LEADER),
    "@deputy": ("Lê Thị Hoa", "^village", SeatRole.DEPUTY),
    "@member": ("Đinh Thị Lan", "^village", SeatRole.MEMBER),
    "@second_member": ("Phạm Quốc Việt", "^village", SeatRole.MEMBER),
    "@next_leader": ("Hồ Văn Đức", "^next_village", SeatRole.LEADER),
}


@dataclass
class Stage:
    """What the names of one case stand for: two villages of its own, their teams, people, households and cards."""

    names: dict[str, Any] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)

    def resolve(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self.resolve(name): self.resolve(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.resolve(inner) for inner in value]
        if isinstance(value, str) and value[:1] in "$#" and len(value) > 1:
            return self.names.setdefault(value, str(uuid7()))
        if isinstance(value, str) and value[:1] == "!" and value not in self.names:
            return card_address("toso.example.vn", make_code())
        return self.names.get(value, value) if isinstance(value, str) else value


async def build_stage(db: Database, commune: Unit, given: dict[str, Any]) -> Stage:
    stage = Stage()
    today = vn_day(datetime.now(UTC))
    async with db.write() as session:
        await session.execute(delete(ServerFact).where(ServerFact.__table__.c.key == losses.RESTORED_AT))
        if given.get("restored"):
            await losses.note_restore(session)

        async def save(row: Any) -> Any:
            session.add(row)
            await session.flush()
            return row

        teams = {}
        for name in ("^village", "^next_village"):
            village = await save(
                Unit(
                    kind=UnitKind.VILLAGE, parent_id=commune.id, code=uuid7().hex[-12:], name=name, key=name,
                    division=Division.THON, valid_from=SINCE,
                )
            )  # fmt: skip
            stage.names[name] = village.id
            teams[name] = await save(
                Team(level=TeamLevel.VILLAGE, name=name, key=name, commune_id=commune.id, valid_from=SINCE)
            )
            await save(TeamVillage(team_id=teams[name].id, village_id=village.id, valid_from=SINCE))
        seats = {
            who: [{"team": team, "role": role, "full_name": name, "from": None}]
            for who, (name, team, role) in PEOPLE.items()
        } | given.get("seats", {})
        for who, held in seats.items():
            full_name = held[0].get("full_name", "Hồ Thị Mai")
            stage.members[who] = await save(Member(full_name=full_name, key=fold(full_name)))
            stage.names[who] = stage.members[who].id
            for seat in held:
                await save(
                    Seat(
                        team_id=teams[seat["team"]].id, member_id=stage.names[who],
                        role=SeatRole(seat.get("role", "member")),
                        valid_from=today + timedelta(days=seat["from"]) if seat["from"] is not None else SINCE,
                        valid_to=today + timedelta(days=seat["to"]) if "to" in seat else None,
                    )
                )  # fmt: skip
        households = dict.fromkeys(("#1", "#2", "#3"), "^village") | given.get("households", {})
        for name, village in households.items():
            row = Household(id=uuid7(), village_id=stage.names[village], number=name[1:], key=name[1:])
            stage.names[name] = str((await save(row)).id)
        for name, card in given.get("cards", {}).items():
            await _print_card(save, stage, name, card)
    return stage


async def _print_card(save: Callable[[Any], Any], stage: Stage, name: str, given: dict[str, Any]) -> None:
    code, short_code = make_code(), make_short_code()
    village_id = stage.names[given["village"]]
    batch = await save(CardBatch(village_id=village_id, kind=BatchKind.ANONYMOUS, size=1))
    household = UUID(stage.names[given["household"]]) if "household" in given else None
    await save(
        HouseholdCard(
            batch_id=batch.id, village_id=village_id, code_hash=code_hash(code), short_code=short_code,
            state=given.get("state", CardState.BOUND if household else CardState.PRINTED), household_id=household,
        )
    )  # fmt: skip
    stage.names[name], stage.names[f"{name}.short"] = card_address("toso.example.vn", code), short_code


def wire_form(stage: Stage, who: str, given: dict[str, Any], phone_now: int) -> dict[str, Any]:
    """The record as the phone sends it, from its short form in a case."""
    full = {**DEFAULTS["record"], "author": who, **given}
    if "visit" in full:
        full["payload"] = {**DEFAULTS["visit"], **full.pop("visit")}
    return stage.resolve(full) | {"made_at": phone_now + full["made_at"] * 1000}


async def play(client: httpx.AsyncClient, db: Database, stage: Stage, step: dict[str, Any]) -> None:
    who = step["as"]
    if who not in stage.tokens:
        stage.tokens[who] = await build.sign_in(db, stage.members[who])
    phone_now = build.millis(datetime.now(UTC)) + step.get("clock", 0) * 1000
    records = [stage.sent[name] for name in step.get("again", [])]
    for given in step.get("records", []):
        stage.sent[given["id"]] = wire_form(stage, who, given, phone_now)
        records.append(stage.sent[given["id"]])
    client.cookies.set(cookie_name("p0"), stage.tokens[who])
    body = {"records": records, "device_time": phone_now, "app_version": "test", "unsent": len(records)}
    answer = await client.post("/api/v1/sync/push", json=body)
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    for expected, result in zip(stage.resolve(step["results"]), results, strict=True):
        assert_holds(expected, result)


def assert_holds(expected: Any, actual: Any) -> None:
    """Everything that is expected is there; `*` stands for anything that is said at all."""
    if isinstance(expected, dict):
        assert isinstance(actual, dict), actual
        for name, value in expected.items():
            assert name in actual, (name, actual)
            assert_holds(value, actual[name])
    elif expected == "*":
        assert actual
    else:
        assert actual == expected, (expected, actual)


async def found_of(db: Database, stage: Stage, name: str) -> dict[str, Any] | None:
    """What the server holds of a visit, in the words of a case."""
    async with db.read() as session:
        visit = await session.get(Visit, UUID(stage.names[name]))
        if visit is None:
            return None
        rows = await session.execute(select(Flag).where(FLAGS.c.visit_id == visit.id))
        kinds = {str(flag.kind) for flag in rows.scalars()}
        photos = select(PHOTOS.c.consent_way).where(PHOTOS.c.visit_id == visit.id).order_by(PHOTOS.c.id)
        consents = list((await session.execute(photos)).scalars())
    people = {member.id: who for who, member in stage.members.items()}
    made = round((visit.made_at - visit.received_at).total_seconds())
    columns = {name: getattr(visit, name) for name in ("state", "version", "verified", "people", "needs_look")}
    homes = {value: key for key, value in stage.names.items() if key[0] == "#"}
    return columns | {
        "flags": kinds, "author": people[visit.author_id], "done_by": people.get(visit.done_by_id),
        "decided_by": people.get(visit.decided_by_id),
        "made": made, "consents": consents, "household": homes.get(str(visit.household_id)),
    }  # fmt: skip


@pytest.fixture
async def commune(db: Database) -> Unit:
    await build.platform(db, "VNEID")
    return await build.commune(db, await build.province(db))


def read_cases(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text("utf-8"))


CASES = [CONTRACT / "push" / f"{word}.json" for word in FILES] + RELEASED


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
async def test_the_server_answers_as_the_contract_says(
    db: Database, client: httpx.AsyncClient, commune: Unit, path: Path
) -> None:
    wrong = []
    for case in read_cases(path):
        stage = await build_stage(db, commune, case.get("given", {}))
        try:
            for step in case["steps"]:
                await play(client, db, stage, step)
            for name, expected in case.get("then", {}).items():
                found = await found_of(db, stage, name)
                assert (found is None) == (expected is None), (name, found)
                if expected is not None and found is not None:
                    wanted = {k: set(v) if k == "flags" else v for k, v in expected.items()}
                    assert {k: found[k] for k in wanted} == wanted
        except AssertionError as error:
            wrong.append(f"{case['name']}: {error}")
    assert not wrong, "\n".join(wrong)
    async with db.write() as session:
        assert (await reconcile(session)).right


def test_every_word_of_the_contract_has_cases() -> None:
    assert FILES == ["created", "differs", "forbidden", "held", "identical", "invalid", "superseded"]
