"""ceremonies: when the stage moved last

Revision ID: 0071
Revises: 0070
Create Date: 2026-11-30 02:00:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0071'
down_revision = '0070'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('ceremony', schema=None) as batch_op:
        batch_op.add_column(sa.Column('moved_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table('ceremony', schema=None) as batch_op:
        batch_op.drop_column('moved_at')
