"""Households met at the door are confirmed or merged; an invitation has a short code."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = '3759a3c6a2c5'
down_revision = 'e1a06dfb230d'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('enrolment_guess',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('address', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('enrolment_guess', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolment_guess_at'), ['at'], unique=False)

    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))
        batch_op.create_unique_constraint('uq_enrolment_code_hash', ['code_hash'])

    with op.batch_alter_table('household', schema=None) as batch_op:
        batch_op.add_column(sa.Column('confirmed_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('confirmed_at', models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f('ix_household_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_foreign_key('fk_household_confirmed_by', 'member', ['confirmed_by_id'], ['id'])
        batch_op.create_foreign_key('fk_household_merged_into', 'household', ['merged_into_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('household', schema=None) as batch_op:
        batch_op.drop_constraint('fk_household_merged_into', type_='foreignkey')
        batch_op.drop_constraint('fk_household_confirmed_by', type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_household_merged_into_id'))
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('confirmed_at')
        batch_op.drop_column('confirmed_by_id')

    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_constraint('uq_enrolment_code_hash', type_='unique')
        batch_op.drop_column('code_hash')

    op.drop_table('enrolment_guess')
