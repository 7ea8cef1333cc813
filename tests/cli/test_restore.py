"""The drill: a server is lost, its last backup restored, and the phones send again what they hold."""

import asyncio
import gzip
import json
from pathlib import Path

import pytest
from sqlalchemy import MetaData, create_engine, inspect

from fieldapp.cli.migrate import upgrade
from fieldapp.config import settings
from fieldapp.db import Database, use_database
from fieldapp.domain.archive import MANIFEST, write_manifest
from fieldapp.domain.rescue_file import read_rescue
from fieldapp.integrations.backup_folder import Backup
from fieldapp.integrations.photo_store import photo_store
from fieldapp.jobs.decode_photos import decode_waiting
from fieldapp.problems import Problem
from fieldapp.services import enrolments, pull, rescue_keys, restores, sessions
from fieldapp.services.backups import saved_tables
from fieldapp.services.reconciliation import reconcile
from fieldapp.services.sessions import Call
from models.erasure import Erasure
from models.household import Household
from models.sync import ServerFact
from models.visit import Photo, PhotoState, Visit
from tests import build, drill, pictures, rescue_files
from tests.recordings import mp3
from tests.services.test_narrations import add

BEFORE_ERASURES = "8c37b9d85d85"
SETTLED_ANEW = {"server_fact", "scope", "session", "enrolment"}
"""A restore gives another epoch and ends desks and invitations; `reconcile` raises versions as every writer does."""


@pytest.fixture(params=drill.KINDS)
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The kind of database that takes the backup, whatever kind it came from."""
    if request.param == "postgresql":
        request.getfixturevalue("postgres_server")
        monkeypatch.setenv("FIELDAPP_DATA_DIR", str(tmp_path / "data"))
        settings.cache_clear()
    return request.param


async def test_every_row_and_photo_comes_back(
    db: Database, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    keys, world = drill.Keys(monkeypatch, tmp_path), await build.world(db)
    await drill.season(db, world)
    token = await build.sign_in(db, world.member)
    narration = await add(db, world.commune_officer, mp3())
    before = {table.name: await drill.rows_of(db, table) for table in saved_tables()}
    pictured = {r["sha256"]: await photo_store().find_picture(r["sha256"]) for r in before["photo"]}
    backup = await drill.back_up(db)
    async with drill.empty_database(target, tmp_path, request) as url:
        await drill.restore(backup, url, monkeypatch, keys.file)
        restored = Database(url)
        for table in saved_tables():
            if table.name not in SETTLED_ANEW:
                assert await drill.rows_of(restored, table) == before[table.name], table.name
        assert {sha: await photo_store().find_picture(sha) for sha in pictured} == pictured
        assert await photo_store().find_file(narration.sha256) == mp3()
        async with restored.write() as session:
            assert await pull.epoch(session) != "first-life"
            assert (await reconcile(session)).right
        async with restored.read() as session:
            assert await build.sessions.find_by_token(session, token) is not None
        use_database(restored)
        assert await decode_waiting() == 1
        await build.household(restored, world.village, "99")
        answers = await build.send(restored, world.member, build.visit(world.member, world.households[5]))
        assert [a["result"] for a in answers] == ["created"]
        await restored.close()


async def test_phones_send_again_what_came_after_the_backup(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    keys, world = drill.Keys(monkeypatch, tmp_path), await build.world(db)
    held = await drill.season(db, world)
    backup = await drill.back_up(db)
    later, photo = await drill.send_visit(db, world.member, world.households[6])
    held.append(later)
    visits = len(held)
    async with drill.empty_database("sqlite" if db.is_sqlite else "postgresql", tmp_path, request) as url:
        await drill.restore(backup, url, monkeypatch, keys.file)
        restored = Database(url)
        use_database(restored)
        answers = await build.send(restored, world.member, *held)
        assert [a["result"] for a in answers] == ["identical"] * (visits - 1) + ["created"]
        answers = await build.send(restored, world.member, *held)
        assert [a["result"] for a in answers] == ["identical"] * visits
        await drill.send_photo(restored, world.member, build.UUID(later["id"]), photo)
        await decode_waiting()
        assert len(await drill.rows_of(restored, Visit.__table__)) == visits
        assert {p["state"] for p in await drill.rows_of(restored, Photo.__table__)} == {PhotoState.READY}
        async with restored.write() as session:
            assert (await reconcile(session)).right
        await restored.close()


async def test_a_rescue_file_of_the_time_before_opens_at_the_restored_server(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    keys, world = drill.Keys(monkeypatch, tmp_path), await build.world(db)
    file = await rescue_files.file_of(db, world.member, build.visit(world.member, world.households[0]))
    backup = await drill.back_up(db)
    async with drill.empty_database("sqlite" if db.is_sqlite else "postgresql", tmp_path, request) as url:
        await drill.restore(backup, url, monkeypatch, keys.file)
        restored = Database(url)
        async with restored.read() as session:
            key = await rescue_keys.find(session)
        await restored.close()
    assert key is not None
    assert read_rescue(key.open(file)).head.author == world.member.id


async def test_a_backup_made_while_phones_push_is_one_moment(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Counters that did not fit the visits would have been mended."""
    keys, world = drill.Keys(monkeypatch, tmp_path), await build.world(db)
    mended: list[str] = []
    monkeypatch.setattr("builtins.print", lambda *words, **_: mended.append(str(words[0])))

    async def push() -> int:
        for home in world.households:
            await build.send(db, world.member, build.visit(world.member, home))
        return len(world.households)

    pushed, backup = await asyncio.gather(push(), drill.back_up(db))
    async with drill.empty_database("sqlite", tmp_path, request) as url:
        await drill.restore(backup, url, monkeypatch, keys.file)
        restored = Database(url)
        assert len(await drill.rows_of(restored, Visit.__table__)) <= pushed
        await restored.close()
    assert mended[-1].rstrip(".").endswith(" 0")


