"""Lists that come as files, and households that moved away."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = 'eb0f7db1e129'
down_revision = '5e2b90f4a7d1'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('roster_import',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('file_name', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('line_count', sa.Integer(), nullable=False),
    sa.Column('faulty_count', sa.Integer(), nullable=False),
    sa.Column('twin_count', sa.Integer(), nullable=False),
    sa.Column('added_count', sa.Integer(), nullable=False),
    sa.Column('updated_count', sa.Integer(), nullable=False),
    sa.Column('undone_count', sa.Integer(), nullable=False),
    sa.Column('brought_by_id', sa.Integer(), nullable=False),
    sa.Column('brought_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('applied_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('undone_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['brought_by_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('roster_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_import_commune_id'), ['commune_id'], unique=False)

    op.create_table('roster_import_row',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('given', sa.JSON(), nullable=False),
    sa.Column('faults', sa.JSON(), nullable=False),
    sa.Column('is_faulty', sa.Boolean(), nullable=False),
    sa.Column('is_twin', sa.Boolean(), nullable=False),
    sa.Column('deed', sa.String(length=24), nullable=True),
    sa.Column('subject_id', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(length=24), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['roster_import.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('roster_import_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_import_row_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_roster_import_row_subject_id'), ['subject_id'], unique=False)

    with op.batch_alter_table('household', schema=None) as batch_op:
        batch_op.add_column(sa.Column('moved_on', sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('household', schema=None) as batch_op:
        batch_op.drop_column('moved_on')

    with op.batch_alter_table('roster_import_row', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_import_row_subject_id'))
        batch_op.drop_index(batch_op.f('ix_roster_import_row_import_id'))

    op.drop_table('roster_import_row')
    with op.batch_alter_table('roster_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_import_commune_id'))

    op.drop_table('roster_import')
