"""Links by which officers set their passwords, the second step of signing in, and an audit that cannot be rewritten."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.base

revision = 'a81f5b07c2d9'
down_revision = 'a7e35d10c94b'
branch_labels = None
depends_on = None

NEVER_CHANGED = "audit_event is never changed"
KEPT_MONTHS = 24


def upgrade() -> None:
    op.create_table('account_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_index('ix_account_link_account_id', 'account_link', ['account_id'])
    op.create_table('second_step',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('secret', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('created_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('last_period', models.base.BigKey, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id')
    )
    op.create_table('recovery_code',
    sa.Column('code_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('used_at', models.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('code_hash')
    )
    op.create_index('ix_recovery_code_account_id', 'recovery_code', ['account_id'])
    op.create_table('provider_attempt',
    sa.Column('state_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('nonce', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('verifier', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('expires_at', models.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('state_hash')
    )
    op.create_index('ix_provider_attempt_expires_at', 'provider_attempt', ['expires_at'])

    op.add_column('account', sa.Column('blocked_at', models.base.UtcDateTime(timezone=True), nullable=True))
    op.add_column('account', sa.Column('provider_name', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True))
    op.add_column('account', sa.Column('provider_subject', sqlmodel.sql.sqltypes.AutoString(length=255), nullable=True))
    op.create_index('ix_account_provider_name', 'account', ['provider_name'], unique=True)
    op.add_column('session', sa.Column('way', sa.String(length=24), nullable=True))
    op.add_column('audit_event', sa.Column('network', sqlmodel.sql.sqltypes.AutoString(length=48), nullable=True))
    op.drop_index('ix_audit_event_unit_id', table_name='audit_event')
    op.create_index('ix_audit_event_unit', 'audit_event', ['unit_id', 'id'])
    by_officers = sa.text('account_id IS NOT NULL')
    op.create_index('ix_audit_event_account', 'audit_event', ['account_id', 'id'], sqlite_where=by_officers, postgresql_where=by_officers)
    for statement in _guards():
        op.execute(statement)


def _guards() -> list[str]:
    """What makes the database itself refuse to rewrite the audit, or to drop what must be kept."""
    if op.get_bind().dialect.name == "sqlite":
        raises = f"BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END"
        kept = f"OLD.at >= datetime('now', '-{KEPT_MONTHS} months')"
        return [
            f"CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event {raises}",
            f"CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event WHEN {kept} {raises}",
        ]
    return [
        f"""CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND OLD.at < now() - interval '{KEPT_MONTHS} months' THEN RETURN OLD; END IF;
            RAISE EXCEPTION '{NEVER_CHANGED}';
        END $$""",
        "CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_stays()",
    ]


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_event_no_update")
        op.execute("DROP TRIGGER audit_event_no_delete")
    else:
        op.execute("DROP TRIGGER audit_event_stays ON audit_event")
        op.execute("DROP FUNCTION audit_event_stays()")
    op.drop_index('ix_audit_event_account', table_name='audit_event')
    op.drop_index('ix_audit_event_unit', table_name='audit_event')
    op.create_index('ix_audit_event_unit_id', 'audit_event', ['unit_id'])
    op.drop_column('audit_event', 'network')
    op.drop_column('session', 'way')
    op.drop_index('ix_account_provider_name', table_name='account')
    op.drop_column('account', 'provider_subject')
    op.drop_column('account', 'provider_name')
    op.drop_column('account', 'blocked_at')
    op.drop_table('provider_attempt')
    op.drop_table('recovery_code')
    op.drop_table('second_step')
    op.drop_table('account_link')
