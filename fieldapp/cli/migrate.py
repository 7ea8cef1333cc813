"""Brings the database to the newest schema: Alembic through the same async engine that serves."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from fieldapp.config import ROOT, settings

ONE_AT_A_TIME = 7_056_051
"""The advisory lock under which a server on PostgreSQL migrates: machines that start together wait for the first."""


def alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


async def migrate(address: str | None = None) -> None:
    """Runs every migration that is missing; a database that is up to date is left as it is."""
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(address or settings().database)
    async with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        await connection.run_sync(upgrade)
    await engine.dispose()


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Brings a schema to a revision, in the transaction that the connection is in."""
    command.upgrade(alembic_config(connection), revision)


def knows(revision: str) -> bool:
    """Whether this version of the product has the migration."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
    return revision in {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


async def write_migration(message: str) -> None:
    """Writes the next migration from the difference between models and database (for developers)."""
    engine = create_async_engine(settings().database)
    async with engine.connect() as connection:
        await connection.run_sync(lambda c: command.revision(alembic_config(c), message, autogenerate=True))
    await engine.dispose()
