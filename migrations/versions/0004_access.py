"""access: grants by zone and time

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


def downgrade():
    with op.batch_alter_table('grant') as batch_op:
        for name in ('fk_grant_ended_by', 'fk_grant_granted_by', 'fk_grant_zone_id'):
            batch_op.drop_constraint(op.f(name), type_='foreignkey')
        for name in ('ended_by', 'ended_at', 'granted_by', 'until', 'since', 'zone_id'):
            batch_op.drop_column(name)
