"""PostgreSQL's database for tests: made from the template once, and emptied again before each test.

A test that changed the schema gets the next one a new database.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from tests import postgres

SHAPE = """
SELECT (SELECT count(*) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = 'public'::regnamespace),
       (SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
       (SELECT count(*) FROM pg_trigger),
       (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
"""
LEAVE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# What migrating itself left behind stands in the schema `first`.
KEEP = """
DO $$ DECLARE name text; used boolean; BEGIN
  CREATE SCHEMA first;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO used;
    IF used THEN EXECUTE format('CREATE TABLE first.%I AS TABLE public.%I', name, name); END IF;
  END LOOP;
  CREATE TABLE first.sequence_value AS SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public';
END $$
"""
# Triggers and foreign keys rest meanwhile.
WASH = """
DO $$ DECLARE name text; kept boolean; used boolean; series record; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO used;
    IF used THEN EXECUTE format('DELETE FROM public.%I', name); END IF;
  END LOOP;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'first' AND tablename <> 'sequence_value' LOOP
    EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE TABLE first.%I', name, name);
  END LOOP;
  FOR series IN SELECT old.* FROM first.sequence_value old JOIN pg_sequences new USING (sequencename)
    WHERE new.schemaname = 'public' AND new.last_value IS DISTINCT FROM old.last_value LOOP
    PERFORM setval(format('public.%I', series.sequencename)::regclass, coalesce(series.last_value, 1),
                   series.last_value IS NOT NULL);
  END LOOP;
END $$
"""

_made: dict[str, tuple[str, Row[Any]]] = {}
"""By socket: the database in use, and its shape when it was new."""


async def database(socket: str, template: str) -> str:
    """The address of a database like the template."""
    if socket in _made:
        name, shape = _made[socket]
        async with _within(socket, name) as connection:
            await connection.execute(text(LEAVE))
            if (await connection.execute(text(SHAPE))).one() == shape:
                await connection.execute(text(WASH))
                return postgres.url(socket, name)
    return postgres.url(socket, await _new(socket, template))


async def _new(socket: str, template: str) -> str:
    name = f"test_{os.urandom(6).hex()}"
    async with _within(socket, "postgres") as connection:
        await connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    async with _within(socket, name) as connection:
        await connection.execute(text(KEEP))
        _made[socket] = name, (await connection.execute(text(SHAPE))).one()
    return name


@asynccontextmanager
async def _within(socket: str, name: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(postgres.url(socket, name), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()
