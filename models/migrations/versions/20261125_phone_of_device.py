"""phone of device"""

import sqlalchemy as sa
from alembic import op

revision = 'c9e35f28e659'
down_revision = '5d1c7a40e9b3'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.add_column(sa.Column('phone_id', sa.String(length=32), nullable=True))
        batch_op.create_index('ix_device_phone_id', ['phone_id'])


def downgrade() -> None:
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.drop_index('ix_device_phone_id')
        batch_op.drop_column('phone_id')
