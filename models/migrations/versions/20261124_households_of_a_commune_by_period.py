"""households of a commune by period"""

from alembic import op

revision = "b7d2e5c1a904"
down_revision = "3759a3c6a2c5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("household_period", schema=None) as batch_op:
        batch_op.drop_index("ix_household_period_unit")
        batch_op.drop_index("ix_household_period_commune_id")
        batch_op.create_index("ix_household_period_commune", ["commune_id", "kind", "starts_on"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("household_period", schema=None) as batch_op:
        batch_op.drop_index("ix_household_period_commune")
        batch_op.create_index("ix_household_period_commune_id", ["commune_id"], unique=False)
        batch_op.create_index("ix_household_period_unit", ["kind", "starts_on", "village_id"], unique=False)
