"""Indicators, reporting periods with their rules and pauses, and the versions of reports."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = '81eb5b77ac2b'
down_revision = '7d1f5a9e3c62'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('indicator',
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
    sa.Column('section', sa.String(length=24), nullable=False),
    sa.Column('name_vi', sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
    sa.Column('name_en', sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
    sa.Column('short_vi', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('short_en', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('unit', sa.String(length=24), nullable=False),
    sa.Column('source', sa.String(length=24), nullable=False),
    sa.Column('formula', sa.JSON(), nullable=True),
    sa.Column('stock', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('applies_from', sa.Date(), nullable=False),
    sa.Column('discarded_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('code')
    )
    op.create_table('period_rule',
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('on', sa.Boolean(), nullable=False),
    sa.Column('month_style', sa.String(length=24), nullable=False),
    sa.Column('village_days', sa.Integer(), nullable=False),
    sa.Column('commune_days', sa.Integer(), nullable=False),
    sa.Column('province_days', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('kind')
    )
    op.create_table('period',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('month_style', sa.String(length=24), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
    sa.Column('indicators', sqlmodel.sql.sqltypes.AutoString(length=600), nullable=False),
    sa.Column('village_due_on', sa.Date(), nullable=False),
    sa.Column('commune_due_on', sa.Date(), nullable=False),
    sa.Column('province_due_on', sa.Date(), nullable=False),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('cancelled_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('unit_id', 'kind', 'first_day', 'last_day', 'title')
    )
    with op.batch_alter_table('period', schema=None) as batch_op:
        batch_op.create_index('ix_period_last_day', ['last_day'], unique=False)

    op.create_table('period_pause',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('lifted_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('period_pause', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_period_pause_commune_id'), ['commune_id'], unique=False)

    op.create_table('period_report',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('period_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=24), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('texts', sa.JSON(), nullable=False),
    sa.Column('warnings', sa.JSON(), nullable=False),
    sa.Column('missing', sa.JSON(), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('submitted_by_member_id', sa.Integer(), nullable=True),
    sa.Column('submitted_by_account_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
    sa.Column('replaced_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], ),
    sa.ForeignKeyConstraint(['submitted_by_account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['submitted_by_member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], ),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('period_id', 'unit_id', 'number')
    )
    with op.batch_alter_table('period_report', schema=None) as batch_op:
        batch_op.create_index('ix_period_report_commune', ['commune_id', 'period_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_period_report_period_id'), ['period_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_period_report_unit_id'), ['unit_id'], unique=False)

    op.create_table('report_reminder',
    sa.Column('period_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('noted_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], ),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('period_id', 'unit_id', 'kind', 'day')
    )


def downgrade() -> None:
    op.drop_table('report_reminder')
    with op.batch_alter_table('period_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_period_report_unit_id'))
        batch_op.drop_index(batch_op.f('ix_period_report_period_id'))
        batch_op.drop_index('ix_period_report_commune')

    op.drop_table('period_report')
    with op.batch_alter_table('period_pause', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_period_pause_commune_id'))

    op.drop_table('period_pause')
    with op.batch_alter_table('period', schema=None) as batch_op:
        batch_op.drop_index('ix_period_last_day')

    op.drop_table('period')
    op.drop_table('period_rule')
    op.drop_table('indicator')
