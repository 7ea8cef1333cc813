"""Backups that are damaged, foreign, newer or not wanted there: each is refused by name and leaves nothing behind."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from fieldapp.cli import backup as commands
from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.domain.archive import MANIFEST, PHOTO_LIST, Manifest, write_manifest
from fieldapp.integrations.backup_folder import Backup, list_backups
from fieldapp.integrations.sealing import make_key
from fieldapp.problems import Problem
from fieldapp.services.backups import saved_tables
from tests import build, drill


@pytest.fixture
async def backup(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Backup, drill.Keys]:
    keys, world = drill.Keys(monkeypatch, tmp_path), await build.world(db)
    await drill.season(db, world)
    return await drill.back_up(db), keys


async def refusal(backup: Backup, key: Path | None, tmp_path: Path, patch: pytest.MonkeyPatch) -> str:
    """The Problem by which a restore is refused; the database is then as empty as it was."""
    url = f"sqlite+aiosqlite:///{tmp_path}/refused.sqlite3"
    with pytest.raises(Problem) as refused:
        await drill.restore(backup, url, patch, key)
    target = Database(url)
    async with target.read() as session:
        tables = (await session.execute(text("SELECT name FROM sqlite_master"))).all()
    await target.close()
    assert tables == []
    return refused.value.code


async def test_no_part_can_be_damaged_unseen(
    backup: tuple[Backup, drill.Keys], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, keys = backup
    home = whole.folder.parent
    for path in sorted(p for p in whole.folder.iterdir() if p.name != MANIFEST):
        content = path.read_bytes()
        middle = len(content) // 2
        for spoilt in (
            None,
            b"",
            content[:-1],
            content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        ):
            if spoilt is None:
                path.unlink()
            else:
                path.write_bytes(spoilt)
            for key in (None, keys.file):
                with pytest.raises(Problem, match="backup_damaged"):
                    commands.verify(whole.folder, key)
        if path.name in (PHOTO_LIST, "visit.00009") or path.name.startswith("household."):
            assert await refusal(whole, keys.file, tmp_path, monkeypatch) == "backup_damaged"
            monkeypatch.setenv("FIELDAPP_BACKUP_DIR", str(home))
        path.write_bytes(content)
    assert commands.verify(whole.folder, keys.file) == 0


async def test_a_manifest_cannot_be_damaged_unseen(backup: tuple[Backup, drill.Keys]) -> None:
    whole, _ = backup
    path = whole.folder / MANIFEST
    written = path.read_bytes()
    path.write_bytes(written.replace(b'"rows": 12', b'"rows": 11'))
    with pytest.raises(Problem, match="backup_damaged"):
        Backup(whole.folder)
    for foreign in (b"", written[:-20], b"[]", b'{"manifest": 1, "sha256": 2}'):
        path.write_bytes(foreign)
        with pytest.raises(Problem, match="backup_foreign"):
            Backup(whole.folder)
    path.unlink()
    with pytest.raises(Problem, match="backup_foreign"):
        Backup(whole.folder)
    assert list_backups(settings().backups) == []
    with pytest.raises(Problem, match="backup_unknown"):
        commands.find_backup(Path("no-such-backup"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"revision": "ffffffffffff"}, "backup_newer"),
        ({"format": "toso-backup-2"}, "backup_newer"),
        ({"format": "somebody-else"}, "backup_foreign"),
    ],
)
async def test_a_backup_of_another_product_is_refused(
    backup: tuple[Backup, drill.Keys], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict, code: str
) -> None:
    whole, keys = backup
    altered = write_manifest(Manifest.model_construct(**(dict(whole.manifest) | change)))
    (whole.folder / MANIFEST).write_bytes(altered)
    with pytest.raises(Problem) as refused:
        await drill.restore(whole, f"sqlite+aiosqlite:///{tmp_path}/refused.sqlite3", monkeypatch, keys.file)
    assert refused.value.code == code
    assert not (tmp_path / "refused.sqlite3").exists()


async def test_counts_that_lie_are_found(
    backup: tuple[Backup, drill.Keys], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, keys = backup
    for form in whole.manifest.tables:
        form.rows += form.name == "visit"
    (whole.folder / MANIFEST).write_bytes(write_manifest(whole.manifest))
    assert await refusal(whole, keys.file, tmp_path, monkeypatch) == "backup_damaged"


async def test_only_its_secret_key_opens_a_backup(
    backup: tuple[Backup, drill.Keys], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = backup
    other = tmp_path / "other.txt"
    other.write_text(make_key()[1])
    for key in (None, other, tmp_path / "absent.txt"):
        assert await refusal(whole, key, tmp_path, monkeypatch) == "backup_key_wrong"
    everything = b"".join(p.read_bytes() for p in settings().backups.rglob("*") if p.is_file())
    assert b"\xff\xd8\xff" not in everything
    assert "Nguyễn".encode() not in everything


async def test_nothing_is_restored_over_data(
    db: Database, backup: tuple[Backup, drill.Keys], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, keys = backup
    before = {table.name: await drill.rows_of(db, table) for table in saved_tables()}
    with pytest.raises(Problem, match="restore_not_empty"):
        await drill.restore(whole, db.url, monkeypatch, keys.file)
    assert {table.name: await drill.rows_of(db, table) for table in saved_tables()} == before


async def test_without_a_key_it_is_refused_unless_plain_is_said(db: Database) -> None:
    with pytest.raises(Problem, match="backup_key_missing"):
        await commands.run_backup(None, plain=False)
    assert (await drill.back_up(db, plain=True)).manifest.seal == "plain"


async def test_a_photo_is_written_once_for_all_backups(
    db: Database, backup: tuple[Backup, drill.Keys], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, keys = backup
    written = {p: p.stat().st_mtime_ns for p in whole.folder.parent.glob("photos-*/*/*")}
    again = await drill.back_up(db)
    assert {p: p.stat().st_mtime_ns for p in whole.folder.parent.glob("photos-*/*/*")} == written
    shutil.rmtree(whole.folder)
    assert commands.verify(again.folder, keys.file) == 0
    next(iter(written)).unlink()
    assert commands.verify(again.folder, None) == 1


async def test_old_backups_go_and_the_last_whole_one_never(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDAPP_BACKUP_KEEP", "2")
    settings.cache_clear()
    made = [await drill.back_up(db, plain=True) for _ in range(4)]
    assert [b.folder.name for b in list_backups(settings().backups)] == [b.folder.name for b in reversed(made[2:])]
    for kept in made[2:]:
        (kept.folder / kept.manifest.parts[0].name).unlink()
    last = await drill.back_up(db, plain=True)
    assert [b.folder for b in list_backups(settings().backups)] == [last.folder]
    assert commands.check_backups() == 0


async def test_monitoring_hears_of_a_backup_that_is_missing(db: Database) -> None:
    assert commands.check_backups() == 1


async def test_a_pair_of_keys_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands.write_key(tmp_path / "secret.txt")
    assert (tmp_path / "secret.txt").stat().st_mode & 0o077 == 0
    assert "AGE-SECRET-KEY" not in capsys.readouterr().out
    with pytest.raises(FileExistsError):
        commands.write_key(tmp_path / "secret.txt")


async def test_a_manifest_holds_no_personal_data(backup: tuple[Backup, drill.Keys]) -> None:
    page = json.loads((backup[0].folder / MANIFEST).read_text())
    assert set(page["manifest"]) == set(Manifest.model_fields)
