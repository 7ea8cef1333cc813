"""Targets with their shares and history, and tasks."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = '5e2b90f4a7d1'
down_revision = 'd27f4c81b9e6'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('target',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('holder', sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
    sa.Column('level', sa.String(length=24), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('platform_code', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('measure', sa.String(length=24), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('own', sa.Boolean(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=True),
    sa.Column('accepted_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('accepted_by_member_id', sa.Integer(), nullable=True),
    sa.Column('accepted_by_account_id', sa.Integer(), nullable=True),
    sa.Column('split_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('split_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['accepted_by_account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['accepted_by_member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['platform_code'], ['platform.code'], ),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('holder', 'first_day', 'last_day', 'measure', 'own', 'platform_code')
    )
    with op.batch_alter_table('target', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_target_commune_id'), ['commune_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_target_team_id'), ['team_id'], unique=False)

    op.create_table('task',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('level', sa.String(length=24), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
    sa.Column('marked_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('marked_id', sa.Uuid(), nullable=True),
    sa.Column('marked_by_member_id', sa.Integer(), nullable=True),
    sa.Column('marked_by_account_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['marked_by_account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['marked_by_member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.create_index('ix_task_commune_due', ['commune_id', 'due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_task_team_id'), ['team_id'], unique=False)

    op.create_table('target_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.String(length=24), nullable=False),
    sa.Column('before', sa.Integer(), nullable=True),
    sa.Column('after', sa.Integer(), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_member_id', sa.Integer(), nullable=True),
    sa.Column('by_account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['by_member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['target_id'], ['target.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('target_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_target_change_target_id'), ['target_id'], unique=False)

    op.create_table('target_share',
    sa.Column('target_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['target_id'], ['target.id'], ),
    sa.PrimaryKeyConstraint('target_id', 'member_id')
    )


def downgrade() -> None:
    op.drop_table('target_share')
    with op.batch_alter_table('target_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_target_change_target_id'))

    op.drop_table('target_change')
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_team_id'))
        batch_op.drop_index('ix_task_commune_due')

    op.drop_table('task')
    with op.batch_alter_table('target', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_target_team_id'))
        batch_op.drop_index(batch_op.f('ix_target_commune_id'))

    op.drop_table('target')
