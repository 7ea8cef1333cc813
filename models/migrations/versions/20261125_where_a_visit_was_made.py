"""Where a visit was made, where its commune asks for it."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = '02fc72829e44'
down_revision = '43aaebf28fd4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('visit_place',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=False),
    sa.Column('longitude', sa.Float(), nullable=False),
    sa.Column('at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], ),
    sa.PrimaryKeyConstraint('visit_id')
    )
    with op.batch_alter_table('visit_place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_place_at'), ['at'], unique=False)

    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('asks_place', sa.Boolean(), nullable=False, server_default=sa.false()))



def downgrade() -> None:
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.drop_column('asks_place')

    with op.batch_alter_table('visit_place', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_place_at'))

    op.drop_table('visit_place')
