"""importer of record"""

import sqlalchemy as sa
from alembic import op

revision = 'd4b81c6f2a97'
down_revision = '2d84c6e7b013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.add_column(sa.Column('importer_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('importer_account_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key('fk_record_importer_id', 'member', ['importer_id'], ['id'])
        batch_op.create_foreign_key('fk_record_importer_account_id', 'account', ['importer_account_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.drop_constraint('fk_record_importer_account_id', type_='foreignkey')
        batch_op.drop_constraint('fk_record_importer_id', type_='foreignkey')
        batch_op.drop_column('importer_account_id')
        batch_op.drop_column('importer_id')
