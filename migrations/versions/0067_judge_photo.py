"""judges: the photo of their card

Revision ID: 0067
Revises: 0066
Create Date: 2026-11-29 06:50:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0067'
down_revision = '0066'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('judge_record', schema=None) as batch_op:
        batch_op.add_column(sa.Column('photo', sa.String(length=32), nullable=True))


def downgrade():
    with op.batch_alter_table('judge_record', schema=None) as batch_op:
        batch_op.drop_column('photo')
