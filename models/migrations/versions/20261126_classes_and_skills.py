"""Platforms as the province keeps them: where they apply, steps that are no longer used."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = '7d1f3ab82c46'
down_revision = 'c52541e17f80'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('platform_commune',
    sa.Column('platform_code', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['platform_code'], ['platform.code'], ),
    sa.PrimaryKeyConstraint('platform_code', 'commune_id')
    )
    with op.batch_alter_table('platform_commune', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_platform_commune_commune_id'), ['commune_id'], unique=False)

    with op.batch_alter_table('platform_step', schema=None) as batch_op:
        batch_op.add_column(sa.Column('discarded_at', models.base.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('platform_step', schema=None) as batch_op:
        batch_op.drop_column('discarded_at')

    with op.batch_alter_table('platform_commune', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_platform_commune_commune_id'))

    op.drop_table('platform_commune')
