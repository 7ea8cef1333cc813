"""The migrations are one line of dated steps, and they end at the models."""

import re

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlmodel import SQLModel

import models
from fieldapp.cli.migrate import upgrade
from fieldapp.config import ROOT
from fieldapp.db import Database
from tests.house.source import imported, python_files

MIGRATIONS = ROOT / "models" / "migrations"


def test_migrations_have_one_head():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_migration_files_begin_with_their_date():
    names = [path.name for path in (MIGRATIONS / "versions").glob("*.py")]
    assert names
    assert [name for name in names if not re.fullmatch(r"20\d{6}_[a-z0-9_]+\.py", name)] == []


async def test_migrations_end_at_the_models(db: Database):
    """A column that only one of the two knows is a table that a new installation lacks."""

    def difference(connection: Connection) -> list:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, SQLModel.metadata)

    async with db.read() as session:
        assert await (await session.connection()).run_sync(difference) == []


def test_what_was_counted_by_commune_is_kept_by_part():
    """By platform and by result communes 2 and 10 are counted together; all together each commune stays alone."""
    rows = [(facet, part, word, part) for facet, word in (("all", ""), ("platform", "VNEID")) for part in (2, 3, 10)]
    with create_engine("sqlite://").connect() as connection:
        upgrade(connection, "c93f0a6d7e18")
        for facet, commune, word, visits in rows:
            values = f"'{facet}', '2026-11-01', {commune}, '{word}', {visits}, 1, 1, 1, 1, 1, 1"
            connection.exec_driver_sql(f"INSERT INTO commune_count VALUES ({values})")
        upgrade(connection)
        found = connection.exec_driver_sql("SELECT facet, part, word, waiting, approved FROM commune_count")
        kept = {tuple(row[:3]): tuple(row[3:]) for row in found}
    assert kept == {
        ("all", 2, ""): (2, 1), ("all", 3, ""): (3, 1), ("all", 10, ""): (10, 1),
        ("platform", 2, "VNEID"): (12, 2), ("platform", 3, "VNEID"): (3, 1),
    }  # fmt: skip


def test_one_import_knows_every_table():
    """Alembic sees only what `import models` brings in."""
    known = {name.rpartition(".")[0] for name in imported(ROOT / "models" / "__init__.py")}
    nouns = {f"models.{path.stem}" for path in python_files("models", without=("models/migrations",))}
    assert nouns - known == {"models.__init__", "models.base"}
    assert models.Visit.__table__ in SQLModel.metadata.sorted_tables
