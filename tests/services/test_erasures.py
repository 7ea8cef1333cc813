"""Erasing a household's data: what goes, what stays, and that it never comes back."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from fieldapp.cli.erase import run_erase
from fieldapp.config import settings
from fieldapp.db import Database, use_database
from fieldapp.integrations import erasure_ledger
from fieldapp.integrations.photo_store import photo_store
from fieldapp.jobs.decode_photos import decode_waiting
from fieldapp.problems import Problem
from fieldapp.services import erasures, photo_withdrawals, pull
from fieldapp.services.reconciliation import reconcile
from models.audit_event import AuditEvent
from models.consent_withdrawal import ConsentWithdrawal
from models.erasure import Erasure
from models.household import Household
from models.review import Review
from models.sync import Record
from models.visit import Photo, Visit
from tests import build, drill, pictures
from tests.build import World


async def erase(db: Database, home: Household) -> None:
    """By the command, which closes its database as the process ends."""
    use_database(Database(db.url))
    assert await run_erase(str(home.id), yes=True) == 0
    use_database(db)


async def said_of(db: Database, home: Household) -> list[str]:
    """Everything personal that the record says of a household."""
    (row,) = [h for h in await drill.rows_of(db, Household.__table__) if h["id"] == home.id]
    visits = [v for v in await drill.rows_of(db, Visit.__table__) if v["household_id"] == home.id]
    ids = {v["id"] for v in visits}
    words = [row["head_name"], row["key"].removeprefix(row["number"]), *(v["note"] for v in visits)]
    words += [v["reason"] for v in visits]
    words += [r["reason"] for r in await drill.rows_of(db, Review.__table__) if r["visit_id"] in ids]
    words += [p["sha256"] for p in await drill.rows_of(db, Photo.__table__) if p["visit_id"] in ids]
    return [word for word in words if word]


async def test_personal_data_go_and_numbers_stay(db: Database) -> None:
    world = await build.world(db)
    await drill.season(db, world)
    home, neighbour = world.households[1], world.households[2]
    (gone,) = [said for said in await said_of(db, home) if len(said) == 64]
    visits = len(await drill.rows_of(db, Visit.__table__))
    reader = await build.principal(db, world.leader)
    async with db.read() as session:
        cursor = (await pull.pull(session, reader, ""))["cursor"]
    await erase(db, home)
    assert await said_of(db, home) == []
    assert len(await said_of(db, neighbour)) == 4
    assert await photo_store().find_picture(gone) is None
    assert len(await drill.rows_of(db, Visit.__table__)) == visits
    async with db.write() as session:
        news = await pull.pull(session, reader, cursor)
        assert (await reconcile(session)).right
    assert [(h["id"], h["head"]) for h in news["households"]] == [(str(home.id), None)]
    assert [(v["note"], v["photos"]) for v in news["visits"]] == [("", [])]
    (entry,) = await drill.rows_of(db, Erasure.__table__)
    assert entry["household_id"] == home.id
    actions = [e["action"] for e in await drill.rows_of(db, AuditEvent.__table__)]
    assert actions.count("household.erase") == 1


async def test_a_photo_that_another_visit_holds_stays(db: Database) -> None:
    world = await build.world(db)
    record, content = await drill.send_visit(db, world.member, world.households[0])
    twin = build.visit(world.member, world.households[1], photos=pictures.named(content))
    await build.send(db, world.member, twin)
    await decode_waiting()
    await erase(db, world.households[0])
    assert await photo_store().find_picture(pictures.sha256(content)) is not None
    assert {p["visit_id"] for p in await drill.rows_of(db, Photo.__table__)} == {UUID(twin["id"])}
    assert record["id"] != twin["id"]


async def test_a_visit_that_was_still_on_the_phone_brings_nothing_back(db: Database) -> None:
    world = await build.world(db)
    home = world.households[0]
    late = build.visit(world.member, home, note="Bà Sáu", photos=pictures.named(pictures.jpeg(40, 40)))
    await erase(db, home)
    new = build.visit(world.member, home, note="Mới", made_at=build.millis(build.datetime.now(build.UTC)))
    answers = await build.send(db, world.member, late, new)
    assert [a["result"] for a in answers] == ["created", "created"]
    assert await said_of(db, home) == ["Mới"]


async def test_a_record_that_waits_to_be_sorted_is_stripped(db: Database) -> None:
    world = await build.world(db)
    home = world.households[0]
    unknown = build.record("visit.dream", world.member, build.visit_payload(home, note="Ông Tư"))
    assert (await build.send(db, world.member, unknown))[0]["result"] == "held"
    await erase(db, home)
    (kept,) = await drill.rows_of(db, Record.__table__)
    assert kept["payload"]["payload"]["note"] == ""
    assert (await build.send(db, world.member, unknown))[0]["result"] == "held"


async def test_a_restore_of_an_older_backup_erases_again(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    keys, world = drill.Keys(monkeypatch, tmp_path), await build.world(db)
    held = await drill.season(db, world)
    home, door = world.households[1], build.uuid7()
    backup = await drill.back_up(db)
    payload = {"household": str(door), "village": world.village.id, "number": "77", "head_name": "Võ Thị Tám"}
    met = build.record("household.add", world.member, payload)
    assert (await build.send(db, world.member, met))[0]["result"] == "created"
    at_the_door = Household(id=door, village_id=world.village.id, number="77", key="77")
    await erase(db, home)
    await erase(db, at_the_door)
    newer = await drill.back_up(db)
    async with drill.empty_database("sqlite" if db.is_sqlite else "postgresql", tmp_path, request) as url:
        await drill.restore(backup, url, monkeypatch, keys.file)
        restored = Database(url)
        assert await said_of(restored, home) == []
        answers = await build.send(restored, world.member, *held, met)
        assert [a["result"] for a in answers] == ["identical"] * len(held) + ["created"]
        assert await said_of(restored, home) == []
        assert await said_of(restored, at_the_door) == []
        async with restored.write() as session:
            assert (await reconcile(session)).right
        await restored.close()
    (settings().backups / erasure_ledger.NAME).unlink()
    async with drill.empty_database("sqlite", tmp_path, request) as url:
        with pytest.raises(Problem, match="ledger_short"):
            await drill.restore(newer, url, monkeypatch, keys.file)
        await drill.restore(newer, url, monkeypatch, keys.file, ledger_lost=True)


async def test_a_restore_of_an_older_backup_brings_back_no_photo_to_which_consent_was_taken_back(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    keys, world = drill.Keys(monkeypatch, tmp_path), await build.world(db)
    old, seen = await drill.send_visit(db, world.member, world.households[0])
    backup = await drill.back_up(db)
    new, later = await drill.send_visit(db, world.member, world.households[1])
    officer = await build.principal(db, world.commune_officer)
    for record, content in ((old, seen), (new, later)):
        async with db.read() as session:
            taken = UUID(record["id"]), pictures.sha256(content)
            entry = await photo_withdrawals.new_entry(session, officer, *taken)
        erasure_ledger.append(settings().backups, [entry])
        async with db.write() as session:
            assert await photo_withdrawals.withdraw(session, entry, officer) == 1
    async with drill.empty_database("sqlite" if db.is_sqlite else "postgresql", tmp_path, request) as url:
        await drill.restore(backup, url, monkeypatch, keys.file)
        restored = Database(url)
        assert await drill.rows_of(restored, Photo.__table__) == []
        gone = await drill.rows_of(restored, ConsentWithdrawal.__table__)
        assert {row["record_id"] for row in gone} == {UUID(old["id"]), UUID(new["id"])}
        answers = await build.send(restored, world.member, old, new)
        assert [a["result"] for a in answers] == ["identical", "created"]
        assert await drill.rows_of(restored, Photo.__table__) == []
        async with restored.write() as session:
            assert await photo_withdrawals.replay(session, erasure_ledger.read(settings().backups)) == 0
        await restored.close()


async def test_a_household_is_named_by_village_and_number(db: Database) -> None:
    world = await build.world(db)
    await build.household(db, world.village, "5")
    async with db.read() as session:
        assert (await erasures.get_household(session, "21172001/3")).id == world.households[2].id
        for unknown in ("21172001/5", "21172001/404", "nobody", str(build.uuid7())):
            with pytest.raises(Problem, match="household_unknown"):
                await erasures.get_household(session, unknown)


def test_a_line_that_the_power_cut_off_is_forgotten(tmp_path: Path) -> None:
    first, second = (
        erasure_ledger.Entry(build.uuid7(), build.uuid7(), build.datetime.now(build.UTC)) for _ in range(2)
    )
    erasure_ledger.append(tmp_path, [first, first])
    path = tmp_path / erasure_ledger.NAME
    path.write_bytes(path.read_bytes() + b'{"id": "01')
    assert erasure_ledger.read(tmp_path) == [first]
    named = erasure_ledger.Named("visit", build.uuid7(), 3, 9)
    photo = erasure_ledger.PhotoEntry(build.uuid7(), 7, "ab" * 32, (named,), build.datetime.now(build.UTC))
    erasure_ledger.append(tmp_path, [first, second, photo])
    assert erasure_ledger.read(tmp_path) == [first, second, photo]
    path.write_bytes(path.read_bytes().replace(b"household", b"hous\xffhold", 1))
    with pytest.raises(Problem, match="backup_damaged"):
        erasure_ledger.read(tmp_path)


def at_the_door(household_id: str) -> Household:
    return Household(id=UUID(household_id), village_id=0, number="", key="")


async def met(db: Database, world: World) -> Household:
    """A household at the door with a visit that says something personal."""
    id_ = str(uuid7())
    door = {"household": id_, "village": world.village.id, "number": "77", "head_name": "Hồ Thị Sen"}
    made_at = build.millis(build.datetime.now(build.UTC) - timedelta(minutes=2))
    visit = build.visit(world.member, at_the_door(id_), note="Bà Sáu", made_at=made_at)
    answers = await build.send(db, world.member, build.record("household.add", world.member, door), visit)
    assert [a["result"] for a in answers] == ["created", "created"]
    async with db.read() as session:
        return await session.get_one(Household, UUID(id_))


def confirmed(world: World, home: Household, **given: Any) -> dict[str, Any]:
    answer = given or {"number": "77", "head_name": "Hồ Thị Sen"}
    payload = {"household": str(home.id), **answer}
    return build.record("household.confirm", world.leader, payload)


async def test_a_confirmation_from_before_does_not_bring_the_name_back(db: Database) -> None:
    world = await build.world(db)
    home = await met(db, world)
    confirmation = confirmed(world, home)
    await erase(db, home)
    assert (await build.send(db, world.leader, confirmation))[0]["result"] == "created"
    assert await said_of(db, home) == []


@pytest.mark.parametrize("erased_is_merged", [True, False])
async def test_an_erasure_goes_with_a_merge(db: Database, erased_is_merged: bool) -> None:
    world = await build.world(db)
    home, into = await met(db, world), world.households[3]
    late = build.visit(world.member, home, note="Ông Tư")
    merge = confirmed(world, home, into=str(into.id))
    await erase(db, home if erased_is_merged else into)
    assert (await build.send(db, world.leader, merge))[0]["result"] == "created"
    assert (await build.send(db, world.member, late))[0]["result"] == "created"
    said = await said_of(db, into)
    assert "Bà Sáu" not in said
    assert "Ông Tư" not in said
    async with db.write() as session:
        assert (await reconcile(session)).right
