"""facets by part"""

import sqlalchemy as sa
from alembic import op

revision = "5d1c7a40e9b3"
down_revision = "c93f0a6d7e18"
branch_labels = None
depends_on = None

STATES = ("waiting", "approved", "returned")
FIGURES = (*STATES, *(f"{state}_people" for state in STATES), "independent")


def upgrade() -> None:
    """By platform and by result the communes of a province are counted in eight parts."""
    op.rename_table("commune_count", "commune_count_before")
    _make("part", "pk_commune_count_by_part")
    sums = ", ".join(f"SUM({name})" for name in FIGURES)
    op.execute(
        f"INSERT INTO commune_count (facet, half_month, part, word, {', '.join(FIGURES)}) "
        f"SELECT facet, half_month, CASE WHEN facet = 'all' THEN commune_id ELSE commune_id % 8 END, word, {sums} "
        "FROM commune_count_before GROUP BY 1, 2, 3, 4"
    )
    op.drop_table("commune_count_before")
    with op.batch_alter_table("household_count", schema=None) as batch_op:
        batch_op.drop_index("ix_household_count_commune")
        batch_op.create_index("ix_household_count_period", ["kind", "starts_on", "commune_id"], unique=False)


def downgrade() -> None:
    """Worked out again from the raw visits (`reconcile --mend`)."""
    with op.batch_alter_table("household_count", schema=None) as batch_op:
        batch_op.drop_index("ix_household_count_period")
        batch_op.create_index("ix_household_count_commune", ["commune_id", "kind", "starts_on"], unique=False)
    op.drop_table("commune_count")
    _make("commune_id", "pk_commune_count_by_facet")


def _make(place: str, key: str) -> None:
    op.create_table(
        "commune_count",
        sa.Column("facet", sa.String(length=24), nullable=False),
        sa.Column("half_month", sa.Date(), nullable=False),
        sa.Column(place, sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=24), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in FIGURES),
        sa.PrimaryKeyConstraint("facet", "half_month", place, "word", name=key),
    )
