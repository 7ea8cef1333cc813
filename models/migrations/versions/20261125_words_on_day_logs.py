"""What is said of day logs, and answered."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = '8e6f2d10b7c4'
down_revision = '6b1f0d83a5ce'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('log_comment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('scope_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
    sa.Column('answer', sqlmodel.sql.sqltypes.AutoString(length=150), nullable=False),
    sa.Column('answer_id', sa.Uuid(), nullable=True),
    sa.Column('answered_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], ),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('log_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_log_comment_author_id'), ['author_id'], unique=False)
        batch_op.create_index('ix_log_comment_log', ['member_id', 'day'], unique=False)
        batch_op.create_index('ix_log_comment_scope', ['village_id', 'scope_version'], unique=False)
        batch_op.create_index(batch_op.f('ix_log_comment_team_id'), ['team_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('log_comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_log_comment_team_id'))
        batch_op.drop_index('ix_log_comment_scope')
        batch_op.drop_index('ix_log_comment_log')
        batch_op.drop_index(batch_op.f('ix_log_comment_author_id'))

    op.drop_table('log_comment')
