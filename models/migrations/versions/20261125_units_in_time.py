"""Villages that are opened, renamed, merged and stopped, and where their households stood before."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = 'a7e35d10c94b'
down_revision = '51e7c0b94d2a'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('unit_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
    sa.Column('by_account_id', sa.Integer(), nullable=False),
    sa.Column('at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('unit_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_change_commune_id'), ['commune_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_unit_change_unit_id'), ['unit_id'], unique=False)

    op.create_table('household_move',
    sa.Column('household_id', sa.Uuid(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('household_id', 'on')
    )
    with op.batch_alter_table('household_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_household_move_village_id'), ['village_id'], unique=False)
