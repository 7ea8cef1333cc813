"""All papers of a period as one file, and secret addresses that are read without a sign-in."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = "7a2d90c4be15"
down_revision = "4c6e1b90d7f2"
branch_labels = None
depends_on = None

Text, Instant = sqlmodel.sql.sqltypes.AutoString, models.base.UtcDateTime


def upgrade() -> None:
    op.create_table(
        "bundle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=24), nullable=False),
        sa.Column("key", Text(length=64), nullable=False),
        sa.Column("cause", Text(length=48), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("paper_count", sa.Integer(), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("sha256", Text(length=64), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("error", Text(length=40), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("cause"),
    )
    op.create_index("ix_bundle_period", "bundle", ["period_id", "unit_id"])
    op.create_index("ix_bundle_state", "bundle", ["state"])
    op.create_index("ix_bundle_sha256", "bundle", ["sha256"])
    op.create_table(
        "bundle_paper",
        sa.Column("bundle_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("name", Text(length=240), nullable=False),
        sa.Column("sha256", Text(length=64), nullable=True),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundle.id"]),
        sa.ForeignKeyConstraint(["report_id"], ["period_report.id"]),
        sa.PrimaryKeyConstraint("bundle_id", "report_id"),
    )
    op.create_index("ix_bundle_paper_sha256", "bundle_paper", ["sha256"])
    op.create_table(
        "shared_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("token_hash", Text(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_shared_link_account_id", "shared_link", ["account_id"])
    op.create_index("ix_shared_link_partner_id", "shared_link", ["partner_id"])


def downgrade() -> None:
    op.drop_table("shared_link")
    op.drop_table("bundle_paper")
    op.drop_table("bundle")
