"""Partner companies, where they work and what they support; whose a partner's account is."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = 'a7d2c94e10b6'
down_revision = '7d1f3ab82c46'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('partner',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('contact', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('agreement_number', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('agreement_on', sa.Date(), nullable=True),
    sa.Column('active_from', sa.Date(), nullable=False),
    sa.Column('active_to', sa.Date(), nullable=True),
    sa.Column('everywhere', sa.Boolean(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=True),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('partner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partner_commune_id'), ['commune_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partner_key'), ['key'], unique=False)
    op.create_table('partner_commune',
    sa.Column('partner_id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], ),
    sa.PrimaryKeyConstraint('partner_id', 'commune_id')
    )
    with op.batch_alter_table('partner_commune', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partner_commune_commune_id'), ['commune_id'], unique=False)
    op.create_table('partner_platform',
    sa.Column('partner_id', sa.Integer(), nullable=False),
    sa.Column('platform_code', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.ForeignKeyConstraint(['partner_id'], ['partner.id'], ),
    sa.ForeignKeyConstraint(['platform_code'], ['platform.code'], ),
    sa.PrimaryKeyConstraint('partner_id', 'platform_code')
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('partner_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_account_partner_id'), ['partner_id'], unique=False)
        batch_op.create_foreign_key('fk_account_partner_id', 'partner', ['partner_id'], ['id'])
