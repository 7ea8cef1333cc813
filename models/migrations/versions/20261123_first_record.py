"""first_record"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = 'a76572d211f1'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('action', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('subject_kind', sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
    sa.Column('subject_id', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_event_action'), ['action'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_event_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_event_subject_id'), ['subject_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_event_unit_id'), ['unit_id'], unique=False)

    op.create_table('commune_count',
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('half_month', sa.Date(), nullable=False),
    sa.Column('platform_code', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('result', sa.String(length=24), nullable=False),
    sa.Column('beneficiary', sa.String(length=24), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('support_count', sa.Integer(), nullable=False),
    sa.Column('people_count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('commune_id', 'half_month', 'platform_code', 'result', 'beneficiary', 'state')
    )
    with op.batch_alter_table('commune_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_commune_count_half_month'), ['half_month'], unique=False)

    op.create_table('household_count',
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('approved', sa.Integer(), nullable=False),
    sa.Column('standing', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('village_id', 'kind', 'starts_on')
    )
    with op.batch_alter_table('household_count', schema=None) as batch_op:
        batch_op.create_index('ix_household_count_commune', ['commune_id', 'kind', 'starts_on'], unique=False)

    op.create_table('household_period',
    sa.Column('household_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('approved', sa.Integer(), nullable=False),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.Column('returned', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('household_id', 'kind', 'starts_on')
    )
    with op.batch_alter_table('household_period', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_household_period_commune_id'), ['commune_id'], unique=False)
        batch_op.create_index('ix_household_period_unit', ['kind', 'starts_on', 'village_id'], unique=False)

    op.create_table('household_platform',
    sa.Column('household_id', sa.Uuid(), nullable=False),
    sa.Column('platform_code', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('rung', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('household_id', 'platform_code')
    )
    op.create_table('member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('full_name', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('phone', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('created_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('discarded_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_member_key'), ['key'], unique=False)

    op.create_table('platform',
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('name_vi', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('name_en', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('short_vi', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('short_en', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('pillar', sa.String(length=24), nullable=False),
    sa.Column('icon', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('approved', sa.Boolean(), nullable=False),
    sa.Column('scope_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('discarded_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('code')
    )
    op.create_table('scope',
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('server_fact',
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('value', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('tombstone',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('scope_key', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('scope_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
    sa.Column('row_id', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('tombstone', schema=None) as batch_op:
        batch_op.create_index('ix_tombstone_scope', ['scope_key', 'scope_version'], unique=False)

    op.create_table('unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('division', sa.String(length=24), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('region', sa.String(length=24), nullable=True),
    sa.Column('households_declared', sa.Integer(), nullable=True),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('contact', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['parent_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code', 'valid_from')
    )
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_unit_key'), ['key'], unique=False)
        batch_op.create_index(batch_op.f('ix_unit_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_unit_parent_id'), ['parent_id'], unique=False)

    op.create_table('village_count',
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('platform_code', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('result', sa.String(length=24), nullable=False),
    sa.Column('mode', sa.String(length=24), nullable=False),
    sa.Column('beneficiary', sa.String(length=24), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('support_count', sa.Integer(), nullable=False),
    sa.Column('people_count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('village_id', 'day', 'team_id', 'member_id', 'platform_code', 'result', 'mode', 'beneficiary', 'state')
    )
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('username', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('password_hash', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('full_name', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('role', sa.String(length=24), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('failed_count', sa.Integer(), nullable=False),
    sa.Column('locked_until', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('created_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('discarded_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('username')
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_unit_id'), ['unit_id'], unique=False)

    op.create_table('device',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('label', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('app_version', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
    sa.Column('created_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_contact_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('unsent_count', sa.Integer(), nullable=True),
    sa.Column('clock_offset_ms', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_device_member_id'), ['member_id'], unique=False)

    op.create_table('household',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('head_name', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=150), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.Column('scope_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last_visit_on', sa.Date(), nullable=True),
    sa.Column('created_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('discarded_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('household', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_household_key'), ['key'], unique=False)
        batch_op.create_index(batch_op.f('ix_household_scope_version'), ['scope_version'], unique=False)
        batch_op.create_index(batch_op.f('ix_household_village_id'), ['village_id'], unique=False)

    op.create_table('platform_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('platform_code', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
    sa.Column('name_vi', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('name_en', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['platform_code'], ['platform.code'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('platform_code', 'code')
    )
    with op.batch_alter_table('platform_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_platform_step_platform_code'), ['platform_code'], unique=False)

    op.create_table('record',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('schema_version', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('content_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('result', sa.String(length=24), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=True),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_author_id'), ['author_id'], unique=False)

    op.create_table('team',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=24), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(length=160), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('team', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_commune_id'), ['commune_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_team_key'), ['key'], unique=False)

    op.create_table('unit_succession',
    sa.Column('from_id', sa.Integer(), nullable=False),
    sa.Column('to_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['from_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['to_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('from_id', 'to_id')
    )
    op.create_table('card_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('made_by_account_id', sa.Integer(), nullable=True),
    sa.Column('created_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['made_by_account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('card_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_card_batch_village_id'), ['village_id'], unique=False)

    op.create_table('enrolment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('made_by_account_id', sa.Integer(), nullable=True),
    sa.Column('made_by_member_id', sa.Integer(), nullable=True),
    sa.Column('created_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('joined_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('spent_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by_account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['made_by_member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolment_member_id'), ['member_id'], unique=False)

    op.create_table('seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=24), nullable=False),
    sa.Column('position', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seat_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_seat_team_id'), ['team_id'], unique=False)

    op.create_table('team_village',
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('team_id', 'village_id', 'valid_from')
    )
    with op.batch_alter_table('team_village', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_village_village_id'), ['village_id'], unique=False)

    op.create_table('household_card',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('short_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('household_id', sa.Uuid(), nullable=True),
    sa.Column('bound_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('bound_by_id', sa.Integer(), nullable=True),
    sa.Column('revoked_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('scope_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['card_batch.id'], ),
    sa.ForeignKeyConstraint(['bound_by_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code_hash'),
    sa.UniqueConstraint('short_code')
    )
    with op.batch_alter_table('household_card', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_household_card_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_household_card_household_id'), ['household_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_household_card_scope_version'), ['scope_version'], unique=False)
        batch_op.create_index(batch_op.f('ix_household_card_village_id'), ['village_id'], unique=False)

    op.create_table('session',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('enrolment_id', sa.Uuid(), nullable=True),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('label', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('created_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], ),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], ),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_member_id'), ['member_id'], unique=False)

    op.create_table('visit',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('root_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('replaces_id', sa.Uuid(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.Uuid(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.Column('commune_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.Uuid(), nullable=False),
    sa.Column('mode', sa.String(length=24), nullable=False),
    sa.Column('beneficiary', sa.String(length=24), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
    sa.Column('identified_by', sa.String(length=24), nullable=False),
    sa.Column('verified', sa.Boolean(), nullable=False),
    sa.Column('card_id', sa.Integer(), nullable=True),
    sa.Column('device_made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('received_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('needs_look', sa.Boolean(), nullable=False),
    sa.Column('decided_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('reason_code', sqlmodel.sql.sqltypes.AutoString(length=30), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
    sa.Column('scope_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['card_id'], ['household_card.id'], ),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], ),
    sa.ForeignKeyConstraint(['decided_by_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], ),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], ),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], ),
    sa.ForeignKeyConstraint(['village_id'], ['unit.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('replaces_id')
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index('ix_visit_author_time', ['author_id', 'made_at'], unique=False)
        batch_op.create_index('ix_visit_commune_day', ['commune_id', 'done_on'], unique=False)
        batch_op.create_index('ix_visit_household_day', ['household_id', 'done_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_root_id'), ['root_id'], unique=False)
        batch_op.create_index('ix_visit_scope', ['village_id', 'scope_version'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_team_id'), ['team_id'], unique=False)
        batch_op.create_index('ix_visit_village_day', ['village_id', 'done_on'], unique=False)

    op.create_table('flag',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('raised_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], ),
    sa.PrimaryKeyConstraint('visit_id', 'kind')
    )
    op.create_table('outcome',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('platform_code', sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
    sa.Column('result', sa.String(length=24), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['platform_code'], ['platform.code'], ),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('visit_id', 'platform_code')
    )
    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outcome_visit_id'), ['visit_id'], unique=False)

    op.create_table('photo',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('type', sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('reason_code', sqlmodel.sql.sqltypes.AutoString(length=30), nullable=True),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('thumbnail', sa.LargeBinary(), nullable=True),
    sa.Column('accepted_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decoded_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('visit_id', 'sha256')
    )
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_sha256'), ['sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_visit_id'), ['visit_id'], unique=False)

    op.create_table('review',
    sa.Column('record_id', sa.Uuid(), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('verdict', sa.String(length=24), nullable=False),
    sa.Column('reason_code', sa.String(length=24), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(length=300), nullable=True),
    sa.Column('flags_seen', sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
    sa.Column('by_member_id', sa.Integer(), nullable=False),
    sa.Column('made_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_member_id'], ['member.id'], ),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], ),
    sa.PrimaryKeyConstraint('record_id', 'visit_id')
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_visit_id'), ['visit_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_visit_id'))

    op.drop_table('review')
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_visit_id'))
        batch_op.drop_index(batch_op.f('ix_photo_state'))
        batch_op.drop_index(batch_op.f('ix_photo_sha256'))

    op.drop_table('photo')
    with op.batch_alter_table('outcome', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outcome_visit_id'))

    op.drop_table('outcome')
    op.drop_table('flag')
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_index('ix_visit_village_day')
        batch_op.drop_index(batch_op.f('ix_visit_team_id'))
        batch_op.drop_index('ix_visit_scope')
        batch_op.drop_index(batch_op.f('ix_visit_root_id'))
        batch_op.drop_index('ix_visit_household_day')
        batch_op.drop_index('ix_visit_commune_day')
        batch_op.drop_index('ix_visit_author_time')

    op.drop_table('visit')
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_member_id'))
        batch_op.drop_index(batch_op.f('ix_session_enrolment_id'))
        batch_op.drop_index(batch_op.f('ix_session_account_id'))

    op.drop_table('session')
    with op.batch_alter_table('household_card', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_household_card_village_id'))
        batch_op.drop_index(batch_op.f('ix_household_card_scope_version'))
        batch_op.drop_index(batch_op.f('ix_household_card_household_id'))
        batch_op.drop_index(batch_op.f('ix_household_card_batch_id'))

    op.drop_table('household_card')
    with op.batch_alter_table('team_village', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_team_village_village_id'))

    op.drop_table('team_village')
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seat_team_id'))
        batch_op.drop_index(batch_op.f('ix_seat_member_id'))

    op.drop_table('seat')
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enrolment_member_id'))

    op.drop_table('enrolment')
    with op.batch_alter_table('card_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_card_batch_village_id'))

    op.drop_table('card_batch')
    op.drop_table('unit_succession')
    with op.batch_alter_table('team', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_team_key'))
        batch_op.drop_index(batch_op.f('ix_team_commune_id'))

    op.drop_table('team')
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_record_author_id'))

    op.drop_table('record')
    with op.batch_alter_table('platform_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_platform_step_platform_code'))

    op.drop_table('platform_step')
    with op.batch_alter_table('household', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_household_village_id'))
        batch_op.drop_index(batch_op.f('ix_household_scope_version'))
        batch_op.drop_index(batch_op.f('ix_household_key'))

    op.drop_table('household')
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_device_member_id'))

    op.drop_table('device')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_unit_id'))

    op.drop_table('account')
    op.drop_table('village_count')
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_unit_parent_id'))
        batch_op.drop_index(batch_op.f('ix_unit_kind'))
        batch_op.drop_index(batch_op.f('ix_unit_key'))
        batch_op.drop_index(batch_op.f('ix_unit_code'))

    op.drop_table('unit')
    with op.batch_alter_table('tombstone', schema=None) as batch_op:
        batch_op.drop_index('ix_tombstone_scope')

    op.drop_table('tombstone')
    op.drop_table('server_fact')
    op.drop_table('scope')
    op.drop_table('platform')
    with op.batch_alter_table('member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_member_key'))

    op.drop_table('member')
    op.drop_table('household_platform')
    with op.batch_alter_table('household_period', schema=None) as batch_op:
        batch_op.drop_index('ix_household_period_unit')
        batch_op.drop_index(batch_op.f('ix_household_period_commune_id'))

    op.drop_table('household_period')
    with op.batch_alter_table('household_count', schema=None) as batch_op:
        batch_op.drop_index('ix_household_count_commune')

    op.drop_table('household_count')
    with op.batch_alter_table('commune_count', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_commune_count_half_month'))

    op.drop_table('commune_count')
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_event_unit_id'))
        batch_op.drop_index(batch_op.f('ix_audit_event_subject_id'))
        batch_op.drop_index(batch_op.f('ix_audit_event_at'))
        batch_op.drop_index(batch_op.f('ix_audit_event_action'))

    op.drop_table('audit_event')
