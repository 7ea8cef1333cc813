"""Good practice that members write on their phones."""

import sqlalchemy as sa
from alembic import op

revision = "e4b7c1a95d20"
down_revision = "7d1f5a9e3c62"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.alter_column("added_by_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("record_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("at_commune", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key("fk_material_author_id", "member", ["author_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_material_author_id"), ["author_id"], unique=False)
        batch_op.create_unique_constraint("uq_material_record_id", ["record_id"])
