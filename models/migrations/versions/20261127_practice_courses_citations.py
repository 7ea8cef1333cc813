"""Good practice that members write on their phones; links to courses, and who finished one; papers that targets cite."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = "e4b7c1a95d20"
down_revision = "b41c7e60d2f9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.alter_column("added_by_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("record_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("at_commune", sa.Boolean(), server_default=sa.false(), nullable=False))
        for name, length in (("url", 500), ("meant_for", 120)):
            text = sqlmodel.sql.sqltypes.AutoString(length=length)
            batch_op.add_column(sa.Column(name, text, server_default="", nullable=False))
        batch_op.add_column(sa.Column("dead_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("dead_at", models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key("fk_material_dead_by_id", "account", ["dead_by_id"], ["id"])
        batch_op.create_foreign_key("fk_material_author_id", "member", ["author_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_material_author_id"), ["author_id"], unique=False)
        batch_op.create_unique_constraint("uq_material_record_id", ["record_id"])
    op.create_table(
        "course_done",
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("done_at", models.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("material_id", "member_id"),
    )
    with op.batch_alter_table("course_done", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_done_member_id"), ["member_id"], unique=False)
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.add_column(sa.Column("material_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_target_material_id", "material", ["material_id"], ["id"])
