"""What a locked version says stays: its tasks, what indicators were called then, and since when a task is done."""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "e5b17c2f9a08"
down_revision = "c3d8f0a17b64"
branch_labels = None
depends_on = None

Instant, Json = models.base.UtcDateTime, models.base.Json


def upgrade() -> None:
    op.create_table(
        "indicator_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("until", Instant(timezone=True), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_indicator_past_until", "indicator_past", ["until"])
    op.add_column("period_report", sa.Column("tasks", Json, nullable=False, server_default="[]"))
    op.add_column("task", sa.Column("done_at", Instant(timezone=True), nullable=True))
    op.execute("UPDATE task SET done_at = marked_at WHERE state = 'done'")


def downgrade() -> None:
    op.drop_column("task", "done_at")
    op.drop_column("period_report", "tasks")
    op.drop_index("ix_indicator_past_until", "indicator_past")
    op.drop_table("indicator_past")
