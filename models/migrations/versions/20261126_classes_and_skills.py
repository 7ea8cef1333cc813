"""Where platforms apply, steps that are no longer used; training classes and skills."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = "7d1f3ab82c46"
down_revision = "c52541e17f80"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "platform_commune",
        sa.Column("platform_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["platform_code"],
            ["platform.code"],
        ),
        sa.PrimaryKeyConstraint("platform_code", "commune_id"),
    )
    with op.batch_alter_table("platform_commune", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_platform_commune_commune_id"), ["commune_id"], unique=False)

    with op.batch_alter_table("platform_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("discarded_at", models.base.UtcDateTime(timezone=True), nullable=True))

    op.create_table(
        "training_class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column("topic", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("platforms", sa.JSON(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("organiser", sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
        sa.Column("trainer", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["commune_id"],
            ["unit.id"],
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("training_class", schema=None) as batch_op:
        batch_op.create_index("ix_training_class_commune_day", ["commune_id", "held_on"], unique=False)

    op.create_table(
        "class_attendance",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["training_class.id"],
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["noted_by_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("class_id", "member_id"),
    )
    with op.batch_alter_table("class_attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_attendance_member_id"), ["member_id"], unique=False)

    op.create_table(
        "member_skill",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("platform_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", models.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
        ),
        sa.ForeignKeyConstraint(
            ["platform_code"],
            ["platform.code"],
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("member_id", "platform_code"),
    )


def downgrade() -> None:
    op.drop_table("member_skill")
    with op.batch_alter_table("class_attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_attendance_member_id"))

    op.drop_table("class_attendance")
    with op.batch_alter_table("training_class", schema=None) as batch_op:
        batch_op.drop_index("ix_training_class_commune_day")

    op.drop_table("training_class")
    with op.batch_alter_table("platform_step", schema=None) as batch_op:
        batch_op.drop_column("discarded_at")

    with op.batch_alter_table("platform_commune", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_platform_commune_commune_id"))

    op.drop_table("platform_commune")
