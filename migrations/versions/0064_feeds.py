"""what the public was shown of each skill's places and totals, minute by minute

Revision ID: 0064
Revises: 0043
Create Date: 2026-11-28 18:30:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0064'
down_revision = '0063'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('public_history',
    sa.Column('skill_id', sa.Integer(), nullable=False),
    sa.Column('minute', sa.Integer(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_public_history_skill_id')),
    sa.PrimaryKeyConstraint('skill_id', 'minute', name=op.f('pk_public_history'))
    )


def downgrade():
    op.drop_table('public_history')