async def test_photos_without_bytes_are_expected_again(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    world = await build.world(db)
    record, content = await drill.send_visit(db, world.member, world.households[0])
    await drill.send_visit(db, world.member, world.households[1])
    await decode_waiting()
    backup = await drill.back_up(db, plain=True)
    (spoilt,) = settings().backups.glob(f"photos-plain/*/{pictures.sha256(content)}.*")
    spoilt.write_bytes(b"x" + spoilt.read_bytes()[1:])
    async with drill.empty_database("sqlite", tmp_path, request) as url:
        await drill.restore(backup, url, monkeypatch)
        restored = Database(url)
        use_database(restored)
        states = {p["sha256"]: p["state"] for p in await drill.rows_of(restored, Photo.__table__)}
        assert states.pop(pictures.sha256(content)) == PhotoState.EXPECTED
        assert list(states.values()) == [PhotoState.READY]
        await drill.send_photo(restored, world.member, build.UUID(record["id"]), content)
        await restored.close()


async def test_the_epoch_is_another_at_every_restore(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    await build.world(db)
    backup, epochs = await drill.back_up(db, plain=True), {"first-life"}
    for _ in range(2):
        async with drill.empty_database("sqlite", tmp_path, request) as url:
            await drill.restore(backup, url, monkeypatch)
            restored = Database(url)
            facts = await drill.rows_of(restored, ServerFact.__table__)
            epochs |= {fact["value"] for fact in facts if fact["key"] == "epoch"}
            await restored.close()
    assert len(epochs) == 3


def columns_at(revision: str) -> dict[str, set[str]]:
    """The columns of every table as that version of the product had them."""
    with create_engine("sqlite://").connect() as connection:
        upgrade(connection, revision)
        found = MetaData()
        found.reflect(connection)
    return {table.name: set(table.columns.keys()) for table in found.sorted_tables}


def made_before(backup: Backup, revision: str) -> None:
    """Makes a plain backup into one that an earlier version made; of a table that is another today it has no rows."""
    manifest, folder, before = backup.manifest, backup.folder, columns_at(revision)
    manifest.revision = revision
    names = {form.name: [column.name for column in form.columns] for form in manifest.tables}
    kept = {name for name, columns in names.items() if before.get(name, {""}) <= set(columns)}
    manifest.tables = [form for form in manifest.tables if form.name in kept]
    manifest.parts = [part for part in manifest.parts if not part.table or part.table in kept]
    for form in manifest.tables:
        form.columns = [column for column in form.columns if column.name in before[form.name]]
        form.selfward = [name for name in form.selfward if name in before[form.name]]
    for part in (part for part in manifest.parts if part.table):
        places = [place for place, name in enumerate(names[part.table]) if name in before[part.table]]
        rows = [json.loads(line) for line in gzip.decompress((folder / part.name).read_bytes()).splitlines()]
        content = gzip.compress(b"".join(json.dumps([row[i] for i in places]).encode() + b"\n" for row in rows))
        (folder / part.name).write_bytes(content)
        part.bytes, part.sha256 = len(content), pictures.sha256(content)
    (folder / MANIFEST).write_bytes(write_manifest(manifest))


async def test_a_backup_of_an_older_version_is_brought_up_to_date(
    db: Database, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    world = await build.world(db)
    await drill.season(db, world)
    homes = await drill.rows_of(db, Household.__table__)
    backup = await drill.back_up(db, plain=True)
    made_before(backup, BEFORE_ERASURES)
    async with drill.empty_database(target, tmp_path, request) as url:
        await drill.restore(backup, url, monkeypatch)
        restored = Database(url)
        assert await drill.rows_of(restored, Household.__table__) == homes
        assert await drill.rows_of(restored, Erasure.__table__) == []
        await restored.close()


async def test_what_fails_half_way_leaves_an_empty_database(
    db: Database, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """The last part is damaged, when nearly all is loaded; mended, the same restore goes through."""
    world = await build.world(db)
    await drill.season(db, world)
    backup = await drill.back_up(db, plain=True)
    last = backup.folder / [part for part in backup.manifest.parts if part.table][-1].name
    whole = last.read_bytes()
    last.write_bytes(whole[:-1])
    async with drill.empty_database(target, tmp_path, request) as url:
        with pytest.raises(Problem, match="backup_damaged"):
            await drill.restore(backup, url, monkeypatch)
        left = Database(url)
        async with left.read() as session:
            names = await (await session.connection()).run_sync(lambda c: inspect(c).get_table_names())
        await left.close()
        assert names == []
        last.write_bytes(whole)
        await drill.restore(backup, url, monkeypatch)


async def test_desks_and_invitations_from_before_open_nothing_and_phones_go_on(db: Database) -> None:
    world = await build.world(db)
    desk, phone = await build.sign_in(db, world.province_officer), await build.sign_in(db, world.member)
    async with db.write() as session:
        _, invitation = await enrolments.make_enrolment(session, None, world.second_member.id or 0)
        await restores.settle(session, [], lost=False)
    async with db.read() as session:
        assert (await sessions.identify(session, Call(phone))).principal.member_id == world.member.id
        with pytest.raises(Problem, match="session_closed"):
            await sessions.identify(session, Call(desk))
        with pytest.raises(Problem, match="enrolment_spent"):
            await enrolments.get_usable(session, sessions.token_hash(invitation))
