"""wrong codes told apart"""

import sqlalchemy as sa
from alembic import op

revision = 'f29049625723'
down_revision = 'c9e35f28e659'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('enrolment_guess', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code_hash', sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('enrolment_guess', schema=None) as batch_op:
        batch_op.drop_column('code_hash')
