"""Spoken guides that communes add."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = '6b1f0d83a5ce'
down_revision = 'd4b81c6f2a97'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('narration',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('platform_code', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=False),
    sa.Column('added_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['added_by_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['platform_code'], ['platform.code'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('commune_id', 'platform_code', 'sha256')
    )
    with op.batch_alter_table('narration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_narration_sha256'), ['sha256'], unique=False)
