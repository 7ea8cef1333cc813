"""who did a visit that another entered"""

import sqlalchemy as sa
from alembic import op

revision = '7be1f04a92d6'
down_revision = 'ec2b055b8916'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('done_by_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_visit_done_by', 'member', ['done_by_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_constraint('fk_visit_done_by', type_='foreignkey')
        batch_op.drop_column('done_by_id')
