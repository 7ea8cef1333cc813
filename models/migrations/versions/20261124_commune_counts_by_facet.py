"""commune counts by facet"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "c93f0a6d7e18"
down_revision = "b7d2e5c1a904"
branch_labels = None
depends_on = None

STATES = ("waiting", "approved", "returned")
FACETS = {"all": "''", "platform": "platform_code", "result": "result"}


def upgrade() -> None:
    """What the rows of before said is kept by platform and by result; by beneficiary `village_count` still says it."""
    op.rename_table("commune_count", "commune_count_before")
    numbers = [*STATES, *(f"{state}_people" for state in STATES), "independent"]
    op.create_table(
        "commune_count",
        sa.Column("facet", sa.String(length=24), nullable=False),
        sa.Column("half_month", sa.Date(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=24), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.PrimaryKeyConstraint("facet", "half_month", "commune_id", "word", name="pk_commune_count_by_facet"),
    )
    sums = [
        f"SUM(CASE WHEN state = '{state}' THEN {column} ELSE 0 END)"
        for column in ("support_count", "people_count")
        for state in STATES
    ]
    used = "SUM(CASE WHEN state = 'approved' AND result = 'independent' THEN support_count ELSE 0 END)"
    for facet, word in FACETS.items():
        op.execute(
            f"INSERT INTO commune_count (facet, half_month, commune_id, word, {', '.join(numbers)}) "
            f"SELECT '{facet}', half_month, commune_id, {word}, {', '.join([*sums, used])} "
            "FROM commune_count_before GROUP BY 1, 2, 3, 4"
        )
    op.drop_table("commune_count_before")


def downgrade() -> None:
    """Worked out again from the counts of villages."""
    op.drop_table("commune_count")
    op.create_table(
        "commune_count",
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("half_month", sa.Date(), nullable=False),
        sa.Column("platform_code", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("result", sa.String(length=24), nullable=False),
        sa.Column("beneficiary", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("support_count", sa.Integer(), nullable=False),
        sa.Column("people_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("commune_id", "half_month", "platform_code", "result", "beneficiary", "state"),
    )
    op.create_index("ix_commune_count_half_month", "commune_count", ["half_month"], unique=False)
