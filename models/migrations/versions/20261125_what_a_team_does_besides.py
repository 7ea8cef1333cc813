"""What a team does besides visits: activities, difficulties with the steps of their handling, Zalo groups."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = '43aaebf28fd4'
down_revision = 'f29049625723'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('activity',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('people', sa.Integer(), nullable=True),
    sa.Column('platforms', sa.JSON(), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('scope_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], ),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_author_id'), ['author_id'], unique=False)
        batch_op.create_index('ix_activity_commune_day', ['commune_id', 'done_on'], unique=False)
        batch_op.create_index('ix_activity_scope', ['village_id', 'scope_version'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_team_id'), ['team_id'], unique=False)

    op.create_table('difficulty',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('severity', sa.String(length=24), nullable=False),
    sa.Column('description', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('scope_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], ),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('difficulty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_difficulty_author_id'), ['author_id'], unique=False)
        batch_op.create_index('ix_difficulty_commune_due', ['commune_id', 'due_on'], unique=False)
        batch_op.create_index('ix_difficulty_scope', ['village_id', 'scope_version'], unique=False)
        batch_op.create_index(batch_op.f('ix_difficulty_team_id'), ['team_id'], unique=False)

    op.create_table('zalo_group',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('link', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
    sa.Column('manager', sa.String(length=24), nullable=False),
    sa.Column('households', sa.Integer(), nullable=False),
    sa.Column('counted_on', sa.Date(), nullable=False),
    sa.Column('stands', sa.Boolean(), nullable=False),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('scope_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], ),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('zalo_group', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_zalo_group_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_zalo_group_commune_id'), ['commune_id'], unique=False)
        batch_op.create_index('ix_zalo_group_scope', ['village_id', 'scope_version'], unique=False)
        batch_op.create_index(batch_op.f('ix_zalo_group_team_id'), ['team_id'], unique=False)

    op.create_table('difficulty_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('difficulty_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.Column('at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_member_id', sa.Integer(), nullable=True),
    sa.Column('by_account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['by_member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['difficulty_id'], ['difficulty.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('difficulty_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_difficulty_step_difficulty_id'), ['difficulty_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('difficulty_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_difficulty_step_difficulty_id'))

    op.drop_table('difficulty_step')
    with op.batch_alter_table('zalo_group', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_zalo_group_team_id'))
        batch_op.drop_index('ix_zalo_group_scope')
        batch_op.drop_index(batch_op.f('ix_zalo_group_commune_id'))
        batch_op.drop_index(batch_op.f('ix_zalo_group_author_id'))

    op.drop_table('zalo_group')
    with op.batch_alter_table('difficulty', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_difficulty_team_id'))
        batch_op.drop_index('ix_difficulty_scope')
        batch_op.drop_index('ix_difficulty_commune_due')
        batch_op.drop_index(batch_op.f('ix_difficulty_author_id'))

    op.drop_table('difficulty')
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_activity_team_id'))
        batch_op.drop_index('ix_activity_scope')
        batch_op.drop_index('ix_activity_commune_day')
        batch_op.drop_index(batch_op.f('ix_activity_author_id'))

    op.drop_table('activity')
