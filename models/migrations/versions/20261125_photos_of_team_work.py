"""Photos of activities and difficulties."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = '3c07d9e4a158'
down_revision = '8e6f2d10b7c4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('work_photo',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('activity_id', sa.Uuid(), nullable=True),
    sa.Column('difficulty_id', sa.Uuid(), nullable=True),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('type', sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('reason_code', sqlmodel.sql.sqltypes.AutoString(length=30), nullable=True),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('thumbnail', sa.LargeBinary(), nullable=True),
    sa.Column('consent_way', sa.String(length=24), nullable=True),
    sa.Column('consent_text', sa.Integer(), nullable=True),
    sa.Column('consent_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('accepted_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decoded_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], ),
    sa.ForeignKeyConstraint(['difficulty_id'], ['difficulty.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('activity_id', 'sha256'),
    sa.UniqueConstraint('difficulty_id', 'sha256')
    )
    with op.batch_alter_table('work_photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_photo_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_photo_difficulty_id'), ['difficulty_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_photo_sha256'), ['sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_photo_state'), ['state'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('work_photo', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_work_photo_state'))
        batch_op.drop_index(batch_op.f('ix_work_photo_sha256'))
        batch_op.drop_index(batch_op.f('ix_work_photo_difficulty_id'))
        batch_op.drop_index(batch_op.f('ix_work_photo_activity_id'))

    op.drop_table('work_photo')
