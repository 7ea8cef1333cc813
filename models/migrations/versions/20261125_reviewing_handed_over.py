"""reviewing handed over for some days"""

import sqlalchemy as sa
from alembic import op

revision = '2d84c6e7b013'
down_revision = '7be1f04a92d6'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.add_column(sa.Column('delegated_by_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_seat_delegated_by', 'member', ['delegated_by_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.drop_constraint('fk_seat_delegated_by', type_='foreignkey')
        batch_op.drop_column('delegated_by_id')
