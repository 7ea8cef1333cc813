"""consent of photos"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = '7a3d90c4e1b8'
down_revision = '02fc72829e44'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.add_column(sa.Column('consent_way', sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column('consent_text', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('consent_at', models.base.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_column('consent_at')
        batch_op.drop_column('consent_text')
        batch_op.drop_column('consent_way')
