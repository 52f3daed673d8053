"""PINs of judges, and tries at them

Revision ID: 0053a
Revises: 0051
Create Date: 2026-11-28 14:05:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0053a'
down_revision = '0051'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('pin',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=255), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_pin_account_id')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_pin'))
    )
    op.create_table('pin_try',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('device', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_pin_try_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pin_try'))
    )
    op.create_index('ix_pin_try_account_id_at', 'pin_try', ['account_id', 'at'])
    op.create_index('ix_pin_try_device_at', 'pin_try', ['device', 'at'])


def downgrade():
    op.drop_table('pin_try')
    op.drop_table('pin')
