"""Households that were merged into another one have an index; those that were not, nearly all, are none of it."""

import sqlalchemy as sa
from alembic import op

revision = "c3d8f0a17b64"
down_revision = "7a2d90c4be15"
branch_labels = None
depends_on = None

NAME, TABLE, COLUMNS = "ix_household_merged_into_id", "household", ["merged_into_id"]
MERGED = sa.text("merged_into_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, COLUMNS, sqlite_where=MERGED, postgresql_where=MERGED)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, COLUMNS)
