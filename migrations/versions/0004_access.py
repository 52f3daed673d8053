"""access: grants by zone and time, sign-ins, second factors

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-27 21:40:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('grant') as batch_op:
        batch_op.add_column(sa.Column('zone_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('granted_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('ended_by', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_grant_zone_id'), 'zone', ['zone_id'], ['id'])
        batch_op.create_foreign_key(op.f('fk_grant_granted_by'), 'account', ['granted_by'], ['id'])
        batch_op.create_foreign_key(op.f('fk_grant_ended_by'), 'account', ['ended_by'], ['id'])
    # Written out: batch mode would copy and drop `competition`, to which other tables may refer.
    op.add_column('competition', sa.Column('asks_second_factor', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('competition', sa.Column('door', sa.String(length=12), nullable=False, server_default='everybody'))
    competition = sa.table('competition', sa.column('is_demo', sa.Boolean()), sa.column('asks_second_factor', sa.Boolean()))
    op.execute(competition.update().where(competition.c.is_demo.is_(sa.false())).values(asks_second_factor=sa.true()))
    op.create_table('sign_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('device_hash', sa.String(length=64), nullable=False),
    sa.Column('device', sa.String(length=60), nullable=False),
    sa.Column('how', sa.String(length=10), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('seen_as_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sign_in_account_id')),
    sa.ForeignKeyConstraint(['ended_by'], ['account.id'], name=op.f('fk_sign_in_ended_by')),
    sa.ForeignKeyConstraint(['seen_as_id'], ['account.id'], name=op.f('fk_sign_in_seen_as_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_sign_in_key_hash'))
    )
    op.create_index(op.f('ix_sign_in_account_id'), 'sign_in', ['account_id'], unique=False)
    op.create_index(op.f('ix_sign_in_device_hash'), 'sign_in', ['device_hash'], unique=False)
    op.create_table('second_factor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('seed', sa.String(length=64), nullable=False),
    sa.Column('last_counter', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_second_factor_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_factor')),
    sa.UniqueConstraint('account_id', name=op.f('uq_second_factor_account_id'))
    )
    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recovery_code_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code')),
    sa.UniqueConstraint('account_id', 'hash', name=op.f('uq_recovery_code_account_id_hash'))
    )
    op.create_index(op.f('ix_recovery_code_account_id'), 'recovery_code', ['account_id'], unique=False)


def downgrade():
    op.drop_table('recovery_code')
    op.drop_table('second_factor')
    op.drop_table('sign_in')
    op.drop_column('competition', 'door')
    op.drop_column('competition', 'asks_second_factor')
    with op.batch_alter_table('grant') as batch_op:
        for name in ('fk_grant_ended_by', 'fk_grant_granted_by', 'fk_grant_zone_id'):
            batch_op.drop_constraint(op.f(name), type_='foreignkey')
        for name in ('ended_by', 'ended_at', 'granted_by', 'until', 'since', 'zone_id'):
            batch_op.drop_column(name)
