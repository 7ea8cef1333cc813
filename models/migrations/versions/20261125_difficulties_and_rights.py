"""Working days, the handling of difficulties at the desk, requests about personal data, withdrawn consents, incidents.

Difficulties of before get what the desk searches and counts by, from their words and their steps.
"""

import unicodedata

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = 'd27f4c81b9e6'
down_revision = 'a81f5b07c2d9'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('calendar_day',
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('working', sa.Boolean(), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('by_account_id', sa.Integer(), nullable=True),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('unit_id', 'day')
    )
    op.create_table('data_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('asked', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('first_due_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('handler_id', sa.Integer(), nullable=True),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answer', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('result', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['handler_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], ),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('data_request', schema=None) as batch_op:
        batch_op.create_index('ix_data_request_due', ['commune_id', 'due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_data_request_household_id'), ['household_id'], unique=False)

    op.create_table('incident',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('found_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('what', sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
    sa.Column('households', sa.Integer(), nullable=True),
    sa.Column('members', sa.Integer(), nullable=True),
    sa.Column('photos', sa.Integer(), nullable=True),
    sa.Column('done', sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
    sa.Column('sessions_ended', sa.Integer(), nullable=False),
    sa.Column('reported_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_unit_id'), ['unit_id'], unique=False)

    op.create_table('consent_withdrawal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('record_kind', sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
    sa.Column('record_id', sa.Uuid(), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('collector_id', sa.Integer(), nullable=False),
    sa.Column('consent_way', sa.String(length=24), nullable=True),
    sa.Column('consent_text', sa.Integer(), nullable=True),
    sa.Column('consent_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['collector_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['request_id'], ['data_request.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('consent_withdrawal', schema=None) as batch_op:
        batch_op.create_index('ix_consent_withdrawal_photo', ['commune_id', 'sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_withdrawal_record_id'), ['record_id'], unique=False)

    with op.batch_alter_table('difficulty', schema=None) as batch_op:
        batch_op.add_column(sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('level', sa.String(length=24), nullable=False, server_default='commune'))
        batch_op.add_column(sa.Column('handler_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('escalated_at', models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('solved_at', models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_difficulty_level_due', ['level', 'due_on'], unique=False)
        batch_op.create_foreign_key('fk_difficulty_handler_id_account', 'account', ['handler_id'], ['id'])

    with op.batch_alter_table('difficulty_step', schema=None) as batch_op:
        batch_op.add_column(sa.Column('deed', sa.String(length=24), nullable=False, server_default='report'))
        batch_op.add_column(sa.Column('due_on', sa.Date(), nullable=True))

    with op.batch_alter_table('tombstone', schema=None) as batch_op:
        batch_op.alter_column(
            'row_id', existing_type=sa.String(40), type_=sqlmodel.sql.sqltypes.AutoString(64), existing_nullable=False
        )

    _fill()


def _fill() -> None:
    connection = op.get_bind()
    solved_at = "SELECT MAX(s.at) FROM difficulty_step s WHERE s.difficulty_id = difficulty.id AND s.state = "
    op.execute(f"UPDATE difficulty SET solved_at = ({solved_at} 'solved') WHERE state = 'solved'")
    op.execute(f"UPDATE difficulty SET escalated_at = ({solved_at} 'escalated')")
    op.execute("UPDATE difficulty SET level = 'province' WHERE state = 'escalated'")
    for state, deed in (('handling', 'take'), ('escalated', 'escalate'), ('solved', 'solve')):
        op.execute(f"UPDATE difficulty_step SET deed = '{deed}' WHERE state = '{state}'")
    table = sa.table('difficulty', sa.column('id', sa.Uuid()), sa.column('description'), sa.column('key'))
    for row in connection.execute(sa.select(table.c.id, table.c.description)).all():
        connection.execute(table.update().where(table.c.id == row.id).values(key=_folded(row.description)))


def _folded(text: str) -> str:
    bare = unicodedata.normalize('NFD', text.lower().replace('đ', 'd'))
    return ' '.join(''.join(c for c in bare if unicodedata.category(c)[0] != 'M').split())


def downgrade() -> None:
    with op.batch_alter_table('tombstone', schema=None) as batch_op:
        batch_op.alter_column(
            'row_id', existing_type=sa.String(64), type_=sqlmodel.sql.sqltypes.AutoString(40), existing_nullable=False
        )

    with op.batch_alter_table('difficulty_step', schema=None) as batch_op:
        batch_op.drop_column('due_on')
        batch_op.drop_column('deed')

    with op.batch_alter_table('difficulty', schema=None) as batch_op:
        batch_op.drop_constraint('fk_difficulty_handler_id_account', type_='foreignkey')
        batch_op.drop_index('ix_difficulty_level_due')
        batch_op.drop_column('solved_at')
        batch_op.drop_column('escalated_at')
        batch_op.drop_column('handler_id')
        batch_op.drop_column('level')
        batch_op.drop_column('key')

    with op.batch_alter_table('consent_withdrawal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consent_withdrawal_record_id'))
        batch_op.drop_index('ix_consent_withdrawal_photo')

    op.drop_table('consent_withdrawal')
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_incident_unit_id'))

    op.drop_table('incident')
    with op.batch_alter_table('data_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_data_request_household_id'))
        batch_op.drop_index('ix_data_request_due')

    op.drop_table('data_request')
    op.drop_table('calendar_day')
