"""Word templates that a unit has of its own, by the paper that they are for."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = "b41c7e60d2f9"
down_revision = "81eb5b77ac2b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=False),
        sa.Column("kept_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kept_by_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit_id", "kind"),
    )
    with op.batch_alter_table("paper_template", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_template_sha256"), ["sha256"], unique=False)


def downgrade() -> None:
    op.drop_table("paper_template")
