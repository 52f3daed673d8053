"""screens: since when nothing on one moves

Revision ID: 0066
Revises: 0065
Create Date: 2026-11-28 22:20:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0066'
down_revision = '0065'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('screen', schema=None) as batch_op:
        batch_op.add_column(sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table('screen', schema=None) as batch_op:
        batch_op.drop_column('paused_at')
