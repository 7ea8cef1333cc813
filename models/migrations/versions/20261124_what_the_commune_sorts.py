"""What the commune sorts: held records, reopened visits, decisions at the desk."""

import uuid

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = 'bf2caeb1e467'
down_revision = 'a76572d211f1'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('held_record',
    sa.Column('record_id', sa.Uuid(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=True),
    sa.Column('village_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=24), nullable=False),
    sa.Column('makes_id', sa.Uuid(), nullable=True),
    sa.Column('waits_for_id', sa.Uuid(), nullable=True),
    sa.Column('clock_error_ms', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ruled', sa.JSON(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('sorted_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('sorted_by_id', sa.Integer(), nullable=True),
    sa.Column('scope_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['record_id'], ['record.id'], ),
    sa.ForeignKeyConstraint(['sorted_by_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('record_id')
    )
    with op.batch_alter_table('held_record', schema=None) as batch_op:
        batch_op.create_index('ix_held_record_author_scope', ['author_id', 'scope_version'], unique=False)
        batch_op.create_index(batch_op.f('ix_held_record_commune_id'), ['commune_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_held_record_makes_id'), ['makes_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_held_record_waits_for_id'), ['waits_for_id'], unique=False)

    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.add_column(sa.Column('closing', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(
            'ix_record_closing', ['received_at'], sqlite_where=sa.text('closing'), postgresql_where=sa.text('closing')
        )

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.add_column(sa.Column('by_account_id', sa.Integer(), nullable=True))
        batch_op.alter_column('by_member_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_foreign_key('fk_review_by_account', 'account', ['by_account_id'], ['id'])

    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.add_column(sa.Column('decided_by_account_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reopened_at', models.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key('fk_visit_decided_by_account', 'account', ['decided_by_account_id'], ['id'])
    _keep_what_is_held(op.get_bind())


def _keep_what_is_held(connection) -> None:
    """What was held before can be sorted too, by the commune of its household or of its author's newest seat."""
    record = sa.table(
        'record', sa.column('id', sa.Uuid()), sa.column('kind'), sa.column('author_id'), sa.column('result'),
        sa.column('detail', sa.JSON()), sa.column('payload', sa.JSON()),
    )
    held = sa.table(
        'held_record', sa.column('record_id', sa.Uuid()), sa.column('author_id'), sa.column('commune_id'),
        sa.column('village_id'), sa.column('reason'), sa.column('makes_id', sa.Uuid()), sa.column('waits_for_id', sa.Uuid()),
        sa.column('clock_error_ms'), sa.column('ruled', sa.JSON()), sa.column('scope_version'),
    )
    commune = sa.text(
        'SELECT team.commune_id FROM seat JOIN team ON team.id = seat.team_id '
        'WHERE seat.member_id = :author ORDER BY seat.valid_from DESC, seat.id DESC LIMIT 1'
    )
    household = sa.table('household', sa.column('id', sa.Uuid()), sa.column('village_id'))
    unit = sa.table('unit', sa.column('id'), sa.column('parent_id'))
    for row in connection.execute(sa.select(record).where(record.c.result == 'held')).all():
        envelope, reason = row.payload or {}, (row.detail or {}).get('reason', 'unknown_kind')
        payload = envelope.get('payload') or {}
        base = envelope.get('replaces') or payload.get('visit') if reason == 'base_held' else None
        door = row.kind == 'household.add' and reason != 'unknown_kind'
        makes = payload['household'] if door else str(row.id)
        village = payload['village'] if door else None
        if reason == 'seat_unclear' and village is None:
            home = sa.select(household.c.village_id).where(household.c.id == uuid.UUID(payload['household']))
            village = connection.execute(home).scalar()
        parent = sa.select(unit.c.parent_id).where(unit.c.id == village)
        connection.execute(
            held.insert().values(
                record_id=row.id, author_id=row.author_id, reason=reason, ruled=[], scope_version=0,
                village_id=village,
                commune_id=connection.execute(parent).scalar()
                or connection.execute(commune, {'author': row.author_id}).scalar(),
                makes_id=uuid.UUID(makes), waits_for_id=uuid.UUID(base) if base else None,
                clock_error_ms=0,
            )
        )


def downgrade() -> None:
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_constraint('fk_visit_decided_by_account', type_='foreignkey')
        batch_op.drop_column('reopened_at')
        batch_op.drop_column('decided_by_account_id')

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_constraint('fk_review_by_account', type_='foreignkey')
        batch_op.alter_column('by_member_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('by_account_id')

    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.drop_index('ix_record_closing')
        batch_op.drop_column('closing')

    with op.batch_alter_table('held_record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_held_record_waits_for_id'))
        batch_op.drop_index(batch_op.f('ix_held_record_makes_id'))
        batch_op.drop_index(batch_op.f('ix_held_record_commune_id'))
        batch_op.drop_index('ix_held_record_author_scope')

    op.drop_table('held_record')
