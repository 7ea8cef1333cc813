"""likeness of photos"""

import sqlalchemy as sa
from alembic import op

revision = '1794f580b9d4'
down_revision = '8c37b9d85d85'
branch_labels = None
depends_on = None

MARKS = ('mark_1', 'mark_2', 'mark_3', 'mark_4')


def upgrade() -> None:
    with op.batch_alter_table('photo', schema=None) as batch_op:
        for mark in MARKS:
            batch_op.add_column(sa.Column(mark, sa.Integer(), nullable=True))
        for mark in MARKS:
            marked = sa.text(f'{mark} IS NOT NULL')
            batch_op.create_index(f'ix_photo_{mark}', [mark], sqlite_where=marked, postgresql_where=marked)


def downgrade() -> None:
    with op.batch_alter_table('photo', schema=None) as batch_op:
        for mark in MARKS:
            batch_op.drop_index(f'ix_photo_{mark}')
        for mark in MARKS:
            batch_op.drop_column(mark)
