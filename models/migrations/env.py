"""Alembic's way in: the schema is `models`; the caller brings the connection (`fieldapp.cli.migrate`)."""

from alembic import context
from sqlmodel import SQLModel

import models  # noqa: F401

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
