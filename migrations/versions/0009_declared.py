"""declared facts of a member: years in the province, earlier medals

Revision ID: 0009
Revises: 0004
Create Date: 2026-11-27 21:50:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0009'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('member', sa.Column('local_years', sa.Integer(), nullable=True))
    op.add_column('member', sa.Column('medals', sa.JSON(), nullable=False, server_default='[]'))


def downgrade():
    op.drop_column('member', 'medals')
    op.drop_column('member', 'local_years')
